//! Whether numbered pages moved while they were read: the total the source tells has become less.
//!
//! What leaves a listing makes each record behind it move up, some of them onto a page that is read already: they would be passed over, and
//! the mark with them, or taken for gone. Such a listing is read again from its first page, a few times at most: what one time passes over another shows,
//! because no two move at the same places.

use connector::Read;
use document::Item;

use super::{anew::Next, fetch::{Fetched, Reach}, state::State, stops};

/// So often a listing that moved is read again.
const MOST: i64 = 3;

/// What follows a page: its listing once more where that has become shorter.
pub(crate) fn checked(read: &Read, state: &mut State, fetched: &Fetched, answer: Item<'_>, next: Next) -> Next {
    let Some(pagination) = read.pagination.as_ref() else { return next };
    let Some(total) = pagination.stop.total.as_ref().and_then(|path| stops::integer(path, answer)) else { return next };
    let before = state.part.total.replace(total);
    if fetched.state.part.at.is_none() || before.is_none_or(|before| before <= total) {
        return next;
    }
    if !fetched.state.part.by_number {
        // A cursor may count without showing it.
        state.partial |= fetched.reach != Reach::Changes;
        return next;
    }
    state.part.again = (state.part.again + 1).min(MOST + 1);
    if state.part.again > MOST { next } else { Next::First }
}

/// Whether a listing that is over showed fewer records than it told of, or moved whenever it was read.
pub(crate) fn short(read: &Read, state: &State, answer: Item<'_>) -> bool {
    lacking(read, state, answer) > 0 || restless(state)
}

/// Whether a listing moved whenever it was read.
pub(crate) fn restless(state: &State) -> bool {
    state.part.again > MOST
}

/// How many records fewer than it told of a listing that is over showed.
pub(crate) fn lacking(read: &Read, state: &State, answer: Item<'_>) -> i64 {
    let path = read.pagination.as_ref().and_then(|pagination| pagination.stop.total.as_ref());
    // What an earlier page told is known where the last one is silent.
    let total = path.and_then(|path| stops::integer(path, answer).or(state.part.total));
    total.map_or(0, |total| total.saturating_sub(state.part.count).max(0))
}
