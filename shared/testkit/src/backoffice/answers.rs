//! What a back office answers to its clients, and its errors in the documented form.

use document::{Value, object};

use super::BackOffice;
use super::criteria::Criteria;
use crate::{Answer, Request};

impl BackOffice {
    /// Answers one request.
    pub(crate) fn respond(&mut self, request: &Request) -> Answer {
        if request.header("authorization") != Some(&format!("Bearer {}", self.options.token)) {
            let resources = object([("resources", Some("Magento_Backend::admin".into()))]);
            return refused(401, "not allowed to use %resources", Some(resources));
        }
        let key = (request.method != "GET" && self.options.honours_idempotency_key).then(|| request.header("idempotency-key").map(str::to_owned)).flatten();
        let Some(key) = key else { return self.route(request) };
        if let Some((status, body)) = self.books.answered.get(&key) {
            self.books.replays += 1;
            return Answer::text(*status, "application/json; charset=utf-8", body.clone()).with("idempotency-replayed", "true");
        }
        let answer = self.route(request);
        if answer.status < 500 {
            self.books.answered.insert(key, (answer.status, String::from_utf8_lossy(&answer.body).into_owned()));
        }
        answer
    }

    fn route(&mut self, request: &Request) -> Answer {
        let resource = request.path.strip_prefix(Self::BASE).unwrap_or_default().trim_matches('/');
        match (request.method.as_str(), resource) {
            ("GET", "store/storeConfigs") => self.store_settings(),
            ("GET", "inventory/source-items") => self.list(request, self.source_items()),
            ("POST", "inventory/source-items") => self.write_source_items(request),
            ("POST", "inventory/source-items-delete") => self.delete_source_items(request),
            ("GET", "orders") => self.list(request, self.orders()),
            ("POST", "orders") | ("PUT", "orders/create") => self.write_order(request),
            ("GET", other) => other.strip_prefix("orders/").map_or_else(no_route, |id| self.order_by_id(id)),
            _ => no_route(),
        }
    }

    fn list(&self, request: &Request, rows: Vec<Value>) -> Answer {
        match Criteria::read(request) {
            Ok(Some(criteria)) => Answer::json(200, &criteria.envelope(rows, self.options.repeats_last_page)),
            Ok(None) => refused(400, "%fieldName is required", Some(object([("fieldName", Some("searchCriteria".into()))]))),
            Err(reason) => refused(400, &reason, None),
        }
    }

    fn store_settings(&self) -> Answer {
        let settings = object([
            ("id", Some(1.into())),
            ("code", Some("default".into())),
            ("website_id", Some(1.into())),
            ("locale", Some("en_US".into())),
            ("base_currency_code", Some("EUR".into())),
            ("default_display_currency_code", Some("EUR".into())),
            ("timezone", Some("Europe/Stockholm".into())),
            ("base_url", Some("http://127.0.0.1/".into())),
        ]);
        Answer::json(200, &Value::Array(vec![settings]))
    }
}

/// An error: a message with placeholders not filled in, and their values.
pub(crate) fn refused(status: u16, message: &str, parameters: Option<Value>) -> Answer {
    Answer::json(status, &object([("message", Some(message.into())), ("parameters", parameters)]))
}

fn no_route() -> Answer {
    refused(404, "the request matches no route", None)
}

/// The member of a request's body that carries everything, or the 400 to give.
pub(crate) fn wrapped(request: &Request, member: &str) -> Result<Value, Answer> {
    let body = document::parse(&request.body, &document::Limits::default()).map_err(|error| refused(400, &format!("the body is not JSON: {error}"), None))?;
    body.get(member).cloned().ok_or_else(|| refused(400, "%fieldName is required", Some(object([("fieldName", Some(member.into()))]))))
}
