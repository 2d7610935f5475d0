//! Doors that want a credential.

use std::sync::Arc;
use std::time::Duration;

use testkit::api::Life;
use testkit::{Api, ApiOptions, WoundClock};

use super::{all, api, at, get, ids};
use crate::client::ask;

#[tokio::test]
async fn each_door_opens_for_its_own_credential_only() {
    let api = api().await;
    let wrong = [("Authorization", "Bearer api-key"), ("X-Api-Key", "api-token"), ("Cookie", "session=no")];
    for (kind, query, header, wants) in [
        ("bearer", "", ("Authorization", "Bearer api-token"), Some("Bearer")),
        ("header", "", ("X-Api-Key", "api-key"), None),
        ("query", "&api_key=api-key", ("X-Nothing", "x"), None),
        ("cookie", "", ("Cookie", "theme=dark; session=api-key"), None),
        ("basic", "", ("Authorization", "Basic YXBpLXVzZXI6YXBpLXBhc3M="), Some("Basic realm=\"sample\"")),
    ] {
        let refused = ask(api.address(), "GET", &format!("/auth/{kind}/things"), &wrong, "").await.unwrap();
        assert_eq!((refused.status, refused.header("www-authenticate"), at(&refused.json(), "error.code")), (401, wants, "unauthorized".into()), "{kind}");
        let (mut found, mut target) = (Vec::new(), format!("/auth/{kind}/next-url?limit=100"));
        loop {
            let page = ask(api.address(), "GET", &format!("{target}{query}"), &[header], "").await.unwrap().json();
            found.extend(ids(&page, "data"));
            let Some(next) = at(&page, "next").plain() else { break };
            assert!(!next.contains("api-key"), "{next}");
            target = next.trim_start_matches(api.url()).to_owned();
        }
        assert_eq!(found, all(), "{kind}");
    }
    assert_eq!(get(&api, "/auth/handshake/things").await.status, 404);
    assert_eq!((get(&api, &format!("{}?times=0", "/errors/503".repeat(4))).await.status, get(&api, &format!("{}?times=0", "/errors/503".repeat(2000))).await.status), (200, 404));
}

#[tokio::test]
async fn a_token_in_the_body_is_json_or_a_form() {
    let api = api().await;
    for (body, status) in [(r#"{"token":"api-token","page":3}"#, 200), ("token=api-token&page=3", 200), (r#"{"token":"other"}"#, 401), ("", 401)] {
        let reply = ask(api.address(), "POST", "/auth/body/page", &[], body).await.unwrap();
        assert_eq!(reply.status, status, "{body}");
        if status == 200 {
            assert_eq!(ids(&reply.json(), "data")[0], 41);
        }
    }
}

#[tokio::test]
async fn a_login_sets_the_cookie() {
    let api = api().await;
    let login = |password: &'static str| ask(api.address(), "POST", "/auth/cookie/login", &[], password);
    assert_eq!(login("username=api-user&password=no").await.unwrap().status, 401);
    let reply = login(r#"{"username":"api-user","password":"api-pass"}"#).await.unwrap();
    assert_eq!((reply.status, reply.header("set-cookie")), (200, Some("session=api-key; Path=/; HttpOnly")));
}

#[tokio::test]
async fn a_login_gives_a_token_and_the_server_it_is_good_for_until_it_expires() {
    let clock = WoundClock::at(1_769_850_000_000);
    let api = Api::start(ApiOptions { token_life: Life::Seconds(60), clock: Arc::new(clock.clone()), ..ApiOptions::default() }).await.unwrap();
    let login = |form: &'static str| ask(api.address(), "POST", "/auth/login", &[], form);
    assert_eq!(login("applicationId=api-user&applicationSecret=api-pass&token=no").await.unwrap().status, 401);
    let given = login("applicationId=api-user&applicationSecret=api-pass&token=api-token").await.unwrap().json();
    assert_eq!(given.to_string(), format!(r#"{{"Token":"login-1","Server":"{}/server","TTL":60}}"#, api.url()));
    let mut statuses = Vec::new();
    for (token, seconds) in [("login-1", 0), ("Bearer login-1", 0), ("login-2", 0), ("login-1", 59), ("login-1", 1)] {
        clock.wind(Duration::from_secs(seconds));
        statuses.push(ask(api.address(), "GET", "/server/things", &[("Authorization", token)], "").await.unwrap().status);
    }
    assert_eq!(statuses, [200, 401, 401, 200, 401]);
}
