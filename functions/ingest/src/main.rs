//! Wires and runs the ingest function.

fn main() {}
