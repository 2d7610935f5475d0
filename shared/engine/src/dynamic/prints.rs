//! Short prints of values, by which a cursor remembers which of a list were read, whatever becomes of the list.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use document::{Value, hash_bytes};

/// The print of a value. Of ten thousand values two have the same one in one of some millions of lists.
pub(crate) type Print = [u8; BYTES];

/// Bytes of a print: eight signs in base64, with none left over.
const BYTES: usize = 6;

/// Prints in no order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Prints(BTreeSet<Print>);

/// The print of a value by its text.
pub(crate) fn print(text: &str) -> Print {
    first(hash_bytes(text.as_bytes()))
}

/// The print of a value that has so many before it that are the same.
pub(crate) fn again(text: &str, before: usize) -> Print {
    if before == 0 { print(text) } else { first(hash_bytes(&[&hash_bytes(text.as_bytes())[..], &before.to_le_bytes()].concat())) }
}

fn first(hash: document::Hash128) -> Print {
    let mut print = [0; BYTES];
    print.iter_mut().zip(hash).for_each(|(byte, of)| *byte = of);
    print
}

/// The prints as they are kept: one text; `None` where there are none.
pub(crate) fn text<'p>(prints: impl IntoIterator<Item = &'p Print>) -> Option<Value> {
    let bytes: Vec<u8> = prints.into_iter().flatten().copied().collect();
    (!bytes.is_empty()).then(|| URL_SAFE_NO_PAD.encode(bytes).into())
}

/// The prints of such a text, in their order.
pub(crate) fn of(value: Option<&Value>) -> Vec<Print> {
    let bytes = value.and_then(Value::as_str).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).unwrap_or_default();
    bytes.as_chunks().0.to_vec()
}

impl Prints {
    pub(crate) fn has(&self, print: &Print) -> bool {
        self.0.contains(print)
    }

    pub(crate) fn add(&mut self, prints: impl IntoIterator<Item = Print>) {
        self.0.extend(prints);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = Print> {
        self.0.iter().copied()
    }

    /// Forgets all but these.
    pub(crate) fn keep(&mut self, these: &BTreeSet<Print>) {
        self.0.retain(|print| these.contains(print));
    }

    /// Takes others in, until there are so many.
    pub(crate) fn join(&mut self, others: impl IntoIterator<Item = Print>, most: usize) {
        let room = most.saturating_sub(self.0.len());
        self.0.extend(others.into_iter().take(room));
    }

    pub(crate) fn value(&self) -> Option<Value> {
        text(&self.0)
    }

    pub(crate) fn of(value: Option<&Value>) -> Self {
        Self(of(value).into_iter().collect())
    }
}
