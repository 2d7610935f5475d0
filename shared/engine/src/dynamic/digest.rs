//! From an answer to its records and to where the run goes on. Pure: the answer is parsed already, nothing is asked.

use connector::{EventMapping, Read, Way};
use document::{Arena, Fuel, Hash128, Item, hash_bytes, print_of};
use fault::Simple;

use super::{Dynamic, anew::{self, Next}, around::Around, back, counted, described::Described, ending, fetch::{Fetched, Kind, Reach}, graphql, guard::Onward, moved, names::Values, noticed::Noticed, position::{self, Ahead, Seen}, sift::Kept, state::{At, Point, State}, taking, unread, window};
use crate::{Call, records};

/// A page, read.
pub(crate) struct Digest<'p> {
    /// The records that count, in order.
    pub(crate) records: Vec<Item<'p>>,
    /// How many were read before and left out.
    pub(crate) known: usize,
    /// How many the filter left out.
    pub(crate) filtered: usize,
    /// How many records the page held, before any were left out.
    pub(crate) count: usize,
    /// Where the run goes on.
    pub(crate) state: State,
    /// Whether this was the last page of the run.
    pub(crate) done: bool,
    /// Hash of the page.
    pub(crate) hash: Hash128,
    /// Whether the source held something back or moved: an answer that a rule leaves out, one without a list, one of GraphQL with errors beside its data, a next page that
    /// nobody reads, a listing that ends before its total, counted pages that show others than they did.
    pub(crate) partial: bool,
    /// What looks as if this listing, or one of parents that ended before it, was not read whole.
    pub(crate) noticed: Noticed,
}

