//! The only file here that knows the exchange: a list of expected requests and what is answered to each.

use std::{collections::VecDeque, sync::{Arc, Mutex}};

use async_trait::async_trait;
use canonical::{Event, EventId, ConnectionId, Key, Version};
use connector::Draft;
use engine::{Call, Config, Connector, Exchange, ExchangeError, Request, Response, Secret};

/// 2026-01-31T09:01:40Z.
pub(crate) const NOW: i64 = 1_769_850_100_000;

/// Expected request lines and their answers, in order.
pub(crate) struct Script {
    left: Mutex<VecDeque<(String, Result<Response, ExchangeError>)>>,
    sent: Mutex<Vec<Request>>,
}

impl Script {
    pub(crate) fn new(steps: Vec<(&str, Result<Response, ExchangeError>)>) -> Self {
        Self { left: Mutex::new(steps.into_iter().map(|(line, answer)| (line.to_owned(), answer)).collect()), sent: Mutex::default() }
    }

    /// Header of the request at a place.
    pub(crate) fn header(&self, at: usize, name: &str) -> Option<String> {
        let sent = self.sent.lock().unwrap();
        sent[at].headers.iter().find_map(|(key, value)| key.eq_ignore_ascii_case(name).then(|| value.clone()))
    }

    pub(crate) fn body(&self, at: usize) -> String {
        String::from_utf8(self.sent.lock().unwrap()[at].body.clone().unwrap_or_default()).unwrap()
    }

    /// Nothing expected is still waiting.
    #[track_caller]
    pub(crate) fn over(&self) {
        assert_eq!(self.left.lock().unwrap().iter().map(|(line, _)| line.clone()).collect::<Vec<_>>(), Vec::<String>::new());
    }
}

#[async_trait]
impl Exchange for Script {
    async fn send(&self, request: Request) -> Result<Response, ExchangeError> {
        let line = format!("{} {}", request.method.word(), request.url);
        let (expected, answer) = self.left.lock().unwrap().pop_front().unwrap_or_else(|| panic!("nobody expected {line}"));
        assert_eq!(line, expected);
        self.sent.lock().unwrap().push(request);
        answer
    }
}

pub(crate) fn answer(status: u16, body: &str) -> Result<Response, ExchangeError> {
    with(status, &[], body)
}

pub(crate) fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Result<Response, ExchangeError> {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Ok(Response { status, headers, body: body.as_bytes().to_vec() })
}

pub(crate) fn config(values: &[(&str, &str)]) -> Config {
    Config::new(values.iter().map(|(name, value)| ((*name).to_owned(), Secret::new((*value).to_owned()))))
}

pub(crate) fn call<'a>(config: &'a Config, exchange: &'a Script) -> Call<'a> {
    Call::new(config, exchange, NOW)
}

/// A running connector of a definition.
#[track_caller]
pub(crate) fn running(definition: &str) -> Connector {
    let report = Draft::parse(definition).unwrap().check();
    let connector = report.into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings()));
    engine::dynamic(Arc::new(connector)).unwrap()
}

pub(crate) fn event(canonical_type: &str, key: &str, fields: &str) -> Event {
    Event {
        id: EventId::derive(&ConnectionId::parse("con_1").unwrap(), &[b"x"]),
        canonical_type: canonical_type.to_owned(),
        canonical_version: 1,
        key: Key::new(key).unwrap(),
        version: Version::of(0, Some(NOW), None, NOW),
        fields: document::parse_str(fields).unwrap(),
        extensions: document::parse_str("{}").unwrap(),
    }
}
