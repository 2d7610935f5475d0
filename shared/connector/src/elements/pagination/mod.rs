//! `pagination`: how the next page is found, and when there is none.

mod shapes;
mod way;

use document::{Path, Value};
use expr::Template;

use super::{inject::Inject, paging, places, request::{self, Request}};
use crate::{check::{Check, Node}, template::template_at};

pub use way::{From, KeysetKey, Way};
pub(crate) use shapes::PAGINATION;

/// How pages are read.
#[derive(Debug)]
pub struct Pagination {
    /// How the next page is found.
    pub way: Way,
    /// How many records are asked for, and where the number goes.
    pub size: Option<u32>,
    /// Where the size goes.
    pub size_inject: Option<Inject>,
    /// When there is no next page.
    pub stop: Stop,
    /// More pages than this are a mistake.
    pub max_pages: u32,
    /// More empty pages in a row than this are a mistake.
    pub max_empty: u32,
    /// How many records a listing shows at most: there it begins anew behind the last record.
    pub depth_cap: Option<u32>,
}

/// What an empty page says of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Blank {
    /// It is over, unless a rule says that there is more.
    End,
    /// Other rules are named: one page says nothing.
    Unsaid,
    /// Nothing: pages that name their successor may be empty amid a listing.
    #[default]
    Amid,
}

/// When there is no next page.
#[derive(Debug, Default)]
pub struct Stop {
    /// After an empty page.
    pub empty: Blank,
    /// After a page with fewer records than asked for.
    pub short: bool,
    /// Where the number of records stands.
    pub total: Option<Path>,
    /// Where the number of pages stands.
    pub pages: Option<Path>,
    /// Where it stands whether there is more.
    pub more: Option<Path>,
    /// A condition.
    pub until: Option<Template>,
    /// Statuses behind the first page that mean that there is none, each from and to.
    pub past_end: Vec<(u16, u16)>,
}

/// The names a condition or a computed cursor sees.
pub(crate) const SEEN: &[&str] = &["config", "response", "headers", "status", "page", "offset", "cursor", "vars", "window", "parent", "token", "last", "count"];

pub(crate) fn read(cx: &mut Check, node: &Node<'_>, request: Option<&Request>) -> Option<Pagination> {
    if node.value.entries().is_none() {
        return node.wrong(cx, "an object");
    }
    let word = node.need(cx, "type")?.word(cx, shapes::WORDS)?;
    let element = [&shapes::PAGE, &shapes::OFFSET, &shapes::CURSOR, &shapes::NEXT_URL, &shapes::LINK_HEADER, &shapes::LAST_RECORD, &shapes::KEYSET, &shapes::SCROLL, &shapes::VARS].into_iter().find(|element| element.name == word)?;
    element.open(cx, node)?;
    let injects = if matches!(word, "vars") { paging::Injects::default() } else { paging::injects(cx, node, word, request) };
    let way = way(cx, node, word, &injects, request);
    let names = matches!(word, "cursor" | "next_url" | "link_header" | "scroll");
    let stop = paging::stop(cx, node, !names, injects.size.is_some() || node.get("size").is_some());
    if let Some(status) = node.get("stop").and_then(|stop| stop.get("past_end")).filter(|_| !matches!(word, "page" | "offset")) {
        cx.error("definition_unknown_key", &status.at, "only pages that are numbered can be asked for behind the last one: a cursor that expired would be taken for the end", "remove it, or use it with `page` or `offset`");
    }
    let count = |cx: &mut Check, key: &str, usual: u32| node.get(key).map_or(Some(usual), |count| count.count(cx));
    let (max_pages, max_empty) = (count(cx, "max_pages", 100_000), count(cx, "max_empty", 100));
    let sized = node.get("size").or_else(|| node.get("stop")?.get("size"));
    let size = sized.as_ref().and_then(|size| size.count(cx));
    if injects.size.is_some() && sized.is_none() {
        node.need(cx, "size");
    }
    let depth_cap = node.get("depth_cap").and_then(|cap| cap.count(cx));
    if injects.broken {
        return None;
    }
    Some(Pagination { way: way?, size, size_inject: injects.size, stop: stop?, max_pages: max_pages?, max_empty: max_empty?, depth_cap })
}

