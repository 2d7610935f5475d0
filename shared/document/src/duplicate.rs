//! Whether an object names one key twice, without a set for the small ones and without a square of work for the large.

use std::{borrow::Cow, collections::HashSet};

use crate::doc::{Entry, Mark, plain_text};

/// Up to so many keys are compared with each other, where their marks do not tell them apart.
const FEW: usize = 64;

/// Marks of the keys met so far in one object: a mark not met is a key not met.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Keys([u64; 4]);

impl Keys {
    /// Notes a key; true when it stands among the members before it. Beyond a few members, [`Keys::twice`] tells at the end.
    pub(crate) fn met(&mut self, key: Entry, tape: &[Entry], object: usize, before: usize, text: &str) -> bool {
        if before >= FEW {
            return false;
        }
        let mark = if key.escaped() { mark(plain_text(key, text).as_bytes()) } else { mark(key.bytes(text.as_bytes())) };
        let (word, bit) = (usize::from(mark >> 6), 1 << (mark & 63));
        let known = self.0[word] & bit != 0;
        self.0[word] |= bit;
        known && stands(key, tape, object, before, text)
    }

    /// Where the first key of a large object stands that has stood before.
    pub(crate) fn twice(&self, tape: &[Entry], object: usize, count: usize, text: &str) -> Option<usize> {
        if count <= FEW {
            return None;
        }
        let mut seen: HashSet<Cow<'_, str>> = HashSet::with_capacity(count);
        members(tape, object, count).find(|(_, key)| !seen.insert(plain_text(*key, text))).map(|(_, key)| key.start() - 1)
    }
}

/// Whether a key is among the first members of an object.
fn stands(key: Entry, tape: &[Entry], object: usize, before: usize, text: &str) -> bool {
    let name = plain_text(key, text);
    members(tape, object, before).any(|(_, other)| plain_text(other, text) == name)
}

/// The keys of an object with their places on the tape.
fn members(tape: &[Entry], object: usize, count: usize) -> impl Iterator<Item = (usize, Entry)> {
    let mut at = object + 2;
    (0..count).map_while(move |_| {
        let (place, key) = (at, *tape.get(at)?);
        at += 1 + match tape.get(at + 1)?.mark() {
            Mark::Array | Mark::Object => tape.get(at + 2)?.length(),
            _ => 1,
        };
        Some((place, key))
    })
}

fn mark(name: &[u8]) -> u8 {
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return 0 };
    let middle = name.get(name.len() / 2).copied().unwrap_or(0);
    let length = u8::try_from(name.len() & 0xff).unwrap_or(0);
    first.wrapping_mul(31) ^ middle.wrapping_mul(17) ^ last.wrapping_mul(7) ^ length.wrapping_mul(59)
}

#[cfg(test)]
mod tests {
    use crate::{Kind, parse_str};

    #[test]
    fn a_key_that_stands_twice_is_found_in_small_and_large_objects() {
        for count in [1, 5, 63, 64, 65, 66, 1000] {
            for twice in [0, count / 2, count - 1] {
                let members: Vec<_> = (0..count).map(|index| format!("\"key {index}\":[{{}}]")).collect();
                let fine = format!("{{{}}}", members.join(","));
                assert!(parse_str(&fine).is_ok());
                let doubled = format!("{},\"\\u006bey {twice}\":1}}", &fine[..fine.len() - 1]);
                let error = parse_str(&doubled).unwrap_err();
                assert_eq!((error.kind, error.offset), (Kind::DuplicateKey, fine.len()), "{count} {twice}");
            }
        }
    }
}
