//! What a mapping did to a record, operation by operation: which places have another value, and which are gone.

use std::collections::{BTreeSet, HashMap};

use document::{Limits, Value};
use mapping::Traced;

/// One operation with what it changed.
pub(crate) struct Step<'t> {
    pub(crate) traced: &'t Traced,
    pub(crate) changes: Vec<Change>,
}

/// One place that is not what it was.
pub(crate) struct Change {
    /// JSON Pointer.
    pub(crate) pointer: String,
    /// What stood there, if anything did.
    pub(crate) before: Option<Value>,
    /// What stands there, if anything does.
    pub(crate) after: Option<Value>,
}

/// What each step changed, the first compared with the record as it came.
pub(crate) fn changes<'t>(record: &[u8], steps: &'t [Traced]) -> Vec<Step<'t>> {
    let read = |text: &[u8]| document::parse(text, &Limits { nodes: usize::MAX, bytes: usize::MAX, depth: 128 }).unwrap_or(Value::Null);
    let mut before = if steps.is_empty() { Value::Null } else { read(record) };
    let compare = |traced: &'t Traced| {
        let after = read(traced.record.as_bytes());
        let mut changes = Vec::new();
        compared(&before, &after, &mut String::new(), &mut changes);
        before = after;
        Step { traced, changes }
    };
    steps.iter().map(compare).collect()
}

/// Walks two values side by side. Members are told apart by name, elements by place while there are as many as before.
fn compared(before: &Value, after: &Value, at: &mut String, changes: &mut Vec<Change>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let was: HashMap<&str, &Value> = old.iter().map(|(name, value)| (name.as_str(), value)).collect();
            let is: BTreeSet<&str> = new.iter().map(|(name, _)| name.as_str()).collect();
            for (name, value) in old.iter().filter(|(name, _)| !is.contains(name.as_str())) {
                under(at, name, |at| changes.push(Change { pointer: at.clone(), before: Some(value.clone()), after: None }));
            }
            for (name, value) in new {
                under(at, name, |at| match was.get(name.as_str()) {
                    Some(old) => compared(old, value, at, changes),
                    None => changes.push(Change { pointer: at.clone(), before: None, after: Some(value.clone()) }),
                });
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                under(at, &index.to_string(), |at| compared(old, new, at, changes));
            }
        }
        // By their text: a cast of 1.0 to 1 is a change, although the value is the same.
        _ if before.to_string() == after.to_string() => {}
        _ => changes.push(Change { pointer: at.clone(), before: Some(before.clone()), after: Some(after.clone()) }),
    }
}

/// Does something one level further down.
fn under(at: &mut String, name: &str, work: impl FnOnce(&mut String)) {
    let length = at.len();
    at.push('/');
    at.push_str(&document::token(name));
    work(at);
    at.truncate(length);
}

#[cfg(test)]
mod tests {
    use document::parse_str;

    use super::{Value, compared};

    #[test]
    fn only_what_is_not_as_before_is_told() {
        for (before, after, expected) in [
            (r#"{"a":1,"b":{"c":2}}"#, r#"{"b":{"c":2},"a":1}"#, ""),
            (r#"{"a":1}"#, r#"{"b":1}"#, "/a: 1 -> -; /b: - -> 1"),
            (r#"{"a":{"b":"2","c":null}}"#, r#"{"a":{"b":2,"c":null}}"#, r#"/a/b: "2" -> 2"#),
            (r#"{"a":1.0}"#, r#"{"a":1}"#, "/a: 1.0 -> 1"),
            (r#"[{"q":"1"},{"q":"2"}]"#, r#"[{"q":"1"},{"q":2}]"#, r#"/1/q: "2" -> 2"#),
            (r#"[1,2]"#, r#"[2]"#, ": [1,2] -> [2]"),
            (r#"{"a/b~":null}"#, r#"{}"#, "/a~1b~0: null -> -"),
            (r#"{"a":[]}"#, r#"{"a":{}}"#, "/a: [] -> {}"),
        ] {
            let mut changes = Vec::new();
            compared(&parse_str(before).unwrap(), &parse_str(after).unwrap(), &mut String::new(), &mut changes);
            let text = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), ToString::to_string);
            let told: Vec<_> = changes.iter().map(|change| format!("{}: {} -> {}", change.pointer, text(&change.before), text(&change.after))).collect();
            assert_eq!(told.join("; "), expected, "{before}");
        }
    }
}
