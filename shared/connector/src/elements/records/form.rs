//! `entries`, `zip` and `format` of `records`: what becomes of what is no list of records yet.

use document::Path;

use super::{MANY, misplaced, name};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// What becomes of what stands where the records are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// One record of each member of an object.
    Entries {
        /// The name the key gets; it wins over a member of the value.
        key: String,
        /// The name a value gets that is no object.
        value: String,
    },
    /// One object of each row.
    Zip(Zip),
    /// Resources of JSON:API, made flat.
    JsonApi,
}

/// Where names and values stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zip {
    /// A row of names and rows of values.
    Rows(Box<Rows>),
    /// An array of values for each name.
    Arrays(Vec<(String, Path)>),
}

/// A row of names and rows of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The names.
    pub columns: Path,
    /// The rows.
    pub rows: Path,
    /// The values of a row; without it, the row is the array of them.
    pub values: Option<Path>,
}

/// Arrays that stand beside each other.
const MOST: usize = 256;

pub(super) static ENTRIES: Element = Element {
    name: "entries",
    doc: "One record of each member of an object. A value that is an object gets the key added; any other becomes an object of both.",
    keys: &[
        Key::required("key_as", Takes::Text, "The name the key gets. It wins over a member of the value that has this name."),
        Key::new("value_as", Takes::Text, "The name a value gets that is no object; `value` unless said."),
    ],
};

pub(super) static ZIP: Element = Element {
    name: "zip",
    doc: "One object of each row: either `columns` and `rows`, or `arrays`.",
    keys: &[
        Key::new("columns", MANY, "The names: the elements of an array, or what the path names. Two of one name fail the page; a column whose name is empty or null is left out."),
        Key::new("rows", MANY, "The rows: the elements of an array, or what the path names. What a short row does not have is absent, what a long one has beyond the names is left out; a row without values is no record."),
        Key::new("values", MANY, "Where the values stand in a row; without it, the row is the array of them."),
        Key::new("arrays", Takes::Map(&MANY), "Parallel arrays, by the name each gives. Arrays of different lengths fail the page; one that is absent or null gives nothing, but one must be there."),
    ],
};

pub(super) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Form> {
    let said: Vec<_> = ["entries", "zip", "format"].into_iter().filter_map(|key| node.get(key)).collect();
    for other in said.iter().skip(1) {
        misplaced(cx, other, format!("`{}` and `{}` are two forms of the same records", said[0].name(), other.name()), "remove one of them");
    }
    let entries = node.get("entries").and_then(|entries| self::entries(cx, &entries));
    let zip = node.get("zip").and_then(|zip| self::zip(cx, &zip)).map(Form::Zip);
    let format = node.get("format").and_then(|format| format.word(cx, &["json_api"])).map(|_| Form::JsonApi);
    entries.or(zip).or(format)
}

fn entries(cx: &mut Check, node: &Node<'_>) -> Option<Form> {
    match node.value.as_bool() {
        Some(true) => return Some(Form::Entries { key: "key".to_owned(), value: "value".to_owned() }),
        Some(false) => return node.wrong(cx, "`true` or an object"),
        None => ENTRIES.open(cx, node)?,
    }
    let key = node.need(cx, "key_as").and_then(|key| name(cx, &key));
    let value = node.get("value_as").map_or_else(|| Some("value".to_owned()), |value| name(cx, &value));
    let (key, value) = (key?, value?);
    if key == value {
        cx.error("definition_unknown_value", &node.at, format!("the key and a value that is no object both get the name `{key}`"), "give `key_as` and `value_as` two names");
    }
    Some(Form::Entries { key, value })
}

fn zip(cx: &mut Check, node: &Node<'_>) -> Option<Zip> {
    ZIP.open(cx, node)?;
    if let Some(arrays) = node.get("arrays") {
        for key in ["columns", "rows", "values"].into_iter().filter_map(|key| node.get(key)) {
            misplaced(cx, &key, format!("`{}` belongs to rows, and `arrays` are columns", key.name()), "remove one of them");
        }
        let entries = arrays.entries(cx)?;
        if entries.is_empty() || entries.len() > MOST {
            cx.error("definition_unknown_value", &arrays.at, format!("{} arrays", entries.len()), format!("name from 1 to {MOST}, as in `{{\"time\": \"$.hourly.time\"}}`"));
            return None;
        }
        return Some(Zip::Arrays(entries.iter().filter_map(|entry| Some((entry.name(), entry.path(cx, false)?))).collect()));
    }
    let columns = node.need(cx, "columns").and_then(|columns| columns.path(cx, false));
    let rows = node.need(cx, "rows").and_then(|rows| rows.path(cx, false));
    let values = node.get("values").and_then(|values| values.path(cx, false));
    Some(Zip::Rows(Box::new(Rows { columns: columns?, rows: rows?, values })))
}
