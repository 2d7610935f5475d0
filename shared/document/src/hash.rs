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
