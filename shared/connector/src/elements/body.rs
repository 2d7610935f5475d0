//! The body of a request: JSON, a form, GraphQL, XML or any text.

use expr::Template;

use super::{request::{self, Param}, secret};
use crate::{Tree, Woven, check::{Check, Node}, shape::{Element, Key, Takes}, template::template_at};

/// The body of a request.
#[derive(Debug)]
pub enum Body {
    /// JSON; absent leaves are left out.
    Json(Tree),
    /// A form, percent-encoded; absent fields are left out.
    Form(Vec<Param>),
    /// `{"query", "variables", "operationName"}`.
    GraphQl {
        /// The query.
        query: Template,
        /// Its variables, an object.
        variables: Option<Tree>,
        /// Which operation of the query.
        operation: Option<String>,
        /// What `errors` in its answer mean.
        errors: Errors,
    },
    /// XML; values are escaped where they stand.
    Xml(Woven),
    /// Any text, as it is rendered.
    Text {
        /// Its media type.
        content_type: String,
        /// The text.
        text: Template,
    },
}

/// What `errors` in an answer to GraphQL mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errors {
    /// It failed.
    Fail,
    /// It failed where there is no `data` beside them; where there is, what is there is wanted.
    Partial,
}

/// `graphql`.
pub(crate) static GRAPHQL: Element = Element {
    name: "graphql",
    doc: "A GraphQL request; cursors are injected at `/variables/…` of the body. Where no rule of `errors` fits, an answer that says 2xx and has something in its `errors` failed, `data` or not. The first of them whose `extensions.code` (or `extensions.type`, or `type`) is known, in letters of any case, says how: `THROTTLED`, `RATE_LIMITED` and `TOO_MANY_REQUESTS` wait, `UNAUTHENTICATED` renews the credentials once, `FORBIDDEN` and `ACCESS_DENIED` are a 403, `INTERNAL_SERVER_ERROR`, `SERVICE_UNAVAILABLE` and `TIMEOUT` are tried again; all others fail for good. Its `message` is told. Another status means what it always does.",
    keys: &[
        Key::required("query", Takes::Either(&[Takes::Template, Takes::List(&Takes::Template)]), "The query; a list is its lines."),
        Key::new("variables", Takes::Map(&Takes::Tree), "Its variables; absent ones are left out."),
        Key::new("operation", Takes::Text, "Which operation of the query, where it has several."),
        Key::new("partial", Takes::Boolean, "Take the `data` of an answer that has `errors` as well; without it, such an answer failed. An answer without `data` failed all the same, and a snapshot concludes nothing from what one with `errors` lacks."),
    ],
};

/// `text`.
pub(crate) static TEXT: Element = Element {
    name: "text",
    doc: "A body of any text.",
    keys: &[Key::required("content_type", Takes::Text, "Its media type."), Key::required("value", Takes::Template, "The text; values stand in it unescaped.")],
};

const WAYS: &[&str] = &["body", "form", "graphql", "xml", "text"];

/// The body of a request, whose keys the caller has opened.
pub(crate) fn read(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Option<Body>> {
    let given: Vec<Node<'_>> = WAYS.iter().filter_map(|way| node.get(way)).collect();
    if let [_, second, ..] = given.as_slice() {
        cx.error("definition_unknown_key", &second.at, "a request has one body", format!("keep one of {}", WAYS.join(", ")));
        return None;
    }
    let Some(given) = given.first() else { return Some(None) };
    let body = match given.name().as_str() {
        "body" => {
            let tree = Tree::read(cx, given, roots)?;
            secret::body(cx, given, &tree);
            Body::Json(tree)
        }
        "form" => {
            let fields = given.entries(cx)?;
            Body::Form(fields.iter().filter_map(|field| request::param(cx, field, roots)).collect())
        }
        "graphql" => graphql(cx, given, roots)?,
        "xml" => {
            let text = given.text(cx)?;
            Body::Xml(Woven::of(&template_at(cx, given, text, roots)?))
        }
        _ => {
            TEXT.open(cx, given)?;
            let content_type = given.need(cx, "content_type").and_then(|kind| kind.text(cx)).map(str::to_owned);
            let value = given.need(cx, "value").and_then(|value| value.text(cx).and_then(|text| template_at(cx, &value, text, roots)));
            Body::Text { content_type: content_type?, text: value? }
        }
    };
    Some(Some(body))
}

fn graphql(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Body> {
    GRAPHQL.open(cx, node)?;
    let query = node.need(cx, "query").and_then(|query| {
        let text = match query.value.items() {
            Some(_) => query.items(cx)?.iter().map(|line| line.text(cx)).collect::<Option<Vec<_>>>()?.join("\n"),
            None => query.text(cx)?.to_owned(),
        };
        template_at(cx, &query, &text, roots)
    });
    let variables = match node.get("variables") {
        Some(variables) if variables.value.entries().is_none() => return variables.wrong(cx, "an object"),
        Some(variables) => {
            let tree = Tree::read(cx, &variables, roots);
            tree.iter().for_each(|tree| secret::body(cx, &variables, tree));
            Some(tree?)
        }
        None => None,
    };
    let operation = node.get("operation").and_then(|operation| operation.text(cx)).map(str::to_owned);
    let partial = node.get("partial").and_then(|partial| partial.boolean(cx)).unwrap_or(false);
    Some(Body::GraphQl { query: query?, variables, operation, errors: if partial { Errors::Partial } else { Errors::Fail } })
}
