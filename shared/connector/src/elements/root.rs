//! The whole document: what may stand at its top.

use super::{
    auth::AUTH, canonical_map::CANONICAL_MAP, config::ENTRY, deliver::DELIVER, entities::{ENTITIES, READING}, errors::RULE, event_mapping::EVENT_MAPPING, lookup::LOOKUP, mcp::MCP, metadata::METADATA, rate_limiting::RATE_LIMITING,
    request::REQUEST, snapshot::SNAPSHOT, tests::TESTS, webhook::WEBHOOK,
};
use crate::shape::{Element, Key, Takes};

/// `endpoints.poll`: a request with what stands beside it.
pub(crate) static POLL: Element = Element {
    name: "poll",
    doc: "One entity, named by the prefix of its event type: the short form of `entities`.",
    keys: &[
        REQUEST.keys[0].again(), REQUEST.keys[1].again(), REQUEST.keys[2].again(), REQUEST.keys[3].again(), REQUEST.keys[4].again(), REQUEST.keys[5].again(), REQUEST.keys[6].again(), REQUEST.keys[7].again(),
        REQUEST.keys[8].again(), REQUEST.keys[9].again(), REQUEST.keys[10].again(), REQUEST.keys[11].again(), READING.keys[0].again(), READING.keys[1].again(), READING.keys[2].again(), READING.keys[3].again(),
        READING.keys[4].again(), READING.keys[5].again(),
    ],
};
/// `endpoints`.
pub(crate) static ENDPOINTS: Element = Element {
    name: "endpoints",
    doc: "The short form of one entity, and the request that tries the credentials.",
    keys: &[Key::new("poll", Takes::Of(&POLL), "How changes are read."), Key::new("test", Takes::Of(&REQUEST), "A harmless request that tries the credentials.")],
};

/// The whole document.
pub static ROOT: Element = Element {
    name: "definition",
    doc: "A connector: what another system holds, how it is read and written.",
    keys: &[
        Key::new("$schema", Takes::Text, "The address of this schema, for editors."),
        Key::new("language", Takes::Words(&["1.0"]), "The version of the language."),
        Key::required("metadata", Takes::Of(&METADATA), "What the connector is called and which sides it has."),
        Key::new("protocol", Takes::Words(&["rest", "mcp"]), "How the other system is spoken to; `rest` without it."),
        Key::new("mcpConfig", Takes::Of(&MCP), "The server a definition of protocol mcp hands its work to."),
        Key::new("config", Takes::Map(&Takes::Of(&ENTRY)), "The values a connection is given; every secret is one of them."),
        Key::new("base_url", Takes::Template, "What relative addresses follow: absolute https, with values of `config` or `token`."),
        Key::new("headers", Takes::Map(&Takes::Template), "Headers of every request but those that ask for a token; a request's own of the same name wins."),
        Key::new("auth", AUTH, "How a request shows who asks."),
        Key::new("rate_limiting", Takes::Of(&RATE_LIMITING), "How often the other system may be asked."),
        Key::new("errors", Takes::List(&Takes::Of(&RULE)), "What answers mean; what no rule fits is judged by its status."),
        Key::new("endpoints", Takes::Of(&ENDPOINTS), "The short form of one entity, and the request that tries the credentials."),
        Key::new("entities", ENTITIES, "What the other system holds, by name."),
        Key::new("eventMapping", Takes::Of(&EVENT_MAPPING), "How records become changes, where an entity does not say."),
        Key::new("lookup", Takes::Map(&Takes::Of(&LOOKUP)), "Tables made of entities, by name."),
        Key::new("canonical_map", Takes::Map(&Takes::Of(&CANONICAL_MAP)), "How the records of an entity become a canonical type, by entity."),
        Key::new("snapshot", SNAPSHOT, "How the current state of a canonical type is read, by type."),
        Key::new("deliver", Takes::Map(&Takes::Of(&DELIVER)), "How a canonical type is delivered, by type."),
        Key::new("webhook", Takes::Of(&WEBHOOK), "How a delivery is verified and what it tells."),
        Key::new("tests", TESTS, "Recorded tests, run offline by `pullpush definition test`."),
    ],
};
