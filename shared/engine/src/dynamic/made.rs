//! What of a definition a cursor belongs to: a place means something else once its listing is asked for otherwise, and a mark once records tell their changes otherwise.

use std::{collections::HashMap, sync::{Arc, Mutex, PoisonError}};

use connector::{CursorKind, Read};
use document::hash_bytes;

use super::state::State;

/// Short prints of both.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Made {
    /// How the listing is asked for, where it has pages.
    pub(crate) listed: Option<String>,
    /// How records tell their changes, and whether there are partitions.
    pub(crate) told: Option<String>,
}

/// The prints of what was read.
#[derive(Debug, Default)]
pub(crate) struct Prints(Mutex<HashMap<usize, Arc<Made>>>);

impl Prints {
    /// Those of an entity, made once.
    pub(crate) fn of(&self, read: &Read) -> Arc<Made> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(std::ptr::from_ref(read).addr()).or_insert_with(|| Arc::new(Made::of(read))))
    }
}

impl Made {
    fn of(read: &Read) -> Self {
        let told = |incremental: &connector::Incremental| format!("{} {} {}", incremental.cursor, incremental.kind == CursorKind::Integer, read.fan_out.is_empty());
        Self {
            listed: read.pagination.as_ref().map(|pagination| short(&format!("{:?} {pagination:?}", read.request))),
            told: read.incremental.as_ref().map(|incremental| short(&told(incremental))),
        }
    }
}

/// A state without what it knows by marks that were of another kind.
pub(crate) fn fitting(made: &Made, state: State) -> State {
    let other = state.made.as_ref().zip(made.told.as_ref()).is_some_and(|(known, told)| known != told);
    State { made: made.told.clone(), ..if other { State::default() } else { state } }
}

/// Begins a listing anew whose place was one of another listing.
pub(crate) fn placed(made: &Made, state: &mut State) {
    if state.part.made.as_ref().zip(made.listed.as_ref()).is_some_and(|(known, listed)| known != listed) {
        state.part.restart();
    }
    state.part.made.clone_from(&made.listed);
}

fn short(text: &str) -> String {
    hex::encode(&hash_bytes(text.as_bytes())[..4])
}
