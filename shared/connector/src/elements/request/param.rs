//! Parameters and form fields of a request: their values, how several are written, and which only the first page has.

use document::Value;

use super::super::secret;
use crate::{Address, Tree, check::{Check, Node}};

/// How several values of one parameter are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a=1&a=2`.
    Repeat,
    /// `a=1,2`.
    Comma,
    /// `a=1 2`.
    Space,
    /// `a=1|2`.
    Pipe,
    /// `a[]=1&a[]=2`.
    Brackets,
    /// `a[0]=1&a[1]=2`.
    Indexed,
    /// `a=[1,2]`, JSON as one value.
    Json,
    /// One value, percent-encoded only where an address cannot carry it.
    Raw,
}

/// A parameter of the query or a field of a form.
#[derive(Debug)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its value; absent and null are left out.
    pub value: Tree,
    /// How several values are written.
    pub style: Style,
    /// Sent with the first page only.
    pub first_page_only: bool,
}

const STYLES: &[(&str, Style)] = &[
    ("repeat", Style::Repeat), ("comma", Style::Comma), ("space", Style::Space), ("pipe", Style::Pipe), ("brackets", Style::Brackets), ("indexed", Style::Indexed), ("json", Style::Json), ("raw", Style::Raw),
];
/// Their words.
pub(super) const STYLE_WORDS: &[&str] = &["repeat", "comma", "space", "pipe", "brackets", "indexed", "json", "raw"];

/// One parameter or form field.
pub(crate) fn param(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Param> {
    let nested = |value: &Value| matches!(value, Value::Object(_) | Value::Null);
    let bad = nested(node.value) || node.value.items().is_some_and(|items| items.iter().any(|item| nested(item) || matches!(item, Value::Array(_))));
    if bad {
        cx.error("definition_wrong_type", &node.at, "a parameter is a scalar or an array of scalars", "write the value as a string, number or boolean");
        return None;
    }
    let value = Tree::read(cx, node, roots)?;
    secret::named(cx, node, &value);
    Some(Param { name: node.name(), value, style: Style::Repeat, first_page_only: false })
}

/// How several values of a parameter are written.
pub(super) fn styles(cx: &mut Check, node: &Node<'_>, params: &mut [Param], form: &mut [Param]) {
    let entries = node.get("encode").and_then(|encode| encode.entries(cx)).unwrap_or_default();
    let mut fields: Vec<&mut Param> = params.iter_mut().chain(form).collect();
    for entry in &entries {
        let Some(style) = entry.word(cx, STYLE_WORDS).and_then(|word| STYLES.iter().find_map(|(known, style)| (*known == word).then_some(*style))) else { continue };
        let mut found = false;
        for field in fields.iter_mut().filter(|field| field.name == entry.name()) {
            (field.style, found) = (style, true);
        }
        if !found && !["params", "form"].iter().any(|key| node.get(key).is_some_and(|fields| fields.value.get(&entry.name()).is_some())) {
            unknown(cx, &entry.at, &entry.name(), node, &["params", "form"]);
        }
    }
}

/// Which parameters only the first page has.
pub(super) fn first_page(cx: &mut Check, node: &Node<'_>, params: &mut [Param]) {
    let names = node.get("first_page_only").and_then(|names| names.items(cx)).unwrap_or_default();
    for name in &names {
        let Some(text) = name.text(cx) else { continue };
        match params.iter_mut().find(|param| param.name == text) {
            Some(param) => param.first_page_only = true,
            None if node.get("params").is_some_and(|params| params.value.get(text).is_some()) => {}
            None => unknown(cx, &name.at, text, node, &["params"]),
        }
    }
}

/// Parameters the address has of its own: it keeps them, and both would be sent.
pub(super) fn queried(cx: &mut Check, node: &Node<'_>, params: &[Param], address: &Address) {
    for param in params {
        let name = match param.style {
            Style::Brackets => Some(format!("{}[]", param.name)).filter(|name| address.has(name)),
            Style::Indexed => address.begins(&format!("{}[", param.name)),
            Style::Repeat | Style::Comma | Style::Space | Style::Pipe | Style::Json | Style::Raw => Some(param.name.clone()).filter(|name| address.has(name)),
        };
        if let Some(name) = name {
            let at = format!("{}/params/{}", node.at, document::token(&param.name));
            cx.error("definition_unknown_value", &at, format!("`{name}` stands in the query of `{}/url` as well, and both would be sent", node.at), "keep one of them");
        }
    }
}

/// A name that is none of the parameters.
fn unknown(cx: &mut Check, at: &str, name: &str, request: &Node<'_>, keys: &[&str]) {
    let known = keys.iter().filter_map(|key| request.value.get(key)?.entries()).flatten().map(|(name, _)| name.as_str());
    let hint = crate::nearest(name, known).map_or_else(|| format!("name one of `{}`", keys.join("` or `")), |near| format!("did you mean `{near}`?"));
    cx.error("definition_unknown_value", at, format!("there is no parameter `{name}`"), hint);
}
