//! `pullpush definition check` and `pullpush mapping check`: every finding in files, for people or as JSON. Asks no other
//! system.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{Failure, findings::{self, Found}, say::{say, tell}, text};

/// What is checked: how it is called, and how everything in a text that is wrong is found.
pub(crate) struct Check {
    pub(crate) plural: &'static str,
    /// Whether the text can be used, and what was found.
    pub(crate) find: fn(&str) -> (bool, Vec<Found>),
    /// What else programs are told of a text: a name and its value.
    tell: fn(&str) -> Option<(&'static str, Value)>,
}

/// Connector definitions.
pub(crate) const DEFINITIONS: Check = Check { plural: "definitions", find: definition, tell: one_way };
/// Mappings.
pub(crate) const MAPPINGS: Check = Check { plural: "mappings", find: mapping, tell: |_| None };

/// Checks files; fails when any of them has an error.
pub(crate) fn check(what: &Check, files: &[PathBuf], as_json: bool) -> Result<(), Failure> {
    let mut bad = 0;
    let mut shown = Vec::new();
    for file in files {
        let name = file.display();
        let text = text::read(file)?;
        let (valid, found) = (what.find)(&text);
        bad += usize::from(!valid);
        if as_json {
            let mut said = json!({ "file": name.to_string(), "valid": valid, "findings": found.iter().map(Found::json).collect::<Vec<_>>() });
            if let Some((name, value)) = (what.tell)(&text) {
                said[name] = value;
            }
            shown.push(said);
        } else {
            findings::print(&name, valid, &found);
            if let Some(other) = if valid { None } else { other(what, &text) } {
                say!("    {other}");
            }
        }
    }
    if as_json {
        say!("{:#}", Value::Array(shown));
    }
    if bad == 0 { Ok(()) } else { Err(Failure::Failed(format!("{bad} of {} {} cannot be used", files.len(), what.plural))) }
}

/// What a document is that is none of what is checked.
fn other(what: &Check, text: &str) -> Option<&'static str> {
    let value = document::parse_str(text).ok()?;
    let has = |key: &str| value.get(key).is_some();
    match what.plural {
        "definitions" if has("ops") && !has("metadata") => Some("this looks like a mapping: `pullpush mapping check` checks those"),
        "mappings" if has("metadata") && !has("ops") => Some("this looks like a definition: `pullpush definition check` checks those"),
        "definitions" if (has("openapi") || has("swagger")) && !has("metadata") => Some("this looks like an OpenAPI description: a definition names the requests and records itself, see `pullpush definition schema`"),
        _ => None,
    }
}

fn definition(text: &str) -> (bool, Vec<Found>) {
    match connector::Draft::parse(text) {
        Ok(draft) => {
            let report = draft.check();
            (report.is_valid(), report.findings().iter().map(|finding| Found::at(report.place(&finding.pointer), finding)).collect())
        }
        Err(error) => (false, vec![Found::no_document(text, &error)]),
    }
}

/// A definition that can be used, or everything that is wrong with it on standard error.
pub(crate) fn usable(name: &str, text: &str) -> Result<connector::Connector, Failure> {
    let found: Vec<Found> = match connector::Draft::parse(text) {
        Ok(draft) => match draft.check().into_checked() {
            Ok(connector) => return Ok(connector),
            Err(report) => report.findings().iter().map(|finding| Found::at(report.place(&finding.pointer), finding)).collect(),
        },
        Err(error) => vec![Found::no_document(text, &error)],
    };
    for finding in found {
        tell!("{}", finding.of(name));
    }
    Err(Failure::Failed(format!("{name} cannot be used, and nothing was asked")))
}

/// What the canonical maps of a definition cannot do backwards.
fn one_way(text: &str) -> Option<(&'static str, Value)> {
    let report = connector::Draft::parse(text).ok()?.check();
    let fields = report.checked()?.one_way().into_iter().map(|(entity, field, reason)| json!({ "entity": entity, "field": field, "reason": reason }));
    Some(("oneWay", fields.collect()))
}

fn mapping(text: &str) -> (bool, Vec<Found>) {
    match mapping::Draft::parse(text) {
        Ok(draft) => {
            let report = draft.check();
            (report.is_valid(), of_mapping(&report))
        }
        Err(error) => (false, vec![Found::no_document(text, &error)]),
    }
}

/// Everything a report on a mapping says, with places.
pub(crate) fn of_mapping(report: &mapping::Report) -> Vec<Found> {
    report.findings().iter().map(|finding| Found::at(report.place(&finding.pointer), finding)).collect()
}

#[cfg(test)]
mod tests {
    use super::{DEFINITIONS, MAPPINGS};

    #[test]
    fn what_is_not_json_has_a_place() {
        for check in [DEFINITIONS, MAPPINGS] {
            let (valid, found) = (check.find)("{\n  \"metadata\": nope\n}");
            assert!(!valid);
            assert_eq!((found.len(), found[0].line, found[0].code.as_str()), (1, 2, "json_invalid"), "{}", check.plural);
        }
    }

    #[test]
    fn an_empty_document_has_errors_with_hints() {
        for check in [DEFINITIONS, MAPPINGS] {
            let (valid, found) = (check.find)("{}");
            assert!(!valid && !found.is_empty(), "{}", check.plural);
            assert!(found.iter().all(|finding| !finding.hint.is_empty()));
        }
    }
}
