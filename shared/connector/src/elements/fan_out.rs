//! `fan_out`: the entity is read once for each of several values: of a list, of a parent, of a tree.

use document::{Path, Value};
use expr::Template;

use super::places;
use crate::{check::{Check, Named, Node}, shape::{Element, Key, Takes}, template::{condition_at, expression_at}};

/// One level of a fan-out; several make every combination, the first being the outermost.
#[derive(Debug)]
pub struct FanOut {
    /// Its name: requests use `{{ parent.NAME.value }}`.
    pub name: String,
    /// Where its values come from, tried in order: the first that has any counts.
    pub values: Option<Values>,
    /// The parent they come from, where the list has none or there is no list.
    pub from: Option<Parent>,
    /// The tree they form: each record read may be a parent of its own.
    pub recursive: Option<Recursive>,
    /// So many values are joined into one request.
    pub batch: Option<u32>,
    /// What stands between them.
    pub join: String,
}

/// A list of values.
#[derive(Debug)]
pub enum Values {
    /// Written out.
    List(Vec<Value>),
    /// Of the configuration.
    Template(Template),
    /// Numbers from, to and by which step.
    Range(i64, i64, i64),
}

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
    /// Where `entity` stands, for findings.
    pub(crate) at: String,
}

/// A tree.
#[derive(Debug)]
pub struct Recursive {
    /// The value of a record by which its children are asked for.
    pub value: Path,
    /// Which records have children.
    pub filter: Option<Template>,
    /// How many levels are read, the first included.
    pub max_depth: u32,
}

/// Numbers of a range.
const MOST: i64 = 100_000;
/// The names a list sees: the configuration, and the levels around it.
pub(crate) const ROOTS: &[&str] = &["config", "parent"];
/// The names a condition on parents sees.
pub(crate) const FILTER: &[&str] = &["config", "parent", "record"];

static RANGE: Element = Element {
    name: "range",
    doc: "Whole numbers.",
    keys: &[Key::required("from", Takes::Integer, "The first."), Key::required("to", Takes::Integer, "The last."), Key::new("step", Takes::Count, "The step; 1 without it.")],
};
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
    ],
};
static RECURSIVE: Element = Element {
    name: "recursive",
    doc: "A tree: each record read may be a parent of its own.",
    keys: &[
        Key::required("value", Takes::Path { singular: true }, "The value of a record by which its children are asked for."),
        Key::new("filter", Takes::Template, "Which records have children: a condition on `record`; all without it."),
        Key::required("max_depth", Takes::Count, "How many levels are read, the first included; deeper ones are a fault."),
    ],
};
const PARENTS: Takes = Takes::Of(&PARENT);

