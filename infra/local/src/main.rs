//! The program `pullpush`.

fn main() {}
