//! Tokens that expire, are refreshed, and are revoked.

use std::sync::Arc;
use std::time::Duration;

use document::Value;
use testkit::api::Life;
use testkit::{Api, ApiOptions, Running, WoundClock};

use super::{api, at, post};
use crate::client::{Reply, ask};

const CLIENT: &str = "client_id=api-user&client_secret=api-pass";

async fn refresh(api: &Running<Api>, token: &str) -> Reply {
    post(api, "/oauth/token", &format!("grant_type=refresh_token&refresh_token={token}&{CLIENT}")).await
}

async fn things(api: &Running<Api>, token: &str, query: &str) -> Reply {
    ask(api.address(), "GET", &format!("/oauth/things{query}"), &[("Authorization", &format!("Bearer {token}"))], "").await.unwrap()
}

#[tokio::test]
async fn a_client_gets_a_token_by_the_body_or_by_basic() {
    let api = api().await;
    let by_body = post(&api, "/oauth/token", &format!("grant_type=client_credentials&{CLIENT}")).await.json();
    assert_eq!(by_body.to_string(), r#"{"access_token":"access-1","token_type":"Bearer","expires_in":1800,"refresh_token":"refresh-1"}"#);
    let basic = [("Authorization", "Basic YXBpLXVzZXI6YXBpLXBhc3M=")];
    let by_basic = ask(api.address(), "POST", "/oauth/token", &basic, r#"{"grant_type":"client_credentials"}"#).await.unwrap().json();
    assert_eq!(at(&by_basic, "access_token"), "access-2".into());
    for (body, status, error) in [("grant_type=client_credentials&client_id=api-user", 401, "invalid_client"), (&format!("grant_type=magic&{CLIENT}") as &str, 400, "unsupported_grant_type")] {
        let reply = post(&api, "/oauth/token", body).await;
        assert_eq!((reply.status, at(&reply.json(), "error")), (status, error.into()));
    }
    assert_eq!((things(&api, "access-1", "").await.status, things(&api, "access-9", "").await.status), (200, 401));
}

#[tokio::test]
async fn a_refresh_token_works_once_and_a_second_use_ends_all_tokens() {
    let api = api().await;
    let first = refresh(&api, "refresh-0").await.json();
    assert_eq!((at(&first, "access_token"), at(&first, "refresh_token")), ("access-1".into(), "refresh-1".into()));
    assert_eq!((refresh(&api, "refresh-7").await.status, things(&api, "access-1", "").await.status), (400, 200));
    assert_eq!(refresh(&api, "refresh-1").await.status, 200);
    assert!(api.state().contains(r#""tokens":{"issued":2,"refresh":["refresh-2"],"refresh_used":["refresh-0","refresh-1"],"revoked":0}"#), "{}", api.state());
    let again = refresh(&api, "refresh-0").await;
    assert_eq!((again.status, at(&again.json(), "error")), (400, "invalid_grant".into()));
    assert_eq!((things(&api, "access-2", "").await.status, refresh(&api, "refresh-2").await.status), (401, 400));
    assert!(api.state().contains(r#""revoked":1"#));
}

#[tokio::test]
async fn a_token_expires_by_the_clock_or_by_answers_and_says_so_with_401_or_200() {
    let clock = WoundClock::at(1_769_850_000_000);
    let by_clock = Api::start(ApiOptions { token_life: Life::Seconds(10), clock: Arc::new(clock.clone()), ..ApiOptions::default() }).await.unwrap();
    let by_answers = Api::start(ApiOptions { token_life: Life::Answers(2), ..ApiOptions::default() }).await.unwrap();
    assert_eq!(at(&refresh(&by_clock, "refresh-0").await.json(), "expires_in"), 10.into());
    assert_eq!(at(&refresh(&by_answers, "refresh-0").await.json(), "expires_in"), 3600.into());
    for _ in 0..2 {
        assert_eq!((things(&by_clock, "access-1", "").await.status, things(&by_answers, "access-1", "").await.status), (200, 200));
    }
    clock.wind(Duration::from_secs(10));
    for api in [&by_clock, &by_answers] {
        let reply = things(api, "access-1", "").await;
        assert_eq!((reply.status, reply.header("www-authenticate")), (401, Some("Bearer error=\"invalid_token\"")));
        let reply = things(api, "access-1", "?misbehave=error_200").await;
        assert_eq!((reply.status, at(&reply.json(), "errcode")), (200, Value::from(40001)));
    }
}
