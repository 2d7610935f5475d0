//! Which path is answered by what. A door, such as one that wants a token, hands what is left of the path to the others.

use document::object;

use super::Api;
use super::ask::Ask;
use super::misbehaviour::Words;
use crate::{Answer, Request, moment};

/// Doors behind one another.
const DOORS: usize = 4;

impl Api {
    /// Answers one request.
    pub(crate) fn respond(&mut self, request: &Request) -> Answer {
        self.kept.note(request);
        let answer = match Words::read(request, &self.options.misbehave) {
            Ok(words) => {
                let ask = Ask::read(request, words);
                let answer = self.route(&ask);
                self.spoiled(&ask, answer)
            }
            Err(reason) => refused(400, "bad_request", &reason),
        };
        answer.with("date", moment::mail(self.options.clock.now_ms(), "GMT"))
    }

    /// Answers what is left of a path.
    pub(crate) fn route(&mut self, ask: &Ask) -> Answer {
        self.found(ask).unwrap_or_else(|reason| refused(400, "bad_request", &reason))
    }

    fn found(&mut self, ask: &Ask) -> Result<Answer, String> {
        if ask.doors > DOORS {
            return Ok(nowhere());
        }
        let parts: Vec<&str> = ask.inner.split('/').collect();
        match (ask.request.method.as_str(), parts.as_slice()) {
            (_, ["page" | "things"]) => self.page(ask),
            (_, ["things", id]) => self.thing(ask, id),
            (_, ["offset"]) => self.offset(ask),
            (_, ["cursor"]) => self.cursor(ask),
            (_, ["next-url"]) => self.next_url(ask),
            (_, ["link"]) => self.link(ask),
            (_, ["since"]) => self.since(ask),
            (_, ["keyset"]) => self.keyset(ask),
            (_, ["session"]) => self.session(ask),
            (_, ["search"]) => self.search(ask),
            ("POST", ["graphql"]) => self.graphql(ask),
            ("POST", ["scroll", "open"]) => self.open_scroll(ask),
            ("POST", ["scroll", "next"]) => self.next_scroll(ask),
            ("DELETE", ["scroll", id]) => Ok(self.close_scroll(id)),
            (_, ["groups"]) => Ok(self.groups()),
            (_, ["groups", id, "things"]) => self.group_things(ask, id),
            (_, ["nodes"]) => self.nodes(ask),
            (_, ["feed"]) => self.feed(ask),
            (_, ["errors", kind, ..]) => self.error(ask, kind),
            (_, ["changes"]) => self.changes(ask),
            (_, ["shapes", shape]) => self.shape(ask, shape),
            (_, [file]) if file.starts_with("export") || *file == "silent.gz" => Ok(self.export(ask, file)),
            ("POST", ["auth", "login"]) => Ok(self.login(ask)),
            ("POST", ["auth", "cookie", "login"]) => Ok(self.cookie_login(ask)),
            (_, ["auth", kind, ..]) => Ok(self.guarded(ask, kind)),
            (_, ["server", ..]) => Ok(self.server(ask)),
            ("POST", ["oauth", "token"]) => Ok(self.token(ask)),
            (_, ["oauth", ..]) => Ok(self.with_token(ask)),
            (_, ["limited", ..]) => Ok(self.limited(ask)),
            (_, ["strict", ..]) => Ok(self.strict(ask)),
            _ => Ok(nowhere()),
        }
    }
}

/// A refusal with its code and a sentence.
pub(crate) fn refused(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, &object([("error", Some(object([("code", Some(code.into())), ("message", Some(message.into()))])))]))
}

/// The answer to a path nobody knows.
pub(crate) fn nowhere() -> Answer {
    refused(404, "not_found", "there is nothing here")
}
