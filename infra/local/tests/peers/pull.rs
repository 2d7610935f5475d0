//! The built program over a folder with a definition, a configuration and a cursor.

use std::{collections::BTreeMap, fs, path::Path, process::{Command, Output}};

use serde_json::Value;

/// How a pull ended.
#[derive(Debug)]
pub(crate) struct Pulled {
    pub(crate) good: bool,
    pub(crate) records: Vec<Value>,
    /// Standard error.
    pub(crate) told: String,
}

/// Runs the program in a folder.
pub(crate) fn program(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pullpush")).args(words).current_dir(folder).output().unwrap()
}

/// Pulls with `definition.json` and `config.json` of a folder.
pub(crate) fn pull(folder: &Path, words: &[&str]) -> Pulled {
    let output = program(folder, &[&["pull", "--definition", "definition.json", "--config", "config.json"], words].concat());
    let records = String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Pulled { good: output.status.success(), records, told: String::from_utf8(output.stderr).unwrap() }
}

impl Pulled {
    /// How often each id came.
    pub(crate) fn ids(&self) -> BTreeMap<u64, usize> {
        let mut ids = BTreeMap::new();
        for record in &self.records {
            // CSV and keys come as texts.
            let id = record["id"].as_u64().or_else(|| record["id"].as_str()?.parse().ok());
            *ids.entry(id.unwrap_or_else(|| panic!("{record} has no id"))).or_default() += 1;
        }
        ids
    }

    /// Every row of these came, and came once.
    #[track_caller]
    pub(crate) fn once(&self, rows: std::ops::RangeInclusive<u64>) {
        assert!(self.good, "{}", self.told);
        assert_eq!(self.ids(), rows.map(|id| (id, 1)).collect(), "{}", self.told);
    }
}

/// A definition with values put at JSON Pointers; those above must exist.
pub(crate) fn with(definition: &str, values: &[(impl AsRef<str>, Value)]) -> String {
    let mut definition: Value = serde_json::from_str(definition).unwrap();
    for (pointer, value) in values {
        let (above, name) = pointer.as_ref().rsplit_once('/').unwrap();
        definition.pointer_mut(above).unwrap()[name] = value.clone();
    }
    definition.to_string()
}

/// Writes JSON into a file of the folder.
pub(crate) fn write(folder: &Path, name: &str, text: &impl ToString) {
    fs::write(folder.join(name), text.to_string()).unwrap();
}
