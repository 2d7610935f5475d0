//! The tables a mapping declares and does not hold, read from files: one JSON object, or JSON Lines of key and value.

use std::{collections::HashMap, fs::File, io::{BufRead as _, BufReader, Read as _}, path::Path};

use document::{Limits, Value, authored::nearest};
use mapping::{Found, Tables};

use crate::{Failure, cli::TableFile, findings};

/// Larger files than records may be: a table is loaded once.
const LIMITS: Limits = Limits { bytes: (1 << 28) - 1, depth: 64, nodes: 20_000_000 };

/// Every table that was given, whole.
#[derive(Default)]
pub(crate) struct Loaded(HashMap<String, HashMap<String, Value>>);

impl Tables for Loaded {
    fn find(&self, table: &str, key: &str) -> Found<'_> {
        match self.0.get(table) {
            None => Found::NotLoaded,
            Some(table) => table.get(key).map_or(Found::Nothing, |value| Found::Value(value.into())),
        }
    }
}

/// The tables of a mapping from the files they were given in: all of those it declares with a `mode`, and no other.
pub(crate) fn load(mapping: &str, given: &[TableFile]) -> Result<Loaded, Failure> {
    let declared = declared(mapping);
    let mut loaded = Loaded::default();
    for TableFile { name, file } in given {
        match declared.iter().find(|(known, _)| known == name) {
            Some((_, true)) => {}
            Some((_, false)) => return Err(Failure::Usage(format!("--table {name}: the values of `{name}` stand in the mapping; declare it with a `mode` to hand them in"))),
            None => return Err(Failure::Usage(unknown(name, &declared))),
        }
        let table = read(file).map_err(|reason| Failure::Usage(format!("--table {name}: {}{reason}", file.display())))?;
        if loaded.0.insert(name.clone(), table).is_some() {
            return Err(Failure::Usage(format!("--table {name} is given twice")));
        }
    }
    let lacking: Vec<&str> = declared.iter().filter(|(name, elsewhere)| *elsewhere && !loaded.0.contains_key(name)).map(|(name, _)| name.as_str()).collect();
    if lacking.is_empty() {
        return Ok(loaded);
    }
    Err(Failure::Usage(format!("the mapping looks things up in tables it does not hold: {}; give each as --table {}=FILE, and nothing was run", lacking.join(", "), lacking[0])))
}

/// What to say where a table was not loaded after all.
pub(crate) fn wanting(keys: &[(String, String)]) -> String {
    let table = keys.first().map_or("", |(table, _)| table);
    format!("the table `{table}` is not loaded")
}

/// Every table a checked mapping declares, and whether its values are elsewhere.
fn declared(mapping: &str) -> Vec<(String, bool)> {
    let root = document::parse(mapping.as_bytes(), &LIMITS).unwrap_or(Value::Null);
    let tables = root.get("tables").and_then(Value::entries).unwrap_or_default();
    tables.iter().map(|(name, table)| (name.clone(), table.get("mode").is_some())).collect()
}

fn unknown(name: &str, declared: &[(String, bool)]) -> String {
    let near = nearest(name, declared.iter().map(|(known, _)| known.as_str())).map(|near| format!("; did you mean `{near}`?"));
    format!("--table {name}: the mapping declares no table `{name}`{}", near.unwrap_or_default())
}

/// The keys and values of a file; a reason begins with what stands behind the name of the file.
fn read(file: &Path) -> Result<HashMap<String, Value>, String> {
    let unreadable = |error: std::io::Error| format!(" cannot be read: {error}");
    let mut input = BufReader::new(File::open(file).map_err(unreadable)?);
    if file.extension().is_some_and(|end| end == "jsonl" || end == "ndjson") {
        let mut table = HashMap::new();
        for (number, line) in (1..).zip(input.split(b'\n')) {
            let line = line.map_err(unreadable)?;
            if !line.trim_ascii().is_empty() {
                let (key, value) = entry(&line).map_err(|reason| format!(":{number}: {reason}"))?;
                if table.insert(key, value).is_some() {
                    return Err(format!(":{number}: the key of this line was given before"));
                }
            }
        }
        return Ok(table);
    }
    let mut text = Vec::new();
    input.read_to_end(&mut text).map_err(unreadable)?;
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
    match document::parse(text, &LIMITS).map_err(|error| format!(":{}:{}: {}", error.line, error.column, error.message))? {
        Value::Object(entries) => Ok(entries.into_iter().collect()),
        other => Err(format!(": a table is one object of keys and values, not {}; lines of {{\"key\", \"value\"}} belong into a file that ends in .jsonl", findings::sort(Some(other.sort())))),
    }
}

