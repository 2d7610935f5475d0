//! `from` and `else_from`: other entities whose records are the parents of a level.

use std::collections::BTreeSet;

use document::Path;
use expr::Template;

use crate::{check::{Check, Named, Node}, shape::{Element, Key, Takes}, template::condition_at};

/// The names a condition on parents sees.
pub(crate) const FILTER: &[&str] = &["config", "parent", "record"];

/// Another entity whose records are parents.
#[derive(Debug)]
pub struct Parent {
    /// Its name.
    pub entity: String,
    /// An array in each of its records whose elements are the parents.
    pub each: Option<Path>,
    /// The value, in the record or the element.
    pub value: Path,
    /// What else of it is kept: name and place in the record or element.
    pub keep: Vec<(String, Path)>,
    /// Which records are parents.
    pub filter: Option<Template>,
    /// Only parents that changed since the last run are read again.
    pub incremental: bool,
    /// Where the first page of its children stands in the record or the element.
    pub first_page: Option<Path>,
    /// Where `entity` stands, for findings.
    pub(crate) at: String,
}

/// `from` and `else_from`.
pub(crate) static PARENT: Element = Element {
    name: "parent",
    doc: "Another entity whose records are the parents.",
    keys: &[
        Key::required("entity", Takes::Text, "The entity; it may have parents of its own."),
        Key::new("each", Takes::Path { singular: false }, "An array in each of its records whose elements are the parents."),
        Key::required("value", Takes::Path { singular: true }, "The value, in the record or the element; one that is absent or null is passed over."),
        Key::new("keep", Takes::Either(&[Takes::List(&Takes::Path { singular: true }), Takes::Map(&Takes::Path { singular: true })]), "What else of it requests and records may use, as `{{ parent.NAME.KEPT }}`: places by the names they get, or a list of places that keep their last name."),
        Key::new("filter", Takes::Template, "Which of its records are parents: a condition on `record`."),
        Key::new("incremental", Takes::Boolean, "Only parents that changed since the last run are read again."),
        Key::new("first_page", Takes::Path { singular: true }, "Where the first page of its children stands, in the record or the element, and in the form in which the request would be answered: it is taken from there, and the pages behind it are asked for. Where nothing stands there, it is asked for too."),
    ],
};

/// One parent, or several that are read one after the other.
pub(crate) const PARENTS: Takes = Takes::Either(&[Takes::Of(&PARENT), Takes::List(&Takes::Of(&PARENT))]);

/// Reads one or several; `kept` takes the names of what is kept of each.
pub(crate) fn read(cx: &mut Check, node: &Node<'_>, kept: &mut Vec<String>) -> Option<Vec<Parent>> {
    let nodes = each(cx, node);
    if nodes.is_empty() {
        cx.error("definition_unknown_value", &node.at, "a list without parents reads nothing", "name a parent, or write a list of `values`");
    }
    let parents: Vec<_> = nodes.iter().map(|node| one(cx, node)).collect();
    let of = |parent: &Parent| parent.keep.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>();
    if let Some(first) = parents.iter().flatten().next().map(of) {
        for (node, parent) in nodes.iter().zip(&parents) {
            // What one has and another lacks would be absent for half of the values.
            if let Some(name) = parent.as_ref().and_then(|parent| of(parent).symmetric_difference(&first).next().cloned()) {
                let at = node.get("keep").map_or_else(|| node.at.clone(), |keep| keep.at);
                cx.error("definition_unknown_value", &at, format!("`{name}` is kept of one parent and not of another"), "keep it of each, or of none");
            }
        }
        kept.extend(first);
    }
    parents.into_iter().collect::<Option<Vec<_>>>().filter(|parents| !parents.is_empty())
}

/// Each parent where it stands.
pub(crate) fn each<'v>(cx: &mut Check, node: &Node<'v>) -> Vec<Node<'v>> {
    if node.value.items().is_some() { node.items(cx).unwrap_or_default() } else { vec![node.clone()] }
}

fn one(cx: &mut Check, node: &Node<'_>) -> Option<Parent> {
    PARENT.open(cx, node)?;
    let entity = node.need(cx, "entity").and_then(|entity| cx.refer(Named::Read, &entity));
    let each = node.get("each").map(|each| each.path(cx, false));
    let value = node.need(cx, "value").and_then(|value| value.path(cx, true));
    let keep = node.get("keep").map_or(Some(Vec::new()), |keep| self::keep(cx, &keep));
    for (index, (name, _)) in keep.iter().flatten().enumerate() {
        if name == "value" || keep.iter().flatten().take(index).any(|(known, _)| known == name) {
            cx.error("definition_unknown_value", &format!("{}/keep", node.at), format!("the name `{name}` is taken"), "give it another name: `{\"name\": \"$.place\"}`");
        }
    }
    let filter = filter(cx, node);
    let incremental = node.get("incremental").and_then(|flag| flag.boolean(cx)).unwrap_or(false);
    let first_page = node.get("first_page").map_or(Some(None), |place| place.path(cx, true).map(Some));
    let each = match each {
        Some(each) => Some(each?),
        None => None,
    };
    Some(Parent { entity: entity?, each, value: value?, keep: keep?, filter: filter?, incremental, first_page: first_page?, at: format!("{}/entity", node.at) })
}

/// Places by the names they get, or by their own last name.
fn keep(cx: &mut Check, node: &Node<'_>) -> Option<Vec<(String, Path)>> {
    if node.value.entries().is_some() {
        let entries = node.entries(cx)?;
        let kept: Vec<_> = entries.iter().map(|entry| Some((entry.name(), entry.path(cx, true)?))).collect();
        return kept.into_iter().collect();
    }
    let items = node.items(cx)?;
    let kept: Vec<_> = items.iter().map(|item| {
        let path = item.path(cx, true)?;
        let name = path.text().rsplit(['.', '\'', '"']).find(|part| part.chars().all(|char| char.is_alphanumeric() || char == '_') && !part.is_empty()).map(str::to_owned);
        if name.is_none() {
            cx.error("definition_unknown_value", &item.at, "the place has no name of its own", "write `{\"name\": \"$.place\"}`");
        }
        Some((name?, path))
    }).collect();
    kept.into_iter().collect()
}

/// The condition on a record, if there is one.
#[expect(clippy::option_option, reason = "the outer tells a mistake, the inner that nothing is said")]
pub(crate) fn filter(cx: &mut Check, node: &Node<'_>) -> Option<Option<Template>> {
    let Some(filter) = node.get("filter") else { return Some(None) };
    condition_at(cx, &filter, FILTER).map(Some)
}
