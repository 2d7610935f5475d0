//! The codes of faults and findings as the sources use them, against the register, both ways.
//!
//! Sources are read as text: a code is the literal where a fault is made, told or compared, and what `fn code` answers.

use std::{collections::{BTreeMap, BTreeSet}, fs, path::Path};

use crate::root;

/// What stands before a code where a fault is made, logged, compared or decided upon.
const BEFORE: [&str; 9] = ["reject(", "retry(", "park(", "failure(", "code: ", "code = ", "code == ", "code != ", "error.code("];
const REGISTER: &str = "shared/fault/src/codes.rs";

/// Every source of the product, by its path; the sample systems and the local servers answer in the words of others.
fn sources() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join("functions"), root().join("shared"), root().join("infra/local/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                if !["tests", "testkit", "target"].iter().any(|other| entry.ends_with(other)) {
                    folders.push(entry);
                }
            } else if entry.extension().is_some_and(|end| end == "rs") {
                let name = entry.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read_to_string(&entry).unwrap());
            }
        }
    }
    found
}

/// The literal at the beginning of a text, past white space.
fn literal(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The codes a source uses.
fn used(source: &str) -> BTreeSet<&str> {
    let behind = |before: &'static str| source.match_indices(before).filter_map(move |(at, _)| literal(&source[at + before.len()..]));
    let mut used: BTreeSet<_> = BEFORE.into_iter().flat_map(behind).collect();
    let literals = |text| -> Vec<&str> { str::split(text, '"').skip(1).step_by(2).collect() };
    for (at, _) in source.match_indices("fn code(&self)") {
        // A method ends at a brace indented as it is.
        let body = source[at..].split("\n    }").next().unwrap_or_default();
        used.extend(literals(body));
    }
    used.extend(source.lines().flat_map(literals).filter(|word| word.starts_with("definition_")));
    used.retain(|word| is_word(word));
    used
}

#[test]
fn every_code_the_sources_use_is_registered_and_every_registered_one_is_used() {
    let sources = sources();
    assert!(Path::new(&root().join(REGISTER)).exists() && sources.len() > 100, "{} sources", sources.len());
    let mut wrong = Vec::new();
    for (path, source) in sources.iter().filter(|(path, _)| *path != REGISTER) {
        wrong.extend(used(source).into_iter().filter(|code| fault::documented(code).is_none()).map(|code| format!("{path}: {code} is not registered")));
    }
    for code in fault::CODES {
        let quoted = format!("\"{}\"", code.name);
        if !sources.iter().any(|(path, source)| path != REGISTER && source.contains(&quoted)) {
            wrong.push(format!("{} is registered, and nobody uses it", code.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_code_is_found_wherever_one_can_stand() {
    let source = "Simple::reject(\n    \"one\", \"a sentence\") Simple::park(\"two\", x) tracing::warn!(code = \"three\") Simple { code: \"four\" } fault.code == \"five\"\n\
        fn code(&self) -> &'static str {\n        match self {\n            A => \"six\",\n        }\n    }\n    \"not_this\" \"definition_seven\" code: \"Not A Word\" reject(code)";
    assert_eq!(used(source), BTreeSet::from(["definition_seven", "five", "four", "one", "six", "three", "two"]));
}
