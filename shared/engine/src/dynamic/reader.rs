//! Reads a whole entity, page after page: the next page is asked for while the present one is looked at.
//!
//! Used where records are read straight, without queues: the command line, recorded tests, previews. Requests are those of
//! a poll, byte for byte.

use std::{future::Future, sync::Arc};

use connector::Connector;
use document::{Arena, Item, Parser};
use fault::Simple;

use super::{Dynamic, change, fetch::{Fetched, Kind, Reach}, given, state::State, window};
use crate::{Call, Canonical, Secret, Source, Told, recorded::Seen};

/// Reads entities of one definition.
pub struct Reader(Dynamic);

/// One page, while it is looked at.
pub struct Page<'p> {
    /// The records, in the order of the source.
    pub records: &'p [Item<'p>],
    /// How many were read before and left out.
    pub known: usize,
    /// How many `records.filter` left out.
    pub filtered: usize,
    /// How many were left out because a table of `lookup` does not have their key.
    pub missed: usize,
    /// How many the answer held, before any were left out.
    pub count: usize,
    /// Where to go on behind this page.
    pub cursor: String,
    /// Whether it is the last.
    pub done: bool,
    /// Whether the answer names a next page which the definition does not read: it has no pagination, or that looks where nothing stands.
    pub unread: bool,
    /// Whether a listing that ended with this page became shorter whenever it was read, and was not read again once more.
    pub restless: bool,
    /// How many records fewer a listing showed that ended with this page than the `total` it told.
    pub lacking: i64,
    reader: &'p Dynamic,
    entity: &'p connector::Entity,
    now_ms: i64,
}

impl Reader {
    /// A reader of a checked definition.
    #[must_use]
    pub fn new(connector: Arc<Connector>) -> Self {
        Self(Dynamic::new(connector))
    }

    /// The secrets the other system gave and that are still good, by what they are: to be kept out of recordings.
    #[must_use]
    pub fn secrets(&self) -> Vec<(String, Secret)> {
        self.0.tokens.secrets()
    }

    /// Shows every page of an entity from a cursor on, until the last one or until `each` says that it is enough.
    ///
    /// A cursor is one of ours; any other text is taken for what the source itself calls a cursor or a time.
    ///
    /// # Errors
    /// What went wrong with the source, or what `each` says.
    pub async fn read(&self, call: Call<'_>, entity: &str, cursor: Option<&str>, mut each: impl FnMut(&Page<'_>) -> Result<bool, Simple>) -> Result<(), Simple> {
        let config = self.0.configured(call)?;
        let call = Call { config: &config, ..call };
        let (entity, read) = self.0.readable(entity)?;
        let state = self.begin(call, read, cursor)?;
        self.0.anew(&state);
        let mut fetched = self.0.fetch(call, read, state, Reach::Changes, &[], None).await?;
        let (mut parser, mut arena) = (Parser::new(crate::decode::limits()), Arena::new());
        loop {
            let found = self.0.found(call, read, &entity.events, &fetched).await?;
            let next = {
                let doc = if fetched.kind == Kind::Records { Some(fetched.parsed(&mut parser)?) } else { None };
                let mut digest = self.0.digest(call, read, &entity.events, &fetched, doc.as_ref().map(document::Doc::root), &arena)?;
                let missed = found.set(call.config, &mut digest.records, read, &arena).len();
                let page = Page { records: &digest.records, known: digest.known, filtered: digest.filtered, missed, count: digest.count, cursor: digest.state.text(), done: digest.done, unread: digest.noticed.unread, restless: digest.noticed.restless, lacking: digest.noticed.lacking, reader: &self.0, entity, now_ms: call.now_ms };
                if digest.done {
                    each(&page)?;
                    return Ok(());
                }
                let fetch = Box::pin(self.0.fetch(call, read, digest.state.clone(), Reach::Changes, &[], None));
                let (next, more) = ahead(fetch, || each(&page)).await;
                if !more? {
                    return Ok(());
                }
                next?
            };
            fetched = next;
            arena.reset();
        }
    }

    fn begin(&self, call: Call<'_>, read: &connector::Read, cursor: Option<&str>) -> Result<State, Simple> {
        let Some(text) = cursor else { return Ok(State::default()) };
        given::given(text).map_or_else(|| given::from_source(read, self.0.lengths(call, read)?, text), Ok)
    }
}

