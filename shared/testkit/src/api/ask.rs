//! A request while it is answered: what is left of its path, its parameters, how it is misbehaved at.

use document::{Limits, Value};

use super::misbehaviour::Words;
use super::stamp::Zone;
use crate::{Request, percent};

/// The most records a page may hold.
const LARGEST: usize = 100;
/// What a page holds when nobody says.
const USUAL: usize = 20;

/// A request while it is answered.
#[derive(Debug, Clone)]
pub(crate) struct Ask<'a> {
    /// The request as it came.
    pub(crate) request: &'a Request,
    /// What is left of the path behind the doors it went through, without the leading slash.
    pub(crate) inner: &'a str,
    /// How many doors those were.
    pub(crate) doors: usize,
    /// How it is misbehaved at.
    pub(crate) words: Words,
    /// The body as JSON; a form is an object of texts.
    pub(crate) body: Value,
}

impl<'a> Ask<'a> {
    /// Reads a request.
    pub(crate) fn read(request: &'a Request, words: Words) -> Self {
        Self { request, inner: request.path.trim_start_matches('/'), doors: 0, words, body: body(request) }
    }

    /// The same request behind a door that has taken so many parts of the path. When nothing is left, it is for the things.
    pub(crate) fn behind(&self, parts: usize) -> Self {
        let rest = self.inner.splitn(parts + 1, '/').nth(parts).unwrap_or_default();
        Self { inner: if rest.is_empty() { "things" } else { rest }, doors: self.doors + 1, ..self.clone() }
    }

    /// A parameter, from the query or from the top of the body.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.request.parameter(name).map(str::to_owned).or_else(|| self.body.get(name)?.plain())
    }

    /// A parameter that is a number from zero up.
    pub(crate) fn number(&self, name: &str, usual: usize) -> Result<usize, String> {
        self.parameter(name).map_or(Ok(usual), |text| text.parse().map_err(|_| format!("{name} is not a number from zero up")))
    }

    /// How many records a page shall hold.
    pub(crate) fn size(&self, name: &str) -> Result<usize, String> {
        let size = self.number(name, USUAL)?;
        if (1..=LARGEST).contains(&size) { Ok(size) } else { Err(format!("{name} is not between 1 and {LARGEST}")) }
    }

    /// The clock to write times by.
    pub(crate) fn zone(&self) -> Zone {
        Zone::of(&self.words)
    }

    /// The path and query of this request with other values for some parameters. A key that signs in is never in a link.
    pub(crate) fn target(&self, values: &[(&str, String)]) -> String {
        let stays = |key: &str| key != "api_key" && values.iter().all(|(name, _)| *name != key);
        let old = self.request.query.iter().filter(|(key, _)| stays(key)).map(|(key, value)| (key.as_str(), value.as_str()));
        let pairs: Vec<String> = old.chain(values.iter().map(|(key, value)| (*key, value.as_str()))).map(|(key, value)| format!("{key}={}", percent::encode(value))).collect();
        format!("{}?{}", self.request.path, pairs.join("&"))
    }

    /// Where the client believes this system is, such as `http://127.0.0.1:4303`.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.request.header("host").unwrap_or("127.0.0.1"))
    }
}

fn body(request: &Request) -> Value {
    if let Ok(value) = document::parse(&request.body, &Limits::default()) {
        return value;
    }
    let text = String::from_utf8_lossy(&request.body);
    Value::Object(percent::pairs(&text).into_iter().map(|(key, value)| (key, value.into())).collect())
}
