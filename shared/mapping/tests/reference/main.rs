//! `OPERATIONS.md` is made of the operations as the code tells them: a test makes it anew, and fails where the file says otherwise.
//!
//! What is told of the language around them stands in `language.rs`. Every example, there and here, is run.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

mod examples;
mod language;
mod page;

use std::{env, fs, path::Path};

const FILE: &str = "OPERATIONS.md";
pub(crate) const BLESS: &str = "PULLPUSH_BLESS=1 cargo test -p mapping --test reference";

#[test]
fn the_reference_of_the_operations_is_what_the_code_says() {
    let (path, page) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE), page::page());
    if env::var_os("PULLPUSH_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(stands.lines().chain([""].into_iter().cycle())).find(|(made, stands)| made != stands);
    assert!(stands == page, "{FILE} is stale, make it anew with `{BLESS}`: {differs:?}");
}
