//! The Lambda service as a deployed program sees it: the Runtime API on loopback, one program behind it.
//!
//! A program is spawned as it is deployed, asks for its next invocation and posts what came of it. Dropping the value
//! ends the process.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::{Path, State}, http::StatusCode, response::{IntoResponse, Response}, routing::{get, post}};
use canonical::Clock;
use pullpush::World;
use runtime::SystemClock;
use serde_json::Value;
use tokio::{net::TcpListener, sync::{mpsc, oneshot}, task::JoinHandle};

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
    process: Child,
    host: Arc<Host>,
    invocations: mpsc::Sender<(String, String)>,
    server: JoinHandle<()>,
    count: u32,
}

impl Program {
    /// Spawns a function's program with the settings a deployment gives it, against the services of a world.
    pub(crate) async fn spawn(name: &str, world: &World) -> Self {
        let (invocations, next_one) = mpsc::channel(1);
        let host = Arc::new(Host { next: tokio::sync::Mutex::new(next_one), waiting: Mutex::default() });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .with_state(Arc::clone(&host));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let mut command = Command::new(program(name));
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null());
        command.envs(environment(name, &address)).envs(settings(world));
        Self { process: command.spawn().unwrap(), host, invocations, server, count: 0 }
    }

    /// Invokes it once. `Err` is what the program reported as an error.
    pub(crate) async fn invoke(&mut self, event: String) -> Outcome {
        self.count += 1;
        let id = format!("8476a536-e9f4-11e8-9739-{:012}", self.count);
        let (sender, receiver) = oneshot::channel();
        self.host.waiting.lock().unwrap().insert(id.clone(), sender);
        self.invocations.send((id, event)).await.unwrap();
        let outcome = tokio::time::timeout(PATIENCE, receiver).await;
        outcome.unwrap_or_else(|_| panic!("no answer; the process: {:?}", self.process.try_wait())).unwrap()
    }

    /// Whether the process is still there.
    pub(crate) fn lives(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.server.abort();
        drop(self.process.kill());
        drop(self.process.wait());
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

/// What a deployment sets.
fn settings(world: &World) -> Vec<(String, String)> {
    let services = world.chain.services();
    let mut settings: Vec<(String, String)> = [
        ("PULLPUSH_LOCAL", "1"),
        ("PULLPUSH_DYNAMODB_ENDPOINT", &services.dynamodb_url),
        ("PULLPUSH_SQS_ENDPOINT", &services.cloud_url),
        ("PULLPUSH_KMS_ENDPOINT", &services.cloud_url),
        ("PULLPUSH_TABLE_PREFIX", pullpush::setup::PREFIX),
        ("PULLPUSH_KEY_ID", pullpush::setup::KEY_ALIAS),
    ].map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    for (queue, name) in [("in", "IN"), ("in-strict.fifo", "IN_STRICT"), ("deliver", "DELIVER"), ("deliver-strict.fifo", "DELIVER_STRICT"), ("bulk", "BULK"), ("jobs-poll", "JOBS_POLL"), ("jobs-reconcile", "JOBS_RECONCILE")] {
        settings.push((format!("QUEUE_{name}"), services.queues[queue].url.clone()));
    }
    settings
}

/// The program of a function, beside this test's own folder; built unless it is there.
fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().and_then(std::path::Path::parent).unwrap();
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        // The folder of the profile `dev` has another name than the profile.
        let profile = folder.file_name().and_then(|name| name.to_str()).map_or("dev", |name| if name == "debug" { "dev" } else { name });
        let built = Command::new(cargo).args(["build", "--offline", "--profile", profile, "-p", name]).arg("--target-dir").arg(folder.parent().unwrap()).status().unwrap();
        assert!(built.success() && program.exists(), "{} could not be built", program.display());
    }
    program
}
