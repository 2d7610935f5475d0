//! From an answer to its records and to where the run goes on. Pure: the answer is parsed already, nothing is asked.

use connector::{EventMapping, Read, Way};
use document::{Arena, Fuel, Hash128, Item, Value, hash_bytes, print_of};
use fault::Simple;

use super::{Dynamic, around::Around, change, fetch::{self, Fetched, Kind, Reach}, guard::{Guard, Onward}, lengths::Lengths, names::Values, partition, position::{self, Seen}, state::{At, Mark, Point, State}, window::{self, Sight}};
use crate::{Call, records};

/// A page, read.
pub(crate) struct Digest<'p> {
    /// The records that count, in order.
    pub(crate) records: Vec<Item<'p>>,
    /// How many were read before and left out.
    pub(crate) known: usize,
    /// Where the run goes on.
    pub(crate) state: State,
    /// Whether this was the last page of the run.
    pub(crate) done: bool,
    /// Hash of the page.
    pub(crate) hash: Hash128,
}

impl Dynamic {
    /// Takes an answer apart.
    pub(crate) fn digest<'p>(&'p self, call: Call<'_>, read: &'p Read, events: &EventMapping, fetched: &'p Fetched, answer: Option<Item<'p>>, arena: &'p Arena) -> Result<Digest<'p>, Simple> {
        let mut state = fetched.state.clone();
        let nothing = |state, done| Digest { records: Vec::new(), known: 0, state, done, hash: hash_bytes(b"") };
        match (fetched.kind, answer) {
            (Kind::NotYet, _) => return Ok(nothing(state, false)),
            (Kind::End, _) => return Ok(nothing(ended(read, fetched.lengths, state), true)),
            (Kind::Nothing | Kind::Closed, _) | (Kind::Records, None) => {
                let done = finish(read, &mut state, fetched);
                return Ok(nothing(if done { ended(read, fetched.lengths, state) } else { state }, done));
            }
            (Kind::Records, Some(_)) => {}
        }
        let answer = answer.unwrap_or(Item::Null);
        let fuel = Fuel::new(records::STEPS);
        let around = Around::of(self, call, read, fetched);
        let named = records::named(&read.records, |name| {
            let own = Arena::new();
            let text = around.values(self, call, fetched).scene(&own, &fuel, call.now_ms).text(name)?.map(std::borrow::Cow::into_owned);
            Ok(text)
        })?;
        let mut all = Vec::new();
        let count = records::visit(answer, &read.records, &named, arena, &fuel, &mut |record| {
            all.push(record);
            Ok(())
        })?;
        let hash = hash_of(&all, &fetched.response.body);
        let last = all.last().copied();
        let mut kept = Kept { end: false, known: 0, points: Vec::new(), records: Vec::with_capacity(all.len()) };
        self.sift(call, read, events, fetched, &around, &mut state, all, &mut kept, arena)?;
        if let Some(incremental) = &read.incremental {
            let began = began(read, &state);
            window::note(incremental, fetched.lengths, &mut state.part, kept.points.iter().cloned(), began, call.now_ms);
        } else if read.request.uses("cursor") {
            let began = state.began.or(state.part.until).unwrap_or(call.now_ms);
            plain_note(&mut state, &kept.points, began);
        }
        let next = self.next(call, read, fetched, &around, answer, &mut state, &Sheet { last, count, hash, end: kept.end })?;
        let done = match next {
            Next::Page(at) => {
                if let At::Cursor(cursor) = &at
                    && fetch::names_itself(read)
                {
                    state.last = Some(cursor.clone());
                }
                state.part.at = Some(at);
                false
            }
            Next::Anew => {
                // It begins with what the one before ended with.
                (state.part.at, state.part.guard) = (None, super::guard::Guard::default());
                false
            }
            Next::None => finish(read, &mut state, fetched),
        };
        let state = if done { ended(read, fetched.lengths, state) } else { state };
        Ok(Digest { records: kept.records, known: kept.known, state, done, hash })
    }

