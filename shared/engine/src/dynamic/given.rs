//! Where a run begins by what a person gives: one of our cursors, or what the source itself calls a cursor or a time.

use connector::{Read, Way};
use document::parse_str;
use fault::Simple;

use super::{asking::names_itself, lengths::Lengths, state::{At, Mark, Point, State}, window};

/// Reads what is given for the first run of a person's choice: one of our cursors, or the plain value of the source's.
pub(crate) fn given(text: &str) -> Option<State> {
    // What says more than we write, or otherwise, is none of ours.
    parse_str(text).ok().filter(|value| value.entries().is_some()).map(|value| (State::of(&value), value)).filter(|(state, value)| state.value() == *value).map(|(state, _)| state)
}

/// Where a run begins that is given what the source itself calls a cursor, or a time to read from.
pub(crate) fn from_source(read: &Read, lengths: Lengths, text: &str) -> Result<State, Simple> {
    let refused = |message: &str| Err(Simple::reject("argument_invalid", message.to_owned()));
    let mut state = State::default();
    if text.trim_start().starts_with('{') {
        return refused("the cursor is not one of ours: it is told at the end of a run, and taken as it was told");
    }
    match &read.incremental {
        Some(incremental) => {
            let Some(value) = window::value(incremental, text) else { return refused("the cursor is no time or number this entity is read from, such as 2026-01-31T00:00:00Z") };
            state.mark = Some(Mark { point: Point { value: value.saturating_add(lengths.lookback), text: text.to_owned() }, known: Vec::new() });
        }
        None if names_itself(read) => state.last = Some(text.into()),
        // Where nothing but the place of the next page takes it, it is a page.
        None if read.fan_out.is_empty() && !read.request.uses("cursor") && matches!(read.pagination.as_ref().map(|pagination| &pagination.way), Some(Way::Cursor { inject: Some(_), .. })) => state.part.at = Some(At::Cursor(text.into())),
        None if read.request.uses("cursor") => state.mark = Some(Mark { point: Point { value: 0, text: text.to_owned() }, known: Vec::new() }),
        None => return refused("this entity takes no cursor but those that are told at the end of a run: nothing in its request says where to begin"),
    }
    Ok(state)
}
