//! The keys of every way to page.

use super::super::{inject::INJECT, paging, request};
use crate::shape::{Element, Key, Takes};

macro_rules! way {
    ($name:ident, $word:literal, $doc:literal, [$($key:expr),* $(,)?]) => {
        pub(super) static $name: Element = Element { name: $word, doc: $doc, keys: &[Key::required("type", Takes::Word($word), ""), $($key,)*
            Key::new("size", Takes::Count, "Records asked for per page."),
            Key::new("stop", Takes::Of(&paging::STOP), "When there is no next page."),
            Key::new("max_pages", Takes::Count, "More pages than this are a mistake; 100,000 without it."),
            Key::new("max_empty", Takes::Count, "More empty pages in a row than this are a mistake; 100 without it."),
            Key::new("depth_cap", Takes::Count, "How many records a listing shows at most: there it begins anew behind the last record. Needs `incremental` in ascending order, or `last_record`."),
        ] };
    };
}

pub(super) static INJECTS: Element = Element {
    name: "inject_page",
    doc: "Where the position and the size go.",
    keys: &[
        Key::new("page", Takes::Of(&INJECT), "The page number."), Key::new("offset", Takes::Of(&INJECT), "The offset."), Key::new("cursor", Takes::Of(&INJECT), "The cursor."),
        Key::new("size", Takes::Of(&INJECT), "The size."),
    ],
};
pub(super) static SIZES: Element = Element { name: "inject_size", doc: "Where the size goes, of pages whose position is found in the answer.", keys: &[Key::new("size", Takes::Of(&INJECT), "The size.")] };
const INJECTED: Takes = Takes::Either(&[Takes::Of(&INJECTS), Takes::Of(&INJECT)]);
const PLACED: Key = Key::new("inject", INJECTED, "Where it goes; without it the request names it in a template.");

way!(PAGE, "page", "Pages are numbered. What leaves such a listing while it is read, or changes in one that is sorted by change, makes others move up onto pages that are read already. With `incremental` in ascending order nothing is passed over for that: each page is asked for as a first one, from where the last one ended; where one time fills pages, or the source does not begin where it is asked to, each is looked at once more when the next one was read. With `incremental` in any other order each page is looked at once more when the next one was read, and what is new on it is taken: twice the requests, where there is more than one page; sorted by change, or asked for behind the last id, they are one. Where the `total` is named, a listing that became shorter is read again from its first page, three times at most. In a snapshot that is `complete` each page is looked at twice as well. All this is so too where offsets, links, cursors or variables only count: links that differ by numbers alone, values greater by one or by the length of a page.", [Key::new("start", Takes::Integer, "The first number; 1 without it."), PLACED]);
way!(OFFSET, "offset", "Records are counted. What is said under `page` of listings that move holds here too.", [Key::new("start", Takes::Integer, "The first offset; 0 without it."), PLACED]);
way!(CURSOR, "cursor", "The answer names the cursor of the next page; no cursor, no page.", [
    Key::new("from", Takes::Either(&[Takes::Path { singular: true }, Takes::Template]), "Where it stands in the answer, or how it is made of it. Of `{{ last.NAME }}` alone the run fails where the last record does not have it."),
    Key::new("field", Takes::Text, "The same as a dotted name, as the guide writes it."),
    Key::new("header", Takes::Text, "The header it stands in."),
    Key::new("more", Takes::Path { singular: true }, "Where it stands whether there is more. Where it says so and no next page is named, the run fails: what is behind would be lost."),
    PLACED,
]);
way!(NEXT_URL, "next_url", "The answer holds the address of the next page, on the same origin.", [
    Key::required("from", Takes::Path { singular: true }, "Where it stands; it may be relative."),
    Key::new("keep_params", Takes::Boolean, "Add the parameters of the request that the address does not have."),
    Key::new("same_origin", Takes::Boolean, "Always so: credentials go nowhere else. May be written for clearness."),
    Key::new("inject", Takes::Of(&SIZES), "Where the size goes."),
]);
way!(LINK_HEADER, "link_header", "The answer's `Link` header names the next page, on the same origin.", [
    Key::new("rel", Takes::Text, "The relation; `next` without it."),
    Key::new("inject", Takes::Of(&SIZES), "Where the size goes."),
]);
way!(LAST_RECORD, "last_record", "The next page begins behind the last record.", [Key::required("from", Takes::Path { singular: true }, "The value of the record it begins behind: of the last one the page lists, before any is expanded or left out. A page with records whose last one lacks it fails."), PLACED]);
pub(super) static KEYSET_KEY: Element = Element {
    name: "keyset_key",
    doc: "A value of the last record.",
    keys: &[Key::required("from", Takes::Path { singular: true }, "Where it stands in the record, before that is expanded."), Key::required("inject", Takes::Of(&INJECT), "Where it goes.")],
};
way!(KEYSET, "keyset", "The next page begins behind several values of the last record.", [
    Key::required("keys", Takes::List(&Takes::Of(&KEYSET_KEY)), "The values, in the order of the listing."), Key::new("inject", Takes::Of(&SIZES), "Where the size goes."),
]);
way!(SCROLL, "scroll", "A listing that is opened, read on and closed. Where its id stays the same, the other side keeps the place, and shows a page once: each is asked for by the process that read the one before. After a connection that broke, a crash or a `--limit` the listing is opened anew and told again. It has to fit into one run of a function, some minutes, with the children that are read of it; where an id names its own page, or `cursor` can be used, it may take any time.", [
    Key::required("open", Takes::Of(&request::REQUEST), "The request that opens it and answers with the first page; the entity's own request reads on."),
    Key::new("close", Takes::Of(&request::REQUEST), "The request that closes it."),
    Key::required("from", Takes::Path { singular: true }, "Where its id stands in the answers."),
    PLACED,
]);
way!(VARS, "vars", "Variables, and how each goes on.", [
    Key::required("init", Takes::Map(&Takes::Any), "Their first values."),
    Key::required("next", Takes::Map(&Takes::Template), "Their next values, made of `response`, `vars`, `last` (the last record, before any is expanded or left out) and `count`; one that becomes absent ends the listing."),
    Key::new("inject", Takes::Map(&Takes::Of(&INJECT)), "Where they go; the request may also use `{{ vars.NAME }}`."),
]);

/// `pagination`.
pub(crate) const PAGINATION: Takes = Takes::Choice("type", &[&PAGE, &OFFSET, &CURSOR, &NEXT_URL, &LINK_HEADER, &LAST_RECORD, &KEYSET, &SCROLL, &VARS]);
/// The words of the ways.
pub(super) const WORDS: &[&str] = &["page", "offset", "cursor", "next_url", "link_header", "last_record", "keyset", "scroll", "vars"];
