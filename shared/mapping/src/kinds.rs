//! The types of both ends of a mapping: those of whoever runs it, else those it names itself under `mapping`.

use canonical::Kind;
use document::authored::Node;

use crate::{reader::Reader, types::{self, Known, Type}};

/// What is known of the ends.
pub(crate) fn read(cx: &mut Reader, about: Option<&Node<'_>>) -> Known {
    let ends = cx.ends;
    let (from, _) = end(cx, about.and_then(|about| about.get("from")).as_ref(), ends.from);
    let (to, stock) = end(cx, about.and_then(|about| about.get("to")).as_ref(), ends.to);
    Known { from, to, stock }
}

/// The type of one end, and whether it is that of stock levels.
fn end(cx: &mut Reader, node: Option<&Node<'_>>, given: Option<&'static Kind>) -> (Option<Type>, bool) {
    let said = node.and_then(|node| if node.value.as_str().is_some() { kind(cx, node).map(Err) } else { types::read_schema(cx, node).map(Ok) });
    if let (Some(node), Some(Err(said)), Some(given)) = (node, &said, given)
        && (said.name != given.name || said.version != given.version)
    {
        cx.error("mapping_not_here", &node.at, format!("the mapping names {} in version {}, and what runs it carries {} in version {}", said.name, said.version, given.name, given.version), "leave it out, or name the type that is carried");
    }
    match (given, said) {
        (Some(kind), _) | (None, Some(Err(kind))) => (Some(Type::of_kind(kind)), kind.name == "stocklevel"),
        (None, Some(Ok(schema))) => (Some(schema), false),
        (None, None) => (None, false),
    }
}

/// A canonical type by its name, and its version if that is named: `order`, `order@1`.
fn kind(cx: &mut Reader, node: &Node<'_>) -> Option<&'static Kind> {
    let text = node.text(cx)?;
    let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
    let Some(kind) = Kind::of(name) else {
        let names: Vec<&str> = canonical::KINDS.iter().map(|kind| kind.name).collect();
        let hint = match document::authored::nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? known here: {}", names.join(", ")),
            None => format!("known here: {}; a form of your own is written as a JSON Schema", names.join(", ")),
        };
        cx.error("mapping_unknown_value", &node.at, format!("`{name}` is no canonical type"), hint);
        return None;
    };
    let Some(version) = version else { return Some(kind) };
    let found = version.parse().ok().and_then(|version| Kind::at(name, version).ok());
    if found.is_none() {
        cx.error("mapping_unknown_value", &node.at, format!("{name} has no version `{version}` here"), format!("write it as `{name}@{}`", kind.version));
    }
    found
}
