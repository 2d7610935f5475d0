//! Lists read by what the last page said: a cursor, the address of the next page, a `Link` header, a connection, a session.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use document::{Value, object};

use super::Api;
use super::ask::Ask;
use super::kept::count;
use super::listing::{Listing, Page};
use crate::Answer;

impl Api {
    /// `/cursor?after=&limit=`, or `POST /cursor` with `{"page":{"after":…,"limit":…}}`.
    pub(crate) fn cursor(&self, ask: &Ask) -> Result<Answer, String> {
        let inside = |name: &str| ask.body.get("page").and_then(|page| page.get(name)).and_then(Value::plain);
        let size = match inside("limit") {
            Some(text) => text.parse().ok().filter(|size| (1..=100).contains(size)).ok_or("/page/limit is not between 1 and 100")?,
            None => ask.size("limit")?,
        };
        let page = Listing::new(self.things(), size, &ask.words).page(opened(inside("after").or(ask.parameter("after")))?);
        let paging = object([("next", Some(next(&page))), ("has_more", Some(page.next.is_some().into()))]);
        Ok(Answer::json(200, &object([("items", Some(page.shown(ask.zone()))), ("paging", Some(paging))])))
    }

    /// `/next-url?limit=`: the address of the next page in the body, whole or, with `relative=1`, from the path on.
    pub(crate) fn next_url(&self, ask: &Ask) -> Result<Answer, String> {
        let page = Listing::new(self.things(), ask.size("limit")?, &ask.words).page(opened(ask.parameter("at"))?);
        let origin = if ask.parameter("relative").is_some_and(|relative| relative == "1") { String::new() } else { ask.origin() };
        let next = page.next.map_or(Value::Null, |next| format!("{origin}{}", ask.target(&[("at", closed(next))])).into());
        Ok(Answer::json(200, &object([("data", Some(page.shown(ask.zone()))), ("next", Some(next))])))
    }

    /// `/link?limit=`: a bare array, and the next page in the `Link` header behind the first.
    pub(crate) fn link(&self, ask: &Ask) -> Result<Answer, String> {
        let size = ask.size("limit")?;
        let page = Listing::new(self.things(), size, &ask.words).page(opened(ask.parameter("page_info"))?);
        let link = |at: usize, relation: &str| format!("<{}{}>; rel=\"{relation}\"", ask.origin(), ask.target(&[("limit", size.to_string()), ("page_info", closed(at))]));
        let links: Vec<String> = [Some(link(0, "first")), page.next.map(|next| link(next, "next"))].into_iter().flatten().collect();
        Ok(Answer::json(200, &page.shown(ask.zone())).with("link", links.join(", ")))
    }

    /// `POST /graphql`: a Relay connection; reads `variables.first` and `variables.after`, and whatever the query says gives all fields.
    pub(crate) fn graphql(&self, ask: &Ask) -> Result<Answer, String> {
        let variable = |name: &str| ask.body.get("variables").and_then(|variables| variables.get(name)).and_then(Value::plain);
        let size = variable("first").map_or(Ok(20), |text| text.parse()).ok().filter(|size| (1..=100).contains(size));
        let (Some(size), Ok(start)) = (size, opened(variable("after"))) else {
            let error = object([("message", Some("first or after is not understood".into())), ("path", Some(Value::Array(vec!["things".into()])))]);
            return Ok(Answer::json(200, &object([("data", Some(Value::Null)), ("errors", Some(Value::Array(vec![error])))])));
        };
        let page = Listing::new(self.things(), size, &ask.words).page(start);
        let info = object([("endCursor", Some(next(&page))), ("hasNextPage", Some(page.next.is_some().into()))]);
        let things = object([("nodes", Some(page.shown(ask.zone()))), ("pageInfo", Some(info))]);
        Ok(Answer::json(200, &object([("data", Some(object([("things", Some(things))])))])))
    }

    /// `/session?page=&session=`: the first answer begins a session, without which there are no further pages.
    pub(crate) fn session(&mut self, ask: &Ask) -> Result<Answer, String> {
        let (size, number) = (ask.size("limit")?, ask.number("page", 1)?);
        let session = match ask.parameter("session").filter(|session| !session.is_empty()) {
            Some(session) => {
                let begun = session.strip_prefix("session-").and_then(|begun| begun.parse().ok());
                begun.filter(|begun| (1..=self.kept.sessions).contains(begun)).ok_or("session is not one that was begun")?;
                session
            }
            None if number == 1 => {
                self.kept.sessions += 1;
                format!("session-{}", self.kept.sessions)
            }
            None => return Err("session is missing, which the first page gave".to_owned()),
        };
        let start = number.checked_sub(1).ok_or("pages are counted from 1")?.saturating_mul(size);
        let listing = Listing::new(self.things(), size, &ask.words);
        let rows = listing.page(start).shown(ask.zone());
        Ok(Answer::json(200, &object([("session", Some(session.into())), ("page", Some(count(number as u64))), ("pages", Some(listing.pages())), ("data", Some(rows))])))
    }
}

fn next(page: &Page) -> Value {
    page.next.map_or(Value::Null, |next| closed(next).into())
}

/// A place in a list as a cursor nobody should look into.
fn closed(at: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("at {at}"))
}

fn opened(cursor: Option<String>) -> Result<usize, String> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(0) };
    let text = URL_SAFE_NO_PAD.decode(&cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.as_deref().and_then(|text| text.strip_prefix("at ")).and_then(|at| at.parse().ok()).ok_or_else(|| format!("{cursor} is not a cursor of this list"))
}
