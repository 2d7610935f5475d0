//! `pullpush dev` as a process: started over a folder, killed without warning, started again.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::{ports::Ports, web::Web};

/// The program, running.
pub(crate) struct Program {
    child: Child,
    data: PathBuf,
    ports: Ports,
    /// The tenant made at the first start.
    pub(crate) tenant: String,
    /// Its key.
    pub(crate) key: String,
}

impl Program {
    /// The first start: three ports of its own, and what was made read from standard output.
    pub(crate) async fn first(data: &Path, web: &Web) -> Self {
        let ports = Ports::three();
        let (child, greeting) = started(data, ports.first).await;
        let said = |name: &str| greeting.iter().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()).expect("a first start shows its tenant and its key").to_owned();
        let program = Self { child, data: data.to_owned(), ports, tenant: said("tenant "), key: said("key ") };
        program.ready(web).await;
        program
    }

    /// Where it answers.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.ports.first)
    }

    /// Ends it at once: SIGKILL, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again over the same folder.
    pub(crate) async fn again(&mut self, web: &Web) {
        self.child = started(&self.data, self.ports.first).await.0;
        self.ready(web).await;
    }

    /// Winds its clock.
    pub(crate) async fn wind(&self, web: &Web, seconds: u64) {
        let answer = web.post(&self.url("/_local/clock"), &[], serde_json::json!({ "advance_seconds": seconds }).to_string()).await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Calls a tool, named without its prefix.
    pub(crate) async fn call(&self, web: &Web, tool: &str, arguments: &Value) -> Value {
        self.asked(web, tool, arguments).await.unwrap_or_else(|| panic!("{tool} {arguments} is not answered"))
    }

    /// The same of a program that may be too busy to answer in time.
    pub(crate) async fn asked(&self, web: &Web, tool: &str, arguments: &Value) -> Option<Value> {
        let answer = web.post(&self.url(&format!("/api/v1/tools/pullpush.{tool}")), &self.key_headers(), arguments.to_string()).await;
        let answer = answer.ok().filter(|answer| answer.status < 500)?;
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer.status, 200, "{tool} {arguments}: {body}");
        Some(body["result"].clone())
    }

    /// Headers of a JSON body with the tenant's key.
    pub(crate) fn key_headers(&self) -> [(String, String); 2] {
        [("authorization".to_owned(), format!("Bearer {}", self.key)), ("content-type".to_owned(), "application/json".to_owned())]
    }

    /// It listens by the time it greets: the question waits in line until it is answered.
    async fn ready(&self, web: &Web) {
        let answer = web.get(&self.url("/health/ready")).await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The program started over a folder, and what it greeted with.
async fn started(data: &Path, port: u16) -> (Child, Vec<String>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pullpush"));
    command.arg("dev").arg("--data").arg(data).arg("--port").arg(port.to_string());
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let greeting = tokio::task::spawn_blocking(move || {
        let mut greeting: Vec<String> = Vec::new();
        // Reading on behind the last line would wait for the end of the program.
        while greeting.last().is_none_or(|line| !is_last(line, &greeting)) {
            greeting.push(lines.next()?);
        }
        Some(greeting)
    });
    let greeting = greeting.await.unwrap();
    assert!(greeting.is_some(), "the program ended while it started: {:?}", child.wait());
    (child, greeting.unwrap_or_default())
}

/// Whether a greeting ends with this line: a first start shows how to wind the clock, a later one where webhooks go.
fn is_last(line: &str, greeting: &[String]) -> bool {
    let first_start = greeting.iter().any(|line| line.starts_with("key "));
    if first_start { line.contains("/_local/clock") } else { line.starts_with("webhooks ") }
}
