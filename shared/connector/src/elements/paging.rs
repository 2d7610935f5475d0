//! What the ways of paging share: where the position and the size go, where a cursor stands, when there is no next page.

use document::Path;

use super::{errors, inject::{self, INJECT, Inject}, pagination::{Blank, From, SEEN, Stop}, request::Request};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}, template::{condition_at, template_at}};

/// Where the position and the size go.
#[derive(Debug, Default)]
pub(crate) struct Injects {
    pub(crate) position: Option<Inject>,
    pub(crate) size: Option<Inject>,
    /// Something was to go somewhere, and that is wrong.
    pub(crate) broken: bool,
}

const RULES: &[&str] = &["empty", "short", "total", "pages", "more", "missing"];

/// `stop`.
pub(crate) static STOP: Element = Element {
    name: "stop",
    doc: "When there is no next page. Without it: after an empty page where pages are counted, and where none is named otherwise. An empty page is no end where `more` or `pages` says that there is more: the listing goes on, `max_empty` pages at most.",
    keys: &[
        Key::new("when", Takes::List(&Takes::Words(RULES)), "The rules that hold, with `total`, `pages`, `more` and `until` wherever they stand; `short` ends after a page with fewer records than `size` and is off unless named, because some systems leave records out of a page. Where pages are counted and others are named without `empty`, an empty page ends nothing where they say that there is more, and otherwise the third in a row does."),
        Key::new("total", Takes::Path { singular: true }, "Where the number of records stands. Behind an empty page the next ones are asked for as far as it reaches, by the fullest page; where `when` is not said, or names `empty`, two of them at most, for many totals count what is never shown."),
        Key::new("pages", Takes::Path { singular: true }, "Where the number of pages stands."),
        Key::new("more", Takes::Path { singular: true }, "Where it stands whether there is more: false, absent, null and empty mean no."),
        Key::new("until", Takes::Template, "A condition after which there is none, of `response`, `last` (the last record, before any is expanded or left out), `count` (records on the page, before any is expanded or left out), `window` and the position."),
        Key::new("past_end", errors::STATUS, "A status, or a list of them, that a page behind the last one answers with, of `page` and `offset`: behind the first page it means that there is none, at the first it is a failure."),
        Key::new("size", Takes::Count, "How many records a full page has, for `short`, where the pagination has no `size`."),
    ],
};

/// Where things go; complains where the position goes nowhere.
pub(crate) fn injects(cx: &mut Check, node: &Node<'_>, word: &str, request: Option<&Request>) -> Injects {
    let position = match word {
        "page" => "page",
        "offset" => "offset",
        "cursor" | "scroll" | "last_record" => "cursor",
        _ => "",
    };
    let mut found = Injects::default();
    if let Some(inject) = node.get("inject") {
        if inject.value.get("in").is_some() && !position.is_empty() {
            found.position = fitting(cx, &inject, request);
            found.broken = found.position.is_none();
        } else if inject.value.get("in").is_some() {
            cx.error("definition_wrong_type", &inject.at, "nothing but the size is injected here, and this does not name it", "write `{\"size\": { … }}` around it");
            found.broken = true;
        } else {
            let keys: Vec<&str> = if position.is_empty() { vec!["size"] } else { vec![position, "size"] };
            inject.object(cx, &keys);
            found.position = inject.get(position).and_then(|place| fitting(cx, &place, request));
            found.size = inject.get("size").and_then(|place| fitting(cx, &place, request));
            found.broken = (inject.get(position).is_some() && found.position.is_none()) || (inject.get("size").is_some() && found.size.is_none());
        }
    }
    let used = request.is_none_or(|request| request.uses(position));
    // Where `inject` says something else, that is what is wrong.
    let size_only = |inject: &Node<'_>| inject.value.entries().is_some_and(|entries| entries.iter().all(|(key, _)| key == "size"));
    if !position.is_empty() && found.position.is_none() && !found.broken && !used && node.get("inject").is_none_or(|inject| size_only(&inject)) {
        let hint = format!("add `inject`, or use `{{{{{position}}}}}` in `params`");
        cx.error("definition_missing_key", &node.at, format!("the {position} goes nowhere, so every page would be the first"), hint);
    }
    found
}

/// A place the request has.
pub(crate) fn fitting(cx: &mut Check, node: &Node<'_>, request: Option<&Request>) -> Option<Inject> {
    INJECT.open(cx, node)?;
    fits(cx, node, request)
}

