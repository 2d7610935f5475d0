//! Who asks a system cannot be told from its side: the poll of the chain, `pullpush pull` and the reading of a reconcile write
//! the same bytes to the connection, the first line, every header in its order and the body.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use pullpush::World;
use queue::{Job, PollJob};
use serde_json::{Value, json};
use testkit::{Api, ApiOptions, Request, System as _};

use crate::Counting;

/// A sample system that keeps what is written to it, byte for byte.
struct Tap {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Tap {
    fn open() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let (url, heard, api) = (format!("http://{}", listener.local_addr().unwrap()), Arc::default(), Arc::new(Mutex::new(Api::new(ApiOptions::default()))));
        let hearing = Arc::clone(&heard);
        // It ends with the process of the test.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (api, heard) = (Arc::clone(&api), Arc::clone(&hearing));
                std::thread::spawn(move || while answered(stream.as_ref().unwrap(), &api, &heard) {});
            }
        });
        Self { url, heard }
    }

    /// What was written since the last look.
    fn heard(&self) -> Vec<String> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

/// Reads one request and answers it; false where there is none.
fn answered(mut stream: &TcpStream, api: &Mutex<Api>, heard: &Mutex<Vec<String>>) -> bool {
    let mut raw = Vec::new();
    let (mut byte, ends) = ([0], b"\r\n\r\n");
    while !raw.ends_with(ends) {
        match stream.read(&mut byte) {
            Ok(1) => raw.push(byte[0]),
            _ => return false,
        }
    }
    let head = String::from_utf8(raw).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap().to_owned(), first.next().unwrap());
    let url = url::Url::parse(&format!("http://tap{target}")).unwrap();
    let headers: Vec<(String, String)> = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    let length = headers.iter().find_map(|(name, value)| (name == "content-length").then(|| value.parse().unwrap())).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    heard.lock().unwrap().push(format!("{head}{}", String::from_utf8_lossy(&body)));
    let answer = api.lock().unwrap().answer(&Request { method, path: url.path().to_owned(), query: url.query_pairs().into_owned().collect(), headers, body });
    let told: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    stream.write_all(format!("HTTP/1.1 {} Answer\r\n{told}content-length: {}\r\n\r\n", answer.status, answer.body.len()).as_bytes()).unwrap();
    stream.write_all(&answer.body).unwrap();
    true
}

/// A definition of stock that is read so.
fn definition(slug: &str, auth: &Value, read: &Value) -> String {
    json!({
        "language": "1.0",
        "metadata": { "slug": slug, "type": "source", "name": slug },
        "config": { "base_url": { "type": "url" }, "secret": { "type": "string", "secret": true } },
        "base_url": "{{ config.base_url }}",
        "auth": auth,
        "entities": { "thing": { "read": read } },
        "eventMapping": { "externalId": "$.id", "eventType": "thing.updated", "occurredAt": "$.updated_at" },
        "canonical_map": { "thing": { "type": "stocklevel", "key": "$.id", "fields": { "sku": { "path": "$.id", "cast": "string" }, "quantity": "$.id" } } },
        "snapshot": { "stocklevel": { "entity": "thing" } }
    }).to_string()
}

/// The connection of a definition, with a flow of its own to the office.
async fn connected(world: &World, tap: &Tap, slug: &str, definition: &str) {
    world.call("connector.definition.create", json!({ "definition": definition })).await.unwrap();
    world.call("connector.definition.activate", json!({ "id": slug })).await.unwrap();
    world.call("connection.create", json!({ "connector": slug, "id": slug })).await.unwrap();
    world.secret(slug, "base_url", &tap.url).await.unwrap();
    world.secret(slug, "secret", Api::TOKEN).await.unwrap();
    world.call("connection.resume", json!({ "connectionId": slug })).await.unwrap();
    world.call("flow.create", json!({ "id": slug, "source": slug, "destination": "office", "type": "stocklevel" })).await.unwrap();
    world.drain().await.unwrap();
}

/// Lets the poll function read everything.
async fn polled(world: &World, slug: &str) {
    let job = Job::Poll(PollJob { tenant: world.tenant.to_string(), conn: slug.into(), ent: "thing".into(), ..PollJob::default() });
    world.chain.app().queues.send_all(&[job.outgoing(0)]).await.unwrap();
    world.drain().await.unwrap();
}

/// Runs the program; how many records it printed.
fn pulled(folder: &Path, words: &[&str]) -> usize {
    let output = Command::new(env!("CARGO_BIN_EXE_pullpush")).args(words).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout.iter().filter(|byte| **byte == b'\n').count()
}

#[tokio::test]
async fn a_poll_a_pull_and_a_reconcile_cannot_be_told_apart() {
    let world = Box::pin(World::start(Counting::new())).await.unwrap();
    let tap = Tap::open();
    for (slug, auth, read, requests) in [
        (
            "bodies",
            json!({ "type": "bearer", "token": "{{ config.secret }}" }),
            json!({
                "request": { "method": "POST", "url": "/auth/bearer/cursor", "headers": { "X-Trace": "a  b", "Accept-Language": "sv" }, "body": { "page": { "limit": 100 }, "of": "{{ today() }}" } },
                "records": { "path": "$.items" },
                "pagination": { "type": "cursor", "from": "$.paging.next", "inject": { "in": "body", "pointer": "/page/after" } }
            }),
            3,
        ),
        (
            "queries",
            json!({ "type": "api_key", "in": "query", "name": "key", "value": "{{ config.secret }}" }),
            json!({
                "request": { "url": "/offset", "params": { "z": "å&b", "a": "1 2", "fields": "id,qty" } },
                "records": { "path": "$.data" },
                "pagination": { "type": "offset", "size": 50, "inject": { "offset": { "in": "query", "name": "offset" }, "size": { "in": "query", "name": "limit" } }, "stop": { "total": "$.total" } }
            }),
            5,
        ),
    ] {
        let definition = definition(slug, &auth, &read);
        connected(&world, &tap, slug, &definition).await;
        polled(&world, slug).await;
        let poll = tap.heard();
        assert_eq!(poll.len(), requests, "{poll:#?}");

        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("definition.json"), &definition).unwrap();
        fs::write(folder.path().join("config.json"), json!({ "base_url": tap.url, "secret": Api::TOKEN }).to_string()).unwrap();
        let now = testkit::rfc3339(world.now(), 0);
        let words = ["pull", "--definition", "definition.json", "--config", "config.json", "--now", &now];
        assert_eq!(pulled(folder.path(), &words), 250);
        assert_eq!(tap.heard(), poll, "the pull");
        // What is recorded on the way, and printed as something else, is asked for no otherwise.
        assert_eq!(pulled(folder.path(), &[&words[..], &["--canonical", "--record", "recorded.json", "--cursor-file", "cursor"]].concat()), 250);
        assert_eq!(tap.heard(), poll, "the pull that is recorded");
        assert_eq!(pulled(folder.path(), &["definition", "test", "recorded.json"]), 1);
        assert_eq!(tap.heard(), Vec::<String>::new(), "a recorded test asks nobody");

        world.call("flow.reconcile", json!({ "flowId": slug })).await.unwrap();
        world.drain().await.unwrap();
        assert_eq!(tap.heard(), poll, "the reconcile");
        assert_eq!(pulled(folder.path(), &[&words[..], &["--snapshot"]].concat()), 250);
        assert_eq!(tap.heard(), poll, "the snapshot that is pulled");
        world.clock.wind(Duration::from_secs(60));
    }
}
