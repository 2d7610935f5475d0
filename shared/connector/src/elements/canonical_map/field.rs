//! One field of a canonical map: a place of the record and what is done to it, a list, a constant or an expression.

use canonical::{Form, Kind};
use document::{Path, Value};
use mapping::{Cast, Field, OnMiss, Pick, RAW, Raw, Source, TO};

use super::{against::{self, SCHEMA}, place, written::{self, Inside}};
use crate::{constant, check::{Check, Node}, shape::{Element, Key, Takes}, template::template_at};

static EACH: Element = Element {
    name: "map_each",
    doc: "A list made of a list.",
    keys: &[Key::required("each", Takes::Path { singular: false }, "The elements. Null or an empty text in the place of the list is none. An element that is no object refuses the record where its fields are members of one, and none of them is the element itself (`$`)."), Key::required("fields", Takes::Map(&FIELD), "The fields of each; paths begin at the element.")],
};
static CONST: Element = Element { name: "map_const", doc: "Always this value.", keys: &[Key::required("const", Takes::Any, "The value.")] };
static VALUE: Element = Element { name: "map_value", doc: "What an expression gives.", keys: &[Key::required("value", Takes::Template, "The expression, of `record` and inside `each` of `item`.")] };
static PICKED: Element = Element {
    name: "map_pick",
    doc: "A value of the record, and what is done to it.",
    keys: &[
        Key::required("path", Takes::Path { singular: true }, "Where it stands."),
        Key::new("cast", Takes::Words(&["integer", "decimal", "string", "boolean", "date", "datetime", "json", SCHEMA]), "What it becomes; `schema` is the form the canonical type gives the field: a decimal number, a text, true or false, an instant or a date."),
        Key::new("required", Takes::Boolean, "A record without it is refused."),
        Key::new("map", Takes::Map(&Takes::Any), "From the source's words to ours."),
        Key::new("on_miss", Takes::Words(&["error", "absent", "keep"]), "What becomes of a word that is not in `map`, which has to be there; `error` without it."),
        Key::new("default", Takes::Any, "The value where the record has none, which goes through `map` and `cast` as what is picked does; never of a stock quantity. Null is a value and stays null: where it is to be replaced as well, write an expression in place of the path, as `{ \"value\": \"{{ record.status ?? 'open' }}\" }`."),
        Key::new("absent_when_null", Takes::Path { singular: true }, "A place that is null where this value means nothing."),
        Key::new("scale", Takes::Integer, "Moves the point: -2 reads cents. Only of a `cast` to a number, as `places` and `rounding`."),
        Key::new("places", Takes::Integer, "Rounds to so many digits behind the point."),
        Key::new("rounding", Takes::Words(&["half_even", "half_up", "down", "up"]), "How it is rounded; `half_even` without it."),
        Key::new("formats", Takes::Either(&[Takes::Text, Takes::List(&Takes::Text)]), "The forms of an instant, tried in order: `iso8601`, `rfc3339`, `date`, `epoch_s`, `epoch_ms`, `epoch_us`, `rfc2822`, `dotnet` or a pattern such as `%d/%m/%Y %H:%M`, in which `%Y` is a year of four digits and `%y` one of two. Only of a `cast` to a date or an instant."),
        Key::new("zone", Takes::Text, "The zone of instants that name none; UTC without it. Only of a `cast` to a date or an instant."),
        Key::new("raw", Takes::Words(&["string", "number", "boolean"]), "What the record holds, for the way back."),
    ],
};
pub(super) static FIELD: Takes = Takes::Either(&[Takes::Path { singular: true }, Takes::Of(&PICKED), Takes::Of(&EACH), Takes::Of(&CONST), Takes::Of(&VALUE)]);

/// The words of `on_miss`.
const ON_MISS: &[(&str, OnMiss)] = &[("error", OnMiss::Error), ("absent", OnMiss::Absent), ("keep", OnMiss::Keep)];
/// What the expression of a field sees: the record, and inside `each` the element.
pub(crate) const SEEN: &[&str] = &["record"];
pub(crate) const SEEN_IN_EACH: &[&str] = &["record", "item"];

/// Where a field stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'f> {
    /// The type, where it is known.
    pub(super) kind: Option<&'f Kind>,
    /// What the schema says of the object it is a field of.
    pub(super) around: Option<&'f Form>,
    /// Of a stock level: nothing invents its quantity.
    pub(super) stock: bool,
    /// Of an element of this list.
    pub(super) inside: Option<&'f Inside<'f>>,
    /// What is picked takes the form the schema says.
    pub(super) cast: bool,
}

