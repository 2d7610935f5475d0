//! The client against a server on this machine that answers, falls silent, or hangs up at every point.
#![expect(clippy::unwrap_used, reason = "a server of a test that fails fails its test")]

use std::time::Duration;

use engine::{Exchange as _, ExchangeError, Method, Request, Response};
use outbound::Client;
use tokio::{io::{AsyncReadExt as _, AsyncWriteExt as _}, net::TcpListener};

/// What the server does with a connection.
#[derive(Clone, Copy)]
enum Server {
    Answers(&'static str),
    HangsUpAtOnce,
    HangsUpAfterReading,
    HangsUpInTheBody,
    FallsSilent,
    FallsSilentInTheBody,
}

/// Starts a server and sends it one request; answers are at most 10 bytes long and come within 100 ms. Also returns how
/// many connections were made and what was read.
async fn ask(server: Server) -> (Result<Response, ExchangeError>, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}/a?b=c", listener.local_addr().unwrap().port());
    let (heard, mut hears) = tokio::sync::mpsc::unbounded_channel();
    let task = tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut text = String::new();
            if !matches!(server, Server::HangsUpAtOnce) {
                let mut bytes = [0; 4096];
                while !text.ends_with("\r\n\r\nhello") {
                    let length = stream.read(&mut bytes).await.unwrap();
                    text.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
                }
            }
            let _ = heard.send(text);
            match server {
                Server::Answers(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
                Server::HangsUpInTheBody | Server::FallsSilentInTheBody => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe").await.unwrap(),
                Server::HangsUpAtOnce | Server::HangsUpAfterReading | Server::FallsSilent => {}
            }
            if matches!(server, Server::FallsSilent | Server::FallsSilentInTheBody) {
                open.push(stream);
            }
        }
    });
    let answer = Client::local().unwrap().send(request(&url)).await;
    task.abort();
    let _ = task.await;
    let mut texts = Vec::new();
    while let Ok(text) = hears.try_recv() {
        texts.push(text);
    }
    (answer, texts)
}

fn request(url: &str) -> Request {
    Request {
        method: Method::Post,
        url: url.parse().unwrap(),
        headers: vec![("X-Two".into(), "1".into()), ("x-two".into(), "2".into())],
        body: Some(b"hello".to_vec()),
        timeout: Duration::from_millis(100),
        max_response_bytes: 10,
        login: false,
    }
}

#[tokio::test]
async fn an_answer_is_read_to_its_end() {
    let (answer, texts) = ask(Server::Answers("HTTP/1.1 201 Created\r\nX-Id: 7\r\ncontent-length: 10\r\n\r\n0123456789")).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.header("x-id"), answer.body.as_slice()), (201, Some("7"), b"0123456789".as_slice()));
    let text = texts[0].to_ascii_lowercase();
    assert!(text.starts_with("post /a?b=c http/1.1\r\n") && text.contains("x-two: 1\r\nx-two: 2\r\n"), "{text}");
    assert!(!text.contains("accept-encoding") && !text.contains("cookie") && !text.contains("referer"), "{text}");
}

#[tokio::test]
async fn silence_after_connecting_leaves_doubt_and_is_not_repeated() {
    for server in [Server::HangsUpAtOnce, Server::HangsUpAfterReading, Server::HangsUpInTheBody, Server::FallsSilent, Server::FallsSilentInTheBody] {
        let (answer, texts) = ask(server).await;
        assert_eq!(answer.unwrap_err(), ExchangeError::Unanswered);
        assert!(texts.len() <= 1, "{texts:?}");
    }
}

#[tokio::test]
async fn an_answer_above_the_limit_is_not_read() {
    for answer in ["HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n01234567890", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n67890\r\n0\r\n\r\n"] {
        assert_eq!(ask(Server::Answers(answer)).await.0.unwrap_err(), ExchangeError::TooLarge);
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let text = format!("HTTP/1.1 {status} Moved\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n");
        let (answer, texts) = ask(Server::Answers(text.leak())).await;
        assert_eq!((answer.unwrap().status, texts.len()), (status, 1));
    }
}

#[tokio::test]
async fn a_refused_connection_and_an_unknown_name_leave_no_doubt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let client = Client::local().unwrap();
    let send = async |url: String| client.send(Request { timeout: Duration::from_secs(30), ..request(&url) }).await.unwrap_err();
    assert_eq!(send(format!("http://127.0.0.1:{port}/")).await, ExchangeError::Connect);
    assert_eq!(send("http://name.invalid/".into()).await, ExchangeError::Connect);
}

#[tokio::test]
async fn a_server_without_tls_leaves_no_doubt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    let error = Client::local().unwrap().send(Request { timeout: Duration::from_secs(30), ..request(&url) }).await.unwrap_err();
    assert_eq!(error, ExchangeError::Connect);
    task.await.unwrap();
}

#[tokio::test]
async fn the_guarded_client_does_not_speak_with_this_machine_by_address_or_by_name() {
    let client = Client::guarded().unwrap();
    for url in ["https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://localhost/", "http://localhost/", "https://localhost:4264/"] {
        assert_eq!(client.send(request(url)).await.unwrap_err(), ExchangeError::Forbidden, "{url}");
    }
}

#[tokio::test]
async fn a_request_cannot_choose_its_host_header() {
    let mut request = request("https://shop.example/");
    request.headers.push(("Host".into(), "inside".into()));
    assert_eq!(Client::local().unwrap().send(request).await.unwrap_err(), ExchangeError::Forbidden);
}
