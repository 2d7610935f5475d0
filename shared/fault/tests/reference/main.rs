//! `CODES.md` is made of the register: every code with its meaning, its remedy, what follows, and where it is provoked. A test makes
//! it anew, and fails where the file says otherwise, or where what it shows does not provoke the code.
//!
//! Other rooms are looked at as text only: their own tests run what is shown.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

mod shown;

use std::{env, fmt::Write, fs, path::{Path, PathBuf}};

use fault::CODES;
use shown::SHOWN;

const FILE: &str = "CODES.md";
const BLESS: &str = "PULLPUSH_BLESS=1 cargo test -p fault --test reference";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    let mut out = format!("# The codes\n\n<!-- made of the code: {BLESS} -->\n
Every failure and every finding has one; it is stable and never used for something else. What follows from it:

| word | means |
|---|---|
| finding | told when a definition, a mapping or a document is checked; an error refuses it, a warning does not |
| reject | this input can never be right: it is recorded and ends |
| park | a person has to change something first: the work is kept |
| retry | the same may succeed later |
| alarm | nothing failed where it could be told: an operator is called |

The last column shows the code: the line of a corpus that provokes it, or the test that does.\n");
    for line in fs::read_to_string(root().join("shared/fault/src/codes.rs")).unwrap().lines() {
        if let Some(title) = line.strip_prefix("    // ") {
            _ = write!(out, "\n## {}{}\n\n| code | means | what to do | follows | shown |\n|---|---|---|---|---|\n", title[..1].to_uppercase(), &title[1..]);
        }
        let Some(code) = line.strip_prefix("    code(\"").and_then(|rest| fault::documented(rest.split('"').next()?)) else { continue };
        let (_, follows, file, said) = SHOWN.iter().find(|(name, ..)| *name == code.name).unwrap_or(&("", "", "", ""));
        let shown = if file.ends_with(".rs") { format!("[{}](../../{file})", said.replace('_', " ")) } else { format!("`{}` in [{}](../../{file})", cell(said), file.rsplit('/').next().unwrap()) };
        _ = writeln!(out, "| `{}` | {} | {} | {} | {shown} |", code.name, cell(code.meaning), cell(code.remedy), follows.replace(' ', ", "));
    }
    out
}

/// A text in a cell: a bar would end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn the_reference_of_the_codes_is_what_the_code_says() {
    let (path, page) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE), page());
    assert_eq!(page.matches("\n| `").count(), CODES.len(), "every code is told");
    if env::var_os("PULLPUSH_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(stands.lines().chain([""].into_iter().cycle())).find(|(made, stands)| made != stands);
    assert!(stands == page, "{FILE} is stale, make it anew with `{BLESS}`: {differs:?}");
}

#[test]
fn every_code_is_shown_once_and_nothing_else_is() {
    let shown: Vec<_> = SHOWN.iter().map(|(code, ..)| *code).collect();
    let lacking: Vec<_> = CODES.iter().map(|code| code.name).filter(|code| shown.iter().filter(|shown| *shown == code).count() != 1).collect();
    assert!(lacking.is_empty() && shown.len() == CODES.len(), "to be shown in `shown.rs`, each once: {lacking:?}");
    for (code, follows, ..) in SHOWN {
        assert!(!follows.is_empty() && follows.split(' ').all(|word| ["finding", "reject", "park", "retry", "alarm"].contains(&word)), "{code}");
    }
}

#[test]
fn what_is_shown_provokes_its_code() {
    let wrong: Vec<_> = SHOWN.iter().filter(|(code, _, file, said)| !provokes(code, file, said)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether the test asks for the code; or the line is in the file, and a snapshot of what is told of that file has the code.
fn provokes(code: &str, file: &str, said: &str) -> bool {
    let Ok(bytes) = fs::read(root().join(file)) else { return false };
    let text = String::from_utf8_lossy(&bytes);
    if file.ends_with(".rs") {
        let Some((_, body)) = text.split_once(&format!("fn {said}(")) else { return false };
        let body = ["#[test]", "#[tokio::test"].iter().filter_map(|next| body.find(next)).min().map_or(body, |end| &body[..end]);
        // The alarm goes by what is missing; its code is in the log alone.
        return body.contains(if code == "unaccounted" { "missing(&world)" } else { code });
    }
    text.contains(said) && (text.contains(code) || snapshots(file).iter().any(|(name, told)| tells(name, told, file, said, code)))
}

/// Whether a snapshot says the code of this file: it is named like it, or has a line of it.
fn tells(name: &str, told: &str, file: &str, said: &str, code: &str) -> bool {
    let (stem, ended) = (Path::new(file).file_stem().unwrap().to_str().unwrap(), Path::new(file).file_name().unwrap().to_str().unwrap());
    if name.ends_with(&format!("_{stem}.snap")) || name.ends_with(&format!("-{stem}.snap")) || name.ends_with(&format!("@{ended}.snap")) {
        return told.contains(code);
    }
    let mut lines = told.lines();
    while let Some(line) = lines.next() {
        if line.starts_with(&format!("{stem}: ")) || line.contains(said) {
            return line.contains(code) || lines.next().is_some_and(|next| next.contains(code));
        }
    }
    false
}

/// The snapshots of the crate a file belongs to.
fn snapshots(file: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(file.split("/corpus/").next().unwrap()).join("tests")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "snap") {
                found.push((path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}
