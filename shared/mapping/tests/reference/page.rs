//! The page: the language, then every operation with its keys, its sentences and its examples.

use std::fmt::Write;

use mapping::{Entry, Example, OPERATIONS, Param};

use crate::{BLESS, language::{CHAPTERS, Chapter, Shown}};

/// The whole page.
pub(crate) fn page() -> String {
    let mut out = format!("# The mapping language\n\n<!-- made of the code: {BLESS} -->\n\nHow a mapping is written, and every operation. All examples are run by a test.\n\n");
    for chapter in CHAPTERS {
        _ = writeln!(out, "- [{}](#{})", chapter.title, anchor(chapter.title));
    }
    let names: Vec<_> = OPERATIONS.iter().map(|entry| format!("[`{0}`](#{0})", entry.name)).collect();
    _ = writeln!(out, "- Operations: {}", names.join(", "));
    CHAPTERS.iter().for_each(|chapter| told(&mut out, chapter));
    out.push_str("\n## Operations\n\nEach has `op`, its name, and may have `when`, an expression; its other keys are listed. A key that is not is a finding.\n");
    OPERATIONS.iter().for_each(|entry| operation(&mut out, entry));
    out
}

/// What a heading is linked by.
fn anchor(title: &str) -> String {
    title.chars().filter_map(|char| if char == ' ' { Some('-') } else { char.is_alphanumeric().then(|| char.to_ascii_lowercase()) }).collect()
}

fn told(out: &mut String, chapter: &Chapter) {
    _ = write!(out, "\n## {}\n\n{}\n", chapter.title, chapter.text.trim());
    for Shown { mapping, input, output } in chapter.shown {
        _ = write!(out, "\n```json\n{}\n```\n\n{}\n", mapping.trim(), becomes(input, output));
    }
}

/// One line: a record and what becomes of it.
fn becomes(input: &str, output: &str) -> String {
    format!("`{input}` → `{output}`")
}

fn operation(out: &mut String, entry: &Entry) {
    _ = write!(out, "\n### {}\n\n{}\n\n", entry.name, entry.summary);
    if !entry.params.is_empty() {
        out.push_str("| key | takes | means |\n|---|---|---|\n");
        for Param { name, takes, required, doc } in entry.params {
            _ = writeln!(out, "| `{name}`{} | {} | {} |", if *required { ", required" } else { "" }, cell(takes), cell(doc));
        }
        out.push('\n');
    }
    for sentence in entry.semantics {
        _ = writeln!(out, "- {sentence}");
    }
    if let Some(tables) = entry.tables {
        _ = write!(out, "\nWith the tables `{tables}`:\n");
    }
    out.push_str("\n| operation | record | becomes |\n|---|---|---|\n");
    for Example { op, input, output } in entry.examples {
        _ = writeln!(out, "| `{}` | `{}` | `{}` |", cell(op), cell(input), cell(output));
    }
}

/// A text in a cell: a bar would end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
