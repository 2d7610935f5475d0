//! `pullpush dev` as a process: started over a folder, killed without warning, started again.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::web::Web;

/// Longer than any start takes on a busy machine.
const START: Duration = Duration::from_secs(30);

/// Between two looks at a start.
const LOOK: Duration = Duration::from_millis(50);

/// The program, running.
pub(crate) struct Program {
    child: Child,
    data: PathBuf,
    port: u16,
    /// The tenant made at the first start.
    pub(crate) tenant: String,
    /// Its key.
    pub(crate) key: String,
}

impl Program {
    /// The first start: three free ports in a row, and what was made read from standard output.
    pub(crate) async fn first(data: &Path, web: &Web) -> Self {
        let port = three_ports();
        let mut child = spawned(data, port);
        // The reader ends with the program.
        let lines = child.stdout.take().unwrap();
        let (tenant, key) = tokio::task::spawn_blocking(move || made(lines)).await.unwrap();
        let mut program = Self { child, data: data.to_owned(), port, tenant, key };
        program.ready(web).await;
        program
    }

    /// Where it answers.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Ends it at once: SIGKILL, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again over the same folder.
    pub(crate) async fn again(&mut self, web: &Web) {
        self.child = spawned(&self.data, self.port);
        self.ready(web).await;
    }

    /// Winds its clock.
    pub(crate) async fn wind(&self, web: &Web, seconds: u64) {
        let answer = web.post(&self.url("/_local/clock"), &[], serde_json::json!({ "advance_seconds": seconds }).to_string()).await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Calls a tool, named without its prefix.
    pub(crate) async fn call(&self, web: &Web, tool: &str, arguments: &Value) -> Value {
        let answer = web.post(&self.url(&format!("/api/v1/tools/pullpush.{tool}")), &self.key_headers(), arguments.to_string()).await.unwrap();
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer.status, 200, "{tool} {arguments}: {body}");
        body["result"].clone()
    }

    /// Headers of a JSON body with the tenant's key.
    pub(crate) fn key_headers(&self) -> [(String, String); 2] {
        [("authorization".to_owned(), format!("Bearer {}", self.key)), ("content-type".to_owned(), "application/json".to_owned())]
    }

    async fn ready(&mut self, web: &Web) {
        let began = Instant::now();
        let url = self.url("/health/ready");
        while !web.get(&url).await.is_ok_and(|answer| answer.status == 200) {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "the program ended while it started: {ended:?}");
            assert!(began.elapsed() < START, "the program does not start");
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawned(data: &Path, port: u16) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pullpush"));
    command.arg("dev").arg("--data").arg(data).arg("--port").arg(port.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap()
}

/// The tenant and the key a first start prints.
fn made(lines: ChildStdout) -> (String, String) {
    let (mut tenant, mut key) = (None, None);
    for line in BufReader::new(lines).lines().map_while(Result::ok) {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("tenant") => tenant = words.next().map(str::to_owned),
            Some("key") => key = words.next().map(str::to_owned),
            // The last line of the greeting: reading on would wait for the end of the program.
            Some("curl") if line.contains("/_local/clock") => break,
            _ => {}
        }
    }
    (tenant.expect("a first start shows its tenant"), key.expect("a first start shows its key"))
}

/// Ports the tests of this process use already.
static TAKEN: std::sync::Mutex<Vec<u16>> = std::sync::Mutex::new(Vec::new());

/// A port whose two neighbours are free as well, below those the machine gives to outgoing connections: one of them could
/// take a port between a kill and its restart.
fn three_ports() -> u16 {
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    // Two processes of one machine begin at different places.
    let begin = 14_000 + u16::try_from(std::process::id() % 4_000).unwrap() * 3;
    let mut ports = (begin..30_000).step_by(3).filter(|port| !TAKEN.lock().unwrap().contains(port));
    let port = ports.find(|port| (0..3).all(|next| free(port + next))).unwrap();
    TAKEN.lock().unwrap().push(port);
    port
}
