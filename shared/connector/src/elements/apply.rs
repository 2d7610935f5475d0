//! `apply`: where credentials go in the requests they open.

use document::Pointer;
use expr::Template;

use super::inject;
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}, template::template_at};

/// Where credentials go, and how they are written.
#[derive(Debug)]
pub struct Apply {
    /// The place.
    pub place: ApplyPlace,
    /// The value.
    pub value: Template,
}

/// Where credentials go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplyPlace {
    /// A header.
    Header(String),
    /// A query parameter.
    Query(String),
    /// A cookie.
    Cookie(String),
    /// A place in a JSON body.
    Body(Pointer),
    /// A field of a form that is the body.
    Form(String),
}

/// The names offered where a token is applied.
pub(crate) const ROOTS: &[&str] = &["config", "issued+captured"];
/// The parts of a request that carry credentials.
pub(crate) const PLACES: &[&str] = &["header", "query", "cookie", "body", "form"];

/// `apply`.
pub(crate) static APPLY: Element = Element {
    name: "apply",
    doc: "Where the token goes in the requests it opens.",
    keys: &[
        Key::required("in", Takes::Words(PLACES), "Which part of the request."),
        Key::new("name", Takes::Text, "Name of the header, parameter, cookie or form field."),
        Key::new("pointer", Takes::Text, "JSON Pointer into the body, where it stands there."),
        Key::required("value", Takes::Template, "How it is written: `{{ token }}`, `Bearer {{ token }}`."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Apply> {
    APPLY.open(cx, node)?;
    read_place(cx, node, ROOTS)
}

/// The place and value of an object whose keys the caller has opened.
pub(crate) fn read_place(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Apply> {
    let word = node.need(cx, "in").and_then(|place| place.word(cx, PLACES));
    let place = word.and_then(|word| {
        if word == "body" {
            return inject::pointer(cx, node).map(ApplyPlace::Body);
        }
        let name = inject::named(cx, node, word, matches!(word, "header" | "cookie"))?;
        Some(match word {
            "query" => ApplyPlace::Query(name),
            "cookie" => ApplyPlace::Cookie(name),
            "form" => ApplyPlace::Form(name),
            _ => ApplyPlace::Header(name),
        })
    });
    let value = node.need(cx, "value").and_then(|value| value.text(cx).and_then(|text| template_at(cx, &value, text, roots)));
    Some(Apply { place: place?, value: value? })
}
