//! `entities` and `endpoints`: what can be read, and the request that tries the credentials.

use super::{
    errors::{self, Rule}, event_mapping::{self, EVENT_MAPPING, EventMapping, EventType}, fan_out::{self, FAN_OUT, FanOut}, incremental::{self, INCREMENTAL, Incremental}, lookup::{self, Use},
    places, pagination::{self, PAGINATION, Pagination, Way}, records::{self, RECORDS, Records}, request::{self, REQUEST, Request},
};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// How records are read.
#[derive(Debug)]
pub struct Read {
    /// The values it is read once for each of.
    pub fan_out: Vec<FanOut>,
    /// The request of a page.
    pub request: Request,
    /// Where the records stand.
    pub records: Records,
    /// How the next page is found; without it there is one page.
    pub pagination: Option<Pagination>,
    /// What is asked for since when.
    pub incremental: Option<Incremental>,
    /// What is looked up for each record.
    pub lookups: Vec<Use>,
    /// What answers mean here, before what they mean everywhere.
    pub errors: Vec<Rule>,
    /// Whether anything of it looks at `field_hint`.
    pub(crate) scoped: bool,
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

/// What stands beside a request.
pub(crate) static READING: Element = Element {
    name: "reading",
    doc: "How records are read, beside the request.",
    keys: &[
        Key::new("fan_out", Takes::Either(&[Takes::List(&Takes::Of(&FAN_OUT)), Takes::Of(&FAN_OUT)]), "The values it is read once for each of."),
        Key::new("records", Takes::Of(&RECORDS), "Where the records stand and what becomes of them; without it the body if it is an array, else its only top-level array."),
        Key::new("pagination", PAGINATION, "How the next page is found; without it there is one page."),
        Key::new("incremental", Takes::Of(&INCREMENTAL), "What is asked for since when."),
        Key::new("lookup", Takes::Either(&[Takes::List(&Takes::Of(&lookup::USE)), Takes::Of(&lookup::USE)]), "What is looked up for each record."),
        Key::new("errors", Takes::List(&Takes::Of(&errors::RULE)), "What answers mean here, before what they mean everywhere."),
    ],
};
const REQUESTED: Key = Key::required("request", Takes::Of(&REQUEST), "The request of a page.");
static READ: Element = Element { name: "read", doc: "How the records of an entity are read.", keys: &[REQUESTED, READING.keys[0].again(), READING.keys[1].again(), READING.keys[2].again(), READING.keys[3].again(), READING.keys[4].again(), READING.keys[5].again()] };
static ENTITY: Element = Element {
    name: "entity",
    doc: "One kind of thing the other system holds.",
    keys: &[Key::new("read", Takes::Of(&READ), "How it is read."), Key::new("eventMapping", Takes::Of(&EVENT_MAPPING), "How its records become changes.")],
};
/// `entities`.
pub(crate) const ENTITIES: Takes = Takes::Map(&Takes::Of(&ENTITY));

pub(crate) fn read(cx: &mut Check, node: &Node<'_>, common: Option<&EventMapping>) -> Vec<Entity> {
    let entries = node.entries(cx).unwrap_or_default();
    entries.iter().filter_map(|entry| entity(cx, entry, common)).collect()
}

fn entity(cx: &mut Check, node: &Node<'_>, common: Option<&EventMapping>) -> Option<Entity> {
    ENTITY.open(cx, node)?;
    let read = node.get("read").map_or(Some(None), |read| self::read_of(cx, &read).map(Some));
    let events = match node.get("eventMapping") {
        Some(events) => event_mapping::read(cx, &events),
        None => Some(common.cloned().unwrap_or_else(EventMapping::whole)),
    };
    Some(Entity { name: node.name(), read: read?, events: events? })
}

/// The `read` of an entity.
pub(crate) fn read_of(cx: &mut Check, node: &Node<'_>) -> Option<Read> {
    READ.open(cx, node)?;
    let request = node.need(cx, "request");
    reading(cx, node, request.as_ref(), |cx| request::read(cx, request.as_ref()?, request::READ))
}

/// What stands beside a request, and the request: it may name the parents and variables declared beside it.
pub(crate) fn reading(cx: &mut Check, node: &Node<'_>, at: Option<&Node<'_>>, request: impl FnOnce(&mut Check) -> Option<Request>) -> Option<Read> {
    let fan_out = node.get("fan_out").map_or(Some(Vec::new()), |fan_out| fan_out::read(cx, &fan_out));
    cx.vars = node.get("pagination").map(|pagination| pagination::variables(&pagination)).unwrap_or_default();
    let before = cx.list().len();
    let request = request(cx);
    // What is wrong with the request may be what uses a position; nothing is said of that then.
    let whole = cx.list().len() == before;
    let mut read = rest(cx, node, request, whole, fan_out);
    read.iter_mut().for_each(places::bodied);
    cx.parents.clear();
    cx.vars.clear();
    cx.open.retain(|root| *root != "parent");
    if let (Some(read), Some(at), true) = (&read, at, whole) {
        places::positions(cx, node, at, read);
        fan_out::whole(cx, node, at, read);
    }
    places::twice(cx, node);
    if let Some(read) = &read {
        places::doubled(cx, node, read);
    }
    read
}

fn rest(cx: &mut Check, node: &Node<'_>, request: Option<Request>, whole: bool, fan_out: Option<Vec<FanOut>>) -> Option<Read> {
    let records = node.get("records").map_or(Some(Records::default()), |records| records::read(cx, &records));
    let seen = request.as_ref().filter(|_| whole);
    let pagination = node.get("pagination").map(|pagination| pagination::read(cx, &pagination, seen));
    // Of a scroll the search stands in what opens it.
    let opens = pagination.iter().flatten().any(|pagination| matches!(&pagination.way, Way::Scroll { open, .. } if open.uses("window") || open.uses("cursor")));
    let incremental = node.get("incremental").map(|incremental| incremental::read(cx, &incremental, seen.filter(|_| !opens)));
    let lookups = node.get("lookup").map(|uses| lookup::uses(cx, &uses)).unwrap_or_default();
    let errors = node.get("errors").map(|errors| errors::read(cx, &errors)).unwrap_or_default();
    let pagination = pagination.map_or(Some(None), |read| read.map(Some))?;
    let incremental = incremental.map_or(Some(None), |read| read.map(Some))?;
    let scoped = places::mentions(node.value, "field_hint");
    Some(Read { fan_out: fan_out?, request: request?, records: records?, pagination, incremental, lookups, errors, scoped })
}

/// `endpoints.poll`: one entity, named by the prefix of its event type.
pub(crate) fn poll(cx: &mut Check, node: &Node<'_>, common: Option<&EventMapping>) -> Option<Entity> {
    let read = reading(cx, node, Some(node), |cx| request::read_with(cx, node, request::READ, &[&READING]))?;
    let events = common.cloned().unwrap_or_else(EventMapping::whole);
    let name = polled(common);
    Some(Entity { name, read: Some(read), events })
}

/// The name of the entity of `endpoints.poll`.
pub(crate) fn polled(common: Option<&EventMapping>) -> String {
    match common.and_then(|events| events.event_type.as_ref()) {
        Some(EventType::Fixed(kind)) => kind.split('.').next().unwrap_or(kind).to_owned(),
        Some(EventType::Path(_)) | None => "record".to_owned(),
    }
}
