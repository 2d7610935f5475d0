//! What this process saw last of connections' turns: a guess that saves a refused write, never a decision.

use std::{collections::HashMap, sync::{Arc, Mutex, PoisonError}};

/// The most connections that are remembered.
const MOST: usize = 10_000;

/// The latest turn seen by place, in microseconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<String, i64>>>);

impl Turns {
    pub(crate) fn seen(&self, place: &str) -> Option<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(place).copied()
    }

    pub(crate) fn saw(&self, place: &str, turn_us: i64) {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() >= MOST {
            turns.clear();
        }
        turns.insert(place.to_owned(), turn_us);
    }
}
