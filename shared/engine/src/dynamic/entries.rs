//! The values of a page of parents, and by what each is known whoever reads the page again.

use std::collections::{HashMap, HashSet};

use document::Value;

use super::{partition::plain, prints::{self, Print}};

/// One of the values.
#[derive(Debug)]
pub(crate) struct Entry {
    /// An object with `value` and what is kept.
    pub(crate) value: Value,
    /// The first page of its children, where it stands in the parent.
    pub(crate) page: Option<Value>,
    /// By which it is known.
    pub(crate) print: Print,
    /// The print of the first that is the same: its own, unless it stands there more than once.
    pub(crate) first: Print,
}

/// A value as it was found.
pub(crate) struct Found {
    pub(crate) value: Value,
    /// The first page of its children.
    pub(crate) page: Option<Value>,
    /// When its parent changed, where that is what is read by.
    pub(crate) version: Option<String>,
}

/// The values with their pages and prints. Those of which nothing differs are one, as new as the newest of them.
pub(crate) fn entries(mut values: Vec<Found>) -> Vec<Entry> {
    let mut same: HashMap<String, usize> = HashMap::with_capacity(values.len());
    let mut kept: Vec<Found> = Vec::with_capacity(values.len());
    for found in values.drain(..) {
        let known = if found.page.is_some() { None } else { Some(*same.entry(found.value.to_string()).or_insert(kept.len())) };
        match known.and_then(|known| kept.get_mut(known)) {
            Some(one) => one.version = one.version.take().max(found.version),
            None => kept.push(found),
        }
    }
    let values = kept;
    let texts: Vec<String> = values.iter().map(|found| plain(&found.value)).collect();
    let mut times: HashMap<&str, usize> = HashMap::with_capacity(values.len());
    texts.iter().for_each(|text| *times.entry(text).or_default() += 1);
    let (mut firsts, mut named, mut before, mut taken): (HashMap<&str, Print>, _, HashMap<String, usize>, _) = (HashMap::with_capacity(values.len()), HashSet::new(), HashMap::with_capacity(values.len()), HashSet::new());
    values.into_iter().zip(&texts).map(|(Found { value, page, version }, text)| {
        let first = *firsts.entry(text).or_insert_with(|| free(&mut named, text, &mut 0));
        // Of several with one value each is known by what is kept of it: by its place it would stand for another once that has gone.
        let several = times.get(text.as_str()).is_some_and(|times| *times > 1) && value.entries().is_some_and(|entries| entries.len() > 1);
        let own = if several { value.to_string() } else { text.clone() };
        let own = match version.filter(|version| !version.is_empty()) {
            Some(version) => format!("{own}\n{version}"),
            None => own,
        };
        let print = free(&mut taken, &own, before.entry(own.clone()).or_default());
        Entry { value, page, print, first }
    }).collect()
}

/// The next print of a text that no other on the page has: those of two texts may be the same.
fn free(taken: &mut HashSet<Print>, text: &str, before: &mut usize) -> Print {
    loop {
        let print = prints::again(text, *before);
        *before += 1;
        if taken.insert(print) {
            return print;
        }
    }
}
