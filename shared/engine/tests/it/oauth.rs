//! The guide's sample as it stands: OAuth client credentials, and three pages by cursor.

use fault::Disposition;

use crate::script::{Script, answer, call, config, running};

const GUIDE: &str = include_str!("../../../connector/corpus/accept/guide-rest.json");
const TOKEN: &str = "POST https://api.example.com/oauth/token";

#[tokio::test]
async fn the_sample_of_the_guide_reads_three_pages_with_one_token() {
    let script = Script::new(vec![
        (TOKEN, answer(200, r#"{"access_token":"t1","expires_in":3600}"#)),
        ("GET https://api.example.com/orders?limit=100", answer(200, r#"{"orders":[{"id":9007199254740993,"updated_at":"2026-01-31T09:00:00Z","total":19.990}],"next_cursor":"c1"}"#)),
        ("GET https://api.example.com/orders?since=c1&limit=100", answer(200, r#"{"orders":[{"id":2}],"next_cursor":"c2"}"#)),
        ("GET https://api.example.com/orders?since=c2&limit=100", answer(200, r#"{"orders":[{"id":3}],"next_cursor":null}"#)),
        ("GET https://api.example.com/orders?since=c2&limit=100", answer(200, r#"{"orders":[]}"#)),
    ]);
    let config = config(&[("client_id", "id"), ("client_secret", "s3cret&")]);
    let source = running(GUIDE).source.unwrap();
    let mut cursor = None;
    let mut told = Vec::new();
    for _ in 0..4 {
        let page = source.page(call(&config, &script), "order", cursor.as_deref()).await.unwrap();
        told.push((page.changes.iter().map(|change| change.external_id.clone()).collect::<String>(), page.done));
        if let Some(change) = page.changes.first().filter(|_| cursor.is_none()) {
            assert_eq!((change.kind.as_str(), change.occurred_ms), ("order.updated", Some(1_769_850_000_000)));
            assert_eq!(change.payload.get("total").unwrap().to_string(), "19.990");
        }
        cursor = Some(page.cursor);
    }
    let expected = [("9007199254740993", false), ("2", false), ("3", true), ("", true)];
    assert_eq!(told, expected.map(|(ids, done)| (ids.to_owned(), done)));
    assert_eq!(script.body(0), "grant_type=client_credentials&client_id=id&client_secret=s3cret%26&scope=read%3Aorders");
    assert_eq!(script.header(1, "authorization").as_deref(), Some("Bearer t1"));
    script.over();
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_then_waits_for_a_person() {
    let config = config(&[("client_id", "id"), ("client_secret", "secret")]);
    let probe = running(GUIDE).probe.unwrap();
    let status = "GET https://api.example.com/status";
    let script = Script::new(vec![
        (TOKEN, answer(200, r#"{"access_token":"t1","expires_in":"100"}"#)),
        (status, answer(401, "")),
        (TOKEN, answer(200, r#"{"access_token":"t2","expires_in":100}"#)),
        (status, answer(200, "")),
        (status, answer(401, "")),
        (TOKEN, answer(200, r#"{"access_token":"t3"}"#)),
        (status, answer(403, "")),
    ]);
    probe.test(call(&config, &script)).await.unwrap();
    let fault = probe.test(call(&config, &script)).await.unwrap_err();
    assert_eq!((fault.code, fault.disposition), ("needs_auth", Disposition::Park));
    assert_eq!(script.header(3, "authorization").as_deref(), Some("Bearer t2"));
    script.over();
}

#[tokio::test]
async fn a_token_endpoint_that_refuses_with_200_is_told_and_asked_again_only_where_that_helps() {
    let config = config(&[("client_id", "id"), ("client_secret", "s3cret-of-ours")]);
    for (body, passes, code, message) in [
        (r#"{"error":"invalid_client"}"#, false, "needs_auth", "the token endpoint answered 200: it does not know the client, or the secret is wrong (invalid_client)"),
        (r#"{"access_token":null,"error":"no client with s3cret-of-ours\n"}"#, false, "needs_auth", "the token endpoint answered 200 and no token, but an error: no client with "),
        (r#"{"error":"temporarily_unavailable"}"#, true, "destination_unavailable", "the token endpoint answered 200 and no token, but an error: temporarily_unavailable"),
        (r#"{"error":{"code":7}}"#, false, "needs_auth", r#"the token endpoint answered 200 and no token: {"error":{"code":7}}; either it refused the credentials, or `token_url` names no token endpoint"#),
        ("<html>", true, "destination_nonsense", "the token endpoint answered without a token"),
    ] {
        let script = Script::new(vec![(TOKEN, answer(200, body))]);
        let fault = running(GUIDE).probe.unwrap().test(call(&config, &script)).await.unwrap_err();
        assert!(fault.code == code && matches!(fault.disposition, Disposition::Retry { .. }) == passes && fault.message.starts_with(message) && !fault.message.contains("s3cret-of-ours") && !fault.message.contains('\n'), "{body}: {fault:?}");
        script.over();
    }
}

#[tokio::test]
async fn a_token_is_kept_for_four_fifths_of_its_life() {
    let config = config(&[("client_id", "id"), ("client_secret", "secret")]);
    let probe = running(GUIDE).probe.unwrap();
    let status = "GET https://api.example.com/status";
    let script = Script::new(vec![
        (TOKEN, answer(200, r#"{"access_token":"t1","expires_in":100}"#)),
        (status, answer(200, "")),
        (status, answer(200, "")),
        (TOKEN, answer(400, r#"{"error":"invalid_client"}"#)),
    ]);
    probe.test(call(&config, &script)).await.unwrap();
    let at = |seconds: i64| engine::Call { now_ms: crate::script::NOW + seconds * 1000, ..call(&config, &script) };
    probe.test(at(79)).await.unwrap();
    assert_eq!(probe.test(at(80)).await.unwrap_err().code, "needs_auth");
    script.over();
}
