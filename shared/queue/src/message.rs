//! What travels on the queues, versioned: a reader knows every version that may still be under way.

use canonical::{ConnectionId, EnvelopeId, EventId, FlowId, Millis, Occurrence, TenantId, Version};
use serde::{Deserialize, Serialize};

use crate::{Error, Job};

/// A message of any kind, at version 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "k", rename_all = "snake_case")]
pub enum Message {
    /// Raw changes on their way to the transform.
    Changes(Envelope),
    /// One event on its way to one destination.
    Delivery(Box<Delivery>),
    /// Work to be started.
    Job(Job),
}

/// Changes received together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Minted before the first send; the same in every copy.
    pub id: EnvelopeId,
    /// Whose.
    pub tenant: TenantId,
    /// From where.
    pub conn: ConnectionId,
    /// When the door took it, in ms; stamped once.
    pub acc: Millis,
    /// How often we re-sent it ourselves.
    #[serde(default)]
    pub hop: u32,
    /// The one flow it is for: a replay goes where it died. Absent: every flow that matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowId>,
    /// The changes.
    pub items: Vec<Item>,
}

/// One raw change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its place in the envelope as first minted.
    pub i: u32,
    /// Which change.
    pub ev: EventId,
    /// Event type in dot notation.
    pub ty: String,
    /// Entity of the connector.
    pub ent: String,
    /// The source's id of the thing.
    pub x: String,
    /// When the source says it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
    /// The source names its deliveries, and `ev` stems from that name: received twice, it is the same event.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub named: bool,
    /// What is wrong with it, where no event can carry it: then it is dead, and `p` may be its beginning only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
    /// The record, as text nobody opens on the way.
    pub p: String,
}

/// Why a record is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The registered code.
    pub code: String,
    /// In a sentence.
    pub message: String,
}

/// Why a destination is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An event.
    Deliver,
    /// The newest value once more.
    Verify,
    /// The destination drifted.
    Repair,
    /// A person insists.
    Force,
}

/// One attempt at a destination, as the owner may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When, in ms.
    pub at: Millis,
    /// How long it took.
    pub ms: Millis,
    /// The status of the answer, if one came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What went wrong.
    pub code: String,
    /// The beginning of the answer, secrets masked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
}

/// One event on its way to one destination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Whose.
    pub tenant: TenantId,
    /// On which flow.
    pub flow: FlowId,
    /// Which receipt of it.
    #[serde(with = "occurrence")]
    pub occ: Occurrence,
    /// Which change.
    pub ev: EventId,
    /// Canonical type.
    pub ct: String,
    /// Version of its schema.
    pub cv: u32,
    /// Canonical key.
    pub key: String,
    /// Version of the key's state.
    #[serde(with = "version")]
    pub ver: Version,
    /// Hash of the body, hex.
    pub bh: String,
    /// Why.
    pub why: Purpose,
    /// When the door took it.
    pub acc: Millis,
    /// How often we re-sent it ourselves.
    #[serde(default)]
    pub hop: u32,
    /// How often it met a lease.
    #[serde(default)]
    pub met: u32,
    /// A verify's own time: part of its idempotency key.
    #[serde(default)]
    pub du: Millis,
    /// Attempts so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tries: Vec<Attempt>,
    /// Its flow is strict: it travels on the FIFO queue.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// Its place in a strict key's line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seq: String,
    /// Released from a strict key's line: it goes ahead although the key is halted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub turn: bool,
    /// When its request may go, as it was reserved; zero: nothing is reserved.
    #[serde(default, skip_serializing_if = "crate::job::is_zero_ms")]
    pub turn_at: Millis,
    /// As in the item: received twice, it is applied once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub named: bool,
    /// `{"fields":…,"extensions":…}`, as text nobody opens on the way.
    pub p: String,
}

/// A message with its version checked.
#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    v: u32,
    #[serde(flatten)]
    message: T,
}

