//! Any line as a path, over any document behind it; the law is the one the tests hold to a bounded number of inputs.
#![no_main]

#[path = "../../tests/fuzz/path.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|input: &str| law::holds(input));
