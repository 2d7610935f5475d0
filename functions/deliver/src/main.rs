//! Wires and runs the deliver function.

fn main() {}
