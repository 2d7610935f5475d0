//! How an entity is read: from where to where, page by page, since when, and once for each of what.

use crate::{Connector, CursorKind, Form, Incremental, Inject, Places, Read, Records, Way};

/// How an entity is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Where its records stand in an answer; none where it is the answer's only array.
    pub records: Vec<String>,
    /// What becomes of what stands there: `entries`, `zip` or `json_api`; none where records are as they stand.
    pub form: Option<&'static str>,
    /// The way down to records that stand inside others.
    pub expand: Vec<String>,
    /// How the next page is found: the word of `pagination`; none where there is one page.
    pub pages: Option<&'static str>,
    /// What is asked for since when.
    pub since: Option<Since>,
    /// What it is read once for each of, the outermost first.
    pub levels: Vec<Level>,
    /// The entities that have to be read before it, parents of parents included, the first read first.
    pub parents: Vec<String>,
    /// The tables it looks things up in.
    pub tables: Vec<String>,
}

/// What is asked for since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// Where a record tells when it changed.
    pub field: String,
    /// `datetime` or `integer`.
    pub kind: &'static str,
    /// Where the start goes; none where the request names it in a template.
    pub start: Option<String>,
    /// Where the end goes.
    pub end: Option<String>,
}

/// One level of a fan-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// The entities whose records are the parents, one read after the other.
    pub parents: Vec<String>,
    /// There is a list of values.
    pub listed: bool,
    /// The levels of the tree it forms.
    pub depth: Option<u32>,
    /// So many values go into one request.
    pub batch: Option<u32>,
}

pub(super) fn reading(connector: &Connector, read: &Read) -> Reading {
    let mut parents = Vec::new();
    above(connector, read, &mut parents);
    Reading {
        records: places(&read.records),
        form: read.records.form.as_ref().map(|form| match form {
            Form::Entries { .. } => "entries",
            Form::Zip(_) => "zip",
            Form::JsonApi => "json_api",
        }),
        expand: read.records.expand.iter().map(|step| step.path.text().to_owned()).collect(),
        pages: read.pagination.as_ref().map(|pagination| word(&pagination.way)),
        since: read.incremental.as_ref().map(since),
        levels: read.fan_out.iter().map(|level| Level {
            name: level.name.clone(),
            parents: level.from.iter().map(|parent| parent.entity.clone()).collect(),
            listed: level.values.is_some(),
            depth: level.recursive.as_ref().map(|tree| tree.max_depth),
            batch: level.batch,
        }).collect(),
        parents,
        tables: read.lookups.iter().map(|used| used.table.clone()).collect(),
    }
}

fn places(records: &Records) -> Vec<String> {
    match (&records.at, &records.form) {
        (Places::First(paths) | Places::Union(paths), _) => paths.iter().map(|path| path.text().to_owned()).collect(),
        (Places::Alone, None) => Vec::new(),
        (Places::Alone, Some(Form::Entries { .. } | Form::Zip(_))) => vec!["$".to_owned()],
        (Places::Alone, Some(Form::JsonApi)) => vec!["$.data".to_owned()],
    }
}

/// The entities above a reading, each once and behind its own parents. What was found is not entered again, so that no circle is.
fn above(connector: &Connector, read: &Read, found: &mut Vec<String>) {
    for parent in read.fan_out.iter().flat_map(|level| &level.from) {
        if found.contains(&parent.entity) {
            continue;
        }
        found.push(parent.entity.clone());
        let own = found.len() - 1;
        if let Some(read) = connector.entity(&parent.entity).and_then(|entity| entity.read.as_ref()) {
            above(connector, read, found);
        }
        found[own..].rotate_left(1);
    }
}

fn word(way: &Way) -> &'static str {
    match way {
        Way::Page { .. } => "page",
        Way::Offset { .. } => "offset",
        Way::Cursor { .. } => "cursor",
        Way::NextUrl { .. } => "next_url",
        Way::LinkHeader { .. } => "link_header",
        Way::Keyset(_) => "keyset",
        Way::Scroll { .. } => "scroll",
        Way::Vars { .. } => "vars",
    }
}

fn since(incremental: &Incremental) -> Since {
    Since {
        field: incremental.cursor.text().to_owned(),
        kind: if incremental.kind == CursorKind::Integer { "integer" } else { "datetime" },
        start: incremental.start.as_ref().map(|bound| place(&bound.inject)),
        end: incremental.end.as_ref().map(|bound| place(&bound.inject)),
    }
}

fn place(inject: &Inject) -> String {
    match inject {
        Inject::Query(name) => format!("query {name}"),
        Inject::Header(name) => format!("header {name}"),
        Inject::Path(name) => format!("path {{{name}}}"),
        Inject::Body(pointer) => format!("body {pointer}"),
        Inject::Form(name) => format!("form {name}"),
    }
}
