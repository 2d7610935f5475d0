//! `canonical_map`: how the records of an entity become a canonical type; compiled to a `mapping::Plan`.

use canonical::Kind;
use document::{Path, Value};
use mapping::{Cast, Field, OnMiss, Pick, Plan};

use crate::check::{Check, Node};

/// The map of one entity.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// A word of `on_miss` and what it means.
const ON_MISS: &[&str] = &["error", "absent", "keep"];

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<CanonicalMap> {
    node.object(cx, &["type", "version", "key", "fields", "extensions"])?;
    let kind = node.need(cx, "type").and_then(|kind| self::kind(cx, &kind));
    let version = node.get("version").map_or(kind.map(|kind| kind.version), |version| version.count(cx));
    let key = node.need(cx, "key").and_then(|key| key.path(cx, true));
    let stock = kind.is_some_and(|kind| kind.name == "stocklevel");
    let fields = node.need(cx, "fields").and_then(|fields| self::fields(cx, &fields, stock));
    let extensions = node.get("extensions").and_then(|extensions| extensions.items(cx)).unwrap_or_default();
    let extensions = extensions.iter().filter_map(|path| path.path(cx, true)).collect();
    if let (Some(kind), Some(fields)) = (kind, &fields) {
        for required in kind.required.iter().filter(|required| !fields.iter().any(|(name, _)| name == **required)) {
            cx.error("definition_missing_key", &format!("{}/fields", node.at), format!("`{}` needs the field `{required}`", kind.name), format!("map `{required}`"));
        }
    }
    Some(CanonicalMap { entity: node.name(), kind: kind?, version: version?, plan: Plan { key: key?, fields: fields?, extensions } })
}

/// A canonical type by its name.
pub(crate) fn kind(cx: &mut Check, node: &Node<'_>) -> Option<&'static Kind> {
    let names: Vec<&str> = canonical::KINDS.iter().map(|kind| kind.name).collect();
    Kind::of(node.word(cx, &names)?)
}

fn fields(cx: &mut Check, node: &Node<'_>, stock: bool) -> Option<Vec<(String, Field)>> {
    let entries = node.entries(cx)?;
    let fields: Vec<_> = entries.iter().map(|entry| Some((entry.name(), field(cx, entry, stock && entry.name() == "quantity")?))).collect();
    fields.into_iter().collect()
}

fn field(cx: &mut Check, node: &Node<'_>, stock_quantity: bool) -> Option<Field> {
    if let Value::String(_) = node.value {
        return node.path(cx, true).map(|path| Field::Pick(Pick::of(path)));
    }
    if let Some(each) = node.get("each") {
        node.object(cx, &["each", "fields"])?;
        let path = each.path(cx, false);
        let fields = node.need(cx, "fields").and_then(|fields| self::fields(cx, &fields, false));
        return Some(Field::Each { path: path?, fields: fields? });
    }
    for key in ["default", "const"] {
        if let Some(invented) = node.get(key).filter(|_| stock_quantity) {
            cx.error("definition_stock_default", &invented.at, "a stock quantity is invented where the source is silent", "remove it: absent is not zero");
            return None;
        }
    }
    if let Some(fixed) = node.get("const") {
        node.object(cx, &["const"])?;
        return Some(Field::Const(fixed.value.clone()));
    }
    node.object(cx, &["path", "cast", "required", "map", "on_miss", "default", "absent_when_null"])?;
    let path = node.need(cx, "path").and_then(|path| path.path(cx, true));
    pick(cx, node, path?).map(Field::Pick)
}

fn pick(cx: &mut Check, node: &Node<'_>, path: Path) -> Option<Pick> {
    let cast = match node.get("cast") {
        Some(cast) => Some(Cast::of(cast.word(cx, Cast::WORDS)?)?),
        None => None,
    };
    let required = node.get("required").is_some_and(|required| required.boolean(cx).unwrap_or(false));
    let table = node.get("map").and_then(|table| table.entries(cx)).unwrap_or_default();
    let table = table.iter().map(|entry| (entry.name(), entry.value.clone())).collect();
    let on_miss = match node.get("on_miss") {
        Some(miss) => match miss.word(cx, ON_MISS)? {
            "absent" => OnMiss::Absent,
            "keep" => OnMiss::Keep,
            _ => OnMiss::Error,
        },
        None => OnMiss::Error,
    };
    let absent_when_null = match node.get("absent_when_null") {
        Some(path) => Some(path.path(cx, true)?),
        None => None,
    };
    Some(Pick { path, table, on_miss, cast, required, default: node.get("default").map(|default| default.value.clone()), absent_when_null })
}
