//! What the canonical model promises, seen from outside: forms, schemas, versions, statuses, and a peer to agree with.
#![expect(clippy::unwrap_used, reason = "what is read from the files of this crate may end a test")]

mod corpus;
mod forms;
mod peers;
mod reference;
mod schemas;
mod statuses;
mod versions;

/// The findings as people read them, one a line.
fn told(findings: &[fault::Finding]) -> String {
    findings.iter().map(|finding| format!("{} {:?}: {} ({})\n", finding.code, finding.pointer, finding.message, finding.hint)).collect()
}

/// Every file of a folder of this crate, by its name without the ending.
fn files(folder: &str) -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found: Vec<_> = std::fs::read_dir(root)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), std::fs::read_to_string(&path).expect("a text")))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{folder} is empty");
    found
}
