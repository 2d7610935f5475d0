//! `request`: one request, with its templates.

use document::Value;
use expr::Template;

use crate::{Address, Tree, check::{Check, Node}, template::template_at};

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

/// One request.
#[derive(Debug)]
pub struct Request {
    /// The method.
    pub method: Verb,
    /// The address.
    pub address: Address,
    /// Query parameters; absent values are left out, an array repeats its parameter.
    pub params: Vec<(String, Tree)>,
    /// Headers; absent values are left out.
    pub headers: Vec<(String, Template)>,
    /// A JSON body; absent leaves are left out.
    pub body: Option<Tree>,
}

/// The names offered to a request that reads.
pub(crate) const READ: &[&str] = &["config", "cursor", "page"];
/// The names offered to a request that delivers.
pub(crate) const DELIVER: &[&str] = &["config", "key", "fields", "extensions"];
/// The names offered to a request that only tries the credentials.
pub(crate) const TEST: &[&str] = &["config"];

const KEYS: &[&str] = &["method", "url", "params", "headers", "body"];

/// Reads a request; `more` are the keys that stand beside it in the same object.
pub(crate) fn read(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str], more: &[&str]) -> Option<Request> {
    let keys: Vec<&str> = KEYS.iter().chain(more).copied().collect();
    node.object(cx, &keys)?;
    let method = match node.get("method") {
        Some(method) => method.word(cx, &["GET", "POST", "PUT", "PATCH", "DELETE"]),
        None => Some("GET"),
    };
    let address = node.need(cx, "url").and_then(|url| Address::read(cx, &url, roots));
    let params = node.get("params").and_then(|params| params.entries(cx)).unwrap_or_default();
    let params = params.iter().filter_map(|param| Some((param.name(), param_tree(cx, param, roots)?))).collect();
    let headers = node.get("headers").and_then(|headers| headers.entries(cx)).unwrap_or_default();
    let headers = headers.iter().filter_map(|header| self::header(cx, header, roots)).collect();
    let body = node.get("body").and_then(|body| Tree::read(cx, &body, roots));
    let method = match method? {
        "POST" => Verb::Post,
        "PUT" => Verb::Put,
        "PATCH" => Verb::Patch,
        "DELETE" => Verb::Delete,
        _ => Verb::Get,
    };
    Some(Request { method, address: address?, params, headers, body })
}

fn param_tree(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Tree> {
    let nested = |value: &Value| matches!(value, Value::Object(_) | Value::Null);
    let bad = nested(node.value) || node.value.items().is_some_and(|items| items.iter().any(|item| nested(item) || matches!(item, Value::Array(_))));
    if bad {
        cx.error("definition_wrong_type", &node.at, "a parameter is a scalar or an array of scalars", "write the value as a string, number or boolean");
        return None;
    }
    Tree::read(cx, node, roots)
}

fn header(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<(String, Template)> {
    let name = node.name();
    let text = node.text(cx)?;
    if !super::inject::is_token(&name) || text.contains(['\r', '\n', '\0']) {
        cx.error("definition_unknown_value", &node.at, "the header cannot be sent", "use letters, digits and `-` in its name and one line of text in its value");
        return None;
    }
    Some((name, template_at(cx, node, text, roots)?))
}
