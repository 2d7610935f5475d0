//! `errors`: what answers mean. The first rule that fits counts; what none fits is judged by its status.

mod when;

use expr::Template;

use super::{secret, wait::{self, Backoff, Wait}};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}, template::template_at};

pub use when::When;
pub(crate) use when::{STATUS, WHEN, status, when};

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It passes by itself.
    Retry,
    /// We ask too much; it passes by itself.
    RateLimited,
    /// The credentials are no longer good: they are renewed once, then a person is needed.
    Auth,
    /// Somebody else changed it meanwhile.
    Conflict,
    /// What was asked for is not there.
    NotFound,
    /// It will never work like this.
    Invalid,
    /// There is nothing to read here; the run goes on with what is next.
    Skip,
}

/// What a request was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Records are read.
    Read,
    /// An event is delivered.
    Deliver,
    /// Credentials are tried.
    Test,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Which answers.
    pub when: When,
    /// To what they answer; empty is anything.
    pub on: Vec<Purpose>,
    /// What they mean.
    pub class: Class,
    /// What to tell, from the answer.
    pub message: Option<Template>,
    /// How long to wait.
    pub wait: Option<Wait>,
    /// How long to wait where the answer does not say.
    pub backoff: Option<Backoff>,
    /// How often it is tried in all.
    pub max_attempts: Option<u32>,
    /// Where it stands, for findings.
    pub(crate) at: String,
}

impl Rule {
    /// Whether no answer that fits the other comes past this one.
    fn takes_all_of(&self, other: &Rule) -> bool {
        let open = self.when.header.is_none() && self.when.body.is_none();
        let covered = |(from, to): &(u16, u16)| self.when.status.iter().any(|(low, high)| low <= from && to <= high);
        let purposes = self.on.is_empty() || (!other.on.is_empty() && other.on.iter().all(|on| self.on.contains(on)));
        open && purposes && !other.when.status.is_empty() && other.when.status.iter().all(covered)
    }
}

/// The names conditions on answers see.
pub(crate) const ANSWER: &[&str] = &["config", "response", "headers", "status"];
const CLASSES: &[&str] = &["retry", "rate_limited", "auth", "conflict", "not_found", "invalid", "skip"];
const PURPOSES: &[&str] = &["read", "deliver", "test"];
/// A rule of `errors`.
pub(crate) static RULE: Element = Element {
    name: "error_rule",
    doc: "What some answers mean. The first rule that fits counts. No rule judges the answer to a request for a token: refused with 400, 401 or 403, or answered with JSON that has no token, it waits for a person after one try, and any other is judged by its status.",
    keys: &[
        Key::new("status", STATUS, when::STATUS_DOC),
        Key::new("header", Takes::Map(&Takes::Text), when::HEADER_DOC),
        Key::new("body", Takes::Template, when::BODY_DOC),
        Key::new("on", Takes::List(&Takes::Words(PURPOSES)), "To what it is the answer; to anything without it."),
        Key::required("class", Takes::Words(CLASSES), "What it means: `retry` and `rate_limited` pass by themselves, `auth` renews the credentials once, `conflict` is something changed meanwhile, and is tried again as these are, `skip` is an empty answer, which 401, 403 and 5xx never are by their status alone; `not_found` and `invalid` fail for good."),
        Key::new("message", Takes::Template, "What to tell the owner, such as `{{ response.error.message }}`."),
        Key::new("wait", Takes::Of(&wait::WAIT), "How long the answer asks us to wait."),
        Key::new("backoff", Takes::Of(&wait::BACKOFF), "How long to wait where the answer does not say."),
        Key::new("max_attempts", Takes::Count, "How often it is tried in all."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<Rule> {
    let items = node.items(cx).unwrap_or_default();
    let rules: Vec<_> = items.iter().filter_map(|item| Some((rule(cx, item)?, item))).collect();
    for (index, (rule, item)) in rules.iter().enumerate() {
        if let Some((_, first)) = rules[..index].iter().find(|(first, _)| first.takes_all_of(rule)) {
            cx.error("definition_unknown_value", &item.at, format!("rule {} takes these answers already", first.name()), "write the rule that says more before the one that says less");
        }
    }
    rules.into_iter().map(|(rule, _)| rule).collect()
}

fn rule(cx: &mut Check, node: &Node<'_>) -> Option<Rule> {
    RULE.open(cx, node)?;
    let when = when::conditions(cx, node);
    let on = node.get("on").and_then(|on| on.items(cx)).unwrap_or_default();
    let on = on.iter().filter_map(|on| on.word(cx, PURPOSES)).map(purpose).collect();
    let class = node.need(cx, "class").and_then(|class| class.word(cx, CLASSES)).map(class);
    let message = node.get("message").and_then(|message| {
        let template = message.text(cx).and_then(|text| template_at(cx, &message, text, ANSWER))?;
        if let Some(name) = secret::within(cx, &template) {
            cx.error("definition_secret", &message.at, format!("`{name}` is a secret, and messages are shown to people"), "say what went wrong without it");
        }
        Some(template)
    });
    let wait = node.get("wait").map(|wait| wait::read(cx, &wait));
    let backoff = node.get("backoff").map(|backoff| wait::backoff(cx, &backoff));
    if matches!(class, Some(Class::NotFound | Class::Invalid | Class::Skip)) {
        for idle in ["wait", "backoff", "max_attempts"].iter().filter_map(|key| node.get(key)) {
            cx.error("definition_unknown_key", &idle.at, "such an answer is not asked for again", "remove it, or choose the class `retry` or `rate_limited`");
        }
    }
    let max_attempts = node.get("max_attempts").and_then(|count| count.count(cx));
    let (wait, backoff) = (wait.map_or(Some(None), |wait| wait.map(Some))?, backoff.map_or(Some(None), |backoff| backoff.map(Some))?);
    Some(Rule { when: when?, on, class: class?, message, wait, backoff, max_attempts, at: node.at.clone() })
}

fn purpose(word: &str) -> Purpose {
    match word {
        "deliver" => Purpose::Deliver,
        "test" => Purpose::Test,
        _ => Purpose::Read,
    }
}

fn class(word: &str) -> Class {
    match word {
        "retry" => Class::Retry,
        "rate_limited" => Class::RateLimited,
        "auth" => Class::Auth,
        "conflict" => Class::Conflict,
        "not_found" => Class::NotFound,
        "skip" => Class::Skip,
        _ => Class::Invalid,
    }
}
