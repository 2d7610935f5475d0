//! Asks for the page a state stands at. Every way to read goes through here, so that all of them send the same requests.

use connector::{CursorKind, Inject, Purpose, Read, TimeFormat, Way};
use document::{Arena, Doc, Fuel, Parser, Value};
use fault::{Disposition, Simple};

use super::{Dynamic, ask::Answered, build::{self, Draft, More}, classify::Failure, lengths::Lengths, names::{self, Values}, partition::{Found, Scope}, state::{At, Mark, Point, State}, window::{self, Span}};
use crate::{Call, Method, Response, Session, decode};

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// What changed since the last run.
    Changes,
    /// Everything.
    All,
}

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An answer.
    Records,
    /// An answer that a rule says has nothing in it: the partition is over.
    Nothing,
    /// A listing was closed: the partition is over.
    Closed,
    /// Parents were read, and none has a value yet.
    NotYet,
    /// There is no partition left.
    End,
}

/// A page as it was answered.
pub(crate) struct Fetched {
    pub(crate) kind: Kind,
    /// The answer; its body is JSON.
    pub(crate) response: Response,
    /// The address asked.
    pub(crate) url: url::Url,
    /// The partition.
    pub(crate) scope: Scope,
    /// Where the run stands.
    pub(crate) state: State,
    /// The span asked for.
    pub(crate) span: Span,
    /// What spans are measured with.
    pub(crate) lengths: Lengths,
    /// Whether it was read by what changed.
    pub(crate) reach: Reach,
    /// The scope of a scan.
    pub(crate) field_hint: Option<String>,
}

impl Fetched {
    /// The answer, parsed.
    pub(crate) fn parsed<'p>(&'p self, parser: &'p mut Parser) -> Result<Doc<'p>, Simple> {
        parser.parse(&self.response.body).map_err(|error| match error.kind {
            // It will have other letters the next time too.
            document::Kind::Utf8 => Simple::reject("answer_charset", format!("the answer has bytes that are no text in UTF-8, from byte {} on", error.offset)),
            _ => Simple::retry("destination_nonsense", format!("the answer is not JSON: {error}")),
        })
    }
}

impl Dynamic {
    /// Asks for the page a state stands at; `more` goes into the request as it is.
    pub(crate) async fn fetch(&self, call: Call<'_>, read: &Read, mut state: State, reach: Reach, more: &[(&Inject, Value)], field_hint: Option<&str>) -> Result<Fetched, Simple> {
        let lengths = self.lengths(call, read)?;
        let empty = |kind, state| Fetched { kind, lengths, response: Response { status: 0, headers: Vec::new(), body: Vec::new() }, url: self.nowhere.clone(), scope: Scope::default(), state, span: Span::default(), reach, field_hint: None };
        let scope = match Box::pin(self.partition(call, read, &mut state, reach)).await? {
            Found::Scope(scope) => scope,
            Found::NotYet => return Ok(empty(Kind::NotYet, state)),
            Found::None => return Ok(empty(Kind::End, state)),
        };
        if !state.part.begun {
            self.begin(call, read, lengths, &mut state, &scope, reach)?;
        }
        let span = match (&read.incremental, reach) {
            (Some(_), Reach::Changes) => window::span(lengths, &state.part),
            // A listing that begins anew behind its last record does so whatever is read.
            (_, Reach::All) => Span { start: state.part.from, end: None, last: true },
            (None, Reach::Changes) => Span::default(),
        };
        let hint = field_hint.map(str::to_owned);
        let closing = matches!(state.part.at, Some(At::Close(_)));
        let make = |session: Option<&Session>| self.draft(call, read, &state, span, &scope, more, field_hint, session);
        let take = |response| taken(response, read);
        let answered = self.ask_for(call, Purpose::Read, &read.errors, &make, &take).await;
        if closing {
            // It closes by itself in time; what was read is read.
            return Ok(Fetched { scope, ..empty(Kind::Closed, state) });
        }
        let Answered { response, nothing, url } = match answered {
            Err(failure) if past_end(read, &state, failure.status) => return Ok(Fetched { scope, span, ..empty(Kind::Nothing, state) }),
            answered => answered.map_err(|failure| alone(read, failure))?,
        };
        if nothing {
            return Ok(Fetched { kind: Kind::Nothing, lengths, response, url, scope, state, span, reach, field_hint: hint });
        }
        // Nothing at all is an empty page where the status says so.
        let kind = if response.body.is_empty() && response.status == 204 { Kind::Nothing } else { Kind::Records };
        Ok(Fetched { kind, lengths, response, url, scope, state, span, reach, field_hint: hint })
    }