/// The key and the value of a line.
fn entry(line: &[u8]) -> Result<(String, Value), String> {
    let line = document::parse(line, &Limits::default()).map_err(|error| format!("{} (column {})", error.message, error.column))?;
    let Some([(first, one), (second, other)]) = line.entries() else { return Err(EXPECTED.to_owned()) };
    match (first.as_str(), second.as_str()) {
        ("key", "value") => one.plain().map(|key| (key, other.clone())),
        ("value", "key") => other.plain().map(|key| (key, one.clone())),
        _ => None,
    }
    .ok_or_else(|| EXPECTED.to_owned())
}

const EXPECTED: &str = "an object of `key`, a text or a number, and `value` is expected";

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Failure, Loaded, TableFile, load};

    const MAPPING: &str = r#"{"tables":{"sku":{"mode":"preload_all"},"status":{"values":{"1":"open"}}},"ops":[]}"#;

    /// What loading a file of a name says, or what the table knows of the keys `a` and `7`.
    fn loaded(name: &str, text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        let known = |loaded: &Loaded| ["a", "7"].map(|key| loaded.0["sku"].get(key).map_or("-".to_owned(), ToString::to_string)).join(" ");
        match load(MAPPING, &[TableFile { name: "sku".into(), file: file.clone() }]) {
            Ok(tables) => known(&tables),
            Err(Failure::Usage(reason)) => reason.replace(&file.display().to_string(), "FILE"),
            Err(_) => "another failure".into(),
        }
    }

    #[test]
    fn a_table_is_an_object_or_lines_of_key_and_value() {
        for (name, text, said) in [
            ("t.json", r#"{"a":{"b":1.50},"7":null}"#, r#"{"b":1.50} null"#),
            ("t.json", "{}", "- -"),
            ("t.jsonl", "{\"key\":\"a\",\"value\":\"A\"}\r\n\n{\"value\":[1],\"key\":7}", "\"A\" [1]"),
            ("t.ndjson", "", "- -"),
            ("t.json", r#"{"a":1,"a":2}"#, "--table sku: FILE:1:8: a key stands twice"),
            ("t.json", "[1]", "--table sku: FILE: a table is one object of keys and values, not an array; lines of {\"key\", \"value\"} belong into a file that ends in .jsonl"),
            ("t.jsonl", "{\"key\":\"a\",\"value\":1}\n{\"key\":\"a\",\"value\":2}", "--table sku: FILE:2: the key of this line was given before"),
            ("t.jsonl", "{\"key\":\"a\",\"values\":1}", "--table sku: FILE:1: an object of `key`, a text or a number, and `value` is expected"),
            ("t.jsonl", "{\"key\":[],\"value\":1}", "--table sku: FILE:1: an object of `key`, a text or a number, and `value` is expected"),
        ] {
            assert_eq!(loaded(name, text), said, "{text}");
        }
    }

    #[test]
    fn every_table_of_elsewhere_is_given_and_no_other() {
        for (names, said) in [
            (vec![], "the mapping looks things up in tables it does not hold: sku; give each as --table sku=FILE, and nothing was run"),
            (vec!["status"], "--table status: the values of `status` stand in the mapping; declare it with a `mode` to hand them in"),
            (vec!["skus"], "--table skus: the mapping declares no table `skus`; did you mean `sku`?"),
            (vec!["weather"], "--table weather: the mapping declares no table `weather`"),
        ] {
            let given: Vec<_> = names.iter().map(|name| TableFile { name: (*name).into(), file: "none".into() }).collect();
            assert!(matches!(load(MAPPING, &given), Err(Failure::Usage(reason)) if reason == said), "{said}");
        }
    }
}
