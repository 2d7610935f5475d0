//! `wait` and `backoff`: how long an answer asks us to wait, and how long we wait where it does not say.

use expr::Template;

use super::{errors::ANSWER, inject};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}, template::expression_at};

/// Where the wait comes from.
#[derive(Debug)]
pub enum Wait {
    /// A header: seconds, a date, or seconds or milliseconds since 1970.
    Header {
        /// Its name.
        name: String,
        /// What a number in it means.
        unit: Unit,
    },
    /// An expression that gives a number of seconds.
    Seconds(Template),
    /// An expression that gives the instant to wait for.
    Until(Template),
}

/// What a number in a header means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds from now; a date is understood too.
    Seconds,
    /// Milliseconds from now.
    Millis,
    /// Minutes from now.
    Minutes,
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
}

/// How waits grow where nobody says how long to wait. Each is drawn between nothing and its length (full jitter).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Every wait is as long as the first.
    pub constant: bool,
    /// The first wait.
    pub base_ms: i64,
    /// The longest wait.
    pub max_ms: i64,
    /// Whether waits are drawn; otherwise they are as long as they may be.
    pub jitter: bool,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { constant: false, base_ms: 1_000, max_ms: 300_000, jitter: true }
    }
}

const UNITS: &[(&str, Unit)] = &[("s", Unit::Seconds), ("ms", Unit::Millis), ("min", Unit::Minutes), ("epoch_s", Unit::EpochSeconds), ("epoch_ms", Unit::EpochMillis)];
/// The words of units.
pub(crate) const UNIT_WORDS: &[&str] = &["s", "ms", "min", "epoch_s", "epoch_ms"];

/// `wait`.
pub(crate) static WAIT: Element = Element {
    name: "wait",
    doc: "How long the answer asks us to wait: from a header, a number of seconds, or until an instant. Waits above 12 hours are 12 hours.",
    keys: &[
        Key::new("header", Takes::Text, "A header, such as `Retry-After`."),
        Key::new("unit", Takes::Words(UNIT_WORDS), "What a number in the header means; `s`, seconds from now, without it, or seconds or milliseconds since 1970 where it is too large for that. Dates are understood too."),
        Key::new("seconds", Takes::Template, "An expression that gives seconds, such as `{{ response.error.retry_in }}`."),
        Key::new("until", Takes::Template, "An expression that gives an instant, such as `{{ start_of_day(now() + duration('P1D'), 'UTC') }}`; a number is one in seconds or milliseconds since 1970, or in seconds from now where it is too small for that."),
    ],
};

/// `backoff`.
pub(crate) static BACKOFF: Element = Element {
    name: "backoff",
    doc: "How long to wait where the answer does not say.",
    keys: &[
        Key::new("type", Takes::Words(&["exponential", "constant"]), "Whether waits double; `exponential` without it."),
        Key::new("base", Takes::Duration, "The first wait; `PT1S` without it."),
        Key::new("max", Takes::Duration, "The longest wait; `PT5M` without it."),
        Key::new("jitter", Takes::Words(&["full", "none"]), "Whether a wait is drawn between nothing and its length; `full` without it."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Wait> {
    WAIT.open(cx, node)?;
    let ways: Vec<Node<'_>> = ["header", "seconds", "until"].iter().filter_map(|way| node.get(way)).collect();
    let [way] = ways.as_slice() else {
        cx.error("definition_missing_key", &node.at, "one of `header`, `seconds` and `until` says how long", "keep one of them");
        return None;
    };
    if let Some(unit) = node.get("unit").filter(|_| way.name() != "header") {
        cx.error("definition_unknown_key", &unit.at, "`unit` is of a header, and there is none", "remove it");
    }
    let template = |cx: &mut Check| expression_at(cx, way, ANSWER, "a wait is a header or one expression, and this is a text", "write it like `{{ response.retry_in }}`, or name a `header`");
    Some(match way.name().as_str() {
        "header" => {
            let unit = node.get("unit").map_or(Some(Unit::Seconds), |unit| self::unit(cx, &unit))?;
            Wait::Header { name: inject::header_name(cx, way, true)?, unit }
        }
        "seconds" => Wait::Seconds(template(cx)?),
        _ => Wait::Until(template(cx)?),
    })
}

/// What a number in a header means.
pub(crate) fn unit(cx: &mut Check, node: &Node<'_>) -> Option<Unit> {
    let word = node.word(cx, UNIT_WORDS)?;
    UNITS.iter().find_map(|(known, meaning)| (*known == word).then_some(*meaning))
}

pub(crate) fn backoff(cx: &mut Check, node: &Node<'_>) -> Option<Backoff> {
    BACKOFF.open(cx, node)?;
    let usual = Backoff::default();
    let kind = node.get("type").map_or(Some("exponential"), |kind| kind.word(cx, &["exponential", "constant"]));
    let duration = |cx: &mut Check, key: &str, usual: i64| node.get(key).map_or(Some(usual), |value| some_time(cx, &value));
    let (base, max) = (duration(cx, "base", usual.base_ms), duration(cx, "max", usual.max_ms));
    let jitter = node.get("jitter").map_or(Some("full"), |jitter| jitter.word(cx, &["full", "none"]));
    if base.zip(max).is_some_and(|(base, max)| base > max) {
        cx.error("definition_unknown_value", &node.at, "the first wait is longer than the longest", "write a `max` that is not below `base`");
    }
    Some(Backoff { constant: kind? == "constant", base_ms: base?, max_ms: max?, jitter: jitter? == "full" })
}

/// A duration that is not nothing.
pub(crate) fn some_time(cx: &mut Check, node: &Node<'_>) -> Option<i64> {
    let duration = node.duration(cx)?;
    if duration == 0 {
        cx.error("definition_unknown_value", &node.at, "a duration of nothing", "write one above it, such as `PT1S`");
        return None;
    }
    Some(duration)
}
