//! What answers to GraphQL say in their `errors`: it fails whatever the status, unless a rule or `partial` says otherwise.

use std::time::Duration;

use fault::{Disposition, Simple};

use crate::{script::{NOW, Script, answer, call, config, event, running, with}, world::{Run, World, definition}};

/// An entity that is read and scanned by GraphQL; `more` stands in its `graphql`, `read` beside the request.
fn asking(more: &str, read: &str) -> String {
    definition(&format!(
        r#""config":{{"key":{{"type":"string","secret":true,"optional":true}}}},"canonical_map":{{"stock":{{"type":"stocklevel","key":"$.sku","fields":{{"sku":"$.sku","quantity":"$.n"}}}}}},"snapshot":{{"stocklevel":{{"entity":"stock","complete":true}}}},
        "entities":{{"stock":{{"read":{{"request":{{"url":"/graphql","graphql":{{"query":"query {{ stock {{ sku n }} }}"{more}}}}},"records":{{"path":"$.data.stock"}}{read}}}}}}}"#
    ))
}

/// The ids that one answer gives, or how it fails.
async fn read(definition: &str, body: &str) -> Result<Vec<String>, Simple> {
    let body = body.to_owned();
    let world = World::of(move |_| answer(200, &body));
    let run = Run { config: config(&[("key", "the-k3y-of-one")]), ..Run::new(definition, "stock") };
    run.read(&world, None).await.map(|(ids, _)| ids)
}

const WHOLE: &str = r#""data":{"stock":[{"id":1,"sku":"a","n":1}]}"#;

