//! `fan_out`: the entity is read once for each of several values: of a list, of a parent, of a tree.

use document::Value;

use super::{pagination::{From as CursorFrom, Way}, listed::{self, RANGE, Values}, parent::{self, PARENTS, Parent}, places, recursive::{self, RECURSIVE, Recursive}};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// One level of a fan-out; several make every combination, the first being the outermost.
#[derive(Debug)]
pub struct FanOut {
    /// Its name: requests use `{{ parent.NAME.value }}`.
    pub name: String,
    /// Where its values come from, tried in order: the first that has any counts.
    pub values: Option<Values>,
    /// The parents they come from, one after the other, where the list has none or there is no list.
    pub from: Vec<Parent>,
    /// The tree they form: each record read may be a parent of its own.
    pub recursive: Option<Recursive>,
    /// So many values are joined into one request.
    pub batch: Option<u32>,
    /// What stands between them.
    pub join: String,
}

/// One level of `fan_out`.
pub(crate) static FAN_OUT: Element = Element {
    name: "fan_out",
    doc: "One level of a fan-out: the entity is read once for each value. Several levels make every combination.",
    keys: &[
        Key::required("as", Takes::Text, "Its name: requests use `{{ parent.NAME.value }}`."),
        Key::new("values", Takes::Either(&[Takes::List(&Takes::Any), Takes::Template, Takes::Of(&RANGE)]), "A list: written out, of the configuration, or a range of numbers."),
        Key::new("from", PARENTS, "The parent its values come from; of several, each after the one before it, and a value that two of them name is read once. All keep the same names. A value that several parents of one page name is read once as well, unless what they keep differs. Parents on counted pages (see [`page`](#page)) are looked at twice where the children are `incremental`: of a parent that was passed over nothing would be told."),
        Key::new("else_from", PARENTS, "The parent its values come from where `values` has none; or several, as in `from`."),
        Key::new("recursive", Takes::Of(&RECURSIVE), "The values form a tree, of which the others are the roots."),
        Key::new("batch", Takes::Count, "So many values are joined into one request. With a mark for each partition a batch is known by its values: where the parents change, the batches do, and tell their children again."),
        Key::new("join", Takes::Text, "What stands between them; a comma without it. A value that holds it is refused, for it would be asked for as others."),
    ],
};

/// Reads the levels in order: later ones may name earlier ones.
pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Vec<FanOut>> {
    let items = if node.value.items().is_some() { node.items(cx)? } else { vec![node.clone()] };
    let levels: Vec<_> = items.iter().map(|item| level(cx, item)).collect();
    for (index, item) in items.iter().enumerate() {
        if let Some(recursive) = item.get("recursive").filter(|_| index + 1 < items.len()) {
            cx.error("definition_unknown_key", &recursive.at, "a tree is the last level", "move it to the last level");
        }
        for parent in parents(cx, item).into_iter().filter(|_| index > 0) {
            if let Some(incremental) = parent.get("incremental").filter(|flag| flag.value.as_bool() == Some(true)) {
                cx.error("definition_unknown_key", &incremental.at, "only the first level knows which parents changed", "move the level to the beginning, or remove it");
            }
        }
    }
    levels.into_iter().collect()
}

fn level(cx: &mut Check, node: &Node<'_>) -> Option<FanOut> {
    FAN_OUT.open(cx, node)?;
    let name = node.need(cx, "as").and_then(|name| self::name(cx, &name));
    let values = node.get("values").map_or(Some(None), |values| listed::read(cx, &values).map(Some));
    let mut kept = Vec::new();
    let from = node.get("from").or_else(|| node.get("else_from")).map(|from| parent::read(cx, &from, &mut kept));
    let recursive = node.get("recursive").map_or(Some(None), |recursive| recursive::read(cx, &recursive).map(Some));
    sources(cx, node);
    let batch = node.get("batch").and_then(|batch| batch.count(cx));
    let join = node.get("join").map_or(Some(","), |join| join.text(cx));
    batched(cx, node);
    match &name {
        Some(name) if from.as_ref().is_none_or(Option::is_some) => cx.parents.push((name.clone(), kept)),
        _ => cx.open.push("parent"),
    }
    let from = from.unwrap_or_else(|| Some(Vec::new()));
    Some(FanOut { name: name?, values: values?, from: from?, recursive: recursive?, batch, join: join?.to_owned() })
}

/// Values come from a list, from a parent, or from a list that may be empty and a parent then.
fn sources(cx: &mut Check, node: &Node<'_>) {
    match (node.get("values"), node.get("from"), node.get("else_from")) {
        (None, None, None) => cx.error("definition_missing_key", &node.at, "nothing says where the values come from", "add `values` or `from`"),
        (_, Some(_), Some(second)) => cx.error("definition_unknown_key", &second.at, "a level has one parent", "keep `from`, or `values` with `else_from`"),
        (Some(_), Some(from), None) => cx.error("definition_unknown_key", &from.at, "a level with `values` has its parent for want of them", "write `else_from`, or remove `values`"),
        (None, None, Some(from)) => cx.error("definition_unknown_key", &from.at, "there are no `values` this could stand in for", "write `from`, or add `values`"),
        (Some(values), None, Some(from)) if values.value.as_str().is_none() => cx.error("definition_unknown_key", &from.at, "`values` always has some", "remove it, or take `values` from `config`"),
        _ => {}
    }
}