    /// Keeps the records that count, with their values.
    #[expect(clippy::too_many_arguments, reason = "one pass over the records, which needs all that is known")]
    fn sift<'p>(&'p self, call: Call<'_>, read: &'p Read, events: &EventMapping, fetched: &'p Fetched, around: &Around, state: &mut State, all: Vec<Item<'p>>, kept: &mut Kept<'p>, arena: &'p Arena) -> Result<(), Simple> {
        let recursive = read.fan_out.last().is_some_and(|level| level.recursive.is_some());
        let changes = fetched.reach == Reach::Changes;
        let mark = fetch::mark(read, &fetched.state, &fetched.scope.key).filter(|_| changes);
        // Whoever reads everything leaves out what comes again where a listing began anew.
        let incremental = read.incremental.as_ref().filter(|_| changes || fetched.state.part.from.is_some());
        let timed = read.incremental.is_some() || read.request.uses("cursor");
        let around = around.values(self, call, fetched);
        for record in all {
            // What is added may tell the time of a record; what makes it known is the record as it was answered.
            let whole = if read.records.add.is_empty() { record } else { with(read, record, around, call.now_ms, arena)? };
            let point = match &read.incremental {
                Some(incremental) => window::point(incremental, whole),
                None if timed => change::occurred(whole, events, None).map(|(value, text)| Point { value, text }),
                None => None,
            };
            let counts = match &read.records.filter {
                Some(filter) => partition::truth(&Values { record: Some(record), ..around }, filter, call.now_ms)?,
                None => true,
            };
            if recursive && counts {
                self.branch(call, read, state, record, fetched.scope.parents.as_ref())?;
            }
            if let Some(incremental) = incremental {
                match window::sight(incremental, fetched.lengths, &fetched.state.part, mark, record, point.as_ref()) {
                    Sight::New => {}
                    Sight::Known => {
                        kept.known += usize::from(counts);
                        kept.points.extend(point.map(|point| (record, point)));
                        continue;
                    }
                    Sight::End => {
                        kept.end = true;
                        break;
                    }
                }
            }
            // What is left out has been read all the same.
            kept.points.extend(point.map(|point| (record, point)));
            if counts {
                kept.records.push(whole);
            }
        }
        Ok(())
    }

    /// Where the next page of the partition is; `None` after its last.
    #[expect(clippy::too_many_arguments, reason = "whatever a condition may see, and what goes on")]
    fn next(&self, call: Call<'_>, read: &Read, fetched: &Fetched, around: &Around, answer: Item<'_>, state: &mut State, page: &Sheet<'_>) -> Result<Next, Simple> {
        let Some(pagination) = &read.pagination else { return Ok(Next::None) };
        state.part.count = state.part.count.saturating_add(i64::try_from(page.count).unwrap_or(i64::MAX));
        let texts = Described::of(fetched, page.count);
        let values = Values { response: Some(answer), headers: Some(&texts.headers), status: Some(&texts.status), last: page.last, count: Some(&texts.count), ..around.values(self, call, fetched) };
        let seen = Seen {
            response: &fetched.response, answer, url: &fetched.url, count: page.count, so_far: state.part.count, pages: state.part.guard.pages.saturating_add(1), last: page.last, at: fetched.state.part.at.as_ref(), asked: around.cursor.as_ref(), values, now_ms: call.now_ms,
        };
        let mut next = if page.end { None } else { position::next(pagination, &seen)? };
        if let (Some(At::Url(text)), connector::Auth::ApiKey(connector::Apply { place: connector::ApplyPlace::Query(name), .. })) = (&mut next, self.auth(call)?)
            && let Ok(mut url) = url::Url::parse(text)
        {
            // A key that is repeated in the link is not written down.
            super::credentials::without(&mut url, name);
            *text = url.into();
        }
        let position = next.as_ref().map(|at| at.value().to_string());
        if position.as_ref().is_some_and(|position| position.len() > MOST_POSITION) {
            return Err(Simple::reject("destination_nonsense", format!("what names the next page has more than {MOST_POSITION} bytes")));
        }
        let position = position.map(|position| hex::encode(hash_bytes(position.as_bytes())));
        let named = matches!(next, Some(At::Cursor(_) | At::Url(_) | At::Values(_))) && !matches!(pagination.way, Way::Scroll { .. });
        let next_one = if next.is_none() { Onward::Over } else { position.filter(|_| named).map_or(Onward::Counted, Onward::To) };
        state.part.guard.page(pagination, page.count, &hex::encode(page.hash), &next_one)?;
        match next {
            Some(at) => capped(read, state, at),
            None => Ok(closing(&pagination.way, answer, fetched).map_or(Next::None, Next::Page)),
        }
    }
}

