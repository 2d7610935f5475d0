//! Wires and runs the transform function.

fn main() {}
