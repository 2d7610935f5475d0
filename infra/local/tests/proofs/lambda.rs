//! The Lambda service as a deployed program sees it: the Runtime API on loopback, one program behind it.
//!
//! A program is spawned as it is deployed, asks for its next invocation and posts what came of it. All it writes is kept.
//! Dropping the value ends the process.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Seek},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, atomic::{AtomicU32, Ordering}},
    time::Duration,
};

use axum::{Router, extract::{Path, State}, http::StatusCode, response::{IntoResponse, Response}, routing::{get, post}};
use canonical::Clock;
use pullpush::{World, function::{Answer, Function}, mapping::Mapping};
use runtime::SystemClock;
use serde_json::Value;
use tokio::{net::TcpListener, sync::{mpsc, oneshot}, task::JoinSet};

use crate::{Counting, built, calls::{self, Calls}, said};

/// No invocation takes longer, start and machine under load included.
const PATIENCE: Duration = Duration::from_secs(60);

type Outcome = Result<Value, Value>;

/// What the Runtime API hands out and takes back.
struct Host {
    next: tokio::sync::Mutex<mpsc::Receiver<(String, String)>>,
    waiting: Mutex<BTreeMap<String, oneshot::Sender<Outcome>>>,
}

impl Host {
    fn settle(&self, id: &str, outcome: Outcome) -> StatusCode {
        match self.waiting.lock().unwrap().remove(id) {
            Some(waiting) => {
                drop(waiting.send(outcome));
                StatusCode::ACCEPTED
            }
            None => StatusCode::BAD_REQUEST,
        }
    }
}

async fn next(State(host): State<Arc<Host>>) -> Response {
    let Some((id, payload)) = host.next.lock().await.recv().await else { return StatusCode::GONE.into_response() };
    let deadline = SystemClock.now_ms() + 60_000;
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-north-1:000000000000:function:proof".to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, payload).into_response()
}

async fn answered(State(host): State<Arc<Host>>, Path(id): Path<String>, body: String) -> StatusCode {
    host.settle(&id, Ok(serde_json::from_str(&body).unwrap()))
}

async fn failed(State(host): State<Arc<Host>>, Path(id): Path<String>, body: String) -> StatusCode {
    host.settle(&id, Err(serde_json::from_str(&body).unwrap()))
}

/// A deployed program, running.
pub(crate) struct Program {
    name: &'static str,
    process: Mutex<Child>,
    host: Arc<Host>,
    invocations: mpsc::Sender<(String, String)>,
    calls: Arc<Calls>,
    /// The Runtime API and the proxies; they end with this value.
    _servers: JoinSet<()>,
    count: AtomicU32,
    /// Standard output and standard error, as they come.
    said: File,
}

impl Program {
    /// Spawns a function's program with the settings a deployment gives it, against the services of a world.
    pub(crate) async fn spawn(name: &'static str, world: &World) -> Arc<Self> {
        let (invocations, next_one) = mpsc::channel(1);
        let host = Arc::new(Host { next: tokio::sync::Mutex::new(next_one), waiting: Mutex::default() });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .with_state(Arc::clone(&host));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mut servers = JoinSet::new();
        servers.spawn(async move { axum::serve(listener, router).await.unwrap() });
        let calls = Calls::of(name);
        let settings = settings(world, &calls, &mut servers).await;
        let said = tempfile::tempfile().unwrap();
        let mut command = Command::new(built::program(name));
        command.env_clear().stdin(Stdio::null()).stdout(said.try_clone().unwrap()).stderr(said.try_clone().unwrap());
        command.envs(environment(name, &address)).envs(settings);
        let process = Mutex::new(command.spawn().unwrap());
        Arc::new(Self { name, process, host, invocations, calls, _servers: servers, count: AtomicU32::new(0), said })
    }

    /// What it asked of AWS.
    pub(crate) fn calls(&self) -> std::collections::BTreeSet<String> {
        self.calls.made()
    }

    /// Invokes it once. `Err` is what the program reported as an error.
    pub(crate) async fn invoke(&self, event: String) -> Outcome {
        let id = format!("8476a536-e9f4-11e8-9739-{:012}", self.count.fetch_add(1, Ordering::SeqCst));
        let (sender, receiver) = oneshot::channel();
        self.host.waiting.lock().unwrap().insert(id.clone(), sender);
        self.invocations.send((id, event)).await.unwrap();
        let outcome = tokio::time::timeout(PATIENCE, receiver).await;
        outcome.unwrap_or_else(|_| panic!("no answer; the process: {:?}", self.process.lock().unwrap().try_wait())).unwrap()
    }

