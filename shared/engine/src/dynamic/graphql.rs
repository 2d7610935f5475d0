//! What an answer to GraphQL says in its `errors`: beside a status that tells of success, and with `data` or without.

use std::borrow::Cow;

use connector::{Errors, Read, Request, Way};
use document::{Item, Sort};
use fault::Disposition;

use super::{classify::{self, Failure}, judge::{Tries, Verdict}, retry_after::retry_after};
use crate::Response;

/// What errors come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// We ask too much.
    Limited,
    /// The credentials are no longer good.
    Expired,
    /// Who asks may not have this.
    Forbidden,
    /// The other side failed, and may have acted.
    Passing,
    /// It will never work like this.
    Refused,
}

/// The codes that are known, of servers and libraries that are used much; no list of them is part of GraphQL.
const KNOWN: &[(&str, Means)] = &[
    ("THROTTLED", Means::Limited), ("RATE_LIMITED", Means::Limited), ("TOO_MANY_REQUESTS", Means::Limited), ("UNAUTHENTICATED", Means::Expired), ("FORBIDDEN", Means::Forbidden), ("ACCESS_DENIED", Means::Forbidden),
    ("INTERNAL_SERVER_ERROR", Means::Passing), ("SERVICE_UNAVAILABLE", Means::Passing), ("TIMEOUT", Means::Passing),
];

/// Whether a code is one of those.
pub(crate) fn is_known(code: &str) -> bool {
    KNOWN.iter().any(|(known, _)| known.eq_ignore_ascii_case(code))
}

/// What an answer says went wrong, and in which words; `None` where nothing did, or what is there is wanted all the same.
pub(crate) fn said(answer: Item<'_>, errors: Errors) -> Option<(Means, Option<Cow<'_, str>>)> {
    let (all, first) = told(answer)?;
    if errors == Errors::Partial && answer.get("data").is_some_and(|data| !data.is_null()) {
        return None;
    }
    // Of several that which says how it goes on; the others may only have come of it.
    let (means, error) = all.items().find_map(|error| Some((means(error)?, error))).unwrap_or((Means::Refused, first));
    Some((means, error.get("message").and_then(Item::text)))
}

/// Whether data was taken that has errors beside it: what is not there may only have failed.
pub(crate) fn is_partial(read: &Read, answer: Item<'_>) -> bool {
    let takes = |request: &Request| request.graphql() == Some(Errors::Partial);
    let opened = || read.pagination.as_ref().is_some_and(|pagination| matches!(&pagination.way, Way::Scroll { open, .. } if takes(open)));
    (takes(&read.request) || opened()) && told(answer).is_some()
}

/// What errors come to, in the words they are told in.
pub(crate) fn verdict(response: &Response, means: Means, message: Option<String>, now_ms: i64) -> Verdict {
    let retry = Disposition::Retry { after: response.header("retry-after").and_then(|text| retry_after(text, now_ms)) };
    let failure = |code, disposition| classify::failure(response, code, disposition, message);
    let failure = match means {
        Means::Limited => failure("destination_rate_limited", retry),
        Means::Expired => return Verdict::Expired(failure("needs_auth", Disposition::Park)),
        Means::Forbidden => Failure { narrow: true, ..failure("needs_auth", Disposition::Park) },
        Means::Passing => Failure { ambiguous: true, ..failure("destination_unavailable", retry) },
        Means::Refused => failure("destination_rejected", Disposition::Reject),
    };
    Verdict::Failed(failure, Tries::default())
}

/// The errors of an answer, and the first of them.
fn told(answer: Item<'_>) -> Option<(Item<'_>, Item<'_>)> {
    let errors = answer.get("errors").filter(|errors| errors.sort() == Sort::Array)?;
    Some((errors, errors.items().next()?))
}

/// What an error comes to by its code, wherever servers put it.
fn means(error: Item<'_>) -> Option<Means> {
    let extensions = error.get("extensions");
    let codes = [extensions.and_then(|known| known.get("code")), extensions.and_then(|known| known.get("type")), error.get("type")];
    codes.into_iter().flatten().filter_map(Item::text).find_map(|code| KNOWN.iter().find_map(|(known, means)| known.eq_ignore_ascii_case(&code).then_some(*means)))
}
