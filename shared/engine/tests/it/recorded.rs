//! Recorded tests: those of the example definitions pass, and what does not fit is told.

use std::{fs, path::Path, sync::Arc};

use connector::{Connector, Draft, Subject};

#[track_caller]
fn checked(text: &str, name: &str) -> Arc<Connector> {
    let report = Draft::parse(text).unwrap_or_else(|error| panic!("{name}: {error}")).check();
    Arc::new(report.into_checked().unwrap_or_else(|report| panic!("{name}: {:#?}", report.findings())))
}

/// An entity, read from its beginning to its end.
fn whole(name: &str) -> Subject {
    Subject::Entity { name: name.to_owned(), cursor: None, limit: None }
}

async fn problems(connector: &Arc<Connector>) -> Vec<String> {
    let mut found = Vec::new();
    for test in connector.tests() {
        found.extend(engine::play(connector, test).await.problems.into_iter().map(|problem| format!("{}: {problem}", test.name)));
    }
    found
}

#[tokio::test]
async fn every_example_passes_its_own_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/definitions");
    let mut tests = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let connector = checked(&fs::read_to_string(&path).unwrap(), &name);
        assert!(!connector.tests().is_empty(), "{name} has no tests");
        tests += connector.tests().len();
        assert_eq!(problems(&connector).await, Vec::<String>::new(), "{name}");
    }
    assert!(tests > 0);
}

#[tokio::test]
async fn what_the_corpus_records_is_what_comes_of_it() {
    for text in [include_str!("../../../connector/corpus/accept/from-the-configuration.json"), include_str!("../../../connector/corpus/accept/derived-values.json"), include_str!("../../../connector/corpus/accept/cast-by-schema.json")] {
        let connector = checked(text, "a");
        assert!(!connector.tests().is_empty());
        assert_eq!(problems(&connector).await, Vec::<String>::new());
    }
}

const DEFINITION: &str = r#"{"metadata":{"slug":"a","type":"source"},"config":{"key":{"type":"string","secret":true}},"base_url":"https://api.example.com/v1",
    "auth":{"type":"api_key","in":"header","name":"X-Key","value":"{{ config.key }}"},
    "entities":{"thing":{"read":{"request":{"url":"/things","params":{"limit":2}},"records":{"path":"$.data","primary_key":"$.id"},"pagination":{"type":"cursor","from":"$.next","inject":{"in":"query","name":"after"}}}}},
    "tests":[{"name":"two pages","entity":"thing","exchanges":[EXCHANGES],"expect":{EXPECT}}]}"#;
const FIRST: &str = r#"{"request":{"url":"/things?limit=2","headers":{"X-Key":"made-up-key"}},"response":{"body":{"data":[{"id":1},{"id":2}],"next":"b"}}}"#;
const SECOND: &str = r#"{"request":{"url":"/things?after=b&limit=2"},"response":{"body":{"data":[{"id":3}]}}}"#;

