//! `definition.schema.json`, `ELEMENTS.md` and `COVERAGE.md` are made of the code: a test makes them anew, and fails where a file says otherwise.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

mod corpus;
mod coverage;
mod features;
mod json;
mod page;
mod peer;
mod slips;
mod uses;

use std::{env, fs};

use connector::{ROOT, shape::Element};

const BLESS: &str = "PULLPUSH_BLESS=1 cargo test -p connector reference";

/// Compares a file of this crate with what is made of the code, or writes it.
fn stands(file: &str, made: &str) {
    let path = corpus::root().join(file);
    if env::var_os("PULLPUSH_BLESS").is_some() {
        fs::write(&path, made).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    let differs = made.lines().zip(stands.lines().chain([""].into_iter().cycle())).find(|(made, stands)| made != stands);
    assert!(stands == made, "{file} is stale, make it anew with `{BLESS}`: {differs:?}");
}

#[test]
fn the_schema_is_published_as_the_reference_for_editors() {
    stands("definition.schema.json", &json::pretty(&connector::schema()));
}

#[test]
fn the_reference_of_the_elements_is_what_the_code_says() {
    stands("ELEMENTS.md", &page::page());
}

#[test]
fn no_two_elements_or_keys_of_one_share_a_name() {
    let elements = ROOT.all();
    for (index, element) in elements.iter().enumerate() {
        assert!(!elements[..index].iter().any(|other| other.name == element.name), "two elements are called `{}`", element.name);
        for (index, key) in element.keys.iter().enumerate() {
            assert!(!element.keys[..index].iter().any(|other| other.name == key.name), "`{}` of `{}` stands twice", key.name, element.name);
        }
    }
}

#[test]
fn every_key_has_a_definition_that_uses_it() {
    let accepted = corpus::accepted();
    let used: Vec<_> = accepted.iter().flat_map(|(_, definition)| uses::of(definition)).collect();
    let unused: Vec<_> = ROOT.all().into_iter().flat_map(|element| element.keys.iter().map(move |key| (element, key.name))).filter(|(element, key)| {
        // `poll` repeats the keys of a request, and no request has two bodies.
        let same = |other: &Element| std::ptr::eq(other, *element) || (element.name == "poll" && other.name == "request");
        !used.iter().any(|used| same(used.element) && used.value.get(key).is_some())
    }).map(|(element, key)| format!("{}.{key}", element.name)).collect();
    assert_eq!(unused, [""; 0], "a definition in `corpus/accept` has to use these");
}