pub(super) fn fields(cx: &mut Check, node: &Node<'_>, place: Place<'_>) -> Option<Vec<(String, Source)>> {
    let entries = node.entries(cx)?;
    let fields: Vec<_> = entries.iter().map(|entry| Some((entry.name(), field(cx, entry, place)?))).collect();
    fields.into_iter().collect()
}

fn field(cx: &mut Check, node: &Node<'_>, place: Place<'_>) -> Option<Source> {
    let form = place.kind.zip(place.around).and_then(|(kind, around)| against::form(cx, node, kind, around));
    let shaped = form.filter(|_| place.cast);
    if let Value::String(_) = node.value {
        let cast = shaped.and_then(|form| against::cast(cx, node, form));
        return super::place(cx, node).map(|path| Source::Pick(Pick { cast, ..Pick::of(path) }));
    }
    if let Some(each) = node.get("each") {
        EACH.open(cx, node)?;
        against::list(cx, node, form);
        let path: Option<Path> = each.path(cx, false);
        let name = node.name();
        let inside = Inside { list: &name, around: place.inside };
        let fields = node.need(cx, "fields").and_then(|fields| self::fields(cx, &fields, Place { around: form.and_then(|form| form.items.as_deref()), stock: false, inside: Some(&inside), ..place }));
        return Some(Source::Each { path: path?, fields: fields? });
    }
    let quantity = place.stock && node.name() == "quantity";
    if let Some(invented) = invented(node).filter(|_| quantity) {
        cx.error("definition_stock_default", &invented.at, "a stock quantity is invented where the source is silent", "remove it: absent is not zero");
        return None;
    }
    if let Some(fixed) = node.get("const") {
        CONST.open(cx, node)?;
        written::told(cx, &fixed, &node.name(), fixed.value, form, place);
        return Some(Source::Const(fixed.value.clone()));
    }
    if let Some(value) = node.get("value") {
        VALUE.open(cx, node)?;
        let text = value.text(cx)?;
        let made = template_at(cx, &value, text, if place.inside.is_some() { SEEN_IN_EACH } else { SEEN })?;
        if quantity && mapping::invents(&made) {
            cx.error("definition_stock_default", &value.at, "the expression may give a stock quantity where the source is silent", "let it be absent where its fields are: absent is not zero");
            return None;
        }
        if let Some(always) = constant::value(&made) {
            written::told(cx, &value, &node.name(), &always, form, place);
        }
        return Some(Source::Value(made));
    }
    PICKED.open(cx, node)?;
    let path = node.need(cx, "path").and_then(|path| super::place(cx, &path));
    let pick = pick(cx, node, path?, form, shaped)?;
    written::picked(cx, node, &pick, form, place);
    Some(Source::Pick(pick))
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

/// What acts on nothing: the keys that shape a cast where nothing is cast, and `on_miss` without a table.
fn idle(cx: &mut Check, node: &Node<'_>, is_cast: bool, form: Option<&Form>) {
    // A cast that is written wrongly, or to a form the schema does not give, has been told.
    let told = node.get("cast").is_some_and(|cast| cast.value.as_str() != Some(SCHEMA) || form.is_some());
    for key in mapping::CAST_KEYS.iter().filter(|_| !is_cast && !told) {
        let Some(said) = node.get(key) else { continue };
        let to = if matches!(*key, "formats" | "zone") { "`\"cast\": \"datetime\"`, or `date`" } else { "`\"cast\": \"decimal\"`, or `integer`" };
        cx.error("mapping_cast_parameter", &said.at, format!("nothing is cast here, and `{key}` does nothing"), format!("add {to}, or remove it"));
    }
    if let Some(miss) = node.get("on_miss").filter(|_| node.get("map").is_none()) {
        cx.error("definition_unknown_key", &miss.at, "`on_miss` belongs to a table, and there is none", "add `map`, or remove it");
    }
}

fn pick(cx: &mut Check, node: &Node<'_>, path: Field, form: Option<&Form>, shaped: Option<&Form>) -> Option<Pick> {
    let cast = match node.get("cast") {
        Some(cast) => {
            let words: Vec<&str> = TO.iter().map(|(word, _)| *word).chain([SCHEMA]).collect();
            let word = cast.word(cx, &words)?;
            match TO.iter().find(|(known, _)| *known == word) {
                Some((_, to)) => Some(Cast::of(cx, *to, node)?),
                None => {
                    if form.is_some_and(|form| against::to(form).is_none()) {
                        cx.error("definition_unknown_value", &cast.at, "the schema gives this field no single form", "name the form it becomes, or remove `cast`");
                    }
                    form.and_then(|form| against::cast(cx, node, form))
                }
            }
        }
        None => shaped.and_then(|form| against::cast(cx, node, form)),
    };
    idle(cx, node, cast.is_some(), form);
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

