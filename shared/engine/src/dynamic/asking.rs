//! What a page is asked with: its position and the span, as templates see them and where they go.

use connector::{CursorKind, Inject, Read, TimeFormat, Way};
use document::Value;

use super::{state::{At, State}, window::{self, Span}};

/// The number or offset a page is asked with.
pub(crate) fn number(read: &Read, state: &State) -> Option<String> {
    match (state.part.place(), &read.pagination.as_ref()?.way) {
        (Some(At::Number(number)), _) => Some(number.to_string()),
        (_, Way::Page { start, .. } | Way::Offset { start, .. }) => Some(start.to_string()),
        _ => None,
    }
}

/// Whether a page is another than the first.
pub(crate) fn later_page(state: &State) -> bool {
    state.part.place().is_some()
}

/// The variables a page is asked with.
pub(crate) fn variables(read: &Read, state: &State) -> Option<Value> {
    let Way::Vars { init, .. } = &read.pagination.as_ref()?.way else { return None };
    Some(Value::Object(if let Some(At::Values(values)) = state.part.place() { values.clone() } else { init.clone() }))
}

/// Start and end of a span as templates see them.
pub(crate) fn written(read: &Read, span: Span) -> [Option<String>; 2] {
    let Some(incremental) = &read.incremental else { return [None, None] };
    [span.start, window::asked_end(incremental, span)].map(|value| value.map(|value| window::written(incremental, value, &incremental.format)))
}

/// What templates name of the position.
pub(crate) struct Texts {
    pub(crate) cursor: Option<Value>,
    pub(crate) number: Option<String>,
    pub(crate) start: Option<String>,
    pub(crate) end: Option<String>,
}

impl Texts {
    pub(crate) fn of(read: &Read, state: &State, span: Span) -> Self {
        let [start, end] = written(read, span);
        Self { cursor: asked(read, state, start.as_deref()), number: number(read, state), start, end }
    }
}

/// The value of `{{cursor}}`: that of the page, else the start of what is asked for.
pub(crate) fn asked(read: &Read, state: &State, start: Option<&str>) -> Option<Value> {
    match state.part.place() {
        Some(At::Cursor(cursor) | At::Close(cursor)) => Some(cursor.clone()),
        _ if names_itself(read) && state.last.is_some() => state.last.clone(),
        _ => start.map(Value::from).or_else(|| Some(state.part.since.as_ref()?.text.as_str().into())),
    }
}

/// Whether the request asks by `{{cursor}}` alone, for pages and for what is new.
pub(crate) fn names_itself(read: &Read) -> bool {
    read.fan_out.is_empty() && matches!(read.pagination.as_ref().map(|pagination| &pagination.way), Some(Way::Cursor { inject: None, .. }))
}

/// Where the position of the page goes.
pub(crate) fn positions<'r>(read: &'r Read, state: &State) -> Vec<(&'r Inject, Value)> {
    let Some(pagination) = &read.pagination else { return Vec::new() };
    let mut places = Vec::new();
    match (&pagination.way, state.part.place()) {
        (Way::Page { start, inject }, at) | (Way::Offset { start, inject }, at) => {
            let number = if let Some(At::Number(number)) = at { *number } else { *start };
            places.extend(inject.as_ref().map(|inject| (inject, Value::from(number))));
        }
        // What closes a listing often names it in its address.
        (Way::Scroll { close: Some(close), .. }, Some(At::Close(_))) if close.uses("cursor") => {}
        (Way::Cursor { inject, .. } | Way::Scroll { inject, .. }, Some(At::Cursor(cursor) | At::Close(cursor))) => places.extend(inject.as_ref().map(|inject| (inject, cursor.clone()))),
        (Way::Keyset(keys), Some(At::Values(values))) => {
            places.extend(keys.iter().zip(values).filter_map(|(key, (_, value))| Some((key.inject.as_ref()?, value.clone()))));
        }
        (Way::Vars { init, inject, .. }, at) => {
            let values = if let Some(At::Values(values)) = at { values } else { init };
            places.extend(inject.iter().filter_map(|(name, inject)| Some((inject, values.iter().find_map(|(known, value)| (known == name).then(|| value.clone()))?))));
        }
        _ => {}
    }
    // An address that was answered says by itself how many, and what closes a listing asks for none.
    if !matches!(state.part.place(), Some(At::Url(_) | At::Href(_) | At::Close(_))) {
        places.extend(pagination.size_inject.as_ref().zip(pagination.size).map(|(inject, size)| (inject, Value::from(i64::from(size)))));
    }
    places.retain(|(_, value)| *value != Value::Null);
    places
}

/// Where the ends of the span go.
pub(crate) fn bounds(read: &Read, span: Span) -> Vec<(&Inject, Value)> {
    let Some(incremental) = &read.incremental else { return Vec::new() };
    let value = |value: i64, format: &TimeFormat| {
        let text = window::written(incremental, value, format);
        let number = matches!(incremental.kind, CursorKind::Integer) || matches!(format, TimeFormat::EpochSeconds | TimeFormat::EpochMillis | TimeFormat::EpochMicros);
        match document::Number::from_text(&text).filter(|_| number) {
            Some(number) => Value::Number(number),
            None => Value::String(text),
        }
    };
    let start = incremental.start.as_ref().zip(span.start).map(|(bound, start)| (&bound.inject, value(start, &bound.format)));
    let end = incremental.end.as_ref().zip(window::asked_end(incremental, span)).map(|(bound, end)| (&bound.inject, value(end, &bound.format)));
    start.into_iter().chain(end).collect()
}
