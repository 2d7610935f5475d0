//! 128-bit hashes of values: equal values hash equal, however they were written.

use sha2::{Digest, Sha256};

use crate::{Item, Number, Sort, Value, escape::write_text};

/// The first 128 bits of a SHA-256.
pub type Hash128 = [u8; 16];

/// The hash of a value in canonical form (RFC 8785 style: keys sorted, numbers in one normal form, no space).
#[must_use]
pub fn hash_value(value: &Value) -> Hash128 {
    hash_item(Item::Tree(value))
}

/// As [`hash_value`], of a value wherever it lives.
#[must_use]
pub fn hash_item(item: Item<'_>) -> Hash128 {
    let mut text = Vec::new();
    canonical(item, &mut text);
    hash_bytes(&text)
}

/// The hash of bytes as they are.
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> Hash128 {
    let digest = Sha256::digest(bytes);
    let mut hash = [0; 16];
    hash.copy_from_slice(&digest[..16]);
    hash
}

/// A quick print of bytes: different ones differ but by chance. Whoever wants to can make two that do not, so it proves nothing to
/// anybody; it is the same on every machine, for it is kept.
#[must_use]
pub fn print_of(bytes: &[u8]) -> Hash128 {
    let mut lanes = [SALT[0] ^ bytes.len() as u64, SALT[1]];
    let (blocks, rest) = bytes.as_chunks::<16>();
    blocks.iter().for_each(|block| take(&mut lanes, *block));
    let mut last = [0; 16];
    last[..rest.len()].copy_from_slice(rest);
    take(&mut lanes, last);
    let [left, right] = lanes;
    u128::to_le_bytes(u128::from(mixed(left ^ SALT[2], right)) << 64 | u128::from(mixed(right ^ SALT[3], left)))
}

/// Bits without a pattern: those of the fraction of pi.
const SALT: [u64; 4] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89];

fn take(lanes: &mut [u64; 2], block: [u8; 16]) {
    let block = u128::from_le_bytes(block);
    let (low, high) = (low(block), low(block >> 64));
    *lanes = [mixed(lanes[0] ^ low, SALT[2] ^ high), mixed(lanes[1] ^ high, SALT[3] ^ low)];
}

fn low(block: u128) -> u64 {
    u64::try_from(block & u128::from(u64::MAX)).unwrap_or_default()
}

/// The two halves of a product, one upon the other.
fn mixed(left: u64, right: u64) -> u64 {
    let (low, high) = left.carrying_mul(right, 0);
    low ^ high
}

fn canonical(item: Item<'_>, out: &mut Vec<u8>) {
    match item.sort() {
        Sort::Number => out.extend_from_slice(Number::of_valid(item.number().unwrap_or("0")).normalised().as_bytes()),
        Sort::Text => write_text(out, &item.text().unwrap_or_default()),
        Sort::Array => {
            out.push(b'[');
            for item in item.items() {
                canonical(item, out);
                out.push(b',');
            }
            out.push(b']');
        }
        Sort::Object => {
            let mut sorted: Vec<_> = item.entries().collect();
            sorted.sort_unstable_by(|left, right| left.0.cmp(&right.0));
            out.push(b'{');
            for (key, item) in sorted {
                write_text(out, &key);
                out.push(b':');
                canonical(item, out);
                out.push(b',');
            }
            out.push(b'}');
        }
        Sort::Null | Sort::Bool => item.write(out),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::{hash_value, parse_str, print_of};

    #[test]
    fn the_print_of_bytes_changes_with_every_bit_and_with_the_length() {
        let mut seen = HashSet::new();
        for length in 0..70 {
            let text: Vec<u8> = (0..length).map(|at| b'a' + at % 26).collect();
            assert!(seen.insert(print_of(&text)), "{length}");
            for bit in 0..text.len() * 8 {
                let mut other = text.clone();
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(seen.insert(print_of(&other)), "{length}, bit {bit}");
            }
        }
        assert!((1..100).all(|zeros| seen.insert(print_of(&vec![0; zeros]))));
        // Blocks that change places are others.
        let (one, two) = ([1; 16], [2; 16]);
        assert_ne!(print_of(&[one, two].concat()), print_of(&[two, one].concat()));
    }

    #[test]
    fn the_print_of_bytes_is_the_same_on_every_machine() {
        let print: String = print_of(b"a page of records").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(print, "a4c441509e345ba9adcc7c5a85444f6d");
    }

    #[test]
    fn order_and_spelling_do_not_change_the_hash() {
        let hash = |text| hash_value(&parse_str(text).unwrap());
        assert_eq!(hash(r#"{"a":1.0,"b":"x"}"#), hash("{ \"b\" : \"\\u0078\", \"a\": 1 }"));
        assert_ne!(hash(r#"{"a":0}"#), hash(r#"{"a":null}"#));
        assert_ne!(hash(r#"{"a":0}"#), hash("{}"));
        assert_ne!(hash(r#"["1"]"#), hash("[1]"));
    }
}