/// The record with what is added to it.
fn with<'p>(read: &'p Read, record: Item<'p>, around: Values<'_>, now_ms: i64, arena: &'p Arena) -> Result<Item<'p>, Simple> {
    let values = Values { record: Some(record), ..around };
    let fuel = Fuel::default();
    let mut members: Vec<(&'p str, Item<'p>)> = Vec::with_capacity(record.len() + read.records.add.len());
    for (name, template) in &read.records.add {
        // Made apart: what it is made of may be gone before the page is.
        let own = Arena::new();
        let value = { values.scene(&own, &fuel, now_ms).value(template).map_err(|error| Simple::from_fault(&error))?.map(Item::to_value) };
        members.extend(value.map(|value| (name.as_str(), kept(&value, arena))));
    }
    let added = members.len();
    for (name, item) in record.entries() {
        if !members[..added].iter().any(|(known, _)| **known == *name) {
            members.push((arena.keep(name), item));
        }
    }
    Ok(arena.map(members))
}

/// A copy of a value that lives as long as the page.
fn kept<'p>(value: &Value, arena: &'p Arena) -> Item<'p> {
    match value {
        Value::Null => Item::Null,
        Value::Bool(truth) => Item::Bool(*truth),
        Value::Number(number) => Item::Number(arena.text(number.text())),
        Value::String(text) => Item::Text(arena.text(text)),
        Value::Array(items) => arena.list(items.iter().map(|item| kept(item, arena)).collect::<Vec<_>>()),
        Value::Object(entries) => arena.map(entries.iter().map(|(name, value)| (arena.text(name), kept(value, arena))).collect::<Vec<_>>()),
    }
}

/// Bytes of what names a page: it is kept with everything else a run is at.
const MOST_POSITION: usize = 64 * 1024;

/// What is known of a page that was read.
struct Sheet<'p> {
    last: Option<Item<'p>>,
    count: usize,
    hash: Hash128,
    end: bool,
}

/// What is kept of a page.
struct Kept<'p> {
    end: bool,
    known: usize,
    points: Vec<(Item<'p>, Point)>,
    records: Vec<Item<'p>>,
}

/// An answer as conditions see it.
struct Described {
    headers: Value,
    status: String,
    count: String,
}

impl Described {
    fn of(fetched: &Fetched, count: usize) -> Self {
        let headers = fetched.response.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), Value::String(value.clone()))).collect();
        Self { headers: Value::Object(headers), status: fetched.response.status.to_string(), count: count.to_string() }
    }
}