/// As [`fitting`], of an object whose keys are opened.
pub(crate) fn fits(cx: &mut Check, node: &Node<'_>, request: Option<&Request>) -> Option<Inject> {
    let inject = inject::place(cx, node)?;
    if request.is_some_and(|request| !request.takes(&inject)) {
        let (message, hint) = match &inject {
            Inject::Path(name) => {
                let near = request.and_then(|request| crate::nearest(name, request.address.holes()));
                let hint = near.map_or_else(|| format!("write `{{{name}}}` where it goes in `url`"), |near| format!("did you mean `{near}`?"));
                (format!("the address has no place `{{{name}}}`"), hint)
            }
            Inject::Form(_) => ("the body is no form".to_owned(), "use `\"in\": \"body\"` with a pointer".to_owned()),
            _ => ("the body is no JSON".to_owned(), "use `\"in\": \"form\"` with a name".to_owned()),
        };
        cx.error("definition_unknown_value", &node.at, message, hint);
        return None;
    }
    Some(inject)
}

/// Where a cursor stands.
pub(crate) fn from(cx: &mut Check, node: &Node<'_>) -> Option<From> {
    let ways: Vec<Node<'_>> = ["header", "field", "from"].iter().filter_map(|way| node.get(way)).collect();
    if let [first, second, ..] = ways.as_slice() {
        cx.error("definition_unknown_key", &second.at, format!("`{}` says already where the cursor stands", first.name()), "keep one of `from`, `field` and `header`");
        return None;
    }
    if let Some(header) = node.get("header") {
        return inject::header_name(cx, &header, true).map(From::Header);
    }
    if let Some(field) = node.get("field") {
        let text = field.text(cx)?;
        if text.starts_with('$') {
            return field.path(cx, true).map(From::Path);
        }
        let parsed = Path::parse(&format!("$.{text}")).ok().filter(Path::is_singular);
        if parsed.is_none() {
            cx.error("path_invalid", &field.at, "no name of a field", "write a dotted name or a path that starts with `$`");
        }
        return parsed.map(From::Path);
    }
    let from = node.need(cx, "from")?;
    let text = from.text(cx)?;
    if text.contains("{{") { template_at(cx, &from, text, SEEN).map(From::Template) } else { from.path(cx, true).map(From::Path) }
}

/// When there is no next page; `counted` where pages are counted and not named.
pub(crate) fn stop(cx: &mut Check, node: &Node<'_>, counted: bool, sized: bool) -> Option<Stop> {
    let more = node.get("more").and_then(|more| more.path(cx, true));
    let Some(stop) = node.get("stop") else { return Some(Stop { empty: if counted { Blank::End } else { Blank::Amid }, more, ..Stop::default() }) };
    STOP.open(cx, &stop)?;
    let path = |cx: &mut Check, key: &str| stop.get(key).and_then(|path| path.path(cx, true));
    let (total, pages, flag) = (path(cx, "total"), path(cx, "pages"), path(cx, "more"));
    if let Some(second) = stop.get("more").filter(|_| node.get("more").is_some()) {
        cx.error("definition_unknown_key", &second.at, "`more` stands beside `stop` already", "keep one of them");
    }
    if let Some(size) = stop.get("size").filter(|_| node.get("size").is_some()) {
        cx.error("definition_unknown_key", &size.at, "`size` stands beside `stop` already", "keep one of them");
    }
    let until = stop.get("until").map(|until| condition_at(cx, &until, SEEN));
    let past_end = match stop.get("past_end") {
        Some(status) => errors::status(cx, &status)?,
        None => Vec::new(),
    };
    let rules = stop.get("when").and_then(|rules| rules.items(cx)).unwrap_or_default();
    let rules: Vec<&str> = rules.iter().filter_map(|rule| rule.word(cx, RULES)).collect();
    let has = |rule: &str| rules.contains(&rule);
    for (rule, there) in [("total", total.is_some()), ("pages", pages.is_some()), ("more", flag.is_some() || more.is_some())] {
        if has(rule) && !there {
            stop.need(cx, rule);
        }
    }
    if has("short") && !sized && stop.get("size").is_none() {
        cx.error("definition_missing_key", &stop.at, "nothing tells how many records a full page has", "add `size`");
    }
    if let Some(size) = stop.get("size").filter(|_| !has("short")) {
        cx.error("definition_unknown_key", &size.at, "`size` is for the rule `short`, which is not named", "add `\"when\": [\"short\"]`, or remove it");
    }
    let until = until.map_or(Some(None), |until| until.map(Some))?;
    let empty = match counted {
        _ if has("empty") => Blank::End,
        true if rules.is_empty() => Blank::End,
        true => Blank::Unsaid,
        false => Blank::Amid,
    };
    Some(Stop { empty, short: has("short"), total, pages, more: more.or(flag), until, past_end })
}
