//! The six functions over one app, each behind its payload.
//!
//! [`crate::chain`] makes them. Payloads go through JSON text both ways, so that what would not survive the way to
//! Lambda does not survive here.

use std::{pin::Pin, sync::Arc, time::Duration};

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use canonical::{Chance, Clock};
use lambda_runtime::{Error, LambdaEvent};
use pipeline::App;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    front::{self, Door},
    function::{Function, Handler},
};

/// What the function of an event returns.
type Answer<A> = Pin<Box<dyn Future<Output = Result<A, Error>> + Send>>;

/// What the schedule sends to `poll`.
pub(crate) const SWEEP: &str = r#"{"kind":"sweep"}"#;

/// Every function.
pub struct Functions {
    /// Changes to deliveries.
    pub transform: Function,
    /// Deliveries to the destination.
    pub deliver: Function,
    /// Reads sources.
    pub poll: Function,
    /// Compares both ends.
    pub reconcile: Function,
    /// Webhooks and events.
    pub ingest: Door,
    /// Everything else that is asked over HTTP.
    pub api: Door,
}

impl Functions {
    pub(crate) fn new(app: &Arc<App>, clock: &Arc<dyn Clock>, chance: &Arc<dyn Chance>) -> Self {
        let function = |name, seconds, handler| Function::new(name, Duration::from_secs(seconds), handler, Arc::clone(clock), Arc::clone(chance));
        let door = |name, seconds, handler| Door::new(name, Duration::from_secs(seconds), handler, Arc::clone(clock), Arc::clone(chance));
        Self {
            transform: function("transform", 60, over::<SqsEvent, SqsBatchResponse, _>(app, |app, event| Box::pin(async move { transform::handle(&app, event).await }))),
            deliver: function("deliver", 60, over::<SqsEvent, SqsBatchResponse, _>(app, |app, event| Box::pin(async move { deliver::handle(&app, event).await }))),
            poll: function("poll", 900, over::<Value, Value, _>(app, |app, event| Box::pin(async move { poll::handle(&app, event).await }))),
            reconcile: function("reconcile", 900, over::<SqsEvent, SqsBatchResponse, _>(app, |app, event| Box::pin(async move { reconcile::handle(&app, event).await }))),
            ingest: door("ingest", 15, http(app, |app, request| Box::pin(async move { ingest::handle(&app, request).await }))),
            api: door("api", 30, http(app, |app, request| Box::pin(async move { api::handle(&app, request).await }))),
        }
    }
}

/// A handler behind its payloads as text.
fn over<E, A, F>(app: &Arc<App>, handle: F) -> Handler
where
    E: DeserializeOwned,
    A: Serialize + 'static,
    F: Fn(Arc<App>, LambdaEvent<E>) -> Answer<A> + Send + Sync + 'static,
{
    let app = Arc::clone(app);
    Arc::new(move |payload, context| {
        let event = serde_json::from_str(&payload);
        let answer = event.map(|event| handle(Arc::clone(&app), LambdaEvent::new(event, context)));
        Box::pin(async move { Ok(serde_json::to_string(&answer?.await?)?) })
    })
}

fn http<F>(app: &Arc<App>, handle: F) -> front::Handler
where
    F: Fn(Arc<App>, lambda_http::Request) -> front::Answer + Send + Sync + 'static,
{
    let app = Arc::clone(app);
    Arc::new(move |request| handle(Arc::clone(&app), request))
}
