//! Secrets that come back written otherwise: neither a recording nor what is told of an answer shows them.

use std::sync::Arc;

use connector::{Connector, Draft, Subject};
use document::Value;
use engine::{Call, Ran, Reader, Recorder, Response};

use crate::{script::config, world::World};

const DEFINITION: &str = r#"{"metadata":{"slug":"a","type":"source"},"config":{"key":{"type":"string","secret":true}},"base_url":"https://api.example.com/v1",
    "auth":{"type":"api_key","in":"header","name":"X-Key","value":"{{ config.key }}"},
    "entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"path":"$.data","primary_key":"$.id"}DECODE}}}}"#;

fn connector(decode: &str) -> Arc<Connector> {
    let report = Draft::parse(&DEFINITION.replace("DECODE", decode)).unwrap().check();
    Arc::new(report.into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings())))
}

/// What a run records of one answer, and what is told of a recording.
async fn recorded(key: &str, content_type: &'static str, body: Vec<u8>) -> (Value, engine::Unsought) {
    let world = World::of(move |_| Ok(Response { status: 200, headers: vec![("content-type".to_owned(), content_type.to_owned())], body: body.clone() }));
    let (connector, config) = (connector(""), config(&[("key", key)]));
    let (recorder, reader) = (Recorder::new(&world), Reader::new(Arc::clone(&connector)));
    // Some of what is answered is nothing to read, and is recorded all the same.
    drop(reader.read(Call::new(&config, &recorder, 0), "thing", None, |_| Ok(true)).await);
    let subject = Subject::Entity { name: "thing".to_owned(), cursor: None, limit: None };
    let ran = Ran { name: "a", subject: &subject, now: "2026-01-31T09:00:00Z", expect: document::object([]) };
    let test = recorder.test(&connector, &config, &reader.secrets(), &ran);
    (test.get("exchanges").unwrap().items().unwrap()[0].get("response").unwrap().clone(), recorder.unsought(&connector, &config, &reader.secrets()))
}