/// What became of opening a message body.
pub type Opened = Result<Message, Error>;

/// Opens a message body.
///
/// # Errors
/// [`Error::Unknown`] for a body that is no message, or of a version not known here.
pub fn open(body: &str) -> Opened {
    #[derive(Deserialize)]
    struct Header {
        v: Option<u32>,
    }
    let unknown = |reason: &str| Error::Unknown { reason: reason.to_owned() };
    let header: Header = serde_json::from_str(body).map_err(|_| unknown("it is not a JSON object"))?;
    match header.v {
        Some(1) => serde_json::from_str(body).map_err(|error| Error::Unknown { reason: format!("version 1, but {:?} at column {}", error.classify(), error.column()) }),
        Some(version) => Err(Error::Unknown { reason: format!("version {version}") }),
        None => Err(unknown("it has no version")),
    }
}

impl Message {
    /// The body to be sent. U+FFFE and U+FFFF are escaped, because SQS refuses them.
    #[must_use]
    pub fn body(&self) -> String {
        // Invariant: these types hold only texts and integers, which always serialise.
        let text = serde_json::to_string(&Versioned { v: 1, message: self }).expect("texts and integers serialise");
        if text.contains(['\u{fffe}', '\u{ffff}']) { text.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff") } else { text }
    }
}

mod version {
    use canonical::Version;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(version: &Version, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(version.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Version, D::Error> {
        let text = String::deserialize(input)?;
        Version::from_text(&text).ok_or_else(|| D::Error::custom("not a version"))
    }
}

mod occurrence {
    use canonical::Occurrence;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(occurrence: &Occurrence, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(occurrence.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Occurrence, D::Error> {
        let text = String::deserialize(input)?;
        Occurrence::from_text(&text).ok_or_else(|| D::Error::custom("not an occurrence"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(payload: &str) -> Message {
        let item = Item { i: 0, ev: EventId::parse("evt_1").unwrap(), ty: "a.b".into(), ent: "a".into(), x: "1\u{ffff}".into(), at: None, named: false, refused: None, p: payload.into() };
        Message::Changes(Envelope {
            id: EnvelopeId::parse("env_1").unwrap(),
            tenant: TenantId::parse("t").unwrap(),
            conn: ConnectionId::parse("c").unwrap(),
            acc: 5,
            hop: 0,
            flow: None,
            items: vec![item],
        })
    }

    #[test]
    fn what_is_sent_opens_and_holds_no_character_a_queue_refuses() {
        let message = envelope("{\"a\":\"\u{fffe}\"}");
        let body = message.body();
        assert!(!body.contains(['\u{fffe}', '\u{ffff}']));
        assert_eq!(open(&body).unwrap(), message);
    }

    #[test]
    fn changes_without_a_flow_are_for_every_flow_and_with_one_for_that_alone() {
        let plain = r#"{"v":1,"k":"changes","id":"env_1","tenant":"t","conn":"c","acc":5,"hop":0,"items":[]}"#;
        let aimed = r#"{"v":1,"k":"changes","id":"env_1","tenant":"t","conn":"c","acc":5,"hop":0,"flow":"stock","items":[]}"#;
        for (body, flow) in [(plain, None), (aimed, Some(FlowId::parse("stock").unwrap()))] {
            let Message::Changes(envelope) = open(body).unwrap() else { panic!("{body}") };
            assert_eq!(envelope.flow, flow);
            assert_eq!(Message::Changes(envelope).body(), body);
        }
    }

    #[test]
    fn what_is_no_message_is_told_apart() {
        for (body, reason) in [("", "it is not a JSON object"), ("[]", "it is not a JSON object"), ("{}", "it has no version"), (r#"{"v":2}"#, "version 2")] {
            assert_eq!(open(body), Err(Error::Unknown { reason: reason.into() }), "{body}");
        }
        assert!(matches!(open(r#"{"v":1,"k":"other"}"#), Err(Error::Unknown { .. })));
    }
}
