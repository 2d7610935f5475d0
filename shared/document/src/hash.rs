//! 128-bit hashes of values: equal values hash equal, however they were written.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::{Value, write::quoted};

/// The first 128 bits of a SHA-256.
pub type Hash128 = [u8; 16];

/// The hash of a value in canonical form (RFC 8785 style: keys sorted, numbers in one normal form, no space).
#[must_use]
pub fn hash_value(value: &Value) -> Hash128 {
    let mut text = String::new();
    canonical(value, &mut text);
    hash_bytes(text.as_bytes())
}

/// The hash of bytes as they are.
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> Hash128 {
    let digest = Sha256::digest(bytes);
    let mut hash = [0; 16];
    hash.copy_from_slice(&digest[..16]);
    hash
}

fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Number(number) => out.push_str(&number.normalised()),
        Value::String(text) => { _ = quoted(out, text) }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Object(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_unstable_by(|left, right| left.0.cmp(&right.0));
            out.push('{');
            for (key, value) in sorted {
                _ = quoted(out, key);
                out.push(':');
                canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) => { _ = write!(out, "{value}") }
    }
}

#[cfg(test)]
mod tests {
    use crate::{hash_value, parse_str};

    #[test]
    fn order_and_spelling_do_not_change_the_hash() {
        let hash = |text| hash_value(&parse_str(text).unwrap());
        assert_eq!(hash(r#"{"a":1.0,"b":"x"}"#), hash("{ \"b\" : \"\\u0078\", \"a\": 1 }"));
        assert_ne!(hash(r#"{"a":0}"#), hash(r#"{"a":null}"#));
        assert_ne!(hash(r#"{"a":0}"#), hash("{}"));
        assert_ne!(hash(r#"["1"]"#), hash("[1]"));
    }
}
