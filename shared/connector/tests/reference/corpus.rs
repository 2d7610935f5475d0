//! The definitions that are looked at: those of the corpus, and the examples.

use std::{fs, path::{Path, PathBuf}};

use document::Value;

/// The folder of this crate.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The texts of a folder, by name.
pub(crate) fn texts(folder: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "json")).map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())).collect();
    found.sort();
    found
}

/// Everything that is accepted: the corpus, and the examples that are definitions.
pub(crate) fn accepted() -> Vec<(String, Value)> {
    let examples = texts("../../examples").into_iter().filter(|(_, text)| document::parse_str(text).unwrap().get("metadata").is_some());
    texts("corpus/accept").into_iter().chain(examples).map(|(name, text)| (name, document::parse_str(&text).unwrap())).collect()
}