impl Dynamic {
    /// Takes an answer apart.
    pub(crate) fn digest<'p>(&'p self, call: Call<'_>, read: &'p Read, events: &EventMapping, fetched: &'p Fetched, answer: Option<Item<'p>>, arena: &'p Arena) -> Result<Digest<'p>, Simple> {
        let mut state = fetched.state.clone();
        let noticed = std::mem::take(&mut state.noticed);
        let changes = fetched.reach == Reach::Changes;
        // Also where a page was there, and is not any more when it is looked at again.
        state.partial |= !changes && fetched.kind == Kind::Nothing && matches!(fetched.state.part.at, None | Some(At::Back(_)));
        let partial = state.partial;
        let nothing = |state, done| Digest { records: Vec::new(), known: 0, filtered: 0, count: 0, state, done, hash: hash_bytes(b""), partial, noticed };
        match (fetched.kind, answer) {
            (Kind::NotYet, _) => return Ok(nothing(state, false)),
            (Kind::End, _) => return Ok(nothing(ending::ended(read, fetched.lengths, state), true)),
            (Kind::Nothing | Kind::Closed, _) | (Kind::Records, None) => {
                let next = match &fetched.state.part.at {
                    Some(At::Back(back)) => back.next(&mut state),
                    _ => back::checked(read, events, &mut state, fetched, &[], Next::None),
                };
                let done = ending::onward(read, &mut state, fetched, next);
                return Ok(nothing(if done { ending::ended(read, fetched.lengths, state) } else { state }, done));
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
        let stood = records::visit(answer, &read.records, &named, arena, &fuel, &mut |record| {
            all.push(record);
            Ok(())
        })?;
        let (count, hash) = (stood.len(), hash_of(&stood, &fetched.response.body));
        if let Some(At::Back(_)) = fetched.state.part.at {
            all = back::moved_up(read, events, &mut state, fetched.reach, &stood, all);
        }
        let mut kept = Kept { end: false, known: 0, filtered: 0, points: Vec::new(), records: Vec::with_capacity(all.len()) };
        self.sift(call, read, events, fetched, &around, &mut state, &all, &mut kept, arena)?;
        if let Some(incremental) = &read.incremental {
            let began = ending::began(read, &state);
            window::note(incremental, fetched.lengths, &mut state.part, &kept.points, |(record, whole)| window::print(read, events, *record, *whole), began, call.now_ms);
        } else if read.request.uses("cursor") {
            let began = state.began.or(state.part.until).unwrap_or(call.now_ms);
            ending::plain_note(&mut state, &kept.points, began);
        }
        let mut nowhere = false;
        let next = if let Some(At::Back(back)) = &fetched.state.part.at {
            back.next(&mut state)
        } else {
            let next;
            (next, nowhere) = self.next(call, read, fetched, &around, answer, &mut state, &Sheet { last: stood.last().copied(), count, hash, end: kept.end, points: &kept.points })?;
            let next = moved::checked(read, &mut state, fetched, answer, next);
            back::checked(read, events, &mut state, fetched, &stood, next)
        };
        // A list that is null where it begins is none, not even an empty one.
        let no_list = fetched.state.part.at.is_none() && records::is_null(answer, &read.records, &named);
        let unread = unread::is_unread(read, fetched, answer, count, &named, nowhere);
        let held_back = unread || graphql::is_partial(read, answer);
        state.partial |= !changes && (no_list || held_back || (matches!(next, Next::None) && moved::short(read, &state, answer)));
        let partial = state.partial;
        // Who reads to where it read before has no use for the rest.
        let lacking = if matches!(next, Next::None) && !kept.end && !state.part.by_number { moved::lacking(read, &state, answer) } else { 0 };
        let noticed = noticed.and(Noticed { unread, restless: matches!(next, Next::None) && moved::restless(&state), lacking });
        let done = ending::onward(read, &mut state, fetched, next);
        if matches!(fetched.state.part.at, Some(At::Cursor(_) | At::Href(_))) && !fetched.state.part.by_number {
            // The source knows its places again.
            state.part.again = 0;
        }
        state.part.held = matches!(state.part.at, Some(At::Cursor(_))) && held(read, &fetched.state, &state);
        self.scrolls.left(call.config, read, &state.part);
        state.part.named = matches!(state.part.at, Some(At::Cursor(_) | At::Href(_) | At::Number(_) | At::Url(_) | At::Values(_))).then_some(call.now_ms);
        let state = if done { ending::ended(read, fetched.lengths, state) } else { state };
        Ok(Digest { records: kept.records, known: kept.known, filtered: kept.filtered, count, state, done, hash, partial, noticed })
    }

    /// Where the next page of the partition is, `None` after its last, and whether nothing stands where it would be named.
    #[expect(clippy::too_many_arguments, reason = "whatever a condition may see, and what goes on")]
    fn next(&self, call: Call<'_>, read: &Read, fetched: &Fetched, around: &Around, answer: Item<'_>, state: &mut State, page: &Sheet<'_>) -> Result<(Next, bool), Simple> {
        let Some(pagination) = &read.pagination else { return Ok((Next::None, false)) };
        let count = i64::try_from(page.count).unwrap_or(i64::MAX);
        (state.part.count, state.part.most) = (state.part.count.saturating_add(count), state.part.most.max(count));
        let texts = Described::of(fetched, page.count);
        let values = Values { response: Some(answer), headers: Some(&texts.headers), status: Some(&texts.status), last: page.last, count: Some(&texts.count), ..around.values(self, call, fetched) };
        let seen = Seen {
            response: &fetched.response, answer, url: &fetched.url, count: page.count, so_far: state.part.count, pages: state.part.guard.pages.saturating_add(1), empty: if page.count == 0 { state.part.guard.empty.saturating_add(1) } else { 0 }, most: state.part.most, total: state.part.total, last: page.last, at: fetched.state.part.at.as_ref(), asked: around.cursor.as_ref(), values, now_ms: call.now_ms,
        };
        let ahead = if page.end { Ahead::Over } else { position::next(pagination, &seen)? };
        let nowhere = matches!(ahead, Ahead::Nowhere);
        let mut next = if let Ahead::At(at) = ahead { Some(at) } else { None };
        self.keepable(call, around.session.as_ref(), next.as_mut())?;
        state.part.by_number = next.as_ref().is_some_and(|at| counted::numbered(read, fetched, at, [count, state.part.most]));
        let position = next.as_ref().map(|at| at.value().to_string());
        if position.as_ref().is_some_and(|position| position.len() > MOST_POSITION) {
            return Err(Simple::reject("destination_nonsense", format!("what names the next page has more than {MOST_POSITION} bytes")));
        }
        let position = position.map(|position| hex::encode(hash_bytes(position.as_bytes())));
        let named = matches!(next, Some(At::Cursor(_) | At::Href(_) | At::Values(_))) && !matches!(pagination.way, Way::Scroll { .. });
        let next_one = if next.is_none() { Onward::Over } else { position.filter(|_| named).map_or(Onward::Counted, Onward::To) };
        if let Err(repeated) = state.part.guard.page(pagination, page.count, &hex::encode(page.hash), &next_one) {
            // Behind as many new ones as a page holds stands what stood on the page before when that was read.
            if !taking::moved_on(read, &fetched.state, call.now_ms) {
                return Err(repeated);
            }
            state.part.again += 1;
            return Ok((Next::First, nowhere));
        }
        let next = match next {
            Some(at) => anew::onward(read, state, fetched, page.points, at)?,
            None => ending::closing(&pagination.way, answer, fetched).map_or(Next::None, Next::Page),
        };
        Ok((next, nowhere))
    }
}

/// Bytes of what names a page: it is kept with everything else a run is at.
const MOST_POSITION: usize = 64 * 1024;

/// What is known of a page that was read: of its records as they stand in the answer, before any is expanded or left out.
struct Sheet<'p> {
    last: Option<Item<'p>>,
    count: usize,
    hash: Hash128,
    end: bool,
    points: &'p [(window::Both<'p>, Point)],
}

/// Whether the id of a listing that is open says nothing of its place: it is the same on the next page. Of the first nobody knows yet.
fn held(read: &Read, before: &State, state: &State) -> bool {
    let open = read.pagination.as_ref().is_some_and(|pagination| matches!(pagination.way, Way::Scroll { .. }));
    open && (before.part.at.is_none() || before.part.at == state.part.at)
}

/// A hash of what a page holds: of its text where the records stand in it as they are.
fn hash_of(records: &[Item<'_>], body: &[u8]) -> Hash128 {
    match (records.first(), records.last()) {
        (Some(Item::Node(first)), Some(Item::Node(last))) => print_of(first.text_through(*last).map_or(body, str::as_bytes)),
        _ => document::hash_item(Item::List(records)),
    }
}
