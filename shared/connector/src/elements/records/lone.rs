//! `[*]` behind an element of XML that may be there once: without its list, it names the members of that one.

use document::{Path, Step};

use crate::{Xml, check::{Check, Node}};

/// Tells it of the paths to records.
pub(super) fn told(cx: &mut Check, records: &Node<'_>, xml: &Xml) {
    for node in ["path", "expand"].iter().filter_map(|key| records.get(key)) {
        let nodes = if node.value.items().is_some() { node.items(cx).unwrap_or_default() } else { vec![node] };
        for node in nodes {
            // What is no path is told where it is read; names from elsewhere are not known yet.
            if let Some(path) = node.value.as_str().and_then(|text| Path::parse(text).ok()) {
                tell(cx, &node.at, &path, xml);
            }
        }
    }
}

/// Tells it of a path.
pub(crate) fn tell(cx: &mut Check, at: &str, path: &Path, xml: &Xml) {
    let lone = path.steps().windows(2).find_map(|pair| match pair {
        [Step::Name(name), Step::Each] if !xml.always_list.contains(name) => Some(name),
        _ => None,
    });
    if let Some(name) = lone {
        let message = format!("an element `{name}` that is there once is no list in XML, and `[*]` names what is in it");
        cx.warning("definition_unknown_value", at, message, format!("add `{name}` to `always_list` of `xml`, or leave `[*]` out"));
    }
}
