//! `canonical_map`: how the records of an entity become a canonical type; compiled to a `mapping::Plan`.

mod against;
pub(crate) mod field;
mod written;

use canonical::Kind;
use mapping::{Field, Plan};

use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

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
        Key::required("fields", Takes::Map(&field::FIELD), "Its fields. A dotted name is one of an object: `customer.email` makes `{\"customer\": {\"email\": …}}`, also inside `each`."),
        Key::new("cast", Takes::Words(&[against::SCHEMA]), "`schema`: what is picked without a `cast` of its own takes the form the canonical type gives its field, or the record is refused. For sources all of whose values are texts, such as tables."),
        Key::new("extensions", Takes::List(&Takes::Path { singular: true }), "What is kept beside the fields, as it is."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<CanonicalMap> {
    CANONICAL_MAP.open(cx, node)?;
    let kind = node.need(cx, "type").and_then(|kind| self::kind(cx, &kind));
    let kind = match (kind, node.get("version")) {
        (Some(kind), Some(version)) => self::version(cx, kind, &version),
        (kind, _) => kind,
    };
    let key = node.need(cx, "key").and_then(|key| place(cx, &key));
    let stock = kind.is_some_and(|kind| kind.name == "stocklevel");
    let cast = node.get("cast").is_some_and(|cast| cast.word(cx, &[against::SCHEMA]).is_some());
    let form = kind.map(|kind| kind.schema.form());
    let fields = node.need(cx, "fields").and_then(|fields| field::fields(cx, &fields, field::Place { kind, around: form.as_ref(), stock, inside: None, cast }));
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

#[cfg(test)]
mod tests {
    #[test]
    fn the_language_names_every_canonical_type() {
        assert_eq!(super::TYPES, canonical::KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>());
    }
}
