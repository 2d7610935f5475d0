//! An exchange that answers from a function or from the sample API, and readers that go on in a new process at every page.

use std::{collections::BTreeMap, sync::{Arc, Mutex}};

use async_trait::async_trait;
use engine::{Call, Config, Connector, Exchange, ExchangeError, Request, Response, Sessions};
use fault::Simple;
use testkit::{Api, ApiOptions, Ending, System};

use crate::script::{NOW, config, running};

type Answers = Box<dyn FnMut(&Request) -> Result<Response, ExchangeError> + Send>;

/// Whoever answers, and what was asked.
pub(crate) struct World {
    answers: Mutex<Answers>,
    sent: Mutex<Vec<Request>>,
}

impl World {
    pub(crate) fn of(answers: impl FnMut(&Request) -> Result<Response, ExchangeError> + Send + 'static) -> Self {
        Self { answers: Mutex::new(Box::new(answers)), sent: Mutex::default() }
    }

    /// The sample API, which every host is.
    pub(crate) fn api() -> (Self, Arc<Mutex<Api>>) {
        Self::with(ApiOptions::default())
    }

    pub(crate) fn with(options: ApiOptions) -> (Self, Arc<Mutex<Api>>) {
        let api = Arc::new(Mutex::new(Api::new(options)));
        let answering = Arc::clone(&api);
        (Self::of(move |request| asked(&mut answering.lock().unwrap(), request)), api)
    }

    /// Methods, paths and queries asked since the last look.
    pub(crate) fn lines(&self) -> Vec<String> {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        sent.iter().map(|request| format!("{} {}{}", request.method.word(), request.url.path(), request.url.query().map(|query| format!("?{query}")).unwrap_or_default())).collect()
    }

    /// The requests since the last look.
    pub(crate) fn sent(&self) -> Vec<Request> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }
}

#[async_trait]
impl Exchange for World {
    async fn send(&self, request: Request) -> Result<Response, ExchangeError> {
        let answer = (self.answers.lock().unwrap())(&request);
        self.sent.lock().unwrap().push(request);
        // Others who wait get their turn, as they do on a network.
        tokio::task::yield_now().await;
        answer
    }
}

pub(crate) fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers.iter().find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value.as_str()))
}

/// What the sample API answers.
pub(crate) fn asked(api: &mut Api, request: &Request) -> Result<Response, ExchangeError> {
    let headers = request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
    let question = testkit::Request {
        method: request.method.word().to_owned(),
        path: request.url.path().to_owned(),
        query: request.url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        headers: headers.chain([("host".to_owned(), request.url.host_str().unwrap_or_default().to_owned())]).collect(),
        body: request.body.clone().unwrap_or_default(),
    };
    let answer = api.answer(&question);
    if answer.ending == Ending::Whole { Ok(Response { status: answer.status, headers: answer.headers, body: answer.body }) } else { Err(ExchangeError::Unanswered) }
}

/// A definition of entities, in short: its host is `https://api.test`.
pub(crate) fn definition(rest: &str) -> String {
    format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"base_url":"https://api.test",{rest},"eventMapping":{{"externalId":"$.id","eventType":"thing.updated"}}}}"#)
}

/// Who reads: what, with which configuration, and whether a new process goes on at every page.
pub(crate) struct Run<'r> {
    pub(crate) definition: &'r str,
    pub(crate) entity: &'r str,
    pub(crate) config: Config,
    pub(crate) now_ms: i64,
    pub(crate) sessions: Option<&'r dyn Sessions>,
    /// A new instance at every page; otherwise one for the whole run.
    pub(crate) anew: bool,
}

impl<'r> Run<'r> {
    pub(crate) fn new(definition: &'r str, entity: &'r str) -> Self {
        Self { definition, entity, config: config(&[]), now_ms: NOW, sessions: None, anew: false }
    }

    /// The ids of a run, and where it ends.
    pub(crate) async fn read(&self, world: &World, cursor: Option<&str>) -> Result<(Vec<String>, String), Simple> {
        let (records, cursor) = self.records(world, cursor).await?;
        Ok((records.iter().map(|record| record.get("id").and_then(document::Value::plain).unwrap_or_default()).collect(), cursor))
    }

    /// The records of a run, and where it ends.
    pub(crate) async fn records(&self, world: &World, cursor: Option<&str>) -> Result<(Vec<document::Value>, String), Simple> {
        let mut instance = running(self.definition);
        self.go_on(&mut instance, world, cursor).await
    }

    pub(crate) async fn go_on(&self, instance: &mut Connector, world: &World, cursor: Option<&str>) -> Result<(Vec<document::Value>, String), Simple> {
        let (mut records, mut cursor) = (Vec::new(), cursor.map(str::to_owned));
        for _ in 0..100_000 {
            let call = Call { now_ms: self.now_ms, sessions: self.sessions, ..Call::new(&self.config, world, NOW) };
            let page = instance.source.as_ref().unwrap().page(call, self.entity, cursor.as_deref()).await?;
            records.extend(page.changes.into_iter().map(|change| change.payload));
            if page.done {
                return Ok((records, page.cursor));
            }
            cursor = Some(page.cursor);
            if self.anew {
                *instance = running(self.definition);
            }
        }
        panic!("the run does not end");
    }
}

/// How often each text is there.
pub(crate) fn counted(texts: &[String]) -> BTreeMap<&str, usize> {
    texts.iter().fold(BTreeMap::new(), |mut counts, text| {
        *counts.entry(text.as_str()).or_default() += 1;
        counts
    })
}

/// The ids from one to another, in no order.
#[track_caller]
pub(crate) fn same(found: &[String], expected: impl IntoIterator<Item = String>) {
    let (mut found, mut expected) = (found.to_vec(), expected.into_iter().collect::<Vec<_>>());
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}
