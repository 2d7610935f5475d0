//! Any bytes as a mapping and, behind the first line, a record; the laws are those the tests hold to a bounded number of inputs.
#![no_main]

#[path = "../../tests/fuzz/law.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|data: &[u8]| law::holds(data));
