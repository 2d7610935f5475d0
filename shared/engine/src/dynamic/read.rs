//! From an answer to its records.

use connector::Records;
use document::{Item, Limits, Path, Sort, Value};
use fault::Simple;

/// The answer as JSON. One that is not is the other system's passing trouble, not the record's.
pub(crate) fn body(bytes: &[u8]) -> Result<Value, Simple> {
    document::parse(bytes, &Limits::default()).map_err(|error| Simple::retry("destination_nonsense", format!("the answer is not JSON: {error}")))
}

/// The records of an answer.
pub(crate) fn records<'v>(answer: &'v Value, records: &Records) -> Result<Vec<&'v Value>, Simple> {
    match &records.path {
        Some(path) => at(answer, path),
        None => alone(answer),
    }
}

fn at<'v>(answer: &'v Value, path: &Path) -> Result<Vec<&'v Value>, Simple> {
    let absent = || Simple::reject("definition_records", format!("the answer has nothing at `{}`", path.text()));
    if path.is_singular() {
        return match answer.at(path).ok_or_else(absent)? {
            Value::Array(items) => Ok(items.iter().collect()),
            Value::Null => Ok(Vec::new()),
            record => Ok(vec![record]),
        };
    }
    // A wrong path must not look like an empty answer: what stands where it begins to name many has to be there.
    match path.stem(answer.into()).map(Item::sort) {
        Some(Sort::Array | Sort::Object | Sort::Null) => path.all(answer).map_err(|spent| Simple::from_fault(&spent)),
        _ => Err(absent()),
    }
}

fn alone(answer: &Value) -> Result<Vec<&Value>, Simple> {
    let arrays: Vec<&Value> = match answer {
        Value::Array(_) => vec![answer],
        Value::Object(entries) => entries.iter().map(|(_, value)| value).filter(|value| value.items().is_some()).collect(),
        _ => Vec::new(),
    };
    match arrays.as_slice() {
        [only] => Ok(only.items().unwrap_or_default().iter().collect()),
        _ => Err(Simple::reject("definition_records", format!("the answer is no array and has {} of them at its top", arrays.len()))),
    }
}
