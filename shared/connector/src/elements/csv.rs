//! `records.csv`: how the rows of a CSV answer are written.

use std::collections::HashSet;

use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// How rows are written. Every cell is a text; nothing is guessed of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv {
    /// What stands between two cells: one character of ASCII.
    pub delimiter: u8,
    /// What stands around a cell with delimiters or lines in it, doubled inside; without it, no cell is quoted.
    pub quote: Option<u8>,
    /// The names of the columns; without them, the first row names them.
    pub columns: Option<Vec<String>>,
    /// Cells that mean null.
    pub nulls: Vec<String>,
    /// Lines before the header, or before the first row.
    pub skip: usize,
    /// What begins a line that is no row.
    pub comment: Option<u8>,
}

impl Default for Csv {
    fn default() -> Self {
        Self { delimiter: b',', quote: Some(b'"'), columns: None, nulls: Vec::new(), skip: 0, comment: None }
    }
}

/// The keys of `csv`.
pub(crate) static CSV: Element = Element {
    name: "csv",
    doc: "How rows are written. Each becomes an object of texts; a cell that is not there is absent, and numbers stay texts until a mapping casts them.",
    keys: &[
        Key::new("delimiter", Takes::Text, "What stands between two cells, one character of ASCII; `,` without it."),
        Key::new("quote", Takes::Text, "What stands around a cell with delimiters or lines in it, one character of ASCII, doubled inside; `\"` without it. An empty text: no cell is quoted."),
        Key::new("header", Takes::Boolean, "Whether the first row names the columns; `true` without it. A header without a column that `primary_key`, else the external id, or the cursor names is no answer, but an error in the place of one: it is asked for again, and so is an answer with nothing in it, not even a header."),
        Key::new("columns", Takes::List(&Takes::Text), "The names of the columns, where no header does."),
        Key::new("null", Takes::List(&Takes::Text), "Cells that mean null, such as `-`; without it none does, and an empty cell is an empty text."),
        Key::new("skip", Takes::Integer, "How many lines stand before the header, or before the first row; 0 without it."),
        Key::new("comment", Takes::Text, "What begins a line that is no row, one character of ASCII; without it every line is one."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Csv> {
    CSV.open(cx, node)?;
    let plain = Csv::default();
    let delimiter = node.get("delimiter").map_or(Some(plain.delimiter), |delimiter| sign(cx, &delimiter));
    let quote = match node.get("quote") {
        Some(quote) if quote.value.as_str() == Some("") => Some(None),
        Some(quote) => sign(cx, &quote).map(Some),
        None => Some(plain.quote),
    };
    let comment = node.get("comment").map_or(Some(None), |comment| sign(cx, &comment).map(Some));
    if let (Some(delimiter), Some(quote), Some(comment)) = (delimiter, quote, comment)
        && (quote == Some(delimiter) || comment == Some(delimiter) || quote.is_some() && comment == quote)
    {
        cx.error("definition_unknown_value", &node.at, "the delimiter, the quote and the comment must differ", "choose another character for one of them");
    }
    let header = node.get("header").map_or(Some(true), |header| header.boolean(cx));
    let columns = match (header?, node.get("columns")) {
        (false, _) => {
            let names = node.need(cx, "columns")?;
            Some(columns(cx, &names)?)
        }
        (true, None) => None,
        (true, Some(columns)) => {
            cx.error("definition_unknown_key", &columns.at, "the header names the columns already", "add `\"header\": false` if the first row is a record, else remove `columns`");
            None
        }
    };
    let nulls = node.get("null").map_or(Some(Vec::new()), |nulls| texts(cx, &nulls))?;
    let skip = node.get("skip").map_or(Some(0), |skip| lines(cx, &skip))?;
    Some(Csv { delimiter: delimiter?, quote: quote?, columns, nulls, skip, comment: comment? })
}

fn sign(cx: &mut Check, node: &Node<'_>) -> Option<u8> {
    let text = node.text(cx)?;
    let &[sign] = text.as_bytes() else {
        cx.error("definition_unknown_value", &node.at, "not one character of ASCII", "write one, such as `;`, `|` or `\\t`");
        return None;
    };
    if matches!(sign, b'\n' | b'\r') {
        cx.error("definition_unknown_value", &node.at, "the end of a line cannot be it", "write another character, such as `;`, `|` or `\\t`");
        return None;
    }
    Some(sign)
}

fn columns(cx: &mut Check, node: &Node<'_>) -> Option<Vec<String>> {
    let names = texts(cx, node)?;
    if names.is_empty() {
        cx.error("definition_unknown_value", &node.at, "no column is named", "name the columns in their order");
        return None;
    }
    let mut seen = HashSet::new();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !seen.insert(name.as_str())) {
        cx.error("definition_unknown_value", &format!("{}/{index}", node.at), format!("`{name}` names a column already"), "give every column a name of its own");
    }
    Some(names)
}

fn texts(cx: &mut Check, node: &Node<'_>) -> Option<Vec<String>> {
    let items = node.items(cx)?;
    Some(items.iter().filter_map(|item| item.text(cx).map(str::to_owned)).collect())
}

fn lines(cx: &mut Check, node: &Node<'_>) -> Option<usize> {
    let lines = usize::try_from(node.integer(cx)?).ok();
    if lines.is_none() {
        cx.error("definition_unknown_value", &node.at, "a number of lines is expected", "write 0 or more");
    }
    lines
}
