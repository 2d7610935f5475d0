//! Listings that are open on the other side, which keeps the place: asked once more, it shows the page behind the one that was lost.
//!
//! So a page of one is asked for once, by whoever read the page before. Anybody else, after a crash or a connection that broke, opens it anew.

use std::{collections::HashSet, sync::{Mutex, PoisonError}};

use connector::Read;
use document::{Hash128, hash_bytes};

use super::{state::{At, Part}, token};
use crate::Config;

/// The next pages of listings that are open, which were not asked for yet.
#[derive(Debug, Default)]
pub(crate) struct Scrolls(Mutex<HashSet<Hash128>>);

/// Next pages that are remembered; those beyond are opened anew.
const MOST: usize = 1_000;
/// So often a listing that broke off is opened anew within a run.
pub(crate) const MOST_OPENED: i64 = 3;

impl Scrolls {
    /// Notes that the page a listing is at was not asked for yet.
    pub(crate) fn left(&self, config: &Config, read: &Read, part: &Part) {
        let Some(id) = id(config, read, part) else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(id);
    }

    /// Whether the page a listing is at may be asked for: for the first time, or because its place is its own.
    pub(crate) fn may_ask(&self, config: &Config, read: &Read, part: &Part) -> bool {
        id(config, read, part).is_none_or(|id| self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id))
    }
}

/// What names the page; `None` where the other side keeps no place.
fn id(config: &Config, read: &Read, part: &Part) -> Option<Hash128> {
    let Some(At::Cursor(cursor)) = part.at.as_ref().filter(|_| part.held) else { return None };
    Some(hash_bytes(format!("{}\n{}\n{}\n{cursor}", hex::encode(token::whole(config)), std::ptr::from_ref(read).addr(), part.guard.pages).as_bytes()))
}
