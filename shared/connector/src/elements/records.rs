//! `records`: where the records stand in an answer, and what shape they get.
//!
//! What stands at a path gets a form, is expanded, wrapped and given what is kept; then equal ones and those the filter
//! does not let pass are left out.

mod expand;
mod form;
pub(crate) mod lone;
pub(crate) mod place;

use document::Path;
use expr::Template;

use super::{decode::{self, DECODE, Decode, Format}, request, secret};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}, template::{condition_at, template_at}};

pub use expand::Expand;
pub use form::{Form, Rows, Zip};
pub use place::Place;

/// Where the records stand, and what shape they get.
#[derive(Debug, Default)]
pub struct Records {
    /// Where they stand.
    pub at: Places,
    /// What becomes of what stands there; without it, records are as they stand.
    pub form: Option<Form>,
    /// The way down to what is inside each; every step explodes what the one before made.
    pub expand: Vec<Expand>,
    /// The name under which what is no object becomes one.
    pub wrap: Option<String>,
    /// What makes two records of one page the same; the first is kept.
    pub dedupe: Vec<Path>,
    /// Which records count; true or false.
    pub filter: Option<Template>,
    /// What is added to each record that counts: a name, and what it is made of.
    pub add: Vec<(String, Template)>,
    /// What identifies a record.
    pub primary_key: Vec<Path>,
    /// How the bytes of an answer become JSON.
    pub decode: Decode,
}

/// Where records stand in an answer.
#[derive(Debug, Default)]
pub enum Places {
    /// The answer if it is an array, else its only top-level array. With `entries` and `zip` the answer itself, with
    /// `json_api` its `data`.
    #[default]
    Alone,
    /// What the first of these names that is there.
    First(Vec<Place>),
    /// What all of these name that are there, in this order.
    Union(Vec<Place>),
}

const SINGULAR: Takes = Takes::Path { singular: true };
const MANY: Takes = Takes::Path { singular: false };
/// A path with names from elsewhere is a text with expressions in it.
const PLACE: Takes = Takes::Either(&[MANY, Takes::Template]);

/// The keys of `records`.
pub(crate) static RECORDS: Element = Element {
    name: "records",
    doc: "Where the records stand in an answer, and what shape they get. In this order: `path`, `entries` or `zip` or `format`, `expand`, `wrap`, `keep`, `dedupe`, `filter`, `add`.",
    keys: &[
        Key::new("path", Takes::Either(&[PLACE, Takes::List(&PLACE)]), "Where the records stand. The name of a member may come from the configuration or a parent, as in `$.data['{{ config.shelf }}'].items`; where it is absent, so is the place. An array at a path of names and indices gives its elements, an empty object or text among them too; null, an empty object and an empty text in the place of the array give none, as some write an empty list, and an empty element of XML is such a text; anything else is one record. A path that may name many gives each value it names. A path whose place is not there fails the page: it must not look like an empty answer. So does a record that is no object where its `primary_key`, its cursor or the external id is a member of it. Without `path`: the answer if it is an array, else its only top-level array; with `entries` and `zip` the answer itself, with `json_api` its `data`."),
        Key::new("mode", Takes::Words(&["first", "union"]), "With a list of paths: the `first` whose place is there, which holds unless said, or the `union` of all that are; one must be. `first` goes on behind a null, and stays at an empty list."),
        Key::new("entries", Takes::Either(&[Takes::Of(&form::ENTRIES), Takes::Boolean]), "An object keyed by id or date: one record a member. `true` names the key `key`."),
        Key::new("zip", Takes::Of(&form::ZIP), "A row of names and rows of values, or parallel arrays: one object a row. Its paths start at what `path` names."),
        Key::new("format", Takes::Words(&["json_api"]), "JSON:API: `{id, type, …attributes}`, with `relationships` by name as id or ids, and what the answer includes of them under `included` by the same names. These win over an attribute of their name; `links` and `meta` are left out."),
        Key::new("expand", Takes::Either(&[MANY, Takes::List(&MANY)]), "The way down to the records: each path starts at what the one before named, an array there gives its elements; where nothing stands, or something with nothing in it, there are none. At most 8 levels."),
        Key::new("keep", Takes::Either(&[Takes::Map(&SINGULAR), Takes::List(&Takes::Map(&SINGULAR))]), "What expanded records take along: a name, and where the record around has the value. A list keeps from what the first path of `expand` explodes, then the second, and so on. A kept value wins over a member of its name; what is absent is not kept."),
        Key::new("wrap", Takes::Text, "The name under which a record that is no object becomes one: `\"red\"` with `label` is `{\"label\": \"red\"}`."),
        Key::new("dedupe", Takes::Either(&[SINGULAR, Takes::List(&SINGULAR)]), "What makes two records of a page the same: the first is kept. A record that lacks one of the values, or has null there, is the same as none."),
        Key::new("filter", Takes::Template, "One expression, true or false: only records for which it is true count. As in every condition on records and answers, `==`, `!=`, `in` and `not in` take what is absent as null: `{{ record.state != 'archived' }}` holds of a record without `state`. It sees `record`, and the names of the request."),
        Key::new("add", Takes::Map(&Takes::Template), "What is added to each record that counts, such as `{{ parent.group.value }}`: it sees what `filter` sees. It wins over a member of its name; what is absent is not added."),
        Key::new("primary_key", Takes::Either(&[SINGULAR, Takes::List(&SINGULAR)]), "What identifies a record, where the event mapping names no external id."),
        DECODE.keys[0].again(), DECODE.keys[1].again(), DECODE.keys[2].again(), DECODE.keys[3].again(), DECODE.keys[4].again(), DECODE.keys[5].again(),
    ],
};