    fn begin(&self, call: Call<'_>, read: &Read, lengths: Lengths, state: &mut State, scope: &Scope, reach: Reach) -> Result<(), Simple> {
        state.part.begun = true;
        if !read.fan_out.is_empty() {
            state.began.get_or_insert(call.now_ms);
        }
        if let Some(incremental) = read.incremental.as_ref().filter(|_| reach == Reach::Changes) {
            let mark = mark(read, state, &scope.key).cloned();
            let first = match &incremental.from {
                Some(from) if mark.is_none() => self.first(call, incremental, lengths, from)?,
                _ => None,
            };
            window::begin(incremental, &mut state.part, mark.as_ref(), first, call.now_ms);
        } else if reach == Reach::Changes {
            state.part.since = state.mark.as_ref().map(|mark| mark.point.clone());
            state.part.until = Some(call.now_ms);
        }
        Ok(())
    }

    /// Where the very first run begins.
    fn first(&self, call: Call<'_>, incremental: &connector::Incremental, lengths: Lengths, from: &expr::Template) -> Result<Option<Point>, Simple> {
        let values = Values::of(self.connector.config(), call.config);
        let (arena, fuel) = (Arena::new(), Fuel::default());
        let text = { values.scene(&arena, &fuel, call.now_ms).text(from).map_err(|error| Simple::from_fault(&error))?.map(std::borrow::Cow::into_owned) };
        let Some(text) = text else { return Ok(None) };
        let value = window::value(incremental, &text).ok_or_else(|| Simple::park("config_missing", "`incremental.start` gives no instant that can be read"))?;
        // What a person gave is where to begin: nothing before it is wanted.
        Ok(Some(Point { value: value.saturating_add(lengths.lookback), text }))
    }

    #[expect(clippy::too_many_arguments, reason = "everything a request is made of, in one place")]
    fn draft(&self, call: Call<'_>, read: &Read, state: &State, span: Span, scope: &Scope, more: &[(&Inject, Value)], field_hint: Option<&str>, session: Option<&Session>) -> Result<Draft, Simple> {
        let texts = Texts::of(read, state, span);
        let lists = names::lists(self.connector.config(), call.config);
        let vars = variables(read, state);
        let values = Values {
            lists: lists.as_ref(), cursor: texts.cursor.as_ref(), page: texts.number.as_deref(), offset: texts.number.as_deref(), window: [texts.start.as_deref(), texts.end.as_deref()], vars: vars.as_ref(),
            parent: scope.parents.as_ref(), session, field_hint, ..Values::of(self.connector.config(), call.config)
        };
        let (arena, fuel) = (Arena::new(), Fuel::default());
        let scene = values.scene(&arena, &fuel, call.now_ms);
        let mut injected = more.to_vec();
        injected.extend(positions(read, state));
        injected.extend(bounds(read, span));
        let more = More { injected, later_page: state.part.at.is_some() };
        let request = match (&read.pagination.as_ref().map(|pagination| &pagination.way), &state.part.at) {
            (Some(Way::Scroll { open, .. }), None) => open,
            (Some(Way::Scroll { close: Some(close), .. }), Some(At::Close(_))) => close,
            _ => &read.request,
        };
        let draft = build::draft(request, &scene, &more)?;
        match &state.part.at {
            Some(At::Url(url)) => {
                let next = url::Url::parse(url).ok().filter(|next| next.origin() == draft.url.origin());
                let next = next.ok_or_else(|| Simple::reject("address_forbidden", "the next page leaves the origin"))?;
                Ok(Draft { url: next, method: if draft.method == Method::Post { Method::Post } else { Method::Get }, ..draft })
            }
            _ => Ok(draft),
        }
    }
}

