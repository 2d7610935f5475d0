//! What a connector can be: a source, a destination, something to test; `snapshot.rs` has something to snapshot.
//!
//! Builtin, generated and dynamic connectors stand behind the same traits; the pipeline knows nothing else of them.

use async_trait::async_trait;
use canonical::{Change, Event, Key, Millis};
use document::{Hash128, Item, Value};
use fault::Simple;

use crate::{Config, Exchange, Pace, Secret, Sessions, Unpaced};

/// Header names in any case, and values, in the order they came.
pub type Headers = [(String, String)];

/// What a call to another system is made with.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The hydrated configuration of the connection.
    pub config: &'a Config,
    /// The way out.
    pub exchange: &'a dyn Exchange,
    /// The present, fixed for this call.
    pub now_ms: Millis,
    /// Who waits for turns and between tries.
    pub pace: &'a dyn Pace,
    /// Where sessions are kept beyond this process, if anywhere.
    pub sessions: Option<&'a dyn Sessions>,
}

impl<'a> Call<'a> {
    /// A call that waits for nothing and keeps sessions in this process alone.
    #[must_use]
    pub fn new(config: &'a Config, exchange: &'a dyn Exchange, now_ms: Millis) -> Self {
        Self { config, exchange, now_ms, pace: &Unpaced, sessions: None }
    }

    /// The present after whatever was waited for: what waits, budgets and sessions go by. Templates go by `now_ms`.
    #[must_use]
    pub fn present_ms(&self) -> Millis {
        self.pace.now_ms().unwrap_or(self.now_ms)
    }
}

/// One page of changes.
#[derive(Debug, Clone)]
pub struct Page {
    /// The changes, in the order of the source.
    pub changes: Vec<Change>,
    /// Where to go on, opaque to everyone else; saved after every change of this page is durably queued.
    pub cursor: String,
    /// Whether this was the last page of the run.
    pub done: bool,
    /// Hash of the records, by which a source that repeats itself is recognised.
    pub hash: Hash128,
}

/// What is known of a change when it is mapped: its record is looked at where it was parsed.
#[derive(Debug, Clone, Copy)]
pub struct Told<'c> {
    /// Entity of the connector.
    pub entity: &'c str,
    /// The source's id of the thing that changed.
    pub external_id: &'c str,
    /// When the source says it changed; absent when it does not say.
    pub occurred_ms: Option<Millis>,
    /// The record.
    pub payload: Item<'c>,
}

impl<'c> From<&'c Change> for Told<'c> {
    fn from(change: &'c Change) -> Self {
        Self { entity: &change.entity, external_id: &change.external_id, occurred_ms: change.occurred_ms, payload: (&change.payload).into() }
    }
}

/// A change in canonical space, before it has an id and a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical {
    /// `stocklevel`, `order`, …
    pub canonical_type: String,
    /// Version of the type's schema.
    pub canonical_version: u32,
    /// Which thing.
    pub key: Key,
    /// When the source says it was so; absent when it does not say.
    pub occurred_ms: Option<Millis>,
    /// The fields.
    pub fields: Value,
    /// What nobody mapped and the definition wants to keep.
    pub extensions: Value,
}

/// Something changes are read from.
#[async_trait]
pub trait Source: Send + Sync {
    /// The entities that can be polled.
    fn entities(&self) -> Vec<String>;

    /// The canonical type an entity becomes, if it is mapped.
    fn canonical_type(&self, entity: &str) -> Option<&str>;

    /// Whether it stops by itself what goes in circles, and tells by which pages: then nobody else looks for it.
    fn guards_itself(&self) -> bool {
        false
    }

    /// Reads the page at a cursor; `None` is the very beginning. Reading the same cursor twice is harmless.
    ///
    /// # Errors
    /// A fault that says whether trying again helps.
    async fn page(&self, call: Call<'_>, entity: &str, cursor: Option<&str>) -> Result<Page, Simple>;

    /// The change in canonical space; `None` when the definition filters it out. The time is what `now()` means: the same
    /// for every try.
    ///
    /// # Errors
    /// A rejection with the path of what is missing or wrong.
    fn canonical(&self, told: &Told<'_>, now_ms: Millis) -> Result<Option<Canonical>, Simple>;

    /// The webhook side, if there is one.
    fn webhook(&self) -> Option<&dyn Webhook>;
}

/// The webhook side of a source.
pub trait Webhook: Send + Sync {
    /// Checks the signature over the raw body, in constant time, against every live secret; one match suffices.
    /// Fails closed: no secret, no header, no match and a stale timestamp are all refusals.
    ///
    /// # Errors
    /// A rejection with its code.
    fn verify(&self, body: &[u8], headers: &Headers, secrets: &[Secret], now_ms: Millis) -> Result<(), Simple>;

    /// The changes a body tells of, one per item of a batch. Called only after `verify`.
    ///
    /// # Errors
    /// A rejection with the place in the body.
    fn changes(&self, body: &[u8], headers: &Headers) -> Result<Vec<Change>, Simple>;
}

/// How a destination keeps one effect one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// It honours a key in a header: repeating is harmless.
    Header,
    /// The write names its target and sets its state: repeating is harmless.
    NaturalKey,
    /// We look for the effect before we repeat.
    Lookup,
    /// Repeating doubles: after an ambiguous outcome nothing is repeated.
    None,
}

/// The destination took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The status of the answer.
    pub status: u16,
}

/// The destination did not take it, or we cannot know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryFault {
    /// Code, disposition (with the delay the other side named) and message.
    pub fault: Simple,
    /// The other side may have acted, now or later.
    pub ambiguous: bool,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// The beginning of the answer, secrets masked: kept for the owner, never logged.
    pub excerpt: String,
}

/// Something events are delivered to.
#[async_trait]
pub trait Destination: Send + Sync {
    /// The canonical types it takes.
    fn accepts(&self) -> Vec<String>;

    /// How it keeps one effect one, for a canonical type.
    fn idempotency(&self, canonical_type: &str) -> Idempotency;

    /// The most requests per second the definition allows, if it says so.
    fn requests_per_second(&self) -> Option<u32>;

    /// How many requests may be on their way at once, if it says so.
    fn concurrency(&self) -> Option<u32> {
        None
    }

    /// Delivers one event. May be called again with the same key after any failure.
    ///
    /// # Errors
    /// What went wrong, and whether the other side may have acted.
    async fn deliver(&self, call: Call<'_>, event: &Event, idempotency_key: &str) -> Result<Delivered, DeliveryFault>;
}

/// Something whose credentials can be tried.
#[async_trait]
pub trait Probe: Send + Sync {
    /// Makes one harmless call with the credentials.
    ///
    /// # Errors
    /// What the owner has to change.
    async fn test(&self, call: Call<'_>) -> Result<(), Simple>;
}
