//! The front: a function's answers over HTTP, and the service's own when there are none.

use std::{sync::{Arc, Mutex}, time::Duration};

use engine::{Exchange, Method, Request, Response};
use pullpush::front::{Answer, Door, Front, Handler};
use serde_json::{Value, json};

use crate::{Counting, hand};

fn door(name: &'static str) -> Door {
    let handler: Handler = Arc::new(move |request: lambda_http::Request| -> Answer {
        Box::pin(async move {
            assert!(request.uri().path() != "/panic", "a request asked for it");
            let bytes = request.body().as_ref().len();
            let text = json!({ "function": name, "method": request.method().as_str(), "uri": request.uri().to_string(), "bytes": bytes }).to_string();
            Ok(lambda_http::Response::builder().status(202).header("x-answer", "yes").body(text.into())?)
        })
    });
    Door::new(name, Duration::from_secs(5), handler, hand(), Counting::new())
}

/// A front on a free port, and the seconds it was wound by.
async fn front() -> (String, Arc<Mutex<Vec<u64>>>) {
    let wound: Arc<Mutex<Vec<u64>>> = Arc::default();
    let winds = Arc::clone(&wound);
    let wind = move |by: Duration| {
        winds.lock().unwrap().push(by.as_secs());
        Ok(7)
    };
    let front = Front { ingest: door("ingest"), api: door("api"), wind: Some(Arc::new(wind)), aws: json!({ "region": "eu-north-1" }) };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(front.serve(listener));
    (url, wound)
}

async fn ask(method: Method, url: String, body: Option<Vec<u8>>) -> (Response, Value) {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let request = Request { method, url: url.parse().unwrap(), headers, body, timeout: Duration::from_secs(10), max_response_bytes: 1 << 20, login: false };
    let answer = outbound::Client::local().unwrap().send(request).await.unwrap();
    let value = serde_json::from_slice(&answer.body).unwrap_or_default();
    (answer, value)
}

#[tokio::test]
async fn requests_reach_their_function_and_answers_come_back_whole() {
    let (url, _) = front().await;
    let (answer, value) = ask(Method::Post, format!("{url}/webhooks/c1?x=1"), Some(vec![0xff, 0x00])).await;
    assert_eq!((answer.status, answer.header("x-answer")), (202, Some("yes")));
    assert_eq!(value, json!({ "function": "ingest", "method": "POST", "uri": format!("{url}/webhooks/c1?x=1"), "bytes": 2 }));
    let (_, value) = ask(Method::Get, format!("{url}/health"), None).await;
    assert_eq!(value["function"], "api");
}

#[tokio::test]
async fn a_panic_is_a_bad_gateway_and_the_next_request_works() {
    let (url, _) = front().await;
    assert_eq!(ask(Method::Get, format!("{url}/panic"), None).await.0.status, 502);
    assert_eq!(ask(Method::Get, format!("{url}/health"), None).await.0.status, 202);
}

#[tokio::test]
async fn six_megabytes_are_taken_and_not_one_byte_more() {
    let (url, _) = front().await;
    let (_, value) = ask(Method::Post, format!("{url}/webhooks/c1"), Some(vec![b' '; 6 << 20])).await;
    assert_eq!(value["bytes"], 6 << 20);
    assert_eq!(ask(Method::Post, format!("{url}/webhooks/c1"), Some(vec![b' '; (6 << 20) + 1])).await.0.status, 413);
}

#[tokio::test]
async fn the_clock_is_wound_by_whole_seconds_only() {
    let (url, wound) = front().await;
    let clock = |body: &'static str| ask(Method::Post, format!("{url}/_local/clock"), Some(body.into()));
    assert_eq!(clock(r#"{"advance_seconds":3600}"#).await.1["now_ms"], 7);
    for wrong in ["", "{}", r#"{"advance_seconds":-1}"#, r#"{"advance_seconds":"1"}"#, r#"{"advance_seconds":1.5}"#] {
        assert_eq!(clock(wrong).await.0.status, 400, "{wrong}");
    }
    assert_eq!(*wound.lock().unwrap(), [3600]);
    assert_eq!(ask(Method::Get, format!("{url}/_local/aws"), None).await.1["region"], "eu-north-1");
}
