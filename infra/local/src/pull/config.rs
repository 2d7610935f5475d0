//! The values of a connection in a file: an object of texts, numbers, truth values and arrays of texts.

use std::path::Path;

use connector::Connector;
use document::Value;
use engine::{Config, Secret};

use crate::Failure;

/// Reads the values; says at once which are not known and which lack.
pub(crate) fn load(connector: &Connector, file: Option<&Path>) -> Result<Config, Failure> {
    let values = match file {
        Some(file) => entries(file)?,
        None => Vec::new(),
    };
    let name = file.map_or_else(|| "the configuration".to_owned(), |file| file.display().to_string());
    let declared: Vec<_> = connector.config().iter().filter(|entry| entry.derive.is_none()).collect();
    let mut problems: Vec<String> = Vec::new();
    for (key, _) in &values {
        if !declared.iter().any(|entry| entry.name == *key) {
            let near = connector::nearest(key, declared.iter().map(|entry| entry.name.as_str()));
            problems.push(format!("`{key}` is no value of this definition{}", near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()));
        }
    }
    for entry in declared.iter().filter(|entry| entry.is_needed()) {
        if !values.iter().any(|(key, value)| *key == entry.name && !value.is_empty()) {
            let what = entry.description.as_ref().map(|what| format!(": {what}")).unwrap_or_default();
            problems.push(format!("`{}` lacks{what}", entry.name));
        }
    }
    if problems.is_empty() {
        return Ok(Config::new(values.into_iter().map(|(key, value)| (key, Secret::new(value)))));
    }
    let hint = if file.is_none() { "\n    give the values as a JSON object in a file, with `--config FILE`" } else { "" };
    Err(Failure::Usage(format!("{name}: {}{hint}", problems.join("; "))))
}

/// A short hash of the values that are no secrets: it tells one account from another, and a secret that was replaced changes nothing.
pub(crate) fn account(connector: &Connector, config: &Config) -> String {
    let plain = connector.config().iter().filter(|entry| !entry.secret && entry.derive.is_none());
    let mut parts: Vec<String> = plain.filter_map(|entry| {
        let value = config.get(&entry.name)?.expose();
        Some(format!("{}:{}={}:{value}\n", entry.name.len(), entry.name, value.len()))
    }).collect();
    parts.sort();
    document::hash_bytes(parts.concat().as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The members of a file as texts.
pub(crate) fn entries(file: &Path) -> Result<Vec<(String, String)>, Failure> {
    let name = file.display();
    let text = crate::text::read(file)?;
    let value = document::parse_str(&text).map_err(|error| Failure::Usage(format!("{name}:{}:{}: {}\n    {}", error.line, error.column, error.message, document::authored::remedy(&text, &error))))?;
    let Value::Object(members) = value else { return Err(Failure::Usage(format!("{name}: an object of values is expected"))) };
    members.into_iter().map(|(key, value)| {
        let text = match &value {
            Value::Array(_) => Some(value.to_string()),
            Value::Null => Some(String::new()),
            value => value.plain(),
        };
        text.map(|text| (key.clone(), text)).ok_or_else(|| Failure::Usage(format!("{name}: `{key}` is an object, and a text, number, truth value or array is expected")))
    }).collect()
}
