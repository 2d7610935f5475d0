//! Wires and runs the reconcile function.

fn main() {}