/// A hash of what a page holds: of its text where the records stand in it as they are.
fn hash_of(records: &[Item<'_>], body: &[u8]) -> Hash128 {
    match (records.first(), records.last()) {
        (Some(Item::Node(first)), Some(Item::Node(last))) => print_of(first.text_through(*last).map_or(body, str::as_bytes)),
        _ => document::hash_item(Item::List(records)),
    }
}

/// How a partition goes on.
enum Next {
    /// This page.
    Page(At),
    /// The first page, of what lies behind the last record.
    Anew,
    /// It is over.
    None,
}

/// A listing that shows no more begins anew behind its last record.
fn capped(read: &Read, state: &mut State, at: At) -> Result<Next, Simple> {
    let Some(cap) = read.pagination.as_ref().and_then(|pagination| pagination.depth_cap) else { return Ok(Next::Page(at)) };
    if state.part.count < i64::from(cap) || matches!(at, At::Values(_)) {
        return Ok(Next::Page(at));
    }
    let stuck = || Simple::reject("cursor_loop", format!("more than {cap} records share one value, and the listing shows no more"));
    let high = state.part.high.as_ref().map(|mark| mark.point.value).ok_or_else(stuck)?;
    if state.part.from.is_some_and(|from| from >= high) {
        return Err(stuck());
    }
    // Its first page may hold what the last one held.
    (state.part.from, state.part.count, state.part.guard) = (Some(high), 0, Guard::default());
    Ok(Next::Anew)
}

/// A listing that has to be closed.
fn closing(way: &Way, answer: Item<'_>, fetched: &Fetched) -> Option<At> {
    let Way::Scroll { close: Some(_), from, .. } = way else { return None };
    position::scroll(from, answer, fetched.state.part.at.as_ref()).map(At::Close)
}

/// Takes the time of records into account where nothing is incremental: the next run may ask from it by `{{cursor}}`. What is told to
/// have changed since the run began may have changed behind our back elsewhere, and is asked for again.
fn plain_note(state: &mut State, points: &[(Item<'_>, Point)], began: i64) {
    let greatest = points.iter().map(|(_, point)| point).filter(|point| point.value <= began).max_by_key(|point| point.value);
    if let Some(point) = greatest
        && state.part.high.as_ref().is_none_or(|high| high.point.value < point.value)
    {
        state.part.high = Some(Mark { point: point.clone(), known: Vec::new() });
    }
}

/// Ends a listing: the next window, or the next partition. True where the run is over.
fn finish(read: &Read, state: &mut State, fetched: &Fetched) -> bool {
    if let Some(incremental) = read.incremental.as_ref().filter(|_| fetched.reach == Reach::Changes) {
        if !fetched.span.last {
            if state.part.until.is_none() && empty_span(state, fetched) {
                // Of numbers nobody knows the end: behind a gap there may be more.
                state.part.until = Some(window::OPEN);
            }
            state.part.from = fetched.span.end;
            (state.part.at, state.part.count, state.part.guard) = (None, 0, Guard::default());
            return false;
        }
        let before = fetch::mark(read, &fetched.state, &fetched.scope.key).cloned();
        let mark = window::marked(incremental, fetched.lengths, before.as_ref(), &state.part, began(read, state));
        match (mark, fetch::shared(read)) {
            (Some(mark), true) => state.whole = window::greater(fetched.lengths, state.whole.take(), Some(mark)),
            // What the mark for all says is not said of each.
            (Some(mark), false) if before.as_ref() != Some(&mark) => window::keep(incremental, fetched.lengths, state, &fetched.scope.key, mark),
            _ => {}
        }
    } else if let Some(high) = state.part.high.take().filter(|_| fetched.reach == Reach::Changes) {
        let later = state.whole.as_ref().is_none_or(|whole| whole.point.value < high.point.value);
        if later {
            state.whole = Some(high);
        }
    }
    partition::over(read, state);
    read.fan_out.is_empty()
}

/// When what a mark speaks of began to be read: the partition, or the run where one mark holds for all.
fn began(read: &Read, state: &State) -> Option<i64> {
    if fetch::shared(read) && !read.fan_out.is_empty() { state.began } else { state.part.until }
}

/// Whether a span of numbers had nothing in it.
fn empty_span(state: &State, fetched: &Fetched) -> bool {
    state.part.high.as_ref().is_none_or(|high| fetched.span.start.is_some_and(|start| high.point.value < start))
}

/// The state after the last page: the next run asks from what was read.
fn ended(read: &Read, lengths: Lengths, mut state: State) -> State {
    if let Some(incremental) = read.incremental.as_ref().filter(|_| !fetch::shared(read)) {
        window::collapse(incremental, lengths, &mut state, !partition::remembers(read));
    }
    let mark = match &read.incremental {
        Some(_) => window::greater(lengths, state.mark.clone(), state.whole.clone()),
        None => match (state.mark, state.whole) {
            (Some(mark), Some(whole)) if whole.point.value < mark.point.value => Some(mark),
            (mark, whole) => whole.or(mark),
        },
    };
    State { marks: state.marks, mark, parents: state.parents, last: state.last, ..State::default() }
}
