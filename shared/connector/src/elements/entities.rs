//! `entities` and `endpoints`: what can be read, and the request that tries the credentials.

use super::{
    event_mapping::{self, EventMapping, EventType}, incremental::{self, Incremental}, pagination::{self, Pagination}, records::{self, Records}, request::{self, Request},
};
use crate::check::{Check, Node};

/// How records are read.
#[derive(Debug)]
pub struct Read {
    /// The request of a page.
    pub request: Request,
    /// Where the records stand.
    pub records: Records,
    /// How the next page is found; without it there is one page.
    pub pagination: Option<Pagination>,
    /// What is asked for since when.
    pub incremental: Option<Incremental>,
}

/// One kind of thing the other system holds.
#[derive(Debug)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// How it is read, if it can be polled.
    pub read: Option<Read>,
    /// How its records become changes.
    pub events: EventMapping,
}

pub(crate) fn read(cx: &mut Check, node: &Node<'_>, common: Option<&EventMapping>) -> Vec<Entity> {
    let entries = node.entries(cx).unwrap_or_default();
    entries.iter().filter_map(|entry| entity(cx, entry, common)).collect()
}

fn entity(cx: &mut Check, node: &Node<'_>, common: Option<&EventMapping>) -> Option<Entity> {
    node.object(cx, &["read", "eventMapping"])?;
    let read = match node.get("read") {
        Some(read) => Some(self::read_of(cx, &read)?),
        None => None,
    };
    let events = match node.get("eventMapping") {
        Some(events) => event_mapping::read(cx, &events)?,
        None => common.cloned().unwrap_or_else(EventMapping::whole),
    };
    Some(Entity { name: node.name(), read, events })
}

/// The `read` of an entity.
pub(crate) fn read_of(cx: &mut Check, node: &Node<'_>) -> Option<Read> {
    node.object(cx, &["request", "records", "pagination", "incremental"])?;
    let request = node.need(cx, "request").and_then(|request| request::read(cx, &request, request::READ, &[]));
    rest(cx, node, request)
}

/// What stands beside a request.
pub(crate) fn rest(cx: &mut Check, node: &Node<'_>, request: Option<Request>) -> Option<Read> {
    let records = node.get("records").and_then(|records| records::read(cx, &records)).unwrap_or_default();
    let pagination = node.get("pagination").map(|pagination| pagination::read(cx, &pagination, request.as_ref()));
    let incremental = node.get("incremental").map(|incremental| incremental::read(cx, &incremental));
    let pagination = pagination.map_or(Some(None), |read| read.map(Some))?;
    let incremental = incremental.map_or(Some(None), |read| read.map(Some))?;
    Some(Read { request: request?, records, pagination, incremental })
}

/// `endpoints.poll`: one entity, named by the prefix of its event type.
pub(crate) fn poll(cx: &mut Check, node: &Node<'_>, common: Option<&EventMapping>) -> Option<Entity> {
    let request = request::read(cx, node, request::READ, &["records", "pagination", "incremental"]);
    let read = rest(cx, node, request)?;
    let events = common.cloned().unwrap_or_else(EventMapping::whole);
    let name = match &events.event_type {
        Some(EventType::Fixed(kind)) => kind.split('.').next().unwrap_or(kind).to_owned(),
        Some(EventType::Path(_)) | None => "record".to_owned(),
    };
    Some(Entity { name, read: Some(read), events })
}