fn way(cx: &mut Check, node: &Node<'_>, word: &str, injects: &paging::Injects, request: Option<&Request>) -> Option<Way> {
    let inject = injects.position.clone();
    let start = |cx: &mut Check, usual: i64| node.get("start").map_or(Some(usual), |start| start.integer(cx));
    let from = |cx: &mut Check| node.need(cx, "from").and_then(|from| from.path(cx, true));
    Some(match word {
        "page" => Way::Page { start: start(cx, 1)?, inject },
        "offset" => Way::Offset { start: start(cx, 0)?, inject },
        "cursor" => Way::Cursor { from: paging::from(cx, node)?, inject },
        "next_url" => {
            if let Some(same) = node.get("same_origin").filter(|same| same.boolean(cx) == Some(false)) {
                cx.error("definition_unknown_value", &same.at, "the next page is on the same origin, or it is not followed", "remove it");
            }
            let keep_params = node.get("keep_params").and_then(|keep| keep.boolean(cx)).unwrap_or(false);
            Way::NextUrl { from: from(cx)?, keep_params }
        }
        "link_header" => Way::LinkHeader { rel: node.get("rel").map_or(Some("next"), |rel| rel.text(cx))?.to_owned() },
        "last_record" => Way::Keyset(vec![KeysetKey { from: from(cx)?, inject }]),
        "keyset" => {
            let keys = node.need(cx, "keys").and_then(|keys| keys.items(cx))?;
            if keys.is_empty() {
                cx.error("definition_missing_key", &format!("{}/keys", node.at), "nothing says behind what the next page begins", "name a value of the record");
            }
            let keys: Vec<_> = keys.iter().map(|key| keyset_key(cx, key, request)).collect();
            Way::Keyset(keys.into_iter().collect::<Option<Vec<_>>>()?)
        }
        "scroll" => {
            let open = node.need(cx, "open").and_then(|open| request::read(cx, &open, request::READ));
            let close = node.get("close").map(|close| request::read(cx, &close, request::READ).map(Box::new));
            let from = from(cx);
            Way::Scroll { open: Box::new(open?), close: close.map_or(Some(None), |close| close.map(Some))?, from: from?, inject }
        }
        _ => vars(cx, node, request)?,
    })
}

fn keyset_key(cx: &mut Check, node: &Node<'_>, request: Option<&Request>) -> Option<KeysetKey> {
    shapes::KEYSET_KEY.open(cx, node)?;
    let from = node.need(cx, "from").and_then(|from| from.path(cx, true));
    let inject = node.need(cx, "inject").and_then(|place| paging::fitting(cx, &place, request));
    Some(KeysetKey { from: from?, inject: Some(inject?) })
}

fn vars(cx: &mut Check, node: &Node<'_>, request: Option<&Request>) -> Option<Way> {
    let init = node.need(cx, "init").and_then(|init| init.entries(cx));
    for entry in init.iter().flatten().filter(|entry| places::mentions(entry.value, "{{")) {
        cx.error("definition_unknown_value", &entry.at, "a first value has no expressions in it", "write a value; it becomes another by `next`");
    }
    let next = node.need(cx, "next").and_then(|next| next.entries(cx));
    if next.as_ref().is_some_and(Vec::is_empty) {
        cx.error("definition_missing_key", &format!("{}/next", node.at), "no variable goes on, so every page would be the first", "name the next value of one");
    }
    let next: Vec<_> = next.unwrap_or_default().iter().map(|entry| Some((entry.name(), entry.text(cx).and_then(|text| template_at(cx, entry, text, SEEN))?))).collect();
    let places = node.get("inject").and_then(|inject| inject.entries(cx)).unwrap_or_default();
    let mut inject = Vec::new();
    for place in &places {
        if !cx.vars.contains(&place.name()) {
            let hint = crate::nearest(&place.name(), cx.vars.iter().map(String::as_str)).map_or_else(|| "name one of `init` or `next`".to_owned(), |near| format!("did you mean `{near}`?"));
            cx.error("definition_unknown_value", &place.at, format!("there is no variable `{}`", place.name()), hint);
        }
        inject.push(paging::fitting(cx, place, request).map(|fitting| (place.name(), fitting)));
    }
    if places.is_empty() && !next.is_empty() && request.is_some_and(|request| !request.uses("vars")) {
        cx.error("definition_missing_key", &node.at, "the variables go nowhere, so every page would be the first", "add `inject`, or use `{{ vars.NAME }}` in the request");
    }
    Some(Way::Vars { init: init?.iter().map(|entry| (entry.name(), entry.value.clone())).collect(), next: next.into_iter().collect::<Option<_>>()?, inject: inject.into_iter().collect::<Option<_>>()? })
}

/// The names of the variables of a pagination, which the request may use.
pub(crate) fn variables(node: &Node<'_>) -> Vec<String> {
    if node.value.get("type").and_then(Value::as_str) != Some("vars") {
        return Vec::new();
    }
    let names = |key: &str| node.value.get(key).and_then(Value::entries).unwrap_or_default().iter().map(|(name, _)| name.clone());
    let mut all: Vec<String> = names("init").chain(names("next")).collect();
    all.sort();
    all.dedup();
    all
}
