//! What an answer means: by the rules of the definition, the first that fits, else by its status.

use std::time::Duration;

use connector::{Class, Decode, Errors, Purpose, Rule, Wait, When};
use document::{Arena, Fuel, Item, Parser, Sort, Value};
use fault::{Disposition, Simple};

use super::{classify::{self, Failure}, graphql, legible, names::Values, retry_after::{LONGEST, retry_after}, shown::shown, undecided, waited::waited};

pub(crate) use super::tries::{Tries, pause};
use crate::{Config, Response, Session};

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
    /// How records are read from the answer, where some are.
    pub(crate) decode: Option<&'b Decode>,
    pub(crate) now_ms: i64,
}

/// Judges an answer by rules; those of the entity come first.
pub(crate) fn judge<'r>(response: &Response, rules: impl Iterator<Item = &'r Rule>, expired: &[When], purpose: Purpose, bench: Bench<'_>) -> Result<Verdict, Simple> {
    let answer = Answer::of(response);
    let arena = Arena::new();
    let (mut parser, mut decoder) = (Parser::new(crate::decode::limits()), Parser::new(crate::decode::limits()));
    // Parsed once, and only where a rule looks at it.
    let (mut doc, plain, decoded);
    let rules: Vec<&Rule> = rules.filter(|rule| rule.on.is_empty() || rule.on.contains(&purpose)).collect();
    doc = None;
    if !rules.is_empty() || !expired.is_empty() || bench.graphql.is_some() {
        plain = legible::plain(response);
        doc = parser.parse(&plain).ok();
    }
    // What is no JSON is decoded for who asks what it says, and for nobody else: it may be large.
    let looks = rules.iter().any(|rule| (rule.when.body.is_some() || rule.message.is_some() || matches!(rule.wait, Some(Wait::Seconds(_) | Wait::Until(_)))) && is_told(response, &rule.when));
    if looks || expired.iter().any(|when| when.body.is_some() && is_told(response, when)) {
        decoded = legible::other(response, doc.as_ref().map(document::Doc::root), bench.decode);
        doc = decoded.as_ref().map_or(doc, |decoded| decoder.parse(decoded).ok());
    }
    let seen = Seen { response, answer: &answer, body: doc.as_ref().map(document::Doc::root), arena: &arena, bench };
    for when in expired {
        let fits = match seen.fits(when) {
            Ok(fits) => fits,
            Err(unclear) => return Ok(Verdict::Failed(*unclear, Tries::default())),
        };
        if fits {
            let failure = classify::status(response, bench.now_ms).unwrap_or_else(|| classify::failure(response, "needs_auth", Disposition::Park, None));
            return Ok(Verdict::Expired(failure));
        }
    }
    for rule in rules {
        match seen.fits(&rule.when) {
            Ok(true) => return seen.verdict(rule),
            Ok(false) => {}
            Err(unclear) => return Ok(Verdict::Failed(*unclear, Tries::default())),
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

/// Whether the status and the headers are those that are meant.
fn is_told(response: &Response, when: &When) -> bool {
    let status = when.status.is_empty() || when.status.iter().any(|(from, to)| (*from..=*to).contains(&response.status));
    status && when.header.as_ref().is_none_or(|(name, expected)| {
        response.header(name).is_some_and(|found| expected.as_ref().is_none_or(|expected| found == expected))
    })
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

    /// Whether the answer is one that is meant. A good one of which that cannot be said may be an error, and is told as one; of any other
    /// its status says enough.
    fn fits(&self, when: &When) -> Result<bool, Box<Failure>> {
        if !is_told(self.response, when) {
            return Ok(false);
        }
        let Some(body) = &when.body else { return Ok(true) };
        let values = self.values();
        let arena = Arena::new();
        let fuel = Fuel::default();
        let scene = values.scene(&arena, &fuel, self.bench.now_ms);
        // What is asked of an answer that cannot be read is asked of nothing: a page for people is not one whose `ok` is no longer true.
        let unread = self.body.is_none() && body.names().iter().any(|(root, _)| *root == "response");
        let found = if unread { scene.value(body) } else { scene.condition(body) };
        let loud = !unread && (200..300).contains(&self.response.status);
        match undecided::truth(found) {
            Ok(truth) => Ok(truth),
            Err(why) if loud => Err(Box::new(undecided::failure(self.response, body, &when.at, why))),
            Err(_) => Ok(false),
        }
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

    fn shown(&self, said: &str) -> String {
        shown(self.bench.config, self.bench.session, said)
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
            Wait::Until(template) => scene.value(template).ok().flatten().and_then(|item| {
                let text = item.plain()?;
                let until = if item.sort() == Sort::Text { expr::instant(&text) } else { None };
                until.map(|until| Duration::from_millis(u64::try_from(until.as_millisecond() - now).unwrap_or(0)).min(LONGEST)).or_else(|| retry_after(&text, now))
            }),
        };
        Ok(found)
    }
}
