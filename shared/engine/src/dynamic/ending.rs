//! What becomes of the state where a listing ends: its next window, the next partition, or the end of the run.

use connector::{Read, Way};
use document::Item;

use super::{anew::Next, asking, fetch::{self, Fetched, Reach}, lengths::Lengths, partition, position, remember, state::{At, Mark, Point, State}, window};

/// A listing that has to be closed.
pub(crate) fn closing(way: &Way, answer: Item<'_>, fetched: &Fetched) -> Option<At> {
    let Way::Scroll { close: Some(_), from, .. } = way else { return None };
    position::scroll(from, answer, fetched.state.part.at.as_ref()).map(At::Close)
}

/// Takes the time of records into account where nothing is incremental: the next run may ask from it by `{{cursor}}`. What is told to
/// have changed since the run began may have changed behind our back elsewhere, and is asked for again.
pub(crate) fn plain_note<T>(state: &mut State, points: &[(T, Point)], began: i64) {
    let greatest = points.iter().map(|(_, point)| point).filter(|point| point.value <= began).max_by_key(|point| point.value);
    if let Some(point) = greatest
        && state.part.high.as_ref().is_none_or(|high| high.point.value < point.value)
    {
        state.part.high = Some(Mark { point: point.clone(), known: Vec::new() });
    }
}

/// Takes into the state how a partition goes on. True where the run is over.
pub(crate) fn onward(read: &Read, state: &mut State, fetched: &Fetched, next: Next) -> bool {
    match next {
        Next::Page(at) => {
            if let At::Cursor(cursor) = &at
                && asking::names_itself(read)
            {
                state.last = Some(cursor.clone());
            }
            state.part.at = Some(at);
            false
        }
        Next::Anew(from) => {
            // Its first page may hold what the last one held.
            state.part.restart();
            (state.part.from, state.part.again) = (Some(from), 0);
            false
        }
        Next::First => {
            state.part.restart();
            false
        }
        Next::None => finish(read, state, fetched),
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
            state.part.from = window::following(incremental, fetched.span);
            state.part.restart();
            state.part.again = 0;
            return false;
        }
        let before = fetch::mark(read, &fetched.state, &fetched.scope.key).cloned();
        let mark = window::marked(incremental, fetched.lengths, before.as_ref(), &state.part, began(read, state));
        match (mark, fetch::shared(read)) {
            (Some(mark), true) => state.whole = window::greater(incremental, fetched.lengths, state.whole.take(), Some(mark)),
            (Some(mark), false) => {
                let mark = window::joined(incremental, fetched.lengths, before.as_ref(), mark);
                // What the mark for all says is not said of each.
                if before.as_ref() != Some(&mark) {
                    window::keep(incremental, fetched.lengths, state, &fetched.scope.key, mark);
                }
            }
            (None, _) => {}
        }
    } else if let Some(high) = state.part.high.take().filter(|_| fetched.reach == Reach::Changes) {
        let later = state.whole.as_ref().is_none_or(|whole| whole.point.value < high.point.value);
        if later {
            state.whole = Some(high);
        }
    }
    partition::over(state);
    read.fan_out.is_empty()
}

/// When what a mark speaks of began to be read: the partition, or the run where one mark holds for all.
pub(crate) fn began(read: &Read, state: &State) -> Option<i64> {
    if fetch::shared(read) && !read.fan_out.is_empty() { state.began } else { state.part.until }
}

/// Whether a span of numbers had nothing in it.
fn empty_span(state: &State, fetched: &Fetched) -> bool {
    state.part.high.as_ref().is_none_or(|high| fetched.span.start.is_some_and(|start| high.point.value < start))
}

/// The state after the last page: the next run asks from what was read.
pub(crate) fn ended(read: &Read, lengths: Lengths, mut state: State) -> State {
    if let Some(incremental) = read.incremental.as_ref().filter(|_| !fetch::shared(read)) {
        window::collapse(incremental, lengths, &mut state, !remember::remembers(read));
    }
    let mark = match &read.incremental {
        // What was read for all began with the mark before it, and is no less.
        Some(incremental) => state.whole.map(|whole| window::joined(incremental, lengths, state.mark.as_ref(), whole)).or(state.mark),
        None => match (state.mark, state.whole) {
            (Some(mark), Some(whole)) if whole.point.value < mark.point.value => Some(mark),
            (mark, whole) => whole.or(mark),
        },
    };
    // Where nothing is known there is nothing to belong to.
    let made = state.made.filter(|_| mark.is_some() || !state.marks.is_empty());
    State { made, marks: state.marks, mark, parents: state.parents, last: state.last, ..State::default() }
}
