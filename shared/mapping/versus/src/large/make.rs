//! One order with many lines of about a hundred bytes each.
//!
//! Its memory is asked for once, so that making it leaves no peak behind.

use std::io::Write;

use crate::seed::Seed;

/// An order with so many lines.
///
/// # Panics
/// Memory does not take what is written.
#[must_use]
pub(super) fn order(lines: u64) -> Vec<u8> {
    let seed = &mut Seed::of(4, lines);
    let mut out = Vec::with_capacity(usize::try_from(lines).expect("lines fit into memory") * 110 + 100);
    out.extend_from_slice(br#"{"id":7301842000123456,"status":"paid","lines":["#);
    for number in 0..lines {
        let before = if number == 0 { "" } else { "," };
        write!(out, r#"{before}{{"sku":"TEE-{number:06}","title":"{}","#, seed.one(&["T-shirt, röd", "Mug \\\"Morning\\\"", "Notebook A5"])).expect("memory takes what is written");
        write!(out, r#""qty":"{}","price":"{}.{:02}","tax":"25","bin":"A-{}-3"}}"#, seed.within(1, 9), seed.within(5, 900), seed.within(0, 100), seed.within(10, 99)).expect("memory takes what is written");
    }
    out.extend_from_slice(br#"],"note":"last"}"#);
    out
}