/// The answer with its body as JSON. A page for people, such as one that says to come again later, is no answer.
fn taken(mut response: Response, read: &Read) -> Result<Response, Simple> {
    let body = std::mem::take(&mut response.body);
    // As a table it would be a few odd rows.
    let start = body.trim_ascii_start();
    let begins = |with: &[u8]| start.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if begins(b"<!doctype html") || begins(b"<html") {
        return Err(Simple::retry("destination_nonsense", "the answer is a page for people"));
    }
    response.body = decode::decode(body, response.header("content-type"), response.header("content-encoding"), &read.records.decode)?;
    if response.body.is_empty() && response.status != 204 {
        return Err(Simple::retry("destination_nonsense", "the answer is empty"));
    }
    Ok(response)
}

/// The fault of a page. What one partition is refused or has lost says nothing of the connection.
fn alone(read: &Read, failure: Failure) -> Simple {
    match failure.fault.disposition {
        Disposition::Park if !read.fan_out.is_empty() && matches!(failure.status, Some(403 | 410)) => Simple { disposition: Disposition::Reject, ..failure.fault },
        _ => failure.fault,
    }
}

/// Whether a page behind the first one is refused as one that is not there.
fn past_end(read: &Read, state: &State, status: Option<u16>) -> bool {
    let Some((pagination, status)) = read.pagination.as_ref().zip(status).filter(|_| state.part.at.is_some()) else { return false };
    pagination.stop.past_end.iter().any(|(from, to)| (*from..=*to).contains(&status))
}

/// What earlier runs read of a partition.
pub(crate) fn mark<'s>(read: &Read, state: &'s State, partition: &str) -> Option<&'s Mark> {
    if shared(read) {
        return state.mark.as_ref();
    }
    state.marks.iter().find_map(|(known, mark)| (known == partition).then_some(mark)).or(state.mark.as_ref())
}

/// Whether one mark holds for all partitions.
pub(crate) fn shared(read: &Read) -> bool {
    read.fan_out.is_empty() || read.incremental.as_ref().is_some_and(|incremental| incremental.global)
}

/// The number or offset a page is asked with.
pub(crate) fn number(read: &Read, state: &State) -> Option<String> {
    match (&state.part.at, &read.pagination.as_ref()?.way) {
        (Some(At::Number(number)), _) => Some(number.to_string()),
        (_, Way::Page { start, .. } | Way::Offset { start, .. }) => Some(start.to_string()),
        _ => None,
    }
}

/// The variables a page is asked with.
pub(crate) fn variables(read: &Read, state: &State) -> Option<Value> {
    let Way::Vars { init, .. } = &read.pagination.as_ref()?.way else { return None };
    Some(Value::Object(if let Some(At::Values(values)) = &state.part.at { values.clone() } else { init.clone() }))
}

/// Start and end of a span as templates see them.
pub(crate) fn written(read: &Read, span: Span) -> [Option<String>; 2] {
    let Some(incremental) = &read.incremental else { return [None, None] };
    [span.start, window::asked_end(incremental, span)].map(|value| value.map(|value| window::written(incremental, value, &incremental.format)))
}

/// What templates name of the position.
struct Texts {
    cursor: Option<Value>,
    number: Option<String>,
    start: Option<String>,
    end: Option<String>,
}

impl Texts {
    fn of(read: &Read, state: &State, span: Span) -> Self {
        let [start, end] = written(read, span);
        Self { cursor: asked(read, state, start.as_deref()), number: number(read, state), start, end }
    }
}

/// The value of `{{cursor}}`: that of the page, else the start of what is asked for.
pub(crate) fn asked(read: &Read, state: &State, start: Option<&str>) -> Option<Value> {
    match &state.part.at {
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
fn positions<'r>(read: &'r Read, state: &State) -> Vec<(&'r Inject, Value)> {
    let Some(pagination) = &read.pagination else { return Vec::new() };
    let mut places = Vec::new();
    match (&pagination.way, &state.part.at) {
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
    if !matches!(state.part.at, Some(At::Url(_) | At::Close(_))) {
        places.extend(pagination.size_inject.as_ref().zip(pagination.size).map(|(inject, size)| (inject, Value::from(i64::from(size)))));
    }
    places.retain(|(_, value)| *value != Value::Null);
    places
}

/// Where the ends of the span go.
fn bounds(read: &Read, span: Span) -> Vec<(&Inject, Value)> {
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
