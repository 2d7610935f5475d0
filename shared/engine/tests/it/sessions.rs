//! Credentials and sessions: where they stand in requests, when they are renewed, who of many renews them, and that no fault tells them.

use std::{collections::HashMap, sync::{Arc, Mutex}};

use async_trait::async_trait;
use document::Hash128;
use engine::{Call, Config, Request, Session, Sessions, Turn};
use fault::{Disposition, Simple};
use testkit::{Api, ApiOptions, api::Life};

use crate::{script::{NOW, answer, config, running}, world::{Run, World, asked, header}};

const SECRETS: &[&str] = &["api-token", "api-key", "api-pass", "refresh-0", "wr0ng-s3cret"];

/// A definition with credentials, whose one entity stands behind a door.
pub(crate) fn behind(auth: &str, base: &str, request: &str) -> String {
    let values = ["token", "key", "user", "pass", "mode", "client_id", "client_secret", "refresh_token"].map(|name| format!(r#""{name}":{{"type":"string","optional":true,"secret":{}}}"#, !matches!(name, "user" | "mode" | "client_id"))).join(",");
    format!(
        r#"{{"metadata":{{"slug":"a","type":"source"}},"config":{{{values}}},"auth":{auth},"base_url":"{base}","endpoints":{{"test":{request}}},
        "entities":{{"thing":{{"read":{{"request":{request},"records":{{"path":"$.data"}},"pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}},"stop":{{"total":"$.total"}}}}}}}}}},
        "errors":[{{"status":418,"class":"invalid","message":"{{{{ response.said }}}}"}}],"eventMapping":{{"externalId":"$.id","eventType":"thing.updated"}}}}"#
    )
}

pub(crate) fn plain(auth: &str, path: &str) -> String {
    behind(auth, "https://api.test", &format!(r#"{{"url":"{path}"}}"#))
}

pub(crate) fn given() -> Config {
    config(&[("token", Api::TOKEN), ("key", Api::KEY), ("user", Api::USER), ("pass", Api::PASSWORD), ("client_id", Api::USER), ("client_secret", Api::PASSWORD), ("refresh_token", "refresh-0")])
}

#[track_caller]
pub(crate) fn tells_no_secret(fault: &Simple) {
    assert!(SECRETS.iter().all(|secret| !fault.message.contains(secret)) && !fault.message.contains("access-"), "{}", fault.message);
}

#[tokio::test]
async fn credentials_stand_where_the_definition_puts_them() {
    let post = r#"{"method":"POST","url":"/auth/body/page","body":{"note":"x"}}"#;
    for (auth, definition) in [
        ("bearer", plain(r#"{"type":"bearer","token":"{{ config.token }}"}"#, "/auth/bearer/page")),
        ("header", plain(r#"{"type":"api_key","in":"header","name":"X-Api-Key","value":"{{ config.key }}"}"#, "/auth/header/page")),
        ("query", plain(r#"{"type":"api_key","in":"query","name":"api_key","value":"{{ config.key }}"}"#, "/auth/query/page")),
        ("cookie", plain(r#"{"type":"api_key","in":"cookie","name":"session","value":"{{ config.key }}"}"#, "/auth/cookie/page")),
        ("basic", plain(r#"{"type":"basic","username":"{{ config.user }}","password":"{{ config.pass }}"}"#, "/auth/basic/page")),
        ("body", behind(r#"{"type":"api_key","in":"body","pointer":"/token","value":"{{ config.token }}"}"#, "https://api.test", post)),
        ("none", plain(r#"{"type":"none"}"#, "/page")),
        ("one_of", plain(r#"{"one_of":{"select":"{{ config.mode }}","cases":{"key":{"type":"api_key","in":"header","name":"X-Api-Key","value":"{{ config.key }}"},"pat":{"type":"bearer","token":"{{ config.token }}"}}}}"#, "/auth/bearer/page")),
    ] {
        let (world, _) = World::api();
        let mut values = vec![("token", Api::TOKEN), ("key", Api::KEY), ("user", Api::USER), ("pass", Api::PASSWORD), ("mode", "pat")];
        let run = Run { config: config(&values), ..Run::new(&definition, "thing") };
        assert_eq!(run.read(&world, None).await.unwrap().0.len(), 250, "{auth}");
        for value in &mut values {
            value.1 = if value.0 == "mode" { "pat" } else { "wr0ng-s3cret" };
        }
        let run = Run { config: config(&values), ..Run::new(&definition, "thing") };
        if auth != "none" {
            let fault = run.read(&world, None).await.unwrap_err();
            assert_eq!((fault.code, fault.disposition), ("needs_auth", Disposition::Park), "{auth}");
            tells_no_secret(&fault);
        }
        if auth == "one_of" {
            for (mode, code) in [("", "config_missing"), ("wr0ng-s3cret", "config_invalid")] {
                let fault = Run { config: config(&[("mode", mode), ("token", Api::TOKEN)]), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap_err();
                assert_eq!((fault.code, fault.disposition), (code, Disposition::Park));
                tells_no_secret(&fault);
            }
        }
    }
}

#[tokio::test]
async fn a_key_in_a_form_stands_beside_its_fields() {
    let definition = behind(r#"{"type":"api_key","in":"form","name":"apikey","value":"{{ config.key }}"}"#, "https://api.test", r#"{"method":"POST","url":"/x","form":{"a":"1"}}"#);
    let world = World::of(|_| answer(200, r#"{"data":[],"total":0}"#));
    Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap();
    assert_eq!(String::from_utf8(world.sent()[0].body.clone().unwrap()).unwrap(), "a=1&apikey=api-key");
}

#[tokio::test]
async fn a_key_in_the_query_is_in_no_cursor_whatever_the_links_repeat() {
    for keep in ["true", "false"] {
        let definition = format!(
            r#"{{"metadata":{{"slug":"a","type":"source"}},"config":{{"key":{{"type":"string","secret":true}}}},"auth":{{"type":"api_key","in":"query","name":"api_key","value":"{{{{ config.key }}}}"}},"base_url":"https://api.test",
            "entities":{{"thing":{{"read":{{"request":{{"url":"/x","params":{{"a":"b"}}}},"records":{{"path":"$.data"}},"pagination":{{"type":"next_url","from":"$.next","keep_params":{keep}}}}}}}}}}}"#
        );
        let world = World::of(|request| {
            let page = request.url.query().unwrap().contains("p=2");
            answer(200, if page { r#"{"data":[{"id":2}]}"# } else { r#"{"data":[{"id":1}],"next":"/x?p=2&api_key=api-key&q=%20"}"# })
        });
        let source = running(&definition).source.unwrap();
        let config = config(&[("key", Api::KEY)]);
        let page = source.page(Call::new(&config, &world, NOW), "thing", None).await.unwrap();
        assert!(!page.cursor.contains("api-key"), "{}", page.cursor);
        source.page(Call::new(&config, &world, NOW), "thing", Some(&page.cursor)).await.unwrap();
        let kept = if keep == "true" { "&a=b" } else { "" };
        assert_eq!(world.lines(), ["GET /x?a=b&api_key=api-key".to_owned(), format!("GET /x?p=2&q=%20{kept}&api_key=api-key")]);
    }
}

pub(crate) const EXCHANGE: &str = r#"{"type":"token_exchange","request":{"method":"POST","url":"https://login.test/auth/login","form":{"applicationId":"{{ config.user }}","applicationSecret":"{{ config.pass }}","token":"{{ config.token }}"}},
    "token":"$.Token","expires_in":"$.TTL","capture":{"server":{"path":"$.Server","hosts":["HOSTS"]}},"apply":{"in":"header","name":"Authorization","value":"{{ token }}"}}"#;

#[tokio::test]
async fn a_login_names_the_server_and_its_token_goes_to_listed_hosts_alone() {
    let definition = behind(&EXCHANGE.replace("HOSTS", "login.test"), "{{ token.server }}", r#"{"url":"/page"}"#);
    let (world, _) = World::api();
    let run = Run { config: given(), ..Run::new(&definition, "thing") };
    assert_eq!(run.read(&world, None).await.unwrap().0.len(), 250);
    let sent = world.sent();
    assert_eq!((sent.len(), sent[0].url.as_str(), header(&sent[1], "authorization"), sent[1].url.path()), (14, "https://login.test/auth/login", Some("login-1"), "/server/page"));
    // Another host is told nothing, and asked nothing.
    for hosts in ["127.0.0.1", "*.login.test", "ogin.test"] {
        let definition = behind(&EXCHANGE.replace("HOSTS", hosts), "{{ token.server }}", r#"{"url":"/page"}"#);
        let (world, _) = World::api();
        let fault = Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap_err();
        assert_eq!(fault.code, "address_forbidden", "{}", fault.message);
        tells_no_secret(&fault);
        assert_eq!(world.sent().iter().map(|request| request.url.to_string()).collect::<Vec<_>>(), ["https://login.test/auth/login"]);
    }
    // The loopback, where it is listed.
    let definition = behind(&EXCHANGE.replace("HOSTS", "127.0.0.1"), "{{ token.server }}", r#"{"url":"/page"}"#);
    let api = Arc::new(Mutex::new(Api::new(ApiOptions::default())));
    let world = World::of(move |request| {
        let mut request = request.clone();
        request.url.set_host(Some("127.0.0.1")).unwrap();
        asked(&mut api.lock().unwrap(), &request)
    });
    assert_eq!(Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap().0.len(), 250);
}

#[tokio::test]
async fn a_login_is_made_anew_at_four_fifths_of_its_life_or_when_it_is_refused() {
    let definition = behind(&EXCHANGE.replace("HOSTS", "login.test"), "{{ token.server }}", r#"{"url":"/page","params":{"per_page":100}}"#);
    let clock = testkit::WoundClock::at(NOW);
    let (world, _) = World::with(ApiOptions { clock: Arc::new(clock.clone()), ..ApiOptions::default() });
    let mut instance = running(&definition);
    let logins = |lines: Vec<String>| lines.iter().filter(|line| line.contains("login")).count();
    // A life of 1800 seconds.
    for (second, expected) in [(0, 1), (1_439, 0), (1_440, 1), (1_441, 0), (1_440 + 1_440, 1)] {
        clock.set(NOW + second * 1000);
        Run { config: given(), now_ms: NOW + second * 1000, ..Run::new(&definition, "thing") }.go_on(&mut instance, &world, None).await.unwrap();
        assert_eq!(logins(world.lines()), expected, "{second}");
    }
    // A token that ends early is renewed in the middle of a run; one that ends at once waits for a person.
    let (world, _) = World::with(ApiOptions { token_life: Life::Answers(2), ..ApiOptions::default() });
    assert_eq!(Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap().0.len(), 250);
    assert_eq!(logins(world.lines()), 2);
    let (world, _) = World::with(ApiOptions { token_life: Life::Answers(0), ..ApiOptions::default() });
    let fault = Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap_err();
    assert_eq!((fault.code, world.lines().len()), ("needs_auth", 4));
    tells_no_secret(&fault);
}

#[tokio::test]
async fn tokens_are_asked_for_in_every_way_of_oauth() {
    let grant = |rest: &str| plain(&format!(r#"{{"type":"oauth2","token_url":"https://api.test/oauth/token"{rest}}}"#), "/oauth/page");
    for (rest, body) in [
        ("", "grant_type=client_credentials&client_id=api-user&client_secret=api-pass"),
        (r#","client_auth":"basic""#, "grant_type=client_credentials"),
        (r#","body":"json","scopes":["a","b"]"#, r#"{"grant_type":"client_credentials","client_id":"api-user","client_secret":"api-pass","scope":"a b"}"#),
        (r#","scopes":["a","b"],"scope_separator":",","params":{"audience":"x y"}"#, "grant_type=client_credentials&client_id=api-user&client_secret=api-pass&scope=a%2Cb&audience=x+y"),
        (r#","client_id":"{{ config.user }}","client_secret":"{{ config.pass }}""#, "grant_type=client_credentials&client_id=api-user&client_secret=api-pass"),
        (r#","grant":"refresh_token","refresh":{"rotates":true}"#, "grant_type=refresh_token&refresh_token=refresh-0&client_id=api-user&client_secret=api-pass"),
    ] {
        let (world, _) = World::api();
        let definition = grant(rest);
        assert_eq!(Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap().0.len(), 250, "{rest}");
        let sent = world.sent();
        assert_eq!(String::from_utf8(sent[0].body.clone().unwrap()).unwrap(), body);
        assert_eq!((sent.len(), header(&sent[1], "authorization")), (14, Some("Bearer access-1")));
        assert_eq!(header(&sent[0], "authorization").is_some(), rest.contains("basic"));
    }
    let world = World::of(|request| if request.url.path() == "/oauth/token" { answer(200, r#"{"access_token":"t"}"#) } else { answer(200, r#"{"data":[],"total":0}"#) });
    let definition = grant(r#","grant":"password","username":"{{ config.user }}","password":"{{ config.pass }}""#);
    Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap();
    assert_eq!(String::from_utf8(world.sent()[0].body.clone().unwrap()).unwrap(), "grant_type=password&username=api-user&password=api-pass&client_id=api-user&client_secret=api-pass");
}

pub(crate) const ROTATING: &str = r#"{"type":"oauth2","grant":"refresh_token","token_url":"https://api.test/oauth/token","refresh":{"rotates":true,"when":[{"status":200,"body":"{{ response.errcode == 40001 }}"}]}}"#;

/// The refresh tokens that were sent.
fn refreshed(sent: &[Request]) -> Vec<String> {
    let bodies = sent.iter().filter(|request| request.url.path() == "/oauth/token").map(|request| String::from_utf8(request.body.clone().unwrap()).unwrap());
    bodies.map(|body| body.split('&').find_map(|pair| pair.strip_prefix("refresh_token=")).unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_whether_it_is_told_by_401_or_in_an_answer_of_200() {
    for misbehave in ["", "?misbehave=error_200"] {
        let definition = plain(ROTATING, &format!("/oauth/page{misbehave}"));
        let (world, _) = World::with(ApiOptions { token_life: Life::Answers(5), ..ApiOptions::default() });
        assert_eq!(Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap().0.len(), 250);
        assert_eq!(refreshed(&world.sent()), ["refresh-0", "refresh-1", "refresh-2"]);
        let (world, _) = World::with(ApiOptions { token_life: Life::Answers(0), ..ApiOptions::default() });
        let fault = Run { config: given(), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap_err();
        let sent = world.sent();
        assert_eq!((fault.code, fault.disposition, sent.len()), ("needs_auth", Disposition::Park, 4), "{misbehave}");
        tells_no_secret(&fault);
    }
}

#[tokio::test]
async fn who_names_no_new_refresh_token_leaves_the_old_one_good() {
    let definition = plain(ROTATING, "/x");
    let mut tokens = 0;
    let world = World::of(move |request| {
        if request.url.path() != "/oauth/token" {
            return answer(200, r#"{"data":[],"total":0}"#);
        }
        tokens += 1;
        answer(200, &format!(r#"{{"access_token":"t{tokens}","expires_in":10{}}}"#, if tokens == 1 { r#","refresh_token":"other""# } else { "" }))
    });
    let mut instance = running(&definition);
    for second in [0, 9, 18] {
        Run { config: given(), now_ms: NOW + second * 1000, ..Run::new(&definition, "thing") }.go_on(&mut instance, &world, None).await.unwrap();
    }
    assert_eq!(refreshed(&world.sent()), ["refresh-0", "other", "other"]);
}

/// Sessions as a table keeps them, with a log of what was done.
#[derive(Default)]
struct Kept {
    rows: Mutex<HashMap<Hash128, Session>>,
    taken: Mutex<bool>,
    log: Mutex<Vec<String>>,
    fails: Mutex<usize>,
    /// It is known that nothing can be kept.
    full: bool,
    /// A session that somebody else keeps as soon as ours is refused.
    other: Mutex<Option<Session>>,
}

impl Kept {
    fn log(&self) -> String {
        std::mem::take(&mut *self.log.lock().unwrap()).join(" ")
    }

    fn note(&self, text: String) {
        self.log.lock().unwrap().push(text);
    }
}

#[async_trait]
impl Sessions for Kept {
    async fn kept(&self, owner: Hash128) -> Result<Option<Session>, Simple> {
        Ok(self.rows.lock().unwrap().get(&owner).cloned())
    }

    async fn turn(&self, owner: Hash128, stale: u64) -> Result<Turn, Simple> {
        loop {
            {
                let mut taken = self.taken.lock().unwrap();
                let row = self.rows.lock().unwrap().get(&owner).cloned();
                if let Some(row) = row.clone().filter(|row| row.version > stale) {
                    self.note("theirs".to_owned());
                    return Ok(Turn::Theirs(row));
                }
                if !*taken {
                    *taken = true;
                    self.note("ours".to_owned());
                    return Ok(Turn::Ours(row));
                }
            }
            tokio::task::yield_now().await;
        }
    }

    async fn keepable(&self, _: Hash128) -> Result<(), Simple> {
        if self.full { Err(Simple::park("needs_auth", "there is no place for the next one")) } else { Ok(()) }
    }

    async fn keep(&self, owner: Hash128, session: &Session) -> Result<(), Simple> {
        let mut fails = self.fails.lock().unwrap();
        if *fails > 0 {
            *fails -= 1;
            self.note("lost".to_owned());
            return Err(Simple::retry("store_unavailable", "it was not kept"));
        }
        self.note(format!("kept:{}", session.version));
        self.rows.lock().unwrap().insert(owner, session.clone());
        *self.taken.lock().unwrap() = false;
        Ok(())
    }

    async fn give_up(&self, owner: Hash128) {
        self.note("gave_up".to_owned());
        if let Some(other) = self.other.lock().unwrap().take() {
            self.rows.lock().unwrap().insert(owner, other);
        }
        *self.taken.lock().unwrap() = false;
    }
}

#[tokio::test]
async fn who_is_refused_renews_with_what_somebody_else_got_meanwhile_and_no_more_than_that() {
    let definition = plain(ROTATING, "/x");
    let world = || World::of(|request| {
        let next = request.body.as_ref().is_some_and(|body| String::from_utf8_lossy(body).contains("refresh_token=next&"));
        match (request.url.path(), header(request, "authorization")) {
            ("/oauth/token", _) if next => answer(200, r#"{"access_token":"good","refresh_token":"third","expires_in":100}"#),
            ("/oauth/token", _) => answer(400, r#"{"error":"invalid_grant"}"#),
            (_, Some("Bearer good")) => answer(200, r#"{"data":[],"total":0}"#),
            _ => answer(401, ""),
        }
    });
    for (other, expected, used) in [("next", None, &["refresh-0", "next"][..]), ("wrong", Some("needs_auth"), &["refresh-0", "wrong"]), ("", Some("needs_auth"), &["refresh-0"])] {
        let kept = Session { refresh: (!other.is_empty()).then(|| engine::Secret::new(other.to_owned())), ..session("over", 7, NOW - 1) };
        let kept = Kept { other: Mutex::new(Some(kept)), ..Kept::default() };
        let world = world();
        let result = Run { config: given(), sessions: Some(&kept), ..Run::new(&definition, "thing") }.read(&world, None).await;
        assert_eq!((result.as_ref().err().map(|fault| fault.code), refreshed(&world.sent())), (expected, used.iter().map(ToString::to_string).collect()), "{other}");
        result.err().iter().for_each(tells_no_secret);
    }
}

#[tokio::test]
async fn of_many_who_read_at_once_one_renews_and_no_refresh_token_is_used_twice() {
    let definition = plain(ROTATING, "/oauth/page");
    for shared in [true, false] {
        let (world, _) = World::with(ApiOptions { token_life: Life::Answers(30), ..ApiOptions::default() });
        let kept = Kept::default();
        let given = given();
        // Two instances, three readers each; without a table, one instance.
        let sources: Vec<_> = (0..if shared { 2 } else { 1 }).map(|_| running(&definition).source.unwrap()).collect();
        let read = |at: usize| {
            let (source, world, kept, given) = (&sources[at % sources.len()], &world, &kept, &given);
            async move {
                let (mut cursor, mut count) = (None, 0);
                loop {
                    let call = Call { sessions: shared.then_some(kept as &dyn Sessions), ..Call::new(given, world, NOW) };
                    let page = source.page(call, "thing", cursor.as_deref()).await.unwrap();
                    count += page.changes.len();
                    if page.done {
                        return count;
                    }
                    cursor = Some(page.cursor);
                }
            }
        };
        let counts = tokio::join!(read(0), read(1), read(2), read(3), read(4), read(5));
        assert_eq!(counts, (250, 250, 250, 250, 250, 250));
        let used = refreshed(&world.sent());
        let expected: Vec<String> = (0..used.len()).map(|n| format!("refresh-{n}")).collect();
        assert_eq!(used, expected);
        assert!((3..=4).contains(&used.len()), "{used:?}");
        if shared {
            let log = kept.log();
            assert_eq!(log.matches("kept").count(), used.len());
            assert_eq!(log.matches("ours").count(), used.len(), "{log}");
        }
    }
}

#[tokio::test]
async fn what_is_not_kept_is_not_used_and_kept_before_anything_is_asked_again() {
    let definition = plain(ROTATING, "/oauth/page");
    let (world, _) = World::api();
    let kept = Kept { fails: Mutex::new(2), ..Kept::default() };
    let mut instance = running(&definition);
    let run = Run { config: given(), sessions: Some(&kept), ..Run::new(&definition, "thing") };
    for _ in 0..2 {
        let fault = run.go_on(&mut instance, &world, None).await.unwrap_err();
        assert_eq!(fault.code, "store_unavailable");
    }
    // Asked for once, and nobody has seen the token yet.
    assert_eq!(world.lines(), ["POST /oauth/token"]);
    run.go_on(&mut instance, &world, None).await.unwrap();
    assert_eq!(world.lines().iter().filter(|line| line.contains("token")).count(), 0);
    assert_eq!(kept.log(), "ours lost gave_up ours lost gave_up ours kept:1");
    // Another process begins with what is kept.
    run.read(&world, None).await.unwrap();
    assert_eq!((kept.log().as_str(), world.lines().iter().filter(|line| line.contains("token")).count()), ("", 0));
}

#[tokio::test]
async fn a_refresh_token_that_is_good_once_is_not_spent_where_the_next_one_is_known_to_be_lost() {
    let good_for_long = ROTATING.replacen("\"rotates\":true", "\"rotates\":false", 1);
    assert_ne!(good_for_long, ROTATING);
    for (auth, full, told, log) in [(ROTATING, true, "needs_auth: there is no place for the next one", "ours gave_up"), (ROTATING, false, "", "ours kept:1"), (&good_for_long, true, "", "ours kept:1")] {
        let (world, kept) = (World::of(|request| answer(200, if request.url.path() == "/oauth/token" { r#"{"access_token":"t","refresh_token":"second"}"# } else { r#"{"data":[],"total":0}"# })), Kept { full, ..Kept::default() });
        let definition = plain(auth, "/x");
        let run = Run { config: given(), sessions: Some(&kept), ..Run::new(&definition, "thing") };
        let fault = run.read(&world, None).await.err();
        assert_eq!((fault.map_or(String::new(), |fault| format!("{}: {}", fault.code, fault.message)), kept.log(), world.sent().is_empty()), (told.to_owned(), log.to_owned(), !told.is_empty()), "{auth}");
    }
}

fn session(token: &str, version: u64, renew_ms: i64) -> Session {
    Session { token: engine::Secret::new(token.to_owned()), refresh: Some(engine::Secret::new("spent".to_owned())), captured: document::parse_str("{}").unwrap(), renew_ms, version }
}

#[tokio::test]
async fn a_refused_grant_gives_the_turn_up_unless_somebody_else_renewed_meanwhile() {
    let definition = plain(ROTATING, "/x");
    let world = || World::of(|request| match (request.url.path(), header(request, "authorization")) {
        ("/oauth/token", _) => answer(400, r#"{"error":"invalid_grant"}"#),
        (_, Some("Bearer good")) => answer(200, r#"{"data":[],"total":0}"#),
        _ => answer(401, ""),
    });
    for (other, expected) in [(None, Some("needs_auth")), (Some(session("good", 7, NOW + 1000)), None), (Some(session("good", 7, NOW - 1)), Some("needs_auth"))] {
        let long_ago = other.as_ref().is_some_and(|other| other.renew_ms < NOW);
        let kept = Kept { other: Mutex::new(other), ..Kept::default() };
        let result = Run { config: given(), sessions: Some(&kept), ..Run::new(&definition, "thing") }.read(&world(), None).await;
        assert_eq!(result.as_ref().err().map(|fault| fault.code), expected);
        result.err().iter().for_each(tells_no_secret);
        // What somebody else renewed long ago is tried in its turn, once.
        assert_eq!(kept.log(), if long_ago { "ours gave_up ours gave_up" } else { "ours gave_up" });
    }
}

#[tokio::test]
async fn what_somebody_else_renewed_long_ago_is_renewed_again() {
    let definition = plain(ROTATING, "/x");
    let world = World::of(|request| match (request.url.path(), header(request, "authorization")) {
        ("/oauth/token", _) => answer(200, r#"{"access_token":"good","expires_in":100}"#),
        (_, Some("Bearer good")) => answer(200, r#"{"data":[],"total":0}"#),
        _ => answer(401, ""),
    });
    let kept = Kept::default();
    let mut instance = running(&definition);
    let run = |now_ms| Run { config: given(), now_ms, sessions: Some(&kept), ..Run::new(&definition, "thing") };
    run(NOW).go_on(&mut instance, &world, None).await.unwrap();
    // While this instance believes its own token good, another renewed it, and that one's life is over too.
    for row in kept.rows.lock().unwrap().values_mut() {
        *row = session("old", 5, NOW - 1);
    }
    let world = World::of(|request| match (request.url.path(), header(request, "authorization")) {
        ("/oauth/token", _) => answer(200, r#"{"access_token":"better","expires_in":100}"#),
        (_, Some("Bearer better")) => answer(200, r#"{"data":[],"total":0}"#),
        _ => answer(401, ""),
    });
    run(NOW).go_on(&mut instance, &world, None).await.unwrap();
    assert_eq!(refreshed(&world.sent()), ["spent"]);
    assert_eq!(kept.rows.lock().unwrap().values().next().unwrap().version, 6);
}

#[tokio::test]
async fn a_person_who_gives_another_refresh_token_is_not_held_to_the_session_of_the_old_one() {
    let definition = plain(ROTATING, "/oauth/page");
    let kept = Kept::default();
    let (world, _) = World::api();
    Run { config: given(), sessions: Some(&kept), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap();
    // Another system, which knows none of what was kept.
    let (world, _) = World::api();
    Run { config: given(), sessions: Some(&kept), ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap_err();
    let script = World::of(|request| {
        let good = request.body.as_ref().is_some_and(|body| String::from_utf8_lossy(body).contains("refresh_token=given-anew"));
        if request.url.path() == "/oauth/token" && !good { answer(400, "") } else if good { answer(200, r#"{"access_token":"t"}"#) } else if header(request, "authorization") == Some("Bearer t") { answer(200, r#"{"data":[],"total":0}"#) } else { answer(401, "") }
    });
    Run { config: given(), sessions: Some(&kept), ..Run::new(&definition, "thing") }.read(&script, None).await.unwrap_err();
    let anew = config(&[("token", Api::TOKEN), ("key", Api::KEY), ("user", Api::USER), ("pass", Api::PASSWORD), ("client_id", Api::USER), ("client_secret", Api::PASSWORD), ("refresh_token", "given-anew")]);
    Run { config: anew, sessions: Some(&kept), ..Run::new(&definition, "thing") }.read(&script, None).await.unwrap();
}
