//! Lists the system keeps open: opened, asked for the next page, closed.

use std::collections::BTreeMap;

use document::{Value, object};
use serde::{Deserialize, Serialize};

use super::ask::Ask;
use super::kept::count;
use super::listing::Listing;
use super::{Api, route};
use crate::Answer;

/// The scrolls of a system.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Scrolls {
    opened: u64,
    open: BTreeMap<String, Scroll>,
}

/// One that is open.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Scroll {
    size: usize,
    next: Option<usize>,
}

impl Scrolls {
    /// How many were opened, and which still are.
    pub(crate) fn view(&self) -> Value {
        let open = self.open.keys().map(|id| Value::from(id.as_str())).collect();
        object([("opened", Some(count(self.opened))), ("open", Some(Value::Array(open)))])
    }
}

impl Api {
    /// `POST /scroll/open` with `limit`: the id of a new scroll and its first page.
    pub(crate) fn open_scroll(&mut self, ask: &Ask) -> Result<Answer, String> {
        let size = ask.size("limit")?;
        self.kept.scrolls.opened += 1;
        let id = format!("scroll-{}", self.kept.scrolls.opened);
        Ok(self.roll(ask, id, Scroll { size, next: Some(0) }))
    }

    /// `POST /scroll/next` with `id`: the next page, empty after the last.
    pub(crate) fn next_scroll(&mut self, ask: &Ask) -> Result<Answer, String> {
        let id = ask.parameter("id").ok_or("id is missing")?;
        match self.kept.scrolls.open.get(&id).copied() {
            Some(scroll) => Ok(self.roll(ask, id, scroll)),
            None => Ok(route::refused(404, "no_scroll", "no such scroll is open")),
        }
    }

    /// `DELETE /scroll/{id}`: closes it.
    pub(crate) fn close_scroll(&mut self, id: &str) -> Answer {
        match self.kept.scrolls.open.remove(id) {
            Some(_) => Answer::text(204, "application/json", ""),
            None => route::refused(404, "no_scroll", "no such scroll is open"),
        }
    }

    fn roll(&mut self, ask: &Ask, id: String, scroll: Scroll) -> Answer {
        let listing = Listing::new(self.things(), scroll.size, &ask.words);
        let page = scroll.next.map(|start| listing.page(start));
        let hits = page.as_ref().map_or(Value::Array(Vec::new()), |page| page.shown(ask.zone()));
        self.kept.scrolls.open.insert(id.clone(), Scroll { next: page.and_then(|page| page.next), ..scroll });
        Answer::json(200, &object([("id", Some(id.into())), ("total", Some(listing.total())), ("hits", Some(hits))]))
    }
}