/// One level of `fan_out`.
pub(crate) static FAN_OUT: Element = Element {
    name: "fan_out",
    doc: "One level of a fan-out: the entity is read once for each value. Several levels make every combination.",
    keys: &[
        Key::required("as", Takes::Text, "Its name: requests use `{{ parent.NAME.value }}`."),
        Key::new("values", Takes::Either(&[Takes::List(&Takes::Any), Takes::Template, Takes::Of(&RANGE)]), "A list: written out, of the configuration, or a range of numbers."),
        Key::new("from", PARENTS, "The parent its values come from."),
        Key::new("else_from", PARENTS, "The parent its values come from where `values` has none."),
        Key::new("recursive", Takes::Of(&RECURSIVE), "The values form a tree, of which the others are the roots."),
        Key::new("batch", Takes::Count, "So many values are joined into one request."),
        Key::new("join", Takes::Text, "What stands between them; a comma without it."),
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
        for parent in ["from", "else_from"].iter().filter_map(|key| item.get(key)).filter(|_| index > 0) {
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
    let values = node.get("values").map_or(Some(None), |values| self::values(cx, &values).map(Some));
    let mut kept = Vec::new();
    let from = node.get("from").or_else(|| node.get("else_from")).map(|from| parent(cx, &from, &mut kept));
    let recursive = node.get("recursive").map_or(Some(None), |recursive| self::recursive(cx, &recursive).map(Some));
    sources(cx, node);
    let batch = node.get("batch").and_then(|batch| batch.count(cx));
    let join = node.get("join").map_or(Some(","), |join| join.text(cx));
    batched(cx, node);
    match &name {
        Some(name) if from.as_ref().is_none_or(Option::is_some) => cx.parents.push((name.clone(), kept)),
        _ => cx.open.push("parent"),
    }
    let from = from.map_or(Some(None), |parent| parent.map(Some));
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
    if let Some(keep) = ["from", "else_from"].iter().find_map(|key| node.get(key)?.get("keep")) {
        cx.error("definition_unknown_key", &keep.at, "one request asks for several parents, and each has its own", "remove `batch` or `keep`");
    }
}

/// A level whose value no request names reads the same again and again.
pub(crate) fn named(cx: &mut Check, node: &Node<'_>, request: &Node<'_>, read: &crate::Read) {
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

fn values(cx: &mut Check, node: &Node<'_>) -> Option<Values> {
    if let Some(list) = node.value.items() {
        if list.is_empty() {
            cx.error("definition_unknown_value", &node.at, "a list without values reads nothing", "name a value, or write a list of `config`");
        }
        for item in node.items(cx)?.iter().filter(|item| item.value.as_str().is_some_and(|text| text.contains("{{"))) {
            cx.error("definition_unknown_value", &item.at, "a value of a list has no expressions in it", "write the whole list as one: `{{ [config.a, config.b] }}`");
        }
        return Some(Values::List(list.to_vec()));
    }
    if node.value.entries().is_some() {
        RANGE.open(cx, node)?;
        let number = |cx: &mut Check, key: &str| node.need(cx, key).and_then(|number| number.integer(cx));
        let (from, to) = (number(cx, "from"), number(cx, "to"));
        let step = node.get("step").map_or(Some(1), |step| step.count(cx));
        let (from, to, step) = (from?, to?, i64::from(step?));
        let most = to.checked_sub(from).filter(|span| *span >= 0 && span / step < MOST);
        if most.is_none() {
            cx.error("definition_unknown_value", &node.at, format!("no range from {from} to {to}"), format!("let `to` not be below `from`, with at most {MOST} numbers"));
            return None;
        }
        return Some(Values::Range(from, to, step));
    }
    expression_at(cx, node, ROOTS, "a list is one expression, and this is a text", "write it as `{{ config.NAME }}`, or as a JSON array").map(Values::Template)
}

fn parent(cx: &mut Check, node: &Node<'_>, kept: &mut Vec<String>) -> Option<Parent> {
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
    kept.extend(keep.iter().flatten().map(|(name, _)| name.clone()));
    let filter = filter(cx, node);
    let incremental = node.get("incremental").and_then(|flag| flag.boolean(cx)).unwrap_or(false);
    let each = match each {
        Some(each) => Some(each?),
        None => None,
    };
    Some(Parent { entity: entity?, each, value: value?, keep: keep?, filter: filter?, incremental, at: format!("{}/entity", node.at) })
}

/// Places by the names they get, or by their own last name.
pub(crate) fn keep(cx: &mut Check, node: &Node<'_>) -> Option<Vec<(String, Path)>> {
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

#[expect(clippy::option_option, reason = "the outer tells a mistake, the inner that nothing is said")]
fn filter(cx: &mut Check, node: &Node<'_>) -> Option<Option<Template>> {
    let Some(filter) = node.get("filter") else { return Some(None) };
    condition_at(cx, &filter, FILTER).map(Some)
}

fn recursive(cx: &mut Check, node: &Node<'_>) -> Option<Recursive> {
    RECURSIVE.open(cx, node)?;
    let value = node.need(cx, "value").and_then(|value| value.path(cx, true));
    let filter = filter(cx, node);
    let max_depth = node.need(cx, "max_depth").and_then(|depth| depth.count(cx));
    Some(Recursive { value: value?, filter: filter?, max_depth: max_depth? })
}
