//! `deliver`: how a canonical event is written to the other system.

use canonical::Kind;
use document::{Path, Value};

use super::{canonical_map, inject, request::{self, Request}};
use crate::check::{Check, Node};

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

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<Deliver> {
    let entries = node.entries(cx).unwrap_or_default();
    entries.iter().filter_map(|entry| deliver(cx, entry)).collect()
}

fn deliver(cx: &mut Check, node: &Node<'_>) -> Option<Deliver> {
    node.object(cx, &["request", "idempotency", "success_when"])?;
    let kind = named(cx, node);
    let request = node.need(cx, "request").and_then(|request| request::read(cx, &request, request::DELIVER, &[]));
    let idempotency = node.need(cx, "idempotency").and_then(|idempotency| self::idempotency(cx, &idempotency));
    let success_when = match node.get("success_when") {
        Some(when) => {
            when.object(cx, &["path", "equals"])?;
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
        node.object(cx, &["header"])?;
        let header = node.need(cx, "header")?;
        return inject::header_name(cx, &header, true).map(Idempotency::Header);
    }
    Some(match node.word(cx, &["natural_key", "none"])? {
        "natural_key" => Idempotency::NaturalKey,
        _ => Idempotency::None,
    })
}
