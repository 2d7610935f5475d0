//! Texts that are no document, `corpus/reject/*.json`: what is told of each, and every code among it.

use std::{fs, path::Path};

use document::{Limits, Parser, parse};
use fault::Fault;

/// Small, so that a small file is too large.
const LIMITS: Limits = Limits { bytes: 2048, depth: 64, nodes: 256 };

#[test]
fn what_is_no_document_is_refused_with_code_and_place() {
    let mut paths: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/reject")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    paths.sort();
    let told: String = paths.iter().map(|path| {
        let (bytes, name) = (fs::read(path).unwrap(), path.file_stem().unwrap().to_string_lossy());
        let error = parse(&bytes, &LIMITS).expect_err(&name);
        assert_eq!(Parser::new(LIMITS).parse(&bytes).unwrap_err(), error, "{name}");
        format!("{name}: {} at {}:{}, {}\n", error.code(), error.line, error.column, error.message)
    }).collect();
    for code in fault::CODES.iter().map(|code| code.name).filter(|code| code.starts_with("json_") || code.starts_with("utf8_")) {
        assert!(told.contains(&format!(": {code} at ")), "{code}");
    }
    insta::assert_snapshot!(told);
}
