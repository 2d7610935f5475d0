//! `canonical_map`: how the records of an entity become a canonical type; compiled to a `mapping::Plan`.

use canonical::Kind;
use document::{Path, Value};
use mapping::{Cast, Field, OnMiss, Pick, Plan, RAW, Raw, Source};

use crate::{check::{Check, Node}, shape::{Element, Key, Takes}, template::template_at};

/// The map of one entity.
#[derive(Debug)]
pub struct CanonicalMap {
    /// The entity.
    pub entity: String,
    /// The canonical type.
    pub kind: &'static Kind,
    /// The version of its schema.
    pub version: u32,
    /// What is done to a record.
    pub plan: Plan,
}

impl CanonicalMap {
    /// The fields a record cannot be written back from, and why.
    #[must_use]
    pub fn not_invertible(&self) -> Vec<(String, String)> {
        self.plan.inverse().lacking.into_iter().map(|(field, reason)| (field, reason.to_string())).collect()
    }
}

static EACH: Element = Element {
    name: "map_each",
    doc: "A list made of a list.",
    keys: &[Key::required("each", Takes::Path { singular: false }, "The elements."), Key::required("fields", Takes::Map(&FIELD), "The fields of each; paths begin at the element.")],
};
static CONST: Element = Element { name: "map_const", doc: "Always this value.", keys: &[Key::required("const", Takes::Any, "The value.")] };
static VALUE: Element = Element { name: "map_value", doc: "What an expression gives.", keys: &[Key::required("value", Takes::Template, "The expression, of `record` and inside `each` of `item`.")] };
static PICKED: Element = Element {
    name: "map_pick",
    doc: "A value of the record, and what is done to it.",
    keys: &[
        Key::required("path", Takes::Path { singular: true }, "Where it stands."),
        Key::new("cast", Takes::Words(&["integer", "decimal", "string", "boolean", "date", "datetime", "json"]), "What it becomes."),
        Key::new("required", Takes::Boolean, "A record without it is refused."),
        Key::new("map", Takes::Map(&Takes::Any), "From the source's words to ours."),
        Key::new("on_miss", Takes::Words(&["error", "absent", "keep"]), "What becomes of a word that is not in `map`; `error` without it."),
        Key::new("default", Takes::Any, "The value where there is none; never of a stock quantity."),
        Key::new("absent_when_null", Takes::Path { singular: true }, "A place that is null where this value means nothing."),
        Key::new("scale", Takes::Integer, "Moves the point: -2 reads cents."),
        Key::new("places", Takes::Integer, "Rounds to so many digits behind the point."),
        Key::new("rounding", Takes::Words(&["half_even", "half_up", "down", "up"]), "How it is rounded; `half_even` without it."),
        Key::new("formats", Takes::Either(&[Takes::Text, Takes::List(&Takes::Text)]), "The forms of an instant, tried in order."),
        Key::new("zone", Takes::Text, "The zone of instants that name none."),
        Key::new("raw", Takes::Words(&["string", "number", "boolean"]), "What the record holds, for the way back."),
    ],
};
static FIELD: Takes = Takes::Either(&[Takes::Path { singular: true }, Takes::Of(&PICKED), Takes::Of(&EACH), Takes::Of(&CONST), Takes::Of(&VALUE)]);
/// The name of a canonical type.
pub(crate) const TYPE: Takes = Takes::Words(TYPES);
const TYPES: &[&str] = &["stocklevel", "order", "product", "contact", "call", "invoice", "price", "customer", "shipment", "return", "payment", "location"];
/// The map of one entity.
pub(crate) static CANONICAL_MAP: Element = Element {
    name: "canonical_map",
    doc: "How the records of an entity become a canonical type.",
    keys: &[
        Key::required("type", TYPE, "The canonical type."),
        Key::new("version", Takes::Count, "The version of its schema; the newest without it."),
        Key::required("key", Takes::Path { singular: true }, "What identifies the thing for every system."),
        Key::required("fields", Takes::Map(&FIELD), "Its fields."),
        Key::new("extensions", Takes::List(&Takes::Path { singular: true }), "What is kept beside the fields, as it is."),
    ],
};

/// The words of `on_miss`.
const ON_MISS: &[(&str, OnMiss)] = &[("error", OnMiss::Error), ("absent", OnMiss::Absent), ("keep", OnMiss::Keep)];
/// What the expression of a field sees: the record, and inside `each` the element.
pub(crate) const SEEN: &[&str] = &["record"];
pub(crate) const SEEN_IN_EACH: &[&str] = &["record", "item"];

/// Where a field stands.
#[derive(Clone, Copy)]
struct Place {
    /// Of a stock level: nothing invents its quantity.
    stock: bool,
    in_each: bool,
}

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<CanonicalMap> {
    CANONICAL_MAP.open(cx, node)?;
    let kind = node.need(cx, "type").and_then(|kind| self::kind(cx, &kind));
    let kind = match (kind, node.get("version")) {
        (Some(kind), Some(version)) => self::version(cx, kind, &version),
        (kind, _) => kind,
    };
    let key = node.need(cx, "key").and_then(|key| place(cx, &key));
    let stock = kind.is_some_and(|kind| kind.name == "stocklevel");
    let fields = node.need(cx, "fields").and_then(|fields| self::fields(cx, &fields, Place { stock, in_each: false }));
    let extensions = node.get("extensions").and_then(|extensions| extensions.items(cx)).unwrap_or_default();
    let extensions = extensions.iter().filter_map(|path| place(cx, path)).collect();
    if let (Some(kind), Some(fields)) = (kind, &fields) {
        for required in kind.required.iter().filter(|required| !fields.iter().any(|(name, _)| name == **required)) {
            cx.error("definition_missing_key", &format!("{}/fields", node.at), format!("`{}` needs the field `{required}`", kind.name), format!("map `{required}`"));
        }
    }
    Some(CanonicalMap { entity: node.name(), kind: kind?, version: kind?.version, plan: Plan { key: key?, fields: fields?, extensions } })
}