/// What stands where a record has its cursor, where nobody can read it; nothing and a blank are none.
#[must_use]
pub fn unread_cursor<'r>(incremental: &connector::Incremental, record: Item<'r>) -> Option<Item<'r>> {
    let said = incremental.cursor.at(record).filter(|said| !said.is_null() && said.plain().is_none_or(|text| !text.trim().is_empty()))?;
    window::point(incremental, record).is_none().then_some(said)
}

impl Page<'_> {
    /// The source's id of a record.
    #[must_use]
    pub fn external_id(&self, record: Item<'_>) -> String {
        let records = self.entity.read.as_ref().map(|read| &read.records);
        change::external_id(record, &self.entity.events, records)
    }

    /// What stands where a record should say when it changed, where nobody can read it.
    #[must_use]
    pub fn unread_time<'r>(&self, record: Item<'r>) -> Option<Item<'r>> {
        change::unread(record, &self.entity.events, self.incremental())
    }

    fn incremental(&self) -> Option<&connector::Incremental> {
        self.entity.read.as_ref()?.incremental.as_ref()
    }

    /// A record in canonical space; `None` where the definition leaves it out.
    ///
    /// # Errors
    /// What is missing or wrong, with its place.
    pub fn canonical(&self, record: Item<'_>) -> Result<Option<Canonical>, Simple> {
        let payload = change::payload(record, &self.entity.events);
        let occurred_ms = change::occurred(record, &self.entity.events, self.incremental()).map(|(ms, _)| ms);
        self.reader.canonical(&Told { entity: &self.entity.name, external_id: "", occurred_ms, payload }, self.now_ms)
    }

    /// Appends a record in canonical space as people see it, on one line; false where the definition leaves it out.
    ///
    /// What is made on the way stays in the arena, which can be reset before the next record.
    ///
    /// # Errors
    /// As [`Page::canonical`].
    pub fn write_canonical(&self, record: Item<'_>, arena: &Arena, out: &mut Vec<u8>) -> Result<bool, Simple> {
        let payload = change::payload(record, &self.entity.events);
        let (map, sketch) = self.reader.sketch(&self.entity.name, payload, self.now_ms, arena)?;
        let occurred_ms = change::occurred(record, &self.entity.events, self.incremental()).map(|(ms, _)| ms);
        let seen = Seen { canonical_type: map.kind.name, canonical_version: map.version, key: sketch.key.as_str(), occurred_ms, fields: sketch.fields, extensions: sketch.extensions };
        seen.item(arena).write(out);
        Ok(true)
    }
}

/// How often a request is looked after before the present page is: it has to find its connection, and go out by it.
const LOOKS: u32 = 4;

/// Begins to wait for one thing, does another, and goes on waiting.
async fn ahead<F: Future<Output = Result<Fetched, Simple>> + Unpin, R>(fetch: F, work: impl FnOnce() -> R) -> (Result<Fetched, Simple>, R) {
    let mut fetch = futures::future::maybe_done(fetch);
    // The looks send the request, and let whoever carries it have the thread; what comes back waits for us.
    let mut looks = 0;
    std::future::poll_fn(|cx| {
        looks += 1;
        if std::pin::Pin::new(&mut fetch).poll(cx).is_ready() || looks == LOOKS {
            return std::task::Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    }).await;
    let worked = work();
    std::pin::Pin::new(&mut fetch).await;
    let fetched = std::pin::Pin::new(&mut fetch).take_output().unwrap_or_else(|| Err(Simple::retry("internal", "the next page was never asked for")));
    (fetched, worked)
}
