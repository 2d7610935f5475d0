//! Wires and runs the poll function.

fn main() {}