/// A canonical type by its name.
pub(crate) fn kind(cx: &mut Check, node: &Node<'_>) -> Option<&'static Kind> {
    Kind::of(node.word(cx, TYPES)?)
}

/// A type at a version that is known.
fn version(cx: &mut Check, kind: &'static Kind, node: &Node<'_>) -> Option<&'static Kind> {
    let version = node.count(cx)?;
    match Kind::at(kind.name, version) {
        Ok(kind) => Some(kind),
        Err(finding) => {
            cx.error(finding.code, &node.at, finding.message, finding.hint);
            None
        }
    }
}

/// A singular path.
fn place(cx: &mut Check, node: &Node<'_>) -> Option<Field> {
    let path = node.path(cx, true)?;
    Field::parse(path.text()).ok()
}

fn fields(cx: &mut Check, node: &Node<'_>, place: Place) -> Option<Vec<(String, Source)>> {
    let entries = node.entries(cx)?;
    let fields: Vec<_> = entries.iter().map(|entry| Some((entry.name(), field(cx, entry, place)?))).collect();
    fields.into_iter().collect()
}

fn field(cx: &mut Check, node: &Node<'_>, place: Place) -> Option<Source> {
    if let Value::String(_) = node.value {
        return self::place(cx, node).map(|path| Source::Pick(Pick::of(path)));
    }
    if let Some(each) = node.get("each") {
        EACH.open(cx, node)?;
        let path: Option<Path> = each.path(cx, false);
        let fields = node.need(cx, "fields").and_then(|fields| self::fields(cx, &fields, Place { stock: false, in_each: true }));
        return Some(Source::Each { path: path?, fields: fields? });
    }
    let quantity = place.stock && node.name() == "quantity";
    if let Some(invented) = invented(node).filter(|_| quantity) {
        cx.error("definition_stock_default", &invented.at, "a stock quantity is invented where the source is silent", "remove it: absent is not zero");
        return None;
    }
    if let Some(fixed) = node.get("const") {
        CONST.open(cx, node)?;
        return Some(Source::Const(fixed.value.clone()));
    }
    if let Some(value) = node.get("value") {
        VALUE.open(cx, node)?;
        let text = value.text(cx)?;
        let made = template_at(cx, &value, text, if place.in_each { SEEN_IN_EACH } else { SEEN })?;
        if quantity && mapping::invents(&made) {
            cx.error("definition_stock_default", &value.at, "the expression may give a stock quantity where the source is silent", "let it be absent where its fields are: absent is not zero");
            return None;
        }
        return Some(Source::Value(made));
    }
    PICKED.open(cx, node)?;
    let path = node.need(cx, "path").and_then(|path| self::place(cx, &path));
    pick(cx, node, path?).map(Source::Pick)
}

/// What makes a value up: a default, a constant, or the row of a table for a value that is not there.
fn invented<'v>(node: &Node<'v>) -> Option<Node<'v>> {
    let row = || {
        let table = node.get("map")?;
        let (key, value) = table.value.entries()?.iter().find(|(key, value)| mapping::is_blank(key) && *value != Value::Null)?;
        Some(table.child(key, value))
    };
    ["default", "const"].into_iter().find_map(|key| node.get(key)).or_else(row)
}

fn pick(cx: &mut Check, node: &Node<'_>, path: Field) -> Option<Pick> {
    let cast = match node.get("cast") {
        Some(cast) => Some(Cast::read(cx, &cast, node)?),
        None => None,
    };
    let required = node.get("required").is_some_and(|required| required.boolean(cx).unwrap_or(false));
    let table = node.get("map").and_then(|table| table.entries(cx)).unwrap_or_default();
    let table = table.iter().map(|entry| (entry.name(), entry.value.clone())).collect();
    let on_miss = match node.get("on_miss") {
        Some(miss) => {
            let words: Vec<&str> = ON_MISS.iter().map(|(word, _)| *word).collect();
            let word = miss.word(cx, &words)?;
            ON_MISS.iter().find_map(|(known, miss)| (*known == word).then_some(*miss))?
        }
        None => OnMiss::Error,
    };
    let absent_when_null = match node.get("absent_when_null") {
        Some(path) => Some(place(cx, &path)?),
        None => None,
    };
    let raw = match node.get("raw") {
        Some(raw) => {
            let word = raw.word(cx, &RAW.iter().map(|(word, _)| *word).collect::<Vec<_>>())?;
            RAW.iter().find_map(|(known, raw)| (*known == word).then_some(*raw))
        }
        None => None::<Raw>,
    };
    Some(Pick { path, table, on_miss, cast, required, default: node.get("default").map(|default| default.value.clone()), absent_when_null, raw })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_language_names_every_canonical_type() {
        assert_eq!(super::TYPES, canonical::KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>());
    }
}
