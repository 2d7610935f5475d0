//! `snapshot`: how the current state of a canonical type is read.

use canonical::Kind;

use super::{deliver, entities::{self, Read}, inject::{self, Inject}, request};
use crate::check::{Check, Node};

/// How a scan is restricted to keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlyKeys {
    /// Where the keys go, joined by commas.
    pub inject: Inject,
    /// How many go into one request.
    pub batch: u32,
}

/// How one canonical type is scanned.
#[derive(Debug)]
pub struct Scan {
    /// The canonical type.
    pub kind: &'static Kind,
    /// The entity whose canonical map applies.
    pub entity: String,
    /// Its own way to read; otherwise that of the entity.
    pub read: Option<Read>,
    /// How it is restricted to keys.
    pub only_keys: Option<OnlyKeys>,
    /// Where `entity` stands, for findings.
    pub(crate) at: String,
}

const DEFAULT_BATCH: u32 = 50;

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<Scan> {
    let entries = node.entries(cx).unwrap_or_default();
    entries.iter().filter_map(|entry| scan(cx, entry)).collect()
}

fn scan(cx: &mut Check, node: &Node<'_>) -> Option<Scan> {
    node.object(cx, &["entity", "request", "records", "pagination", "only_keys"])?;
    let kind = deliver::named(cx, node);
    let entity = node.need(cx, "entity");
    let name = entity.as_ref().and_then(|entity| entity.text(cx));
    let read = match node.get("request") {
        Some(request) => {
            let request = request::read(cx, &request, request::READ, &[]);
            Some(entities::rest(cx, node, request)?)
        }
        None => None,
    };
    let only_keys = match node.get("only_keys") {
        Some(only) => {
            only.object(cx, &["inject", "batch"])?;
            let inject = only.need(cx, "inject").and_then(|place| inject::read(cx, &place, &[]));
            let batch = only.get("batch").map_or(Some(DEFAULT_BATCH), |batch| batch.count(cx));
            Some(OnlyKeys { inject: inject?, batch: batch? })
        }
        None => None,
    };
    Some(Scan { kind: kind?, entity: name?.to_owned(), read, only_keys, at: entity?.at })
}