#[tokio::test]
async fn what_does_not_fit_is_told() {
    let both = format!("{FIRST},{SECOND}");
    for (exchanges, expect, told) in [
        (both.as_str(), r#""records":3,"requests":2,"data":[{"id":1},{"id":2},{"id":3}]"#, ""),
        (&both, r#""records":2"#, "two pages: 2 records are expected, and there are 3"),
        (&both, r#""data":[{"id":1},{"id":2},{"id":4}]"#, "two pages: record /2/id: 4 is expected, and it is 3"),
        (&both, r#""ids":["1","2","3"]"#, ""),
        (&both, r#""ids":["1","3","2"]"#, r#"two pages: id /1: "3" is expected, and it is "2""#),
        (&both, r#""ids":["1","2"]"#, "two pages: 2 ids are expected, and there are 3"),
        (FIRST, r#""records":3"#, "two pages: request 2 is not recorded: GET /v1/things?limit=2&after=b"),
        (SECOND, r#""records":1"#, "two pages: request 1 (GET /v1/things?limit=2): recorded is the query `after=b&limit=2`"),
        (&format!("{both},{FIRST}"), r#""records":3"#, "two pages: 1 recorded exchange was not asked for: GET /things?limit=2"),
        (r#"{"request":{"url":"/things?limit=2"},"response":{"status":404}}"#, r#""error":"destination_rejected""#, ""),
        (r#"{"request":{"url":"/things?limit=2"},"response":{"status":404}}"#, r#""records":0"#, "two pages: it failed with destination_rejected: the other system answered 404"),
    ] {
        let connector = checked(&DEFINITION.replace("EXCHANGES", exchanges).replace("EXPECT", expect), "a");
        let found = problems(&connector).await;
        assert_eq!(found.first().map_or("", String::as_str), told, "{found:?}");
    }
}

#[tokio::test]
async fn a_test_ends_where_its_run_was_ended() {
    for (limit, records, told) in [(1, 1, ""), (2, 2, ""), (3, 3, ""), (9, 3, ""), (2, 3, "two pages: 3 records are expected, and there are 2")] {
        // The next page is on its way while one is looked at.
        let definition = DEFINITION.replace("\"entity\":\"thing\",\"exchanges\"", &format!("\"entity\":\"thing\",\"limit\":{limit},\"exchanges\""));
        let connector = checked(&definition.replace("EXCHANGES", &format!("{FIRST},{SECOND}")).replace("EXPECT", &format!("\"records\":{records},\"requests\":2")), "a");
        let found = problems(&connector).await;
        assert_eq!(found.first().map_or("", String::as_str), told, "{limit}: {found:?}");
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_mapped_fails_by_itself_where_events_are_looked_at() {
    let map = r#""canonical_map":{"thing":{"type":"stocklevel","key":"$.id","fields":{"sku":{"path":"$.id","cast":"string"},"quantity":"$.n"}}},"tests""#;
    let exchange = r#"{"request":{"url":"/things?limit=2"},"response":{"body":{"data":[{"id":1},{"id":2,"n":0}]}}}"#;
    for (expect, told) in [
        (r#""records":2"#, ""), (r#""records":2,"error":"canonical_invalid""#, ""), (r#""events":[{"key":"2"}]"#, "two pages: it failed with canonical_invalid"),
        (r#""error":"canonical_invalid","events":[{"key":"2"}]"#, ""), (r#""events":[{"key":"2"}],"refused":[{"id":"1","code":"canonical_invalid"}]"#, ""), (r#""refused":[{"code":"canonical_invalid"}]"#, ""),
        (r#""refused":[]"#, "two pages: 0 refused records are expected, and there is 1"), (r#""refused":[{"id":"2","code":"canonical_invalid"}]"#, r#"two pages: refused record /0/id: "2" is expected, and it is "1""#),
        (r#""refused":[{"code":"record_without_key"}]"#, r#"two pages: refused record /0/code: "record_without_key" is expected, and it is "canonical_invalid""#),
        (r#""refused":[{"code":"canonical_invalid"}],"error":"canonical_invalid""#, "two pages: it should have failed with canonical_invalid"),
    ] {
        let connector = checked(&DEFINITION.replace("\"tests\"", map).replace("EXCHANGES", exchange).replace("EXPECT", expect), "a");
        let found = problems(&connector).await;
        assert!(found.first().map_or("", String::as_str).starts_with(told) && found.is_empty() == told.is_empty(), "{expect}: {found:?}");
    }
}

#[tokio::test]
async fn what_is_made_of_a_secret_is_recorded_as_it_is_made_when_the_test_is_played() {
    let connector = checked(include_str!("../../../connector/corpus/accept/derived-values.json"), "a");
    let secret = "czNjcmV0LWtleQ==";
    let body = format!(r#"[{{"id":1,"echo":"bm9ydGg6{secret}"}}]"#);
    let world = crate::world::World::of(move |_| crate::script::answer(200, &body));
    let config = crate::script::config(&[("shop", "north"), ("key", "s3cret-key"), ("credentials", "what is given for it counts nothing")]);
    let (recorder, reader) = (engine::Recorder::new(&world), engine::Reader::new(Arc::clone(&connector)));
    reader.read(engine::Call::new(&config, &recorder, 0), "order", None, |_| Ok(true)).await.unwrap();
    assert_eq!(world.sent()[0].headers.iter().find(|(name, _)| name == "X-Key").unwrap().1, format!("Token bm9ydGg6{secret}"));
    let ran = engine::Ran { name: "a", subject: &whole("order"), now: "2026-01-31T09:00:00Z", expect: document::object([("records", Some(1.into()))]) };
    let test = recorder.test(&connector, &config, &reader.secrets(), &ran);
    let told = test.to_string();
    // What stands for the secret is what the made-up key makes.
    assert!(!told.contains(secret) && !told.contains("credentials") && told.contains("bm9ydGg6bWFkZS11cC1rZXk="), "{told}");
}

#[tokio::test]
async fn a_test_reads_a_snapshot_whole_or_by_keys_and_compares_its_items() {
    let snapshot = r#""canonical_map":{"thing":{"type":"stocklevel","key":"$.id","fields":{"sku":{"path":"$.id","cast":"string"},"quantity":"$.n"}}},
        "snapshot":{"stocklevel":{"entity":"thing","only_keys":{"inject":{"in":"query","name":"ids"},"batch":1},"request":{"url":"/levels","params":{"at":"{{ field_hint }}"}},"records":{"path":"$.data"}}},"tests""#;
    let exchange = |url: &str, body: &str| format!(r#"{{"request":{{"url":"{url}"}},"response":{{"body":{{"data":{body}}}}}}}"#);
    let all = exchange("/levels", r#"[{"id":"1","n":0},{"id":"2"},{"id":"3","n":3}]"#);
    let some = format!("{},{}", exchange("/levels?at=north&ids=1", r#"[{"id":"1","n":7},{"id":"9","n":9}]"#), exchange("/levels?at=north&ids=3", "[]"));
    let (unfit, misfit) = (exchange("/levels", r#"[{"id":"1","n":0},{"id":"2","n":"many"}]"#), exchange("/levels", r#"[{"id":"2","n":"many"}]"#));
    let (letters, both) = (exchange("/levels?ids=a", r#"[{"id":"A","n":0}]"#), exchange("/levels?ids=a", r#"[{"id":"A","n":0},{"id":"a","n":1}]"#));
    for (asked, exchanges, expect, told) in [
        ("", all.as_str(), r#""records":2,"requests":1,"items":[{"key":"1","fields":{"sku":"1","quantity":0}},{"canonicalType":"stocklevel","key":"3"}]"#, ""),
        ("", &all, r#""items":[{"key":"1","fields":{"sku":"1","quantity":1}},{"key":"3"}]"#, "two pages: item /0/fields/quantity: 1 is expected, and it is 0"),
        ("", &all, r#""items":[{"key":"1"}]"#, "two pages: 1 item is expected, and there are 2"),
        ("", &all, r#""left_out":[{"record":"2","key":"2","why":"no_value","field":"quantity"}]"#, ""),
        ("", &all, r#""left_out":[{"key":"2","why":"no_key"}]"#, r#"two pages: omission /0/why: "no_key" is expected, and it is "no_value""#),
        ("", &all, r#""left_out":[]"#, "two pages: 0 omissions are expected, and there is 1"),
        (r#""only_keys":["1","3"],"field_hint":"north","#, &some, r#""requests":2,"items":[{"key":"1","fields":{"sku":"1","quantity":7}}]"#, ""),
        (r#""only_keys":["1","3"],"field_hint":"south","#, &some, r#""records":1"#, "two pages: request 1 (GET /v1/levels?at=south&ids=1): recorded is the query `at=north&ids=1`"),
        ("", r#"{"request":{"url":"/levels"},"response":{"status":404}}"#, r#""error":"destination_rejected""#, ""),
        ("", &unfit, r#""records":1"#, ""),
        ("", &unfit, r#""left_out":[{"record":"2","key":"2","why":"unmapped","code":"canonical_invalid"}]"#, ""),
        // Whoever does not expect that nothing fits is told so.
        ("", &misfit, r#""records":0"#, "two pages: it failed with canonical_invalid: record 2: a decimal number with at most 15 digits before and 9 after the point is expected, a string was found at `/quantity`"),
        ("", &misfit, r#""error":"canonical_invalid""#, ""),
        ("", &misfit, r#""items":[],"left_out":[{"why":"unmapped"}]"#, ""),
        ("", &misfit, r#""left_out":[{"why":"unmapped"}],"error":"canonical_invalid""#, ""),
        (r#""only_keys":["a"],"#, &letters, r#""items":[],"left_out":[{"record":"A","key":"a","why":"letters","written":"A"}]"#, ""),
        (r#""only_keys":["a"],"#, &both, r#""items":[{"key":"a"}],"left_out":[]"#, ""),
    ] {
        let definition = DEFINITION.replace("\"tests\"", snapshot).replace("\"entity\":\"thing\",\"exchanges\"", &format!("\"snapshot\":\"stocklevel\",{asked}\"exchanges\""));
        let connector = checked(&definition.replace("EXCHANGES", exchanges).replace("EXPECT", expect), "a");
        let found = problems(&connector).await;
        assert_eq!(found.first().map_or("", String::as_str), told, "{asked} {expect}: {found:?}");
    }
}

#[tokio::test]
async fn a_secret_nobody_asked_for_is_not_recorded() {
    let world = crate::world::World::of(|_| crate::script::answer(200, r#"{"data":[{"id":1,"owner":[{"refresh_token":"r3fresh","access_token":"","name":"made-up"}]},{"id":2,"password":"p4ss","access_token":"key/of one"}]}"#));
    let connector = checked(&DEFINITION.replace("EXCHANGES", "").replace("EXPECT", r#""records":0"#), "a");
    let config = crate::script::config(&[("key", "key/of one")]);
    let (recorder, reader) = (engine::Recorder::new(&world), engine::Reader::new(Arc::clone(&connector)));
    reader.read(engine::Call::new(&config, &recorder, 0), "thing", None, |_| Ok(true)).await.unwrap();
    let ran = engine::Ran { name: "a", subject: &whole("thing"), now: "2026-01-31T09:00:00Z", expect: document::object([]) };
    let test = recorder.test(&connector, &config, &reader.secrets(), &ran).to_string();
    assert!(!test.contains("r3fresh") && !test.contains("p4ss") && !test.contains("key/of") && test.contains(r#""access_token":"","#) && test.contains(r#""access_token":"made-up-key""#), "{test}");
    assert!(recorder.whole() && !recorder.unanswered());
}

#[tokio::test]
async fn a_secret_is_not_recorded_in_any_form_it_stands_in_an_address_or_an_answer() {
    let definition = DEFINITION.replace("\"/things\"", "\"/bot{{ config.key }}/things\"").replace("EXCHANGES", "").replace("EXPECT", r#""records":0"#);
    let connector = checked(&definition, "a");
    for (key, forms) in [
        ("ab~c/d", &["ab~c/d", "ab~c%2Fd", "ab~c%2fd", "ab%7Ec%2Fd", "YWJ+Yy9k", "YWJ-Yy9k", "61627e632f64", "61627E632F64"][..]),
        ("k*y (one", &["k*y (one", "k%2Ay%20%28one", "k*y+%28one", "k*y%20%28one", "ayp5IChvbmU=", "ayp5IChvbmU", "6b2a7920286f6e65"]),
    ] {
        let body = format!(r#"{{"data":[{{"id":1,"said":{}}}]}}"#, document::Value::Array(forms.iter().map(|form| document::Value::from(*form)).collect()));
        let world = crate::world::World::of(move |_| crate::script::answer(200, &body));
        let config = crate::script::config(&[("key", key)]);
        let (recorder, reader) = (engine::Recorder::new(&world), engine::Reader::new(Arc::clone(&connector)));
        reader.read(engine::Call::new(&config, &recorder, 0), "thing", None, |_| Ok(true)).await.unwrap();
        let ran = engine::Ran { name: "a", subject: &whole("thing"), now: "2026-01-31T09:00:00Z", expect: document::object([]) };
        let test = recorder.test(&connector, &config, &reader.secrets(), &ran).to_string();
        let told: Vec<_> = forms.iter().filter(|form| test.contains(**form)).collect();
        assert!(told.is_empty() && test.contains("/v1/botmade-up-key/things?limit=2"), "{told:?} {test}");
    }
}

#[tokio::test]
async fn a_connection_that_was_refused_is_no_request_of_a_recording() {
    let tries = std::sync::atomic::AtomicUsize::default();
    let world = crate::world::World::of(move |_| if tries.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 { Err(engine::ExchangeError::Connect) } else { crate::script::answer(200, r#"{"data":[{"id":1}]}"#) });
    let connector = checked(&DEFINITION.replace("EXCHANGES", "").replace("EXPECT", r#""records":0"#), "a");
    let config = crate::script::config(&[("key", "k")]);
    let (recorder, reader) = (engine::Recorder::new(&world), engine::Reader::new(Arc::clone(&connector)));
    reader.read(engine::Call::new(&config, &recorder, 0), "thing", None, |_| Ok(true)).await.unwrap();
    assert_eq!((recorder.tries(), recorder.unanswered()), ((1, 1), false));
}

#[tokio::test]
async fn of_a_login_nothing_is_recorded_but_what_a_session_is_made_of_and_its_test_passes() {
    const SECRET: &str = "0f-the-other-s1de";
    let exchange = r#"{"type":"token_exchange","request":{"method":"POST","url":"https://login.test/login","body":{"key":"{{ config.key }}"}},"token":"$.data.token","expires_in":"$.data.ttl","capture":{"shop":"$.data.shop"},
        "apply":{"in":"header","name":"Authorization","value":"{{ token }}"}}"#;
    let oauth = r#"{"type":"oauth2","grant":"client_credentials","token_url":"https://login.test/login","client_id":"id","client_secret":"{{ config.key }}","capture":{"shop":"$.userinfo.shop"}}"#;
    let (data, user) = (r#""data":{"token":"t0ken-of-theirs","ttl":7200,"shop":"north","#, r#""access_token":"t0ken-of-theirs","expires_in":"31536000","token_type":"Bearer","scope":"read write","#);
    for (auth, answer) in [
        (exchange, format!(r#"{{{data}"refreshToken":"SECRET"}}}}"#)), (exchange, format!(r#"{{{data}"RefreshToken":"SECRET","sessionId":"SECRET"}}}}"#)), (exchange, format!(r#"{{{data}"refresh":{{"token":"SECRET","until":"2026-02-01"}}}}}}"#)),
        (exchange, format!(r#"{{"secret":"SECRET",{data}"ok":true}},"user":{{"apiKey":"SECRET","id":7,"keys":["SECRET",["SECRET"]]}}}}"#)), (exchange, format!(r#"{{{data}"pin":9876543210}}}}"#)), (exchange, format!(r#"{{{data}"t":"t0ken-of-theirs","scope":"all"}}}}"#)),
        (oauth, format!(r#"{{{user}"userinfo":{{"session_key":"SECRET","shop":"north"}}}}"#)), (oauth, format!(r#"{{{user}"id_token":"SECRET","jwt":"SECRET","refresh_token":"r3fresh-of-theirs","userinfo":{{"shop":"north"}}}}"#)),
    ] {
        let answer = answer.replace("SECRET", SECRET);
        let definition = DEFINITION.replace(r#"{"type":"api_key","in":"header","name":"X-Key","value":"{{ config.key }}"}"#, auth).replace("\"url\":\"/things\"", "\"url\":\"/{{ token.shop }}/things\"").replace("EXPECT", r#""records":1"#);
        let connector = checked(&definition.replace("EXCHANGES", ""), auth);
        let said = answer.clone();
        let world = crate::world::World::of(move |request| if request.url.path() == "/login" { crate::script::answer(200, &said) } else { crate::script::answer(200, r#"{"data":[{"id":1,"sessionId":"a word of a record"}]}"#) });
        let config = crate::script::config(&[("key", "key-of-ours")]);
        let (recorder, reader) = (engine::Recorder::new(&world), engine::Reader::new(Arc::clone(&connector)));
        reader.read(engine::Call::new(&config, &recorder, 0), "thing", None, |_| Ok(true)).await.unwrap();
        let ran = engine::Ran { name: "two pages", subject: &whole("thing"), now: "2026-01-31T09:00:00Z", expect: document::object([("records", Some(1.into()))]) };
        let test = recorder.test(&connector, &config, &reader.secrets(), &ran).to_string();
        for secret in [SECRET, "t0ken-of-theirs", "r3fresh-of-theirs", "key-of-ours", "9876543210"] {
            assert!(!test.contains(secret), "{answer}: {secret} in {test}");
        }
        assert!(test.contains("/north/things?limit=2") && test.contains("a word of a record"), "{answer}: {test}");
        let recorded = definition.split_once("\"tests\":").unwrap().0.to_owned() + &format!("\"tests\":[{test}]}}");
        assert_eq!(problems(&checked(&recorded, auth)).await, Vec::<String>::new(), "{answer}: {test}");
    }
}

#[tokio::test]
async fn a_login_that_was_refused_is_recorded_as_it_was_refused() {
    let oauth = r#"{"type":"oauth2","grant":"client_credentials","token_url":"https://login.test/login","client_id":"id","client_secret":"{{ config.key }}"}"#;
    for (said, code) in [
        (r#"{"error":"invalid_client","said":"0f-the-other-s1de"}"#, "needs_auth"), (r#"{"error":"temporarily_unavailable","trace":"0f-the-other-s1de"}"#, "destination_unavailable"), (r#"{"error":"0f-the-other-s1de"}"#, "needs_auth"),
        ("<html>0f-the-other-s1de</html>", "destination_nonsense"), ("", "destination_nonsense"),
    ] {
        let definition = DEFINITION.replace(r#"{"type":"api_key","in":"header","name":"X-Key","value":"{{ config.key }}"}"#, oauth).replace("EXPECT", r#""records":1"#);
        let connector = checked(&definition.replace("EXCHANGES", ""), oauth);
        let world = crate::world::World::of(move |_| crate::script::answer(200, said));
        let config = crate::script::config(&[("key", "key-of-ours")]);
        let (recorder, reader) = (engine::Recorder::new(&world), engine::Reader::new(Arc::clone(&connector)));
        assert_eq!(reader.read(engine::Call::new(&config, &recorder, 0), "thing", None, |_| Ok(true)).await.unwrap_err().code, code, "{said}");
        let ran = engine::Ran { name: "two pages", subject: &whole("thing"), now: "2026-01-31T09:00:00Z", expect: document::object([("error", Some(code.into()))]) };
        let test = recorder.test(&connector, &config, &reader.secrets(), &ran).to_string();
        assert!(!test.contains("0f-the-other-s1de"), "{said}: {test}");
    }
}

#[tokio::test]
async fn an_answer_is_looked_through_in_the_character_set_it_is_read_in() {
    let latin = |text: &str| text.chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect::<Vec<u8>>();
    let (json, xml) = (r#"{"data":[{"id":1,"said":"hé, clé-s3crète"}]}"#, r#"<?xml version="1.0" encoding="ISO-8859-1"?><r><data><id>1</id><said>hé, clé-s3crète</said></data></r>"#);
    for (records, body, content_type, sealed) in [
        (r#""path":"$.data","encoding":"iso-8859-1""#, latin(json), "application/json", 0), (r#""path":"$.data","encoding":"iso-8859-1""#, latin(json), "application/json; charset=koi8-r", 0),
        (r#""path":"$.r.data","decode":["xml"]"#, latin(xml), "text/xml", 0), (r#""path":"$.data","encoding":"windows-1251""#, [b"{\"data\":[{\"id\":1,\"said\":\"".to_vec(), vec![0], b"\xe9\"}]}".to_vec()].concat(), "application/json", 1),
    ] {
        let definition = DEFINITION.replace(r#""path":"$.data""#, records).replace("EXCHANGES", "").replace("EXPECT", r#""records":1"#);
        let connector = checked(&definition, records);
        let world = crate::world::World::of(move |_| Ok(engine::Response { status: 200, headers: vec![("content-type".to_owned(), content_type.to_owned())], body: body.clone() }));
        let config = crate::script::config(&[("key", "clé-s3crète")]);
        let (recorder, reader) = (engine::Recorder::new(&world), engine::Reader::new(Arc::clone(&connector)));
        let read = reader.read(engine::Call::new(&config, &recorder, 0), "thing", None, |_| Ok(true)).await;
        assert_eq!(read.is_err(), sealed == 1, "{records}: {read:?}");
        assert_eq!(recorder.unsought(&connector, &config, &reader.secrets()).sealed, sealed, "{records} {content_type}");
        if sealed == 0 {
            let ran = engine::Ran { name: "two pages", subject: &whole("thing"), now: "2026-01-31T09:00:00Z", expect: document::object([("records", Some(1.into()))]) };
            let test = recorder.test(&connector, &config, &reader.secrets(), &ran);
            let recorded = definition.split_once("\"tests\":").unwrap().0.to_owned() + &format!("\"tests\":[{test}]}}");
            let connector = checked(&recorded, records);
            let played = engine::play(&connector, &connector.tests()[0]).await;
            assert_eq!(played.problems, Vec::<String>::new(), "{records} {content_type}");
            let said = document::Value::Array(played.data).to_string();
            assert!(said.contains("hé, made-up-key") || content_type.contains("koi8") && said.contains("made-up-key"), "{said}");
        }
    }
}
