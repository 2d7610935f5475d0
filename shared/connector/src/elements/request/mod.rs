//! `request`: one request, with its templates.

mod param;

use document::Value;
use expr::Template;

use super::{body::{self, Body, Errors}, secret};
use crate::{Address, Inject, check::{Check, Node}, shape::{Element, Key, Takes}, template::template_at};

pub use param::{Param, Style};
pub(crate) use param::param;

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
    /// Query parameters.
    pub params: Vec<Param>,
    /// Headers; absent values are left out.
    pub headers: Vec<(String, Template)>,
    /// The body.
    pub body: Option<Body>,
    /// Parameters and fields that are an empty text are left out as well.
    pub omit_empty: bool,
    /// Where it stands, for findings.
    pub(crate) at: String,
}

/// The names offered to a request that reads.
pub(crate) const READ: &[&str] = &["config", "cursor", "page", "offset", "window", "vars", "parent", "token", "field_hint"];
/// The names offered to a request that delivers.
pub(crate) const DELIVER: &[&str] = &["config", "key", "fields", "extensions", "token"];
/// The names offered to a request that only tries the credentials.
pub(crate) const TEST: &[&str] = &["config", "token"];

pub(crate) const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];
/// `request`.
pub(crate) static REQUEST: Element = Element {
    name: "request",
    doc: "One request. Values that are absent are left out; in an address an absent value is an error.",
    keys: &[
        Key::new("method", Takes::Words(METHODS), "The method; GET unless a body is given, then POST."),
        Key::required("url", Takes::Template, "The address: absolute https, or what follows `base_url`. Values in it are percent-encoded."),
        Key::new("params", Takes::Map(&Takes::Values), "Query parameters. What is injected into one of them replaces it; one that stands in `url` is not named here again."),
        Key::new("encode", Takes::Map(&Takes::Words(param::STYLE_WORDS)), "How several values of a parameter or form field are written; `repeat` (`a=1&a=2`) where nothing is said."),
        Key::new("first_page_only", Takes::List(&Takes::Text), "Parameters that only the first page is asked with."),
        Key::new("omit_empty", Takes::Boolean, "Leave out parameters and form fields that are an empty text as well."),
        Key::new("headers", Takes::Map(&Takes::Template), "Headers."),
        Key::new("body", Takes::Tree, "A JSON body."),
        Key::new("form", Takes::Map(&Takes::Values), "A form as body."),
        Key::new("graphql", Takes::Of(&body::GRAPHQL), "A GraphQL request as body."),
        Key::new("xml", Takes::Template, "An XML body; values are escaped where they stand."),
        Key::new("text", Takes::Of(&body::TEXT), "Any other text as body."),
    ],
};

/// Reads a request.
pub(crate) fn read(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Request> {
    read_with(cx, node, roots, &[])
}

/// Reads a request; `beside` are the elements that stand in the same object.
pub(crate) fn read_with(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str], beside: &[&Element]) -> Option<Request> {
    REQUEST.open_with(cx, node, beside)?;
    let address = node.need(cx, "url").and_then(|url| Address::read(cx, &url, roots));
    let params = node.get("params").and_then(|params| params.entries(cx)).unwrap_or_default();
    let mut params: Vec<Param> = params.iter().filter_map(|field| param(cx, field, roots)).collect();
    let headers = node.get("headers").and_then(|headers| headers.entries(cx)).unwrap_or_default();
    let mut headers: Vec<(String, Template)> = headers.iter().filter_map(|header| self::header(cx, header, roots)).collect();
    // Read once already where they stand: here they are only made again, for templates have one owner.
    let common = cx.headers.iter().filter(|(name, _)| !node.value.get("headers").and_then(Value::entries).unwrap_or_default().iter().any(|(own, _)| own.eq_ignore_ascii_case(name)));
    headers.extend(common.filter_map(|(name, text)| Some((name.clone(), Template::parse(text).ok()?))));
    let mut body = body::read(cx, node, roots);
    let method = match node.get("method") {
        Some(method) => method.word(cx, METHODS),
        None if matches!(body, Some(Some(_))) => Some("POST"),
        None => Some("GET"),
    };
    let fields = match &mut body {
        Some(Some(Body::Form(fields))) => fields.as_mut_slice(),
        _ => &mut [],
    };
    param::styles(cx, node, &mut params, fields);
    param::first_page(cx, node, &mut params);
    if let Some(address) = &address {
        param::queried(cx, node, &params, address);
    }
    let omit_empty = node.get("omit_empty").and_then(|omit| omit.boolean(cx)).unwrap_or(false);
    let method = match method? {
        "POST" => Verb::Post,
        "PUT" => Verb::Put,
        "PATCH" => Verb::Patch,
        "DELETE" => Verb::Delete,
        _ => Verb::Get,
    };
    Some(Request { method, address: address?, params, headers, body: body?, omit_empty, at: node.at.clone() })
}

impl Request {
    /// Whether any template in it uses a name with this first word.
    #[must_use]
    pub fn uses(&self, root: &str) -> bool {
        let param = |params: &[Param]| params.iter().any(|param| param.value.uses(root));
        let body = match &self.body {
            None => false,
            Some(Body::Json(tree)) => tree.uses(root),
            Some(Body::Form(fields)) => param(fields),
            Some(Body::GraphQl { query, variables, .. }) => crate::tree::uses(query, root) || variables.as_ref().is_some_and(|tree| tree.uses(root)),
            Some(Body::Xml(woven)) => woven.uses(root),
            Some(Body::Text { text, .. }) => crate::tree::uses(text, root),
        };
        body || param(&self.params) || self.address.uses(root) || self.headers.iter().any(|(_, header)| crate::tree::uses(header, root))
    }

    /// What `errors` in its answer mean; `None` where it asks nothing of GraphQL.
    #[must_use]
    pub fn graphql(&self) -> Option<Errors> {
        if let Some(Body::GraphQl { errors, .. }) = &self.body { Some(*errors) } else { None }
    }

    /// Whether a value can be injected at this place.
    #[must_use]
    pub fn takes(&self, inject: &Inject) -> bool {
        match inject {
            Inject::Query(_) | Inject::Header(_) => true,
            Inject::Path(name) => self.address.holes().any(|hole| hole == name),
            Inject::Body(_) => matches!(self.body, None | Some(Body::Json(_) | Body::GraphQl { .. })),
            Inject::Form(_) => matches!(self.body, None | Some(Body::Form(_))),
        }
    }
}

/// The headers of every request but those that ask for a session.
pub(crate) fn common(cx: &mut Check, node: &Node<'_>) {
    let entries = node.entries(cx).unwrap_or_default();
    cx.headers = entries.iter().filter_map(|entry| {
        let (name, template) = header(cx, entry, TEST)?;
        Some((name, template.source().to_owned()))
    }).collect();
}

fn header(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<(String, Template)> {
    let name = node.name();
    let text = node.text(cx)?;
    if !super::inject::is_token(&name) || text.contains(['\r', '\n', '\0']) {
        cx.error("definition_unknown_value", &node.at, "the header cannot be sent", "use letters, digits and `-` in its name and one line of text in its value");
        return None;
    }
    if super::inject::is_ours(&name) {
        cx.error("definition_unknown_value", &node.at, format!("`{name}` is written by the engine itself"), "remove it");
        return None;
    }
    let value = template_at(cx, node, text, roots)?;
    if secret::is_name(&name) && !text.is_empty() && value.names().is_empty() {
        secret::header(cx, node, &name);
    }
    Some((name, value))
}
