//! Wires and runs the api function.

fn main() {}