#[tokio::test]
async fn errors_beside_data_and_without_it_fail_by_what_they_say() {
    let retry = Disposition::Retry { after: None };
    for (errors, code, disposition, said) in [
        (r#"[{"message":"throttled"}]"#, "destination_rejected", Disposition::Reject, ": throttled"),
        (r#"[{"message":"slow down","extensions":{"code":"THROTTLED"}}]"#, "destination_rate_limited", retry, ": slow down"),
        (r#"[{"message":"m","extensions":{"code":"rate_limited"}}]"#, "destination_rate_limited", retry, ": m"),
        (r#"[{"message":"m","extensions":{"type":"Too_Many_Requests"}}]"#, "destination_rate_limited", retry, ": m"),
        (r#"[{"message":"m","type":"RATE_LIMITED"}]"#, "destination_rate_limited", retry, ": m"),
        (r#"[{"message":"who?","extensions":{"code":"UNAUTHENTICATED"}}]"#, "needs_auth", Disposition::Park, ": who?"),
        (r#"[{"message":"no","extensions":{"code":"FORBIDDEN"}}]"#, "needs_auth", Disposition::Park, ": no"),
        (r#"[{"message":"no","extensions":{"code":"access_denied"}}]"#, "needs_auth", Disposition::Park, ": no"),
        (r#"[{"message":"m","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]"#, "destination_unavailable", retry, ": m"),
        (r#"[{"message":"m","extensions":{"code":"SERVICE_UNAVAILABLE"}}]"#, "destination_unavailable", retry, ": m"),
        (r#"[{"message":"m","extensions":{"code":"TIMEOUT"}}]"#, "destination_unavailable", retry, ": m"),
        (r#"[{"message":"m","extensions":{"code":"BAD_USER_INPUT"}}]"#, "destination_rejected", Disposition::Reject, ": m"),
        // The first that is known says what they mean, and is told.
        (r#"[{"message":"one","extensions":{"code":"X"}},{"message":"two","extensions":{"code":"THROTTLED"}},{"message":"three","extensions":{"code":"FORBIDDEN"}}]"#, "destination_rate_limited", retry, ": two"),
        (r#"[{"message":"one"},{"message":"two"}]"#, "destination_rejected", Disposition::Reject, ": one"),
        (r#"[{}]"#, "destination_rejected", Disposition::Reject, ""),
        (r#"["odd"]"#, "destination_rejected", Disposition::Reject, ""),
        (r#"[{"message":5,"extensions":7}]"#, "destination_rejected", Disposition::Reject, ""),
        (r#"[{"message":"bad the-k3y-of-one\u001b[2J\nx"}]"#, "destination_rejected", Disposition::Reject, ": bad ••• [2J x"),
    ] {
        for data in [r#""data":null"#, r#""data":{"stock":[]}"#, WHOLE] {
            let fault = read(&asking("", ""), &format!(r#"{{"errors":{errors},{data}}}"#)).await.expect_err(errors);
            assert_eq!((fault.code, fault.disposition, fault.message.to_string()), (code, disposition, format!("the other system answered 200{said}")), "{errors} {data}");
        }
    }
    let long = read(&asking("", ""), &format!(r#"{{"errors":[{{"message":"{}"}}]}}"#, "å".repeat(500))).await.unwrap_err();
    assert_eq!(long.message, format!("the other system answered 200: {}", "å".repeat(100)));
}

#[tokio::test]
async fn answers_without_errors_are_good() {
    for errors in ["", r#""errors":[],"#, r#""errors":null,"#, r#""errors":{},"#, r#""errors":"","#, r#""extensions":{"errors":[{"message":"m"}]},"#] {
        assert_eq!(read(&asking("", ""), &format!("{{{errors}{WHOLE}}}")).await.unwrap(), ["1"], "{errors}");
    }
    // Only what is declared as GraphQL is.
    let plain = asking("", "").replace(r#""graphql":{"query":"query { stock { sku n } }"}"#, r#""body":{"query":"query { stock { sku n } }"}"#);
    assert_eq!(read(&plain, &format!(r#"{{"errors":[{{"message":"m"}}],{WHOLE}}}"#)).await.unwrap(), ["1"]);
}

#[tokio::test]
async fn another_status_means_what_it_means_and_the_error_is_told_beside_it() {
    for (status, code, message) in [(400, "destination_rejected", "the other system answered 400: no such field"), (401, "needs_auth", "the other system answered 401: no such field"), (503, "destination_unavailable", "the other system answered 503: no such field")] {
        let world = World::of(move |_| answer(status, r#"{"errors":[{"message":"no such field","extensions":{"code":"THROTTLED"}}]}"#));
        let fault = Run::new(&asking("", ""), "stock").read(&world, None).await.unwrap_err();
        assert_eq!((fault.code, &*fault.message), (code, message));
    }
}

#[tokio::test]
async fn a_wait_the_answer_names_is_kept_to() {
    let world = World::of(|_| with(200, &[("retry-after", "30")], r#"{"errors":[{"message":"m","extensions":{"code":"THROTTLED"}}]}"#));
    let fault = Run::new(&asking("", ""), "stock").read(&world, None).await.unwrap_err();
    assert_eq!(fault.disposition, Disposition::Retry { after: Some(Duration::from_secs(30)) });
}

#[tokio::test]
async fn rules_of_the_definition_come_first() {
    for (rules, told) in [
        (r#"{"body":"{{ response.errors[0].message == 'm' }}","class":"skip"}"#, Ok(0)), (r#"{"body":"{{ response.errors[0].message == 'other' }}","class":"skip"}"#, Err("destination_rejected")),
        (r#"{"body":"{{ response.errors[0].message == 'm' }}","class":"not_found"}"#, Err("destination_gone")),
    ] {
        let definition = asking(r#","partial":true"#, &format!(r#","errors":[{rules}]"#));
        let found = read(&definition, r#"{"data":null,"errors":[{"message":"m"}]}"#).await;
        assert_eq!(found.map(|ids| ids.len()).map_err(|fault| fault.code), told, "{rules}");
    }
}

#[tokio::test]
async fn what_may_be_partial_is_taken_and_a_snapshot_concludes_nothing_from_it() {
    let errors = r#""errors":[{"message":"m","path":["stock",1]}]"#;
    for (more, body, told) in [
        (r#","partial":true"#, format!("{{{errors},{WHOLE}}}"), Ok((1, true))), (r#","partial":true"#, format!("{{{WHOLE}}}"), Ok((1, false))), (r#","partial":true"#, format!(r#"{{"errors":[],{WHOLE}}}"#), Ok((1, false))),
        (r#","partial":true"#, format!(r#"{{{errors},"data":null}}"#), Err("destination_rejected")), (r#","partial":true"#, format!("{{{errors}}}"), Err("destination_rejected")),
        (r#","partial":false"#, format!("{{{errors},{WHOLE}}}"), Err("destination_rejected")), ("", format!("{{{errors},{WHOLE}}}"), Err("destination_rejected")),
    ] {
        let definition = asking(more, "");
        let ids = read(&definition, &body).await;
        assert_eq!(ids.map(|ids| ids.len()).map_err(|fault| fault.code), told.map(|(count, _)| count), "{more} {body}");
        let (none, snapshot) = (config(&[]), running(&definition).snapshot.unwrap());
        let told_body = body.clone();
        let world = World::of(move |_| answer(200, &told_body));
        let page = snapshot.snapshot(engine::Call::new(&none, &world, NOW), "stocklevel", None, None, None).await;
        assert_eq!(page.map(|page| (page.items.len(), page.partial)).map_err(|fault| fault.code), told, "{more} {body}");
    }
}

#[tokio::test]
async fn a_delivery_that_may_have_been_done_is_ambiguous() {
    let definition = r#"{"metadata":{"slug":"a","type":"destination"},"deliver":{"stocklevel":{"request":{"url":"https://api.example.com/graphql","graphql":{"query":"mutation { set }"}},"idempotency":"none"}}}"#;
    for (error, code, ambiguous) in [
        (r#"{"extensions":{"code":"INTERNAL_SERVER_ERROR"}}"#, "destination_unavailable", true), (r#"{"extensions":{"code":"TIMEOUT"}}"#, "destination_unavailable", true), (r#"{"extensions":{"code":"THROTTLED"}}"#, "destination_rate_limited", false),
        (r#"{"extensions":{"code":"FORBIDDEN"}}"#, "needs_auth", false), (r#"{"message":"m"}"#, "destination_rejected", false),
    ] {
        let none = config(&[]);
        let script = Script::new(vec![("POST https://api.example.com/graphql", answer(200, &format!(r#"{{"data":{{"set":null}},"errors":[{error}]}}"#)))]);
        let fault = running(definition).destination.unwrap().deliver(call(&none, &script), &event("stocklevel", "A", "{}"), "k").await.unwrap_err();
        assert_eq!((fault.fault.code, fault.ambiguous, fault.status), (code, ambiguous, Some(200)), "{error}");
    }
}

#[tokio::test]
async fn a_session_is_renewed_once_and_a_login_that_is_refused_needs_a_person() {
    let auth = r#""auth":{"type":"token_exchange","request":{"url":"https://api.test/login","graphql":{"query":"mutation { login }"}},"token":"$.data.token","expires_in":"$.data.ttl","apply":{"in":"header","name":"X-Key","value":"{{ token }}"}},"entities""#;
    let definition = asking("", "").replace(r#""entities""#, auth);
    let good = r#"{"data":{"token":"t-0-k-e-n","ttl":3600}}"#;
    for (login, stock, code, asked) in [
        (good, r#"{"errors":[{"message":"m","extensions":{"code":"UNAUTHENTICATED"}}]}"#, "needs_auth", 4), (good, r#"{"errors":[{"message":"m","extensions":{"code":"FORBIDDEN"}}]}"#, "needs_auth", 2),
        (r#"{"errors":[{"message":"m"}],"data":{"token":"t-0-k-e-n","ttl":3600}}"#, "{}", "needs_auth", 1), (r#"{"errors":[{"message":"m"}],"data":null}"#, "{}", "needs_auth", 1),
        (r#"{"errors":[{"message":"m","extensions":{"code":"TIMEOUT"}}],"data":null}"#, "{}", "destination_unavailable", 1),
    ] {
        let world = World::of(move |request| answer(200, if request.url.path() == "/login" { login } else { stock }));
        let fault = Run::new(&definition, "stock").read(&world, None).await.unwrap_err();
        assert_eq!((fault.code, &*fault.message, world.lines().len()), (code, "the other system answered 200: m", asked), "{login} {stock}");
    }
}

#[tokio::test]
async fn what_one_partition_is_forbidden_says_nothing_of_the_connection() {
    for (code, disposition) in [("FORBIDDEN", Disposition::Reject), ("UNAUTHENTICATED", Disposition::Park)] {
        let definition = asking("", r#","fan_out":{"values":["x","y"],"as":"shelf"}"#).replace("/graphql", "/{{ parent.shelf.value }}");
        let fault = read(&definition, &format!(r#"{{"errors":[{{"extensions":{{"code":"{code}"}}}}]}}"#)).await.unwrap_err();
        assert_eq!((fault.code, fault.disposition), ("needs_auth", disposition), "{code}");
    }
}
