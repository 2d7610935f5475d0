//! Any bytes as a template and as an expression; the laws are those of `expr::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| expr::fuzz(data));
