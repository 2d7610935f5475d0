//! Any bytes as a document; the law is the one the tests hold to a bounded number of inputs.
#![no_main]

#[path = "../../tests/fuzz/document.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| law::holds(bytes));
