//! Lists read by a position: the number of a page, an offset, the last record seen, the last two of its fields.

use document::{Value, object};

use super::ask::Ask;
use super::kept::count;
use super::listing::Listing;
use super::{Api, Thing, route};
use crate::Answer;

/// Results of a search that can be reached by an offset.
const DEPTH: usize = 100;

impl Api {
    /// `/page?page=&per_page=`: pages by number from 1, with the total.
    pub(crate) fn page(&self, ask: &Ask) -> Result<Answer, String> {
        numbered(ask, self.things())
    }

    /// `/offset?offset=&limit=`, with the total.
    pub(crate) fn offset(&self, ask: &Ask) -> Result<Answer, String> {
        let (size, start) = (ask.size("limit")?, ask.number("offset", 0)?);
        let listing = Listing::new(self.things(), size, &ask.words);
        let rows = listing.page(start).shown(ask.zone());
        Ok(Answer::json(200, &object([("data", Some(rows)), ("offset", Some(count(start as u64))), ("limit", Some(count(size as u64))), ("total", Some(listing.total()))])))
    }

    /// `/since?since_id=&limit=`: the records behind the last one seen, in the order of ids.
    pub(crate) fn since(&self, ask: &Ask) -> Result<Answer, String> {
        let size = ask.size("limit")?;
        let since = integer(ask, "since_id")?;
        let listing = Listing::new(self.things(), size, &ask.words);
        let start = listing.after(|thing| since.is_some_and(|since| thing.id <= since));
        Ok(Answer::json(200, &object([("data", Some(listing.page(start).shown(ask.zone())))])))
    }

    /// `/keyset?after_updated=&after_id=&limit=`: the records behind the last one seen, in the order of changes, then ids.
    pub(crate) fn keyset(&self, ask: &Ask) -> Result<Answer, String> {
        let size = ask.size("limit")?;
        let id = integer(ask, "after_id")?.unwrap_or(i64::MAX);
        let updated_ms = match ask.parameter("after_updated") {
            Some(text) if !text.is_empty() => Some(ask.zone().read_iso(&text).ok_or("after_updated is not a time")?),
            _ => None,
        };
        let listing = Listing::new(by_change(self.things()), size, &ask.words);
        let start = listing.after(|thing| updated_ms.is_some_and(|updated_ms| (thing.updated_ms, thing.id) <= (updated_ms, id)));
        Ok(Answer::json(200, &object([("data", Some(listing.page(start).shown(ask.zone())))])))
    }

    /// `/search?q=id>N&offset=&limit=`: an offset that may not go deep.
    pub(crate) fn search(&self, ask: &Ask) -> Result<Answer, String> {
        let (size, start) = (ask.size("limit")?, ask.number("offset", 0)?);
        let beyond = match ask.parameter("q") {
            Some(query) if !query.is_empty() => query.replace(' ', "").strip_prefix("id>").and_then(|id| id.parse().ok()).ok_or("q is not id>N")?,
            _ => 0,
        };
        if start > DEPTH {
            return Ok(route::refused(400, "too_deep", &format!("offset is above {DEPTH}: narrow the search")));
        }
        let things = self.things().into_iter().filter(|thing| thing.id > beyond).collect();
        let listing = Listing::new(things, size, &ask.words);
        Ok(Answer::json(200, &object([("total", Some(listing.total())), ("hits", Some(listing.page(start).shown(ask.zone())))])))
    }

    /// `/feed?page=&per_page=`: what changed last comes first; nothing says how much there is.
    pub(crate) fn feed(&self, ask: &Ask) -> Result<Answer, String> {
        let (size, number) = (ask.size("per_page")?, ask.number("page", 1)?.max(1));
        let mut things = by_change(self.things());
        things.reverse();
        let page = Listing::new(things, size, &ask.words).page((number - 1).saturating_mul(size));
        Ok(Answer::json(200, &object([("data", Some(page.shown(ask.zone())))])))
    }

    /// `/things/{id}`: one record.
    pub(crate) fn thing(&self, ask: &Ask, id: &str) -> Result<Answer, String> {
        let found = id.parse().ok().and_then(|id: i64| Some(Thing { id, updated_ms: *self.kept.things.get(&id)? }));
        Ok(found.map_or_else(route::nowhere, |thing| Answer::json(200, &thing.shown(ask.zone()))))
    }
}

/// The page of these records that a request asks for by its number.
pub(crate) fn numbered(ask: &Ask, things: Vec<Thing>) -> Result<Answer, String> {
    let (size, number) = (ask.size("per_page")?, ask.number("page", 1)?);
    let start = number.checked_sub(1).ok_or("pages are counted from 1")?.saturating_mul(size);
    let listing = Listing::new(things, size, &ask.words);
    let page = listing.page(start);
    Ok(Answer::json(200, &object([
        ("data", Some(page.shown(ask.zone()))),
        ("page", Some(count(number as u64))),
        ("per_page", Some(count(size as u64))),
        ("pages", Some(listing.pages())),
        ("total", Some(listing.total())),
    ])))
}

/// Records in the order of changes, then of ids.
pub(crate) fn by_change(mut things: Vec<Thing>) -> Vec<Thing> {
    things.sort_by_key(|thing| (thing.updated_ms, thing.id));
    things
}

fn integer(ask: &Ask, name: &str) -> Result<Option<i64>, String> {
    match ask.parameter(name) {
        Some(text) if !text.is_empty() => text.parse().map(Some).map_err(|_| format!("{name} is not a number")),
        _ => Ok(None),
    }
}

/// A list under `data`.
pub(crate) fn data(rows: impl Iterator<Item = Value>) -> Answer {
    Answer::json(200, &object([("data", Some(Value::Array(rows.collect())))]))
}
