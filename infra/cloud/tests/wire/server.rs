//! One cloud on a port of its own, a clock to wind, and the plainest HTTP client there is.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use cloud::{Cloud, Place};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

#[derive(Default)]
struct Wound(AtomicI64);

impl canonical::Clock for Wound {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A running cloud; it stops when dropped.
pub(crate) struct Server {
    pub(crate) cloud: Cloud,
    clock: Arc<Wound>,
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Server {
    /// Serves `place`, at noon on a day in 2026.
    pub(crate) fn start(place: Place) -> Server {
        let clock = Arc::new(Wound(AtomicI64::new(1_767_268_800_000)));
        let cloud = Cloud::open(place, clock.clone()).unwrap();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(cloud.clone().serve(listener));
        Server { cloud, clock, address, runtime: Some(runtime) }
    }

    /// Lets `seconds` pass, and tells those who wait.
    pub(crate) fn wind(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::SeqCst);
        self.cloud.wake();
    }

    /// An operation of SQS that succeeds.
    #[track_caller]
    pub(crate) fn sqs(&self, operation: &str, request: &Value) -> Value {
        let (status, answer) = self.call("AmazonSQS", operation, request);
        assert_eq!(status, 200, "{operation}: {answer}");
        answer
    }

    /// An operation of KMS that succeeds.
    #[track_caller]
    pub(crate) fn kms(&self, operation: &str, request: &Value) -> Value {
        let (status, answer) = self.call("TrentService", operation, request);
        assert_eq!(status, 200, "{operation}: {answer}");
        answer
    }

    /// The error type of an operation that fails.
    #[track_caller]
    pub(crate) fn refused(&self, service: &str, operation: &str, request: &Value) -> String {
        let (status, answer) = self.call(service, operation, request);
        assert_eq!(status, 400, "{operation}: {answer}");
        answer["__type"].as_str().unwrap().rsplit('#').next().unwrap().to_owned()
    }

    /// A new queue's URL.
    pub(crate) fn queue(&self, name: &str, attributes: &Value) -> String {
        let answer = self.sqs("CreateQueue", &json!({ "QueueName": name, "Attributes": attributes }));
        answer["QueueUrl"].as_str().unwrap().to_owned()
    }

    /// Up to ten messages, at once.
    pub(crate) fn receive(&self, queue: &str) -> Vec<Value> {
        let request =
            json!({ "QueueUrl": queue, "MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["All"] });
        self.sqs("ReceiveMessage", &request)["Messages"].as_array().cloned().unwrap_or_default()
    }

    /// The bodies of up to ten messages, joined by spaces.
    pub(crate) fn bodies(&self, queue: &str) -> String {
        let bodies: Vec<String> =
            self.receive(queue).iter().map(|message| message["Body"].as_str().unwrap().to_owned()).collect();
        bodies.join(" ")
    }

    fn call(&self, service: &str, operation: &str, request: &Value) -> (u16, Value) {
        let body = request.to_string();
        let mut stream = TcpStream::connect(self.address).unwrap();
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: {}\r\nX-Amz-Target: {service}.{operation}\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
