//! Single braces in an address: a place `{name}` that nobody fills, and what looks like one and is none. Both would be sent as they stand.

use expr::{Part, Template};

use crate::check::{Check, Node};

/// As much as a name between braces has.
const MOST_NAME: usize = 64;
const VALUE_HINT: &str = "write a value with two braces: `{{ config.NAME }}`";
/// Stands for a value: no name has it.
const VALUE: char = '\u{1a}';

/// Braces that were meant as a place or an expression: `{order-id}`, `{config.shop}`, `{ id }`, and any in a host. What a query
/// may hold, such as JSON or the fields of fields, is none.
pub(super) fn stray(cx: &mut Check, node: &Node<'_>, template: &Template) -> Option<()> {
    let mut text = String::new();
    template.parts().for_each(|part| if let Part::Text(part) = part { text.push_str(part) } else { text.push(VALUE) });
    let host = text.find("://").map_or(0, |at| text[at + 3..].find(['/', '?', '#']).map_or(text.len(), |end| at + 3 + end));
    let query = text.find('?').unwrap_or(text.len());
    let found = text.match_indices('{').find_map(|(at, _)| {
        let inner = text.as_bytes()[at + 1..].iter().take(MOST_NAME).position(|byte| *byte == b'}').map(|end| &text[at + 1..at + 1 + end])?;
        let meant = at < host || (!is_plain(inner) && (at < query || text[..at].ends_with('=')));
        (meant && is_name(inner.trim())).then(|| (inner.trim().to_owned(), at < host))
    });
    let Some((name, in_host)) = found else { return Some(()) };
    let place = name.replace(['-', '.'], "_");
    let hint = match expression(cx, &name) {
        Some(fix) => fix,
        None if in_host || !is_plain(&place) => VALUE_HINT.to_owned(),
        None => format!("write `{{{place}}}` where an `inject` with `\"in\": \"path\"` fills it, and a value with two braces: `{{{{ config.NAME }}}}`"),
    };
    cx.error("definition_url", &node.at, format!("`{{{name}}}` would be sent as it stands"), hint);
    None
}

/// Tells of a place of an address that is not among those filled; `None` where nothing fills any.
pub(crate) fn unfilled(cx: &mut Check, at: &str, name: &str, filled: Option<&[&str]>) {
    let hint = match filled.and_then(|filled| crate::nearest(name, filled.iter().copied())) {
        Some(near) => format!("did you mean `{{{near}}}`?"),
        None => expression(cx, name).unwrap_or_else(|| if filled.is_none() { VALUE_HINT.to_owned() } else { format!("add an `inject` with `\"in\": \"path\", \"name\": \"{name}\"`, or write an expression: `{{{{ … }}}}`") }),
    };
    cx.error("definition_url", at, format!("nothing is injected into `{{{name}}}`"), hint);
}

/// How a name is written that a place may know: with its root, or as a value of the configuration.
fn expression(cx: &Check, name: &str) -> Option<String> {
    if name.contains('.') && name.starts_with(|char: char| char.is_ascii_alphabetic()) {
        return Some(format!("write `{{{{ {name} }}}}`"));
    }
    cx.config_names.iter().any(|known| known == name).then(|| format!("write `{{{{ config.{name} }}}}`"))
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_name(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_alphabetic() || matches!(char, '_' | '$')) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-$[]'".contains(&byte))
}
