//! What an answer means: by the rules of the definition, the first that fits, else by its status.

use std::{borrow::Cow, time::Duration};

use connector::{Class, Errors, Purpose, Rule, Wait, When};
use document::{Arena, Fuel, Item, Limits, Parser, Sort, Value};
use fault::{Disposition, Simple};

use super::{classify::{self, Failure}, graphql, names::Values, retry_after::{LONGEST, retry_after}, waited::waited};

pub(crate) use super::tries::{Tries, pause};
use crate::{Config, Response, Session, decode};

/// A judgement on an answer.
pub(crate) enum Verdict {
    /// It is good.
    Good,
    /// It is good, and there is nothing in it.
    Nothing,
    /// The session is no longer good; the failure if renewing it does not help.
    Expired(Failure),
    /// It failed.
    Failed(Failure, Tries),
}

/// What rules are judged with.
#[derive(Clone, Copy)]
pub(crate) struct Bench<'b> {
    pub(crate) declared: &'b [connector::ConfigEntry],
    pub(crate) config: &'b Config,
    pub(crate) session: Option<&'b Session>,
    /// What `errors` in the answer mean, where GraphQL was asked.
    pub(crate) graphql: Option<Errors>,
    pub(crate) now_ms: i64,
}

/// Judges an answer by rules; those of the entity come first.
pub(crate) fn judge<'r>(response: &Response, rules: impl Iterator<Item = &'r Rule>, expired: &[When], purpose: Purpose, bench: Bench<'_>) -> Result<Verdict, Simple> {
    let answer = Answer::of(response);
    let arena = Arena::new();
    let mut parser = Parser::new(Limits::default());
    // Parsed once, and only where a rule looks at it.
    let (mut doc, plain);
    let mut rules = rules.filter(|rule| rule.on.is_empty() || rule.on.contains(&purpose)).peekable();
    doc = None;
    if rules.peek().is_some() || !expired.is_empty() || bench.graphql.is_some() {
        plain = self::plain(response);
        doc = parser.parse(&plain).ok();
    }
    let seen = Seen { response, answer: &answer, body: doc.as_ref().map(document::Doc::root), arena: &arena, bench };
    for when in expired {
        if seen.fits(when)? {
            let failure = classify::status(response, bench.now_ms).unwrap_or_else(|| classify::failure(response, "needs_auth", Disposition::Park, None));
            return Ok(Verdict::Expired(failure));
        }
    }
    for rule in rules {
        if seen.fits(&rule.when)? {
            return seen.verdict(rule);
        }
    }
    let said = bench.graphql.zip(seen.body).and_then(|(errors, body)| graphql::said(body, errors));
    let message = || said.as_ref().and_then(|(_, message)| message.as_deref()).map(|message| seen.shown(message));
    Ok(match classify::status(response, bench.now_ms) {
        None => said.as_ref().map_or(Verdict::Good, |(means, _)| graphql::verdict(response, *means, message(), bench.now_ms)),
        // Nothing has changed since the time that was asked with.
        Some(_) if response.status == 304 && purpose == Purpose::Read => Verdict::Nothing,
        Some(mut failure) => {
            failure.fault.message = classify::told(response.status, message());
            if response.status == 401 { Verdict::Expired(failure) } else { Verdict::Failed(failure, Tries::default()) }
        }
    })
}

/// The body as rules read it: what is no text is packed, or in other letters.
fn plain(response: &Response) -> Cow<'_, [u8]> {
    if std::str::from_utf8(&response.body).is_ok() {
        return Cow::Borrowed(&response.body);
    }
    let read = decode::decode(response.body.clone(), response.header("content-type"), response.header("content-encoding"), &connector::Decode::default());
    read.map_or(Cow::Borrowed(&response.body), Cow::Owned)
}

/// What conditions see of an answer beside its body.
struct Answer {
    status: String,
    headers: Value,
}

impl Answer {
    fn of(response: &Response) -> Self {
        let mut headers: Vec<(String, Value)> = Vec::new();
        for (name, value) in &response.headers {
            let name = name.to_ascii_lowercase();
            if !headers.iter().any(|(known, _)| *known == name) {
                headers.push((name, Value::String(value.clone())));
            }
        }
        Self { status: response.status.to_string(), headers: Value::Object(headers) }
    }
}

struct Seen<'s> {
    response: &'s Response,
    answer: &'s Answer,
    body: Option<Item<'s>>,
    arena: &'s Arena,
    bench: Bench<'s>,
}

