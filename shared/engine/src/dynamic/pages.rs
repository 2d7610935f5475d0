//! The last pages of parents that were read, so that each partition does not read them again.

use std::{collections::VecDeque, sync::{Arc, Mutex, PoisonError}};

use document::Hash128;

use super::parents::Page;

/// Pages remembered: one for each level of a few fan-outs.
const MOST: usize = 8;
/// A page is good for this long.
const GOOD_MS: i64 = 15 * 60_000;

/// Pages of parents, those asked for last behind.
#[derive(Default)]
pub(crate) struct Pages(Mutex<VecDeque<(Hash128, i64, Arc<Page>)>>);

impl Pages {
    pub(crate) fn get(&self, id: Hash128, now_ms: i64) -> Option<Arc<Page>> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = pages.iter().position(|(known, at, _)| *known == id && (*at..*at + GOOD_MS).contains(&now_ms))?;
        // The pages of outer levels are asked for less often than those of inner ones: who is asked for stays.
        let found = pages.remove(at)?;
        let page = Arc::clone(&found.2);
        pages.push_back(found);
        Some(page)
    }

    /// Forgets all: a run begins, and sees what there is now.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn keep(&self, id: Hash128, page: Arc<Page>, now_ms: i64) {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.retain(|(known, _, _)| *known != id);
        if pages.len() >= MOST {
            pages.pop_front();
        }
        pages.push_back((id, now_ms, page));
    }
}