/// A secret, how it stands in the text of an answer, and what stands there then.
const WRITTEN: &[(&str, &str)] = &[
    ("s3c/ret", r"s3c\/ret"), ("s3c/ret", r"s3c\u002Fret"), ("s3c/ret", r"s3c\\\/ret"), ("clé-of-one", r"cl\u00e9-of-one"), ("clé-of-one", r"cl\\u00E9-of-one"), ("k😀y-one", r"k\ud83d\ude00y-one"), ("s3c/ret", "s3c&#x2F;ret"), ("s3c/ret", "s3c&#47;ret"),
    ("s3c/ret", "s3c&amp;#x2f;ret"), ("s3c&ret", "s3c&amp;ret"), ("s3c&ret", r"s3c\u0026amp;ret"), ("clé-of-one", "cl&eacute;-of-one"), ("k*y/(one", "k*y%2F(one"), ("k*y/(one", "k%2ay/(one"), ("k y/(one", "k+y/%28one"), ("k*y/(one", "k%252Ay%252F%2528one"),
    ("s3c/ret", "7333632F726574"), ("s3c/ret", "7333632f726574"), ("s3cr~t~~key", "733363727e747E7e6b6579"), ("s3c/ret", "am9lOnMzY1wvcmV0"), ("s3c/ret", r"am9lO\u006eMzYy9yZXQ="), ("pässword", "p%C3%A4ssword"), ("pässword", "p%c3%A4ssword"), ("a\"b\\cd", r#"a\u0022b\u005ccd"#),
];

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The text as a reader would have it: nothing written otherwise.
fn is_shown(key: &str, text: &str, written: &str) -> bool {
    text.contains(key) || text.contains(written) || document::parse_str(&format!("\"{written}\"")).is_ok_and(|read| text.contains(read.as_str().unwrap()))
}

#[tokio::test]
async fn a_secret_that_is_written_otherwise_is_not_recorded() {
    for (key, written) in WRITTEN {
        for body in [format!(r#"{{"data":[{{"id":1,"said":"it is {written}, you know"}}]}}"#), format!(r#"{{"data":[{{"id":1,"{written}":0}}]}}"#), format!("<p>it is {written}</p>"), format!("{{\"said\":\"{written}\"}}\n{{\"broken\":")] {
            let (answer, _) = recorded(key, "application/json", body.into_bytes()).await;
            // What is recorded is read as it is, not as it is written.
            let said = answer.get("text").and_then(Value::as_str).map_or_else(|| answer.to_string(), str::to_owned);
            assert!(!is_shown(key, &said, written), "{key} {written}: {said}");
        }
    }
}

/// A secret, how it stands in other letters, and whether that is as good as itself: a short one may stand anywhere.
const CASED: &[(&str, &str, bool)] = &[
    ("S3cr-Key-One", "s3cr-key-one", true), ("S3cr-Key-One", "S3CR-KEY-ONE", true), ("s3cr/key", r"S3CR\/KEY", true), ("s3cr/key", "S3cR%2fKeY", true), ("clé-of-one", "Clé-OF-ONE", true), ("clé-of-one", r"CL\u00e9-OF-ONE", true),
    ("abcdefg", "ABCDEFG", false), ("AbCd", "abcd", false),
    // The letters of base64 mean something else.
    ("S3cr-Key-One", "uZNJCI1LZXKTT25L", false),
];

#[tokio::test]
async fn a_secret_in_other_letters_is_neither_told_nor_recorded() {
    for (key, written, found) in CASED {
        let said = format!(r#"{{"error":"the key {written} is bad"}}"#);
        let masked = r#"{"error":"the key ••• is bad"}"#;
        assert_eq!(config(&[("key", key)]).redact(&said), if *found { masked } else { &said }, "{key} {written}");
        let (answer, _) = recorded(key, "application/json", said.clone().into_bytes()).await;
        let shown = document::parse_str(&if *found { masked.replace("•••", "made-up-key") } else { said }).unwrap();
        assert_eq!(answer.get("body"), Some(&shown), "{key} {written}");
    }
}

#[tokio::test]
async fn a_secret_in_another_character_set_is_not_recorded() {
    let clean = utf16(r#"{"data":[{"id":1,"said":"nothing"}]}"#);
    for (key, content_type, body, sealed, expected) in [
        ("s3c/ret", "application/json", utf16(r#"{"data":[{"id":1,"said":"s3c\/ret"}]}"#), false, utf16(r#"{"data":[{"id":1,"said":"made-up-key"}]}"#)), ("s3c/ret", "application/json", clean.clone(), false, clean),
        ("clé-of-one", "text/plain; charset=iso-8859-1", b"is cl\xe9-of-one".to_vec(), false, b"is made-up-key".to_vec()), ("s3c/ret", "text/plain", b"\xe9 is s3c/ret".to_vec(), false, b"\xe9 is made-up-key".to_vec()),
        ("clé-of-one", "text/plain", b"is cl\xe9-of-one".to_vec(), true, Vec::new()), ("s3c/ret", "text/plain", b"\xff\0\x01\x02s3c/ret".to_vec(), true, Vec::new()), ("s3c/ret", "application/gzip", b"\x1f\x8b\x08\0cut".to_vec(), true, Vec::new()),
    ] {
        let (answer, unsought) = recorded(key, content_type, body).await;
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, answer.get("base64").and_then(Value::as_str).unwrap_or_else(|| panic!("{key} {answer}"))).unwrap();
        assert_eq!((unsought.sealed == 1, String::from_utf8_lossy(&bytes)), (sealed, String::from_utf8_lossy(&expected)), "{key} {content_type}");
    }
}

#[tokio::test]
async fn a_number_that_is_a_secret_is_replaced_and_the_answer_stays_json() {
    let (answer, _) = recorded("73310029", "application/json", br#"{"data":[{"id":1,"key":73310029}]}"#.to_vec()).await;
    assert_eq!(answer.get("body").unwrap().to_string(), r#"{"data":[{"id":1,"key":"made-up-key"}]}"#);
}

#[test]
fn what_is_told_of_an_answer_shows_no_secret_however_it_is_written() {
    for (key, written) in WRITTEN {
        let said = format!(r#"{{"error":"the key {written} is bad"}}"#);
        let told = config(&[("key", key)]).redact(&said);
        assert!(told != said && !is_shown(key, &told, written), "{key} {written}: {told}");
    }
    for text in [r#"{"error":"100% of \"all\" &amp; nothing\/else"}"#, ""] {
        assert_eq!(config(&[("key", "s3c/ret"), ("short", "al")]).redact(text), text);
    }
}

#[test]
fn a_body_is_told_as_text_only_where_it_is_some() {
    for (content_type, body, expected) in [("text/plain", utf16("the key"), Some("the key")), ("text/plain", b"caf\xe9".to_vec(), None), ("text/plain; charset=latin1", b"caf\xe9".to_vec(), Some("café")), ("image/png", b"\x89PNG\0\0\0\r".to_vec(), None)] {
        let response = Response { status: 400, headers: vec![("content-type".to_owned(), content_type.to_owned())], body };
        assert_eq!(response.text().as_deref(), expected, "{content_type}");
    }
}

#[tokio::test]
async fn secrets_that_are_too_short_to_be_looked_for_are_named() {
    for (key, short) in [("r0", &["key"][..]), ("abcd", &[])] {
        let (_, unsought) = recorded(key, "application/json", br#"{"data":[]}"#.to_vec()).await;
        assert_eq!((unsought.short.as_slice(), unsought.sealed), (short.iter().map(ToString::to_string).collect::<Vec<_>>().as_slice(), 0), "{key}");
    }
}
