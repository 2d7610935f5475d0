//! Logins and connections that are refused: what is told of them, how often they are tried, and that no secret is in it.

use engine::Call;
use fault::Disposition;

use crate::{script::{NOW, answer, running}, sessions::{EXCHANGE, ROTATING, behind, given, plain, tells_no_secret}, world::{Run, World}};

#[tokio::test]
async fn what_the_other_system_says_is_told_without_the_tokens_it_repeats() {
    let definition = plain(ROTATING, "/x");
    let world = World::of(|request| match request.url.path() {
        "/oauth/token" => answer(200, r#"{"access_token":"access-s3cret","refresh_token":"refresh-s3cret"}"#),
        _ => answer(418, r#"{"said":"no access-s3cret, refresh-s3cret, api-pass, refresh-0 here"}"#),
    });
    let fault = Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap_err();
    assert_eq!(fault.message, "the other system answered 418: no •••, •••, •••, ••• here");
}

#[tokio::test]
async fn a_login_that_gives_no_token_is_asked_once_where_it_answers_and_again_where_it_answers_no_json() {
    let definition = behind(&EXCHANGE.replace("HOSTS", "login.test"), "https://api.test", r#"{"url":"/page"}"#);
    let told = |said: &str| format!("the login answered 200 and no token at `$.Token`: {said}; either it refused the credentials, or `token` names the wrong place");
    let long = format!(r#"{{"msg":"{}"}}"#, "no such user ".repeat(40));
    for (auth, body, tries, code, message) in [
        ("", r#"{"ok":false,"msg":"Login failed"}"#, 1, "needs_auth", told(r#"{"ok":false,"msg":"Login failed"}"#)),
        ("", r#"{"error":{"code":4711,"reason":"api-pass is wrong\u001b[2J\n"}}"#, 1, "needs_auth", told(r#"{"error":{"code":4711,"reason":"••• is wrong [2J "}}"#)),
        // What would be a token elsewhere is none to be shown.
        ("", r#"{"Token":"","data":{"jwt":"eyJhbGciOi.J0b2tlbiI6","pin":1234567,"x":"s3cr","y":"Bearer 0123456789abcdef","msg":"use 0123456789abcdef0123"}}"#, 1, "needs_auth", told(r#"{"Token":"","data":{"jwt":"…","pin":…,"x":"…","y":"Bearer …","msg":"use …"}}"#)),
        ("", &long, 1, "needs_auth", told(&format!("{}…", &long[..200]))),
        ("", "[]", 1, "needs_auth", told("[]")), ("", "null", 1, "needs_auth", told("null")),
        ("", "<html>Come again later</html>", 3, "destination_nonsense", "the login answered without a token at `$.Token`".to_owned()), ("", "", 3, "destination_nonsense", "the login answered without a token at `$.Token`".to_owned()),
        ("$", "", 3, "destination_nonsense", "the login answered without a token at `$`".to_owned()),
        ("oauth2", r#"{"success":false,"message":"Login failed"}"#, 1, "needs_auth", r#"the token endpoint answered 200 and no token: {"success":false,"message":"Login failed"}; either it refused the credentials, or `token_url` names no token endpoint"#.to_owned()),
        ("oauth2", "<html>", 3, "destination_nonsense", "the token endpoint answered without a token".to_owned()),
    ] {
        let (definition, said) = (if auth == "oauth2" { plain(ROTATING, "/page") } else if auth == "$" { definition.replace("$.Token", "$") } else { definition.clone() }, body.to_owned());
        let world = World::of(move |_| answer(200, &said));
        let fault = Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap_err();
        let parks = fault.disposition == Disposition::Park;
        assert_eq!((fault.code, fault.message.to_string(), parks), (code, message, tries == 1), "{body}");
        tells_no_secret(&fault);
    }
}

#[tokio::test]
async fn a_place_on_a_host_that_the_login_names_no_more_begins_the_listing_anew_once() {
    let pages = behind(&EXCHANGE.replace("HOSTS", "*.shop.test"), "{{ token.server }}", r#"{"url":"/page"}"#);
    let (before, _) = pages.split_once(r#","pagination""#).unwrap();
    let (_, after) = pages.split_once(r#""errors""#).unwrap();
    let definition = format!(r#"{before},"pagination":{{"type":"link_header"}}}}}}}},"errors"{after}"#);
    let on = |host: &'static str| World::of(move |request| match request.url.path() {
        "/auth/login" => answer(200, &format!(r#"{{"Token":"t-{host}","Server":"https://{host}.shop.test"}}"#)),
        _ if request.url.query().is_some() => answer(200, r#"{"data":[{"id":2}]}"#),
        _ => crate::script::with(200, &[("link", &format!(r#"<https://{host}.shop.test/page?after=1>; rel="next""#))], r#"{"data":[{"id":1}]}"#),
    });
    let config = given();
    let call = |world| Call { now_ms: NOW, ..Call::new(&config, world, NOW) };
    let first = on("one");
    let page = running(&definition).source.unwrap().page(call(&first), "thing", None).await.unwrap();
    assert!(!page.done && page.cursor.contains("one.shop.test"), "{}", page.cursor);
    let (other, run) = (on("two"), Run { config: given(), ..Run::new(&definition, "thing") });
    assert_eq!(run.read(&other, Some(&page.cursor)).await.unwrap().0, ["1", "2"]);
    // A definition that names its own host asks otherwise: a place of another one begins anew.
    let fixed = definition.replace("{{ token.server }}", "https://two.shop.test");
    assert_eq!(Run { config: given(), ..Run::new(&fixed, "thing") }.read(&other, Some(&page.cursor)).await.unwrap().0, ["1", "2"]);
}

#[tokio::test]
async fn a_connection_that_is_refused_names_the_host_that_was_asked_and_nothing_else_of_the_address() {
    let exchange = EXCHANGE.replace("HOSTS", "login.test");
    for (definition, host) in [
        (behind(&exchange, "https://api.test", r#"{"url":"/page"}"#), "login.test"), (behind(r#"{"type":"none"}"#, "https://api.test:8443", r#"{"url":"/page","params":{"key":"{{ config.key }}"}}"#), "api.test:8443"),
        (behind(r#"{"type":"none"}"#, "https://{{ config.key }}.test", r#"{"url":"/page"}"#).replace(r#""key":{"#, r#""key":{"pattern":"[a-z-]+","#), "•••.test"),
    ] {
        let world = World::of(|_| Err(engine::ExchangeError::Connect));
        let fault = Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap_err();
        assert_eq!((fault.code, fault.message.to_string()), ("connect_failed", format!("no connection could be made to {host}")));
    }
}