impl<'s> Seen<'s> {
    fn values(&self) -> Values<'s> {
        Values { response: self.body, headers: Some(&self.answer.headers), status: Some(&self.answer.status), session: self.bench.session, ..Values::of(self.bench.declared, self.bench.config) }
    }

    fn fits(&self, when: &When) -> Result<bool, Simple> {
        let status = self.response.status;
        if !when.status.is_empty() && !when.status.iter().any(|(from, to)| (*from..=*to).contains(&status)) {
            return Ok(false);
        }
        if let Some((name, expected)) = &when.header {
            let found = self.response.header(name);
            if found.is_none() || expected.as_ref().is_some_and(|expected| found != Some(expected)) {
                return Ok(false);
            }
        }
        let Some(body) = &when.body else { return Ok(true) };
        let values = self.values();
        let arena = Arena::new();
        let fuel = Fuel::default();
        let scene = values.scene(&arena, &fuel, self.bench.now_ms);
        // What is asked of an answer that is no JSON is asked of nothing: a page for people is not one whose `ok` is no longer true.
        let found = if self.body.is_none() && body.names().iter().any(|(root, _)| *root == "response") { scene.value(body) } else { scene.condition(body) };
        // A condition that cannot be asked of this answer does not hold of it.
        Ok(found.is_ok_and(|value| value.and_then(Item::bool) == Some(true)))
    }

    fn verdict(&self, rule: &Rule) -> Result<Verdict, Simple> {
        let message = self.message(rule);
        let failure = |code, disposition| classify::failure(self.response, code, disposition, message.clone());
        let tries = Tries { most: rule.max_attempts.unwrap_or(Tries::default().most), backoff: rule.backoff.unwrap_or_default() };
        Ok(match rule.class {
            Class::Retry => Verdict::Failed(failure("destination_unavailable", Disposition::Retry { after: self.wait(rule)? }), tries),
            Class::RateLimited => Verdict::Failed(failure("destination_rate_limited", Disposition::Retry { after: self.wait(rule)? }), tries),
            Class::Auth => Verdict::Expired(failure("needs_auth", Disposition::Park)),
            Class::Conflict => Verdict::Failed(failure("destination_conflict", Disposition::Retry { after: self.wait(rule)? }), tries),
            Class::NotFound => Verdict::Failed(failure("destination_gone", Disposition::Reject), tries),
            Class::Invalid => Verdict::Failed(failure("destination_rejected", Disposition::Reject), tries),
            Class::Skip => Verdict::Nothing,
        })
    }

    /// What the other system says of it, without our secrets.
    fn message(&self, rule: &Rule) -> Option<String> {
        let template = rule.message.as_ref()?;
        let values = self.values();
        let fuel = Fuel::default();
        Some(self.shown(&values.scene(self.arena, &fuel, self.bench.now_ms).text(template).ok()??))
    }

    /// The beginning of what is said, as it may be shown.
    fn shown(&self, said: &str) -> String {
        let issued = self.bench.session.into_iter().flat_map(|session| std::iter::once(&session.token).chain(&session.refresh));
        let issued = Config::new(issued.enumerate().map(|(index, secret)| (index.to_string(), secret.clone())));
        let mut text = issued.redact(&self.bench.config.redact(said));
        // What it says goes to terminals and logs.
        text = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
        text.truncate(text.floor_char_boundary(MESSAGE_BYTES));
        text
    }

    fn wait(&self, rule: &Rule) -> Result<Option<Duration>, Simple> {
        let now = self.bench.now_ms;
        let Some(wait) = &rule.wait else { return Ok(self.response.header("retry-after").and_then(|text| retry_after(text, now))) };
        let values = self.values();
        let fuel = Fuel::default();
        let scene = values.scene(self.arena, &fuel, now);
        let found = match wait {
            Wait::Header { name, unit } => self.response.header(name).and_then(|text| waited(text, *unit, now)),
            Wait::Seconds(template) => scene.text(template).ok().flatten().and_then(|text| retry_after(&text, now)),
            Wait::Until(template) => scene.value(template).ok().flatten().and_then(|item| if item.sort() == Sort::Text { expr::instant(&item.text()?) } else { None }).map(|until| {
                Duration::from_millis(u64::try_from(until.as_millisecond() - now).unwrap_or(0)).min(LONGEST)
            }),
        };
        Ok(found)
    }
}

/// The beginning of what the other system says.
const MESSAGE_BYTES: usize = 200;
