//! Values that are written into a map, judged as every record is: after the table and the cast they go through, by the schema of the type.
//!
//! What is told is no error: every record is judged all the same, and a connection that works with it is not to stop.

use canonical::Form;
use document::{Value, token};
use mapping::{MapError, Pick};

use super::field::Place;
use crate::{check::{Check, Node}, nearest};

/// Words of a hint; beyond them the nearest one has to do.
const SHOWN: usize = 20;

/// The list whose elements hold a field, and the lists around that one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inside<'f> {
    /// The name of the list, which may be dotted.
    pub(super) list: &'f str,
    /// The list it stands in an element of.
    pub(super) around: Option<&'f Inside<'f>>,
}

/// A value that is written out for a field, and that it may hold; null is none.
pub(super) fn told(cx: &mut Check, at: &Node<'_>, name: &str, value: &Value, form: Option<&Form>, place: Place<'_>) {
    let Some(form) = form.filter(|_| *value != Value::Null) else { return };
    match (&form.words, value.as_str()) {
        (Some(words), Some(text)) if !words.iter().any(|word| word == text) => {
            let near = nearest(text, words.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`? "));
            let known = if words.len() <= SHOWN { words } else { &words[..SHOWN] };
            cx.warning("definition_unknown_value", &at.at, format!("`{text}` is none of the words of this field"), format!("{}known here: {}", near.unwrap_or_default(), known.join(", ")));
        }
        (Some(_), None) => cx.warning("definition_unknown_value", &at.at, format!("this field is a word, and this is a {}", value.kind()), "write one of its words"),
        _ => judged(cx, at, name, value, place),
    }
}

/// What a table and a default give.
pub(super) fn picked(cx: &mut Check, node: &Node<'_>, pick: &Pick, form: Option<&Form>, place: Place<'_>) {
    let table = node.get("map");
    for row in table.iter().flat_map(|table| pick.table.iter().map(|(key, value)| table.child(key, value))) {
        match pick.row_made(row.value) {
            Ok(made) => told(cx, &row, &node.name(), &made, form, place),
            Err(error) => refused(cx, &row, &error),
        }
    }
    let Some(default) = node.get("default") else { return };
    match pick.default_made() {
        Ok(made) => made.iter().for_each(|made| told(cx, &default, &node.name(), made, form, place)),
        Err(error) => refused(cx, &default, &error),
    }
}

fn judged(cx: &mut Check, at: &Node<'_>, name: &str, value: &Value, place: Place<'_>) {
    let Some(kind) = place.kind else { return };
    let (mut fields, mut pointer) = within(name, value.clone(), "");
    let mut inside = place.inside;
    while let Some(Inside { list, around }) = inside {
        (fields, pointer) = within(list, Value::Array(vec![fields]), &format!("/0{pointer}"));
        inside = *around;
    }
    let wrong = |place: &str| place.strip_prefix(&pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some(finding) = kind.misformed(&fields).into_iter().find(|finding| wrong(&finding.pointer)) {
        cx.warning("definition_unknown_value", &at.at, format!("`{name}` never holds this: {}", finding.message), "write what the field holds, give it a `cast` to that form, or leave the field out");
    }
}

/// A value at a name, which may be dotted, and the pointer that leads to what is below it.
fn within(name: &str, value: Value, below: &str) -> (Value, String) {
    let pointer: String = name.split('.').map(|part| format!("/{}", token(part))).collect();
    (name.rsplit('.').fold(value, |value, part| Value::Object(vec![(part.to_owned(), value)])), pointer + below)
}

/// What a table or a cast does not take: every record it is for is refused.
fn refused(cx: &mut Check, at: &Node<'_>, error: &MapError) {
    let (message, hint) = match error {
        MapError::Miss { .. } => ("it goes through `map` as what is picked does, and has no row there: a record without the value is refused".to_owned(), "write a word of the left side of `map`, add a row for it, or say `\"on_miss\": \"keep\"`"),
        MapError::Cast { kind, cast, .. } => (format!("this {kind} cannot become {cast}: a record that gets it is refused"), "write what the cast can take"),
        other => (other.to_string(), "write another value"),
    };
    cx.warning("definition_unknown_value", &at.at, message, hint);
}