/// Paths of one list.
const MOST: usize = 16;

/// The names of a request that reads, and the record.
pub(crate) static FILTER: [&str; request::READ.len() + 1] = {
    let mut names = ["record"; request::READ.len() + 1];
    let mut at = 0;
    while at < request::READ.len() {
        names[at] = request::READ[at];
        at += 1;
    }
    names
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Records> {
    RECORDS.open(cx, node)?;
    let at = places(cx, node);
    let form = form::read(cx, node);
    let expand = expand::read(cx, node);
    let wrap = node.get("wrap").and_then(|wrap| wrapped(cx, node, &wrap));
    let dedupe = node.get("dedupe").map(|dedupe| paths(cx, &dedupe, true)).unwrap_or_default();
    let filter = node.get("filter").and_then(|filter| condition(cx, &filter));
    let add = node.get("add").and_then(|add| add.entries(cx)).unwrap_or_default();
    let add = add.iter().filter_map(|entry| {
        let template = entry.text(cx).and_then(|text| template_at(cx, entry, text, &FILTER))?;
        if let Some(name) = secret::within(cx, &template) {
            cx.error("definition_secret", &entry.at, format!("`{name}` is a secret, and would go wherever records go"), "add what is no secret");
        }
        Some((entry.name(), template))
    }).collect();
    let keys = node.get("primary_key").filter(|keys| keys.value.items().is_none_or(|items| !items.is_empty()));
    let primary_key = keys.map(|keys| paths(cx, &keys, true)).unwrap_or_default();
    let decode = decode::read(cx, node);
    if let Some(Format::Xml(xml)) = decode.as_ref().map(|decode| &decode.format) {
        lone::told(cx, node, xml);
    }
    Some(Records { at, form, expand, wrap, dedupe, filter, add, primary_key, decode: decode? })
}

fn places(cx: &mut Check, node: &Node<'_>) -> Places {
    let path = node.get("path");
    let mode = node.get("mode").and_then(|mode| Some((mode.word(cx, &["first", "union"])?, mode)));
    let list = path.as_ref().is_some_and(|path| path.value.items().is_some());
    if let Some((word, mode)) = mode.as_ref().filter(|_| !list) {
        misplaced(cx, mode, format!("`{word}` chooses among several paths, and there is no list of them"), "write `path` as a list, or remove `mode`");
    }
    let Some(path) = path else { return Places::Alone };
    if list && node.get("zip").is_some() {
        cx.error("definition_wrong_type", &path.at, "the paths of `zip` start at one place, and this is a list", "name the place with one path");
    }
    let paths = listed(cx, &path).iter().filter_map(|path| place::read(cx, path)).collect();
    if mode.is_some_and(|(word, _)| word == "union") { Places::Union(paths) } else { Places::First(paths) }
}

/// One path, or a list of them.
fn paths(cx: &mut Check, node: &Node<'_>, singular: bool) -> Vec<Path> {
    listed(cx, node).iter().filter_map(|path| path.path(cx, singular)).collect()
}

/// One node, or those of a list.
fn listed<'v>(cx: &mut Check, node: &Node<'v>) -> Vec<Node<'v>> {
    let nodes = if node.value.items().is_some() { node.items(cx).unwrap_or_default() } else { vec![node.clone()] };
    if nodes.is_empty() || nodes.len() > MOST {
        cx.error("definition_unknown_value", &node.at, format!("{} paths", nodes.len()), format!("write from 1 to {MOST}"));
    }
    nodes
}

/// `wrap`, which has work only where something may be no object.
fn wrapped(cx: &mut Check, records: &Node<'_>, node: &Node<'_>) -> Option<String> {
    let object = ["entries", "zip", "format"].into_iter().find(|form| records.get(form).is_some());
    if let Some(form) = object.filter(|_| records.get("expand").is_none()) {
        misplaced(cx, node, format!("what `{form}` makes are objects, and only what is none is wrapped"), "remove `wrap`, or `expand` down to what is no object");
    }
    name(cx, node)
}

/// The filter: one expression and nothing around it, for a text is never true or false.
fn condition(cx: &mut Check, node: &Node<'_>) -> Option<Template> {
    condition_at(cx, node, &FILTER)
}

/// A name the author gives to a member.
fn name(cx: &mut Check, node: &Node<'_>) -> Option<String> {
    let name = node.text(cx)?;
    if name.is_empty() {
        cx.error("definition_unknown_value", &node.at, "a name is empty", "write the name of a member");
    }
    Some(name.to_owned())
}

/// A key that has no meaning beside the others.
fn misplaced(cx: &mut Check, node: &Node<'_>, message: impl Into<String>, hint: impl Into<String>) {
    cx.error("definition_unknown_key", &node.at, message, hint);
}
