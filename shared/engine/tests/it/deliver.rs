//! Delivering: what is sent, and what every answer means.

use engine::ExchangeError;
use fault::Disposition;

use crate::script::{Script, answer, call, config, event, running, with};

const DEFINITION: &str = r#"{
  "metadata": {"slug": "a", "type": "destination"},
  "config": {"token": {"type": "string", "secret": true}, "note": {"type": "string", "optional": true}},
  "auth": {"type": "bearer", "token": "{{config.token}}"},
  "deliver": {"stocklevel": {
    "request": {"method": "PUT", "url": "https://api.example.com/stock/{{key}}", "headers": {"X-Place": "{{fields.place}}"},
      "body": {"quantity": "{{fields.quantity}}", "text": "n {{fields.quantity}}", "note": "{{config.note}}", "place": "{{fields.place}}", "null": "{{fields.null}}"}},
    "idempotency": {"header": "Idempotency-Key"}, "success_when": {"path": "$.ok", "equals": true}}}
}"#;
const LINE: &str = "PUT https://api.example.com/stock/a%2Fb%20%C3%A5";

#[tokio::test]
async fn numbers_stay_exact_and_what_is_absent_is_left_out() {
    let config = config(&[("token", "t0ken")]);
    let script = Script::new(vec![(LINE, answer(200, r#"{"ok":true}"#))]);
    let destination = running(DEFINITION).destination.unwrap();
    let event = event("stocklevel", "a/b å", r#"{"quantity":7.10,"null":null}"#);
    assert_eq!(destination.deliver(call(&config, &script), &event, "key-1").await.unwrap().status, 200);
    assert_eq!(script.body(0), r#"{"quantity":7.10,"text":"n 7.10","null":null}"#);
    assert_eq!(script.header(0, "idempotency-key").as_deref(), Some("key-1"));
    assert_eq!(script.header(0, "authorization").as_deref(), Some("Bearer t0ken"));
    assert_eq!(script.header(0, "x-place"), None);
}

#[tokio::test]
async fn every_answer_has_one_meaning() {
    let retry = Disposition::Retry { after: None };
    for (answers, code, disposition, ambiguous) in [
        (vec![answer(408, "")], "destination_unavailable", retry, true),
        (vec![answer(425, "")], "destination_unavailable", retry, false),
        (vec![with(429, &[("retry-after", "30")], "")], "destination_rate_limited", Disposition::Retry { after: Some(std::time::Duration::from_secs(30)) }, false),
        (vec![with(429, &[("retry-after", "soon")], "")], "destination_rate_limited", retry, false),
        (vec![answer(500, "")], "destination_unavailable", retry, true),
        (vec![answer(503, "")], "destination_unavailable", retry, true),
        (vec![answer(400, "")], "destination_rejected", Disposition::Reject, false),
        (vec![answer(404, "")], "destination_rejected", Disposition::Reject, false),
        (vec![answer(409, "")], "destination_rejected", Disposition::Reject, false),
        (vec![answer(422, "")], "destination_rejected", Disposition::Reject, false),
        (vec![answer(401, "")], "needs_auth", Disposition::Park, false),
        (vec![answer(403, "")], "needs_auth", Disposition::Park, false),
        (vec![answer(410, "")], "destination_gone", Disposition::Park, false),
        (vec![answer(302, "")], "destination_redirected", Disposition::Reject, false),
        (vec![answer(200, r#"{"ok":false}"#)], "destination_rejected", Disposition::Reject, false),
        (vec![answer(200, r#"{"ok":null}"#)], "destination_rejected", Disposition::Reject, false),
        (vec![answer(200, "<html>")], "destination_nonsense", retry, true),
        (vec![answer(200, r#"{"ok":tr"#)], "destination_nonsense", retry, true),
        (vec![answer(200, "")], "destination_nonsense", retry, true),
        (vec![answer(200, "{}")], "destination_nonsense", retry, true),
        (vec![Err(ExchangeError::Connect), Err(ExchangeError::Connect)], "connect_failed", retry, false),
        (vec![Err(ExchangeError::Connect), Err(ExchangeError::Unanswered)], "destination_unavailable", retry, true),
        (vec![Err(ExchangeError::Unanswered)], "destination_unavailable", retry, true),
        (vec![Err(ExchangeError::Forbidden)], "address_forbidden", Disposition::Reject, false),
    ] {
        let config = config(&[("token", "t0ken")]);
        let told = format!("{answers:?}");
        let script = Script::new(answers.into_iter().map(|answer| ("PUT https://api.example.com/stock/A", answer)).collect());
        let destination = running(DEFINITION).destination.unwrap();
        let fault = destination.deliver(call(&config, &script), &event("stocklevel", "A", "{}"), "k").await.unwrap_err();
        assert_eq!((fault.fault.code, fault.fault.disposition, fault.ambiguous), (code, disposition, ambiguous), "{told}");
        assert!(fault::documented(code).is_some(), "{code}");
        script.over();
    }
}

#[tokio::test]
async fn an_excerpt_is_short_and_holds_no_secret() {
    let config = config(&[("token", "t0ken")]);
    let script = Script::new(vec![("PUT https://api.example.com/stock/A", answer(422, &format!("bad t0ken {}", "å".repeat(600))))]);
    let fault = running(DEFINITION).destination.unwrap().deliver(call(&config, &script), &event("stocklevel", "A", "{}"), "k").await.unwrap_err();
    assert!(fault.excerpt.starts_with("bad ••• å") && fault.excerpt.len() <= 512, "{}", fault.excerpt);
    assert_eq!(fault.status, Some(422));
}

#[tokio::test]
async fn what_cannot_be_built_is_never_sent() {
    let script = Script::new(Vec::new());
    let destination = running(DEFINITION).destination.unwrap();
    for (config, key, fields, code) in [
        (config(&[]), "A", "{}", "config_missing"),
        (config(&[("token", "t0ken")]), "..", "{}", "request_invalid"),
        (config(&[("token", "t0ken")]), "A", r#"{"place":"x\r\nHost: evil"}"#, "request_invalid"),
        (config(&[("token", "t0ken")]), "A", r#"{"quantity":[]}"#, "expression_type"),
    ] {
        let fault = destination.deliver(call(&config, &script), &event("stocklevel", key, fields), "k").await.unwrap_err();
        assert_eq!((fault.fault.code, fault.ambiguous), (code, false), "{key} {fields}");
    }
    let fault = destination.deliver(call(&config(&[]), &script), &event("order", "A", "{}"), "k").await.unwrap_err();
    assert_eq!(fault.fault.code, "connector_lacks");
}