    /// Hands it what a queue of the world holds, and everything has to succeed. The answer is how many messages it got.
    pub(crate) async fn fed(self: &Arc<Self>, world: &World, queue: &str) -> usize {
        let count = self.given(world, queue).await;
        assert_eq!(world.chain.queue_depth(queue).await.unwrap().in_flight, 0, "{} failed messages of {queue}", self.name);
        count
    }

    /// The same, as the service's mapping does: what succeeded is deleted, what failed becomes visible again later.
    pub(crate) async fn given(self: &Arc<Self>, world: &World, queue: &str) -> usize {
        let program = Arc::clone(self);
        let handler = move |event: String, _: lambda_runtime::Context| -> Answer {
            let program = Arc::clone(&program);
            Box::pin(async move { program.invoke(event).await.map(|answer| answer.to_string()).map_err(|error| error.to_string().into()) })
        };
        let function = Function::new(self.name, PATIENCE, Arc::new(handler), world.clock.clone(), Counting::new());
        let mapping = world.chain.mappings().iter().find(|mapping| mapping.queue == queue).unwrap().clone();
        Mapping { function, ..mapping }.step(0).await.unwrap()
    }

    /// Ends it, which it must not have done by itself; the answer is what it wrote, every line of it fit to be kept in a
    /// log. `payload` is what else of this test may not be told.
    pub(crate) fn ended(&self, world: &World, payload: &[&str]) -> String {
        let mut process = self.process.lock().unwrap();
        assert!(process.try_wait().unwrap().is_none(), "{} has ended", self.name);
        process.kill().unwrap();
        process.wait().unwrap();
        let (mut said, mut file) = (String::new(), &self.said);
        file.rewind().unwrap();
        file.read_to_string(&mut said).unwrap();
        let wrong = said::wrong(&said, &[&said::hidden(world), payload].concat());
        assert!(wrong.is_empty(), "{}: {}", self.name, wrong.join("\n"));
        let unlisted = calls::unlisted(&self.calls());
        assert!(unlisted.is_empty(), "{}", unlisted.join("\n"));
        said
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A test that failed while it asked for the process ends it all the same.
        let process = self.process.get_mut().unwrap_or_else(PoisonError::into_inner);
        drop(process.kill());
        drop(process.wait());
    }
}

/// What the Lambda service sets.
fn environment(name: &str, address: &str) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("AWS_LAMBDA_RUNTIME_API", address.to_owned()),
        ("AWS_LAMBDA_FUNCTION_NAME", name.to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256".to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}")),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "proof".to_owned()),
    ])
}

/// What a deployment sets; each service is behind a proxy that notes the calls.
async fn settings(world: &World, calls: &Arc<Calls>, servers: &mut JoinSet<()>) -> Vec<(String, String)> {
    let services = world.chain.services();
    let (dynamodb, cloud) = (calls.before(&services.dynamodb_url, servers).await, calls.before(&services.cloud_url, servers).await);
    let mut settings: Vec<(String, String)> = [
        ("PULLPUSH_LOCAL", "1"),
        ("PULLPUSH_DYNAMODB_ENDPOINT", dynamodb.as_str()),
        ("PULLPUSH_SQS_ENDPOINT", &cloud),
        ("PULLPUSH_KMS_ENDPOINT", &cloud),
        ("PULLPUSH_TABLE_PREFIX", pullpush::setup::PREFIX),
        ("PULLPUSH_KEY_ID", pullpush::setup::KEY_ALIAS),
    ].map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    for (queue, name) in [("in", "IN"), ("in-strict.fifo", "IN_STRICT"), ("deliver", "DELIVER"), ("deliver-strict.fifo", "DELIVER_STRICT"), ("bulk", "BULK"), ("jobs-poll", "JOBS_POLL"), ("jobs-reconcile", "JOBS_RECONCILE")] {
        settings.push((format!("QUEUE_{name}"), services.queues[queue].url.clone()));
    }
    settings
}