/// Every parent of a level where it stands.
fn parents<'v>(cx: &mut Check, node: &Node<'v>) -> Vec<Node<'v>> {
    ["from", "else_from"].iter().filter_map(|key| node.get(key)).flat_map(|node| parent::each(cx, &node)).collect()
}

/// What cannot be said of several values in one request.
fn batched(cx: &mut Check, node: &Node<'_>) {
    if node.get("batch").is_none() {
        if let Some(join) = node.get("join") {
            cx.error("definition_unknown_key", &join.at, "nothing is joined", "add `batch`, or remove it");
        }
        return;
    }
    if let Some(recursive) = node.get("recursive") {
        cx.error("definition_unknown_key", &recursive.at, "a tree is read one value at a time", "remove `batch` or `recursive`");
    }
    if let Some(keep) = parents(cx, node).iter().find_map(|parent| parent.get("keep")) {
        cx.error("definition_unknown_key", &keep.at, "one request asks for several parents, and each has its own", "remove `batch` or `keep`");
    }
}

/// What only the levels and the request together can tell.
pub(crate) fn whole(cx: &mut Check, node: &Node<'_>, request: &Node<'_>, read: &crate::Read) {
    named(cx, node, request, read);
    if let Some(levels) = node.get("fan_out") {
        first_pages(cx, &levels, read);
    }
}

/// A first page that stands in its parent has a size of its own, and is not asked for: what goes on behind it has to bear that.
fn first_pages(cx: &mut Check, levels: &Node<'_>, read: &crate::Read) {
    let items = parent::each(cx, levels);
    for (index, item) in items.iter().enumerate() {
        for place in parents(cx, item).iter().filter_map(|parent| parent.get("first_page")) {
            let bears = read.pagination.as_ref().is_some_and(|pagination| {
                let way = matches!(pagination.way, Way::Offset { .. } | Way::NextUrl { .. } | Way::Keyset(_) | Way::Cursor { from: CursorFrom::Path(_) | CursorFrom::Template(_), .. });
                way && !pagination.stop.short && pagination.stop.pages.is_none()
            });
            if index + 1 < items.len() || item.get("batch").is_some() || item.get("recursive").is_some() {
                cx.error("definition_unknown_key", &place.at, "these are no parents of one page of records each", "write it at the last level, without `batch` and `recursive`, or remove it");
            } else if read.incremental.is_some() {
                cx.error("definition_unknown_key", &place.at, "what stands in a parent is not asked for since when it changed", "remove it, or `incremental`");
            } else if !bears {
                cx.error("definition_unknown_key", &place.at, "what stands in a parent has a size of its own, and nothing goes on behind it", "page by `offset`, `cursor`, `next_url`, `last_record` or `keyset`, with no `stop` that counts pages or goes by their size; or remove it");
            }
        }
    }
}

/// A level whose value no request names reads the same again and again.
fn named(cx: &mut Check, node: &Node<'_>, request: &Node<'_>, read: &crate::Read) {
    let levels = node.get("fan_out").map(|levels| levels.value.items().map_or_else(|| vec![levels.value], |items| items.iter().collect())).unwrap_or_default();
    let open = node.get("pagination").and_then(|pagination| pagination.get("open"));
    let records = node.get("records");
    for (index, level) in read.fan_out.iter().enumerate() {
        let names = [format!("parent.{}", level.name), format!("parent['{}']", level.name), format!("parent[\"{}\"]", level.name)];
        let used = |value: &Value| names.iter().any(|name| places::mentions(value, name));
        let below = levels.get(index + 1..).unwrap_or_default().iter().any(|level| used(level));
        if !below && !used(request.value) && ![&open, &records].iter().any(|place| place.as_ref().is_some_and(|place| used(place.value))) {
            let at = node.get("fan_out").map_or_else(|| node.at.clone(), |levels| if levels.value.items().is_some() { format!("{}/{index}", levels.at) } else { levels.at.clone() });
            let hint = format!("use `{{{{ parent.{}.value }}}}` in the request", level.name);
            cx.error("definition_missing_key", &at, format!("neither request nor records name `{}`, so every one would be the same", level.name), hint);
        }
    }
}

fn name(cx: &mut Check, node: &Node<'_>) -> Option<String> {
    let text = node.text(cx)?;
    let plain = text.starts_with(|char: char| char.is_ascii_alphabetic()) && text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if !plain || cx.parents.iter().any(|(known, _)| known == text) {
        cx.error("definition_unknown_value", &node.at, "a level has a name of its own of letters, digits and `_`", "choose another name");
        return None;
    }
    Some(text.to_owned())
}
