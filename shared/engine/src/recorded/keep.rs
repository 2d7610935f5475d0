//! Records a live run as a test: what is asked and answered, with every secret replaced by a made-up value.

use std::{borrow::Cow, sync::{Mutex, PoisonError, atomic::{AtomicBool, AtomicUsize, Ordering}}};

use async_trait::async_trait;
use connector::{Auth, Connector, Subject};
use document::{Value, object};

use super::{answered::{answered, sealed}, login, veil::Veil};
use crate::{Config, Exchange, ExchangeError, Request, Response, Secret};

/// An exchange that remembers what passes through it.
pub struct Recorder<'e> {
    exchange: &'e dyn Exchange,
    kept: Mutex<Vec<(Kept, Response)>>,
    /// Whether what passed last got no answer.
    unanswered: AtomicBool,
    /// What was answered, and what was not.
    tries: [AtomicUsize; 2],
}

/// What a run was, beside what was asked and answered.
#[derive(Debug, Clone)]
pub struct Ran<'r> {
    /// What the test is called.
    pub name: &'r str,
    /// What was read; of an entity, the records behind which the run was ended where that was before the last.
    pub subject: &'r Subject,
    /// The present of the run, by RFC 3339.
    pub now: &'r str,
    /// What came of it, as the `expect` of a test.
    pub expect: Value,
}

/// Where a recording was not looked through for secrets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unsought {
    /// The names of secrets that are too short: they stand in anything.
    pub short: Vec<String>,
    /// Answers that cannot be read or cannot be written without the secrets they hold; they are left out of the test.
    pub sealed: usize,
}

/// What is kept of a request: never its headers, which carry credentials.
struct Kept {
    method: &'static str,
    url: url::Url,
    body: Option<Vec<u8>>,
    login: bool,
}

/// Exchanges of one test.
const MOST: usize = 200;

impl<'e> Recorder<'e> {
    /// A recorder in front of an exchange.
    #[must_use]
    pub fn new(exchange: &'e dyn Exchange) -> Self {
        Self { exchange, kept: Mutex::default(), unanswered: AtomicBool::default(), tries: Default::default() }
    }

    /// Whether everything that passed is kept: a test holds so much and no more.
    #[must_use]
    pub fn whole(&self) -> bool {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).len() <= MOST
    }

    /// Whether what passed last got no answer, which no test can hold.
    #[must_use]
    pub fn unanswered(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed)
    }

    /// How many requests were answered, and how many tries got no answer, such as a connection that was refused.
    #[must_use]
    pub fn tries(&self) -> (usize, usize) {
        let [answered, unanswered] = &self.tries;
        (answered.load(Ordering::Relaxed), unanswered.load(Ordering::Relaxed))
    }

    /// The test: what was asked and answered, and how much came of it. `tokens` are the secrets the other system gave.
    #[must_use]
    pub fn test(&self, connector: &Connector, config: &Config, tokens: &[(String, Secret)], run: &Ran<'_>) -> Value {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let veil = Veil::new(connector, config, tokens);
        let auth = login::auth(connector, config);
        let exchanges = kept.iter().take(MOST).map(|(request, response)| object([("request", Some(asked(request, &veil))), ("response", Some(answered(&shared(request, response, auth), &veil)))])).collect();
        let settings = connector.config().iter().filter(|entry| entry.derive.is_none()).filter_map(|entry| {
            let value = config.get(&entry.name).map(Secret::expose)?;
            match (entry.secret, entry.optional && !value.is_empty()) {
                (false, _) => Some((entry.name.clone(), Value::String(value.to_owned()))),
                // One that need not be there is made up only for a test that says that it is.
                (true, true) => Some((entry.name.clone(), Value::String(super::made_up(entry)))),
                (true, false) => None,
            }
        }).collect::<Vec<_>>();
        let over = |text: &str| Value::String(veil.over(text));
        let (what, how) = match run.subject {
            Subject::Entity { name, cursor, limit } => (("entity", name), [("cursor", cursor.as_deref().map(over)), ("limit", limit.map(Value::from))]),
            Subject::Snapshot { kind, only_keys, field_hint } => {
                let keys = only_keys.as_ref().map(|keys| Value::Array(keys.iter().map(|key| over(key.as_str())).collect()));
                (("snapshot", kind), [("only_keys", keys), ("field_hint", field_hint.as_deref().map(over))])
            }
        };
        let ([first, second], (kind, of)) = (how, what);
        object([
            ("name", Some(run.name.into())), (kind, Some(of.as_str().into())), ("config", (!settings.is_empty()).then_some(Value::Object(settings))), first, ("now", Some(run.now.into())), second, ("exchanges", Some(Value::Array(exchanges))),
            ("expect", Some(veil.read(&run.expect.to_string()).unwrap_or_else(Value::String))),
        ])
    }
}

impl Recorder<'_> {
    /// Where the test was not looked through for secrets, by the same that makes it.
    #[must_use]
    pub fn unsought(&self, connector: &Connector, config: &Config, tokens: &[(String, Secret)]) -> Unsought {
        let veil = Veil::new(connector, config, tokens);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let auth = login::auth(connector, config);
        Unsought { short: veil.short().to_vec(), sealed: kept.iter().take(MOST).filter(|(request, response)| sealed(&shared(request, response, auth), &veil)).count() }
    }
}

#[async_trait]
impl Exchange for Recorder<'_> {
    async fn send(&self, request: Request) -> Result<Response, ExchangeError> {
        let kept = Kept { method: request.method.word(), url: request.url.clone(), body: request.body.clone(), login: request.login };
        let answer = self.exchange.send(request).await;
        self.unanswered.store(answer.is_err(), Ordering::Relaxed);
        let [answered, unanswered] = &self.tries;
        (if answer.is_ok() { answered } else { unanswered }).fetch_add(1, Ordering::Relaxed);
        let response = answer?;
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // One more than a test holds, so that it is known.
        if all.len() <= MOST {
            all.push((kept, response.clone()));
        }
        Ok(response)
    }
}

/// The answer with no more of a login than a test is played with.
fn shared<'r>(request: &Kept, response: &'r Response, auth: Option<&Auth>) -> Cow<'r, Response> {
    if request.login { Cow::Owned(login::bare(response, auth)) } else { Cow::Borrowed(response) }
}

fn asked(request: &Kept, veil: &Veil) -> Value {
    let body = request.body.as_ref().map(|body| veil.read(&String::from_utf8_lossy(body)).unwrap_or_else(Value::String));
    let method = (request.method != "GET").then(|| Value::from(request.method));
    object([("method", method), ("url", Some(veil.over(request.url.as_str()).into())), ("body", body)])
}
