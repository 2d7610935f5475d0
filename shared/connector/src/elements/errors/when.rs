//! Which answers are meant: by their status, a header, or a condition on what they say.

use expr::Template;

use super::ANSWER;
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}, template::condition_at};

/// Which answers a rule is about: all its conditions hold.
#[derive(Debug)]
pub struct When {
    /// Statuses, each from and to; empty is any.
    pub status: Vec<(u16, u16)>,
    /// A header and what it must be; without a text, that it is there.
    pub header: Option<(String, Option<String>)>,
    /// A condition on the answer.
    pub body: Option<Template>,
    /// Where it stands in the definition.
    pub at: String,
}

/// A status, or several.
pub(crate) const STATUS: Takes = Takes::Either(&[Takes::Integer, Takes::Text, Takes::List(&Takes::Either(&[Takes::Integer, Takes::Text]))]);
pub(super) const STATUS_DOC: &str = "A status, a family such as `5xx`, or a list of them.";
pub(super) const HEADER_DOC: &str = "Headers and what they must be; `*` is any value.";
pub(super) const BODY_DOC: &str = "A condition on the answer, which is `response`; beside it `status` and `headers`. What is absent is compared as null, so `{{ response.ok != true }}` fits an answer without `ok`; what is no object or array of JSON is read as `decode` of the entity says, so that a rule sees the elements of XML and the rows of a table. Absent or null does not fit; where another value is neither true nor false, or cannot be compared, an answer with a good status is an error, and any other means what its status means. An answer that cannot be read has no `response`, and no comparison with it fits.";

/// A condition on answers.
pub(crate) static WHEN: Element = Element {
    name: "when",
    doc: "Which answers are meant: all conditions hold.",
    keys: &[Key::new("status", STATUS, STATUS_DOC), Key::new("header", Takes::Map(&Takes::Text), HEADER_DOC), Key::new("body", Takes::Template, BODY_DOC)],
};

/// A condition by itself.
pub(crate) fn when(cx: &mut Check, node: &Node<'_>) -> Option<When> {
    WHEN.open(cx, node)?;
    conditions(cx, node)
}

/// The conditions among other keys.
pub(super) fn conditions(cx: &mut Check, node: &Node<'_>) -> Option<When> {
    if ["status", "header", "body"].iter().all(|key| node.get(key).is_none()) {
        if ["status", "header", "body"].iter().any(|key| cx.is_meant(&node.at, key)) {
            return None;
        }
        cx.error("definition_missing_key", &node.at, "nothing says which answers are meant", "add `status`, `header` or `body`");
        return None;
    }
    let status = node.get("status").map_or(Some(Vec::new()), |status| self::status(cx, &status));
    let header = node.get("header").map_or(Some(None), |header| self::header(cx, &header).map(Some));
    let body = node.get("body").map_or(Some(None), |body| condition_at(cx, &body, ANSWER).map(Some));
    Some(When { status: status?, header: header?, body: body?, at: node.at.clone() })
}

fn header(cx: &mut Check, node: &Node<'_>) -> Option<(String, Option<String>)> {
    let entries = node.entries(cx)?;
    let [only] = entries.as_slice() else {
        cx.error("definition_wrong_type", &node.at, "one header is named", "write `{\"X-Name\": \"value\"}`");
        return None;
    };
    let text = only.text(cx)?;
    Some((only.name(), (text != "*").then(|| text.to_owned())))
}

/// Statuses, each from and to.
pub(crate) fn status(cx: &mut Check, node: &Node<'_>) -> Option<Vec<(u16, u16)>> {
    let items = if node.value.items().is_some() { node.items(cx)? } else { vec![node.clone()] };
    if items.is_empty() {
        cx.error("definition_unknown_value", &node.at, "no status is named", "write it like 429 or `\"5xx\"`, or remove it");
        return None;
    }
    let ranges: Vec<_> = items.iter().map(|item| {
        let one = item.value.as_i64().and_then(|status| u16::try_from(status).ok()).filter(|status| (100..600).contains(status)).map(|status| (status, status));
        let family = || {
            let first = item.value.as_str()?.strip_suffix("xx")?.parse::<u16>().ok().filter(|first| (1..6).contains(first))?;
            Some((first * 100, first * 100 + 99))
        };
        let found = one.or_else(family);
        if found.is_none() {
            cx.error("definition_unknown_value", &item.at, "no status", "write it like 429 or `\"5xx\"`");
        }
        found
    }).collect();
    ranges.into_iter().collect()
}
