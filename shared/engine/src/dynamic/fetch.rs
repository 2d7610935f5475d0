//! Asks for the page a state stands at. Every way to read goes through here, so that all of them send the same requests.

use connector::{Inject, Purpose, Read, Way};
use document::{Arena, Doc, Fuel, Parser, Value};
use fault::Simple;

use super::{Dynamic, ask::Answered, asking::{self, Texts}, build::{self, Draft, More}, columns, lengths::Lengths, made, names::{self, Values}, partition::{Found, Scope}, scrolls, shown, state::{At, Mark, Point, State}, taking, window::{self, Span}};
use crate::{Call, Method, Response, Session};

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// What changed since the last run.
    Changes,
    /// Everything.
    All,
    /// Everything, and what is passed over is lost: parents whose children are asked for what changed.
    Every,
    /// Everything, and what is not among it is taken for gone.
    Whole,
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
            document::Kind::TooLarge => Simple::reject("response_too_large", format!("the answer has more than {} values: ask for smaller pages", document::Limits::default().nodes)),
            _ => Simple::retry("destination_nonsense", format!("the answer is not JSON: {error}")),
        })
    }
}

impl Dynamic {
    /// Asks for the page a state stands at; `more` goes into the request as it is.
    pub(crate) async fn fetch(&self, call: Call<'_>, read: &Read, mut state: State, reach: Reach, more: &[(&Inject, Value)], field_hint: Option<&str>) -> Result<Fetched, Simple> {
        let lengths = self.lengths(call, read)?;
        let empty = |kind, state| Fetched { kind, lengths, response: Response { status: 0, headers: Vec::new(), body: Vec::new() }, url: self.nowhere.clone(), scope: Scope::default(), state, span: Span::default(), reach, field_hint: None };
        let made = self.prints.of(read);
        state = made::fitting(&made, state);
        let scope = match Box::pin(self.partition(call, read, &mut state, reach)).await? {
            Found::Scope(scope) => scope,
            Found::NotYet => return Ok(empty(Kind::NotYet, state)),
            Found::None => return Ok(empty(Kind::End, state)),
        };
        if !state.part.begun {
            self.begin(call, read, lengths, &mut state, &scope, reach)?;
        }
        made::placed(&made, &mut state);
        let span = match (&read.incremental, reach) {
            (Some(incremental), Reach::Changes) => window::span(incremental, lengths, &state.part),
            // A listing that begins anew behind its last record does so whatever is read.
            (_, Reach::All | Reach::Every | Reach::Whole) => Span { start: state.part.from, end: None, last: true },
            (None, Reach::Changes) => Span::default(),
        };
        let hint = field_hint.map(str::to_owned);
        if let Some(page) = inside(&state, &scope, more) {
            let session = self.tokens.held(self.holder(call.config));
            let url = self.draft(call, read, &state, span, &scope, more, field_hint, session.as_ref())?.url;
            let response = Response { status: 200, headers: Vec::new(), body: page.to_string().into_bytes() };
            return Ok(Fetched { kind: Kind::Records, lengths, response, url, scope, state, span, reach, field_hint: hint });
        }
        let closing = matches!(state.part.at, Some(At::Close(_)));
        if !closing && !self.scrolls.may_ask(call.config, read, &state.part) {
            state.part.restart();
            return Ok(empty(Kind::NotYet, state));
        }
        let make = |session: Option<&Session>| self.draft(call, read, &state, span, &scope, more, field_hint, session);
        let shown = |said: &str| shown::shown(call.config, self.tokens.held(self.holder(call.config)).as_ref(), said);
        let take = |response| taking::taken(response, read, columns::events(&self.connector, read), &shown);
        let answered = self.ask_for(call, Purpose::Read, (&read.errors, Some(&read.records.decode)), &make, &take, state.part.held && !closing).await;
        if closing {
            // It closes by itself in time; what was read is read.
            return Ok(Fetched { scope, span, ..empty(Kind::Closed, state) });
        }
        let Answered { response, nothing, url } = match answered {
            Err(failure) if taking::gone(&state, failure.status, call.now_ms) || taking::elsewhere(read, &state, &failure) => {
                // The source knows the place no more. The listing begins anew, once.
                state.part.restart();
                state.part.again += 1;
                return Ok(empty(Kind::NotYet, state));
            }
            Err(failure) if state.part.held && failure.ambiguous && state.part.again < scrolls::MOST_OPENED => {
                state.part.restart();
                state.part.again += 1;
                return Ok(empty(Kind::NotYet, state));
            }
            Err(failure) if taking::past_end(read, &state, failure.status) => return Ok(Fetched { scope, span, ..empty(Kind::Nothing, state) }),
            answered => answered.map_err(|failure| taking::alone(read, failure))?,
        };
        if nothing {
            // A rule leaves the answer out: what it would have shown is there all the same.
            state.partial |= reach != Reach::Changes;
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
        let value = window::value(incremental, &text).ok_or_else(|| Simple::park("config_invalid", format!("`incremental.start` is `{}`, and what the connection has there gives no instant that can be read", from.source())))?;
        // What a person gave is where to begin: nothing before it is wanted.
        Ok(Some(Point { value: value.saturating_add(lengths.lookback), text }))
    }

    #[expect(clippy::too_many_arguments, reason = "everything a request is made of, in one place")]
    fn draft(&self, call: Call<'_>, read: &Read, state: &State, span: Span, scope: &Scope, more: &[(&Inject, Value)], field_hint: Option<&str>, session: Option<&Session>) -> Result<Draft, Simple> {
        let texts = Texts::of(read, state, span);
        let lists = names::lists(self.connector.config(), call.config);
        let vars = asking::variables(read, state);
        let values = Values {
            lists: lists.as_ref(), cursor: texts.cursor.as_ref(), page: texts.number.as_deref(), offset: texts.number.as_deref(), window: [texts.start.as_deref(), texts.end.as_deref()], vars: vars.as_ref(),
            parent: scope.parents.as_ref(), session, field_hint, ..Values::of(self.connector.config(), call.config)
        };
        let (arena, fuel) = (Arena::new(), Fuel::default());
        let scene = values.scene(&arena, &fuel, call.now_ms);
        let mut injected = more.to_vec();
        injected.extend(asking::positions(read, state));
        injected.extend(asking::bounds(read, span));
        let more = More { injected, later_page: asking::later_page(state) };
        let request = match (&read.pagination.as_ref().map(|pagination| &pagination.way), &state.part.at) {
            (Some(Way::Scroll { open, .. }), None) => open,
            (Some(Way::Scroll { close: Some(close), .. }), Some(At::Close(_))) => close,
            _ => &read.request,
        };
        let draft = build::draft(request, &scene, &more)?;
        match state.part.place() {
            Some(at @ (At::Url(url) | At::Href(url))) => {
                let next = url::Url::parse(url).ok().filter(|next| next.origin() == draft.url.origin());
                let mut next = next.ok_or_else(|| Simple::reject("address_forbidden", "the next page leaves the origin"))?;
                if matches!(at, At::Href(_)) {
                    self.show(call, session, &mut next)?;
                }
                Ok(Draft { url: next, method: if draft.method == Method::Post { Method::Post } else { Method::Get }, ..draft })
            }
            _ => Ok(draft),
        }
    }
}

/// The first page of a partition, where it stands in the parent and is what would be asked for.
fn inside<'s>(state: &State, scope: &'s Scope, more: &[(&Inject, Value)]) -> Option<&'s Value> {
    scope.page.as_ref().filter(|_| state.part.at.is_none() && state.part.from.is_none() && more.is_empty())
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
