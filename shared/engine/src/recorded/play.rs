//! The exchange of a recorded test: answers come from the recording, in order, and other requests are told.

use std::{collections::VecDeque, sync::{Mutex, PoisonError}, time::Duration};

use async_trait::async_trait;
use base64::Engine as _;
use connector::{Answered, RateLimiting, Recording};
use document::{Hash128, Value};
use fault::Simple;
use url::Url;

use crate::{Exchange, ExchangeError, Heard, Pace, Place, Request, Response};

/// What is left of a recording, and what was wrong with what was asked.
pub(crate) struct Tape<'s> {
    reel: Mutex<Reel>,
    seen: &'s (dyn Fn(&Request) + Sync),
}

struct Reel {
    left: VecDeque<Recording>,
    asked: usize,
    /// What was asked for, address and body.
    pages: Vec<(Url, Option<Vec<u8>>)>,
    problems: Vec<String>,
}

/// Time does not pass: turns are now, waits are over.
pub(crate) struct Untimed;

impl<'s> Tape<'s> {
    /// A recording; whoever wants to is shown what is asked.
    pub(crate) fn new(recordings: &[Recording], seen: &'s (dyn Fn(&Request) + Sync)) -> Self {
        Self { reel: Mutex::new(Reel { left: recordings.iter().cloned().collect(), asked: 0, pages: Vec::new(), problems: Vec::new() }), seen }
    }

    /// Requests that were made.
    pub(crate) fn asked(&self) -> usize {
        self.reel.lock().unwrap_or_else(PoisonError::into_inner).asked
    }

    /// Whether something was asked otherwise than recorded: what follows from that says nothing.
    pub(crate) fn refused(&self) -> bool {
        !self.reel.lock().unwrap_or_else(PoisonError::into_inner).problems.is_empty()
    }

    /// What was asked otherwise than recorded, or not at all.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut reel = self.reel.lock().unwrap_or_else(PoisonError::into_inner);
        if reel.problems.is_empty()
            && let Some(next) = reel.left.front()
        {
            let problem = match reel.left.len() {
                1 => format!("1 recorded exchange was not asked for: {} {}", word(next), next.url),
                left => format!("{left} recorded exchanges were not asked for, the first being {} {}", word(next), next.url),
            };
            reel.problems.push(problem);
        }
        std::mem::take(&mut reel.problems)
    }
}

#[async_trait]
impl Exchange for Tape<'_> {
    async fn send(&self, request: Request) -> Result<Response, ExchangeError> {
        (self.seen)(&request);
        let mut reel = self.reel.lock().unwrap_or_else(PoisonError::into_inner);
        reel.asked += 1;
        let number = reel.asked;
        let line = format!("{} {}", request.method.word(), shown(&request.url));
        let page = (request.url.clone(), request.body.clone());
        let before = reel.pages.iter().position(|known| *known == page).map(|at| format!("; it is request {} once more: a page that is only counted is looked at again, unless the oldest change comes first (`order`)", at + 1)).unwrap_or_default();
        reel.pages.push(page);
        let Some(recording) = reel.left.pop_front() else {
            reel.problems.push(format!("request {number} is not recorded: {line}{before}"));
            return Err(ExchangeError::Forbidden);
        };
        let problems = differences(&request, &recording);
        if !problems.is_empty() {
            reel.problems.extend(problems.into_iter().map(|problem| format!("request {number} ({line}): {problem}{before}")));
            return Err(ExchangeError::Forbidden);
        }
        Ok(answer(&recording))
    }
}

#[async_trait]
impl Pace for Untimed {
    async fn turn(&self, _: Hash128, _: &RateLimiting, _: u32) -> Result<Place, Simple> {
        Ok(Place::free())
    }

    async fn heard(&self, _: Hash128, _: &RateLimiting, _: Heard) {}

    async fn rest(&self, _: Duration) -> bool {
        true
    }

    fn chance(&self) -> u32 {
        u32::MAX
    }
}

fn answer(recording: &Recording) -> Response {
    let body = match &recording.answer {
        Answered::Empty => Vec::new(),
        Answered::Json(value) => value.to_string().into_bytes(),
        Answered::Text(text) => text.clone().into_bytes(),
        Answered::Base64(text) => base64::engine::general_purpose::STANDARD.decode(text.trim()).unwrap_or_default(),
    };
    let headers = recording.answer_headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    Response { status: recording.status, headers, body }
}

/// What of a request is not as recorded.
fn differences(request: &Request, recording: &Recording) -> Vec<String> {
    let mut found = Vec::new();
    if request.method.word() != word(recording) {
        found.push(format!("recorded is {}", word(recording)));
    }
    let relative = !recording.url.contains("://");
    let recorded = if relative { request.url.join("/").ok().and_then(|base| base.join(&recording.url).ok()) } else { Url::parse(&recording.url).ok() };
    match recorded {
        None => found.push(format!("the recorded address `{}` cannot be read", recording.url)),
        Some(recorded) => {
            let same_host = relative || recorded.origin() == request.url.origin();
            // A relative address is what follows the base address, whose own path it may leave out.
            let same_path = request.url.path() == recorded.path() || (relative && request.url.path().ends_with(recorded.path()));
            if !same_host || !same_path {
                found.push(format!("recorded is {}", recording.url));
            } else if pairs(&recorded) != pairs(&request.url) {
                found.push(format!("recorded is the query `{}`", recorded.query().unwrap_or_default()));
            }
        }
    }
    for (name, value) in &recording.headers {
        let sent = request.headers.iter().find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value));
        match sent {
            None => found.push(format!("the header `{name}` is not sent")),
            Some(sent) if sent != value => found.push(format!("the header `{name}` has another value than recorded")),
            Some(_) => {}
        }
    }
    if let Some(body) = &recording.body {
        let sent = request.body.as_deref().unwrap_or_default();
        let same = match body {
            Value::String(text) => sent == text.as_bytes() || form(sent) == form(text.as_bytes()),
            body => document::parse(sent, &document::Limits::default()).is_ok_and(|sent| document::hash_value(&sent) == document::hash_value(body)),
        };
        if !same {
            found.push(format!("the body is not as recorded: {}", String::from_utf8_lossy(&sent[..sent.len().min(300)])));
        }
    }
    found
}

fn pairs(url: &Url) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = url.query_pairs().into_owned().collect();
    pairs.sort();
    pairs
}

/// The fields of a form, in any order.
fn form(body: &[u8]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = url::form_urlencoded::parse(body).into_owned().collect();
    pairs.sort();
    pairs
}

fn word(recording: &Recording) -> &'static str {
    crate::dynamic::method(recording.method).word()
}

/// An address without its host, which is the same for all.
fn shown(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}
