//! `deliver`: how a canonical event is written to the other system.

use canonical::Kind;
use document::{Path, Value};

use super::{canonical_map, inject, request::{self, REQUEST, Request}};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// How one effect stays one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idempotency {
    /// The key travels in this header.
    Header(String),
    /// The write names its target and sets its state.
    NaturalKey,
    /// Repeating doubles.
    None,
}

/// How one canonical type is delivered.
#[derive(Debug)]
pub struct Deliver {
    /// The canonical type.
    pub kind: &'static Kind,
    /// The request of one event.
    pub request: Request,
    /// How one effect stays one.
    pub idempotency: Idempotency,
    /// What a 2xx answer must say to be a success.
    pub success_when: Option<(Path, Value)>,
}

static HEADER: Element = Element { name: "idempotency_header", doc: "A header that carries the key.", keys: &[Key::required("header", Takes::Text, "Its name.")] };
static SUCCESS: Element = Element {
    name: "success_when",
    doc: "What a 2xx answer must say to be a success.",
    keys: &[Key::required("path", Takes::Path { singular: true }, "Where it says so."), Key::required("equals", Takes::Any, "What it says.")],
};
/// How one canonical type is delivered.
pub(crate) static DELIVER: Element = Element {
    name: "deliver",
    doc: "How one canonical type is delivered.",
    keys: &[
        Key::required("request", Takes::Of(&REQUEST), "The request of one event; it sees `key`, `fields` and `extensions`."),
        Key::required("idempotency", Takes::Either(&[Takes::Words(&["natural_key", "none"]), Takes::Of(&HEADER)]), "How one effect stays one: the write names its target and sets its state, a header carries a key, or nothing does."),
        Key::new("success_when", Takes::Of(&SUCCESS), "What a 2xx answer must say to be a success."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<Deliver> {
    let entries = node.entries(cx).unwrap_or_default();
    entries.iter().filter_map(|entry| deliver(cx, entry)).collect()
}

fn deliver(cx: &mut Check, node: &Node<'_>) -> Option<Deliver> {
    DELIVER.open(cx, node)?;
    let kind = named(cx, node);
    let request = node.need(cx, "request").and_then(|request| request::read(cx, &request, request::DELIVER));
    let idempotency = node.need(cx, "idempotency").and_then(|idempotency| self::idempotency(cx, &idempotency));
    let success_when = match node.get("success_when") {
        Some(when) => {
            SUCCESS.open(cx, &when)?;
            let path = when.need(cx, "path").and_then(|path| path.path(cx, true));
            let equals = when.need(cx, "equals").map(|equals| equals.value.clone());
            Some((path?, equals?))
        }
        None => None,
    };
    Some(Deliver { kind: kind?, request: request?, idempotency: idempotency?, success_when })
}

/// The canonical type that is the key of an entry.
pub(crate) fn named(cx: &mut Check, node: &Node<'_>) -> Option<&'static Kind> {
    let name = Value::String(node.name());
    canonical_map::kind(cx, &Node { value: &name, at: node.at.clone() })
}

fn idempotency(cx: &mut Check, node: &Node<'_>) -> Option<Idempotency> {
    if node.value.entries().is_some() {
        HEADER.open(cx, node)?;
        let header = node.need(cx, "header")?;
        return inject::header_name(cx, &header, true).map(Idempotency::Header);
    }
    Some(match node.word(cx, &["natural_key", "none"])? {
        "natural_key" => Idempotency::NaturalKey,
        _ => Idempotency::None,
    })
}
