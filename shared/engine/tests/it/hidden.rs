//! Secrets that a source repeats in the address of its next page: no cursor holds one, and every page is asked for with it.

use engine::{Call, Request, Response};
use fault::Disposition;
use proptest::prelude::*;

use crate::{api::block, script::{NOW, config, running, with}, world::World};

const KEY: &str = "s3cr+t/k y";
const TOKEN: &str = "s3cr";

/// A listing by `next`; `auth`, `url` and `params` say where the secrets stand.
fn definition(auth: &str, url: &str, params: &str) -> String {
    format!(
        r#"{{"metadata":{{"slug":"a","type":"source"}},"config":{{"key":{{"type":"string","secret":true,"optional":true}},"pin":{{"type":"string","secret":true,"optional":true}},"shop":{{"type":"string","optional":true}}}},"base_url":"https://api.test",{auth}
        "entities":{{"thing":{{"read":{{"request":{{"url":"{url}","params":{params}}},"records":{{"path":"$.data"}},"pagination":{{"type":"next_url","from":"$.next"}}}}}}}},"eventMapping":{{"externalId":"$.id","eventType":"thing.updated"}}}}"#
    )
}

/// The addresses asked, and the cursors between them; each page is read by a process of its own, the later ones with another key.
fn read(definition: &str, next: impl Fn(&Request) -> String + Send + 'static, keys: [&str; 2]) -> Result<(Vec<String>, Vec<String>), fault::Simple> {
    let mut left = 2;
    let world = World::of(move |request| -> Result<Response, _> {
        left -= 1;
        let next = if left >= 0 { format!(r#","next":{}"#, document::Value::from(next(request).as_str())) } else { String::new() };
        with(200, &[], &format!(r#"{{"data":[{{"id":{left}}}]{next}}}"#))
    });
    let (mut cursors, mut asked): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for key in [keys[0], keys[0], keys[1]] {
        let config = if key.is_empty() { config(&[]) } else { config(&[("key", key), ("pin", TOKEN), ("shop", "blue")]) };
        let page = block(running(definition).source.unwrap().page(Call::new(&config, &world, NOW), "thing", cursors.last().map(String::as_str)))?;
        asked.extend(world.sent().iter().map(|request| request.url.to_string()));
        cursors.push(page.cursor);
    }
    Ok((asked, cursors))
}

#[test]
fn no_secret_of_the_configuration_stands_in_a_cursor_and_every_page_is_asked_for_with_it() {
    let (query, path, none) = (definition("", "/things", r#"{"key":"{{ config.key }}","shop":"{{ config.shop }}"}"#), definition("", "/bot{{ config.key }}/things", "{}"), definition("", "/things", "{}"));
    let auth = definition(r#""auth":{"type":"api_key","in":"query","name":"key","value":"{{ config.key }}"},"#, "/things", "{}");
    let encoded = "s3cr%2Bt%2Fk%20y";
    for (definition, next, expected) in [
        (&query, "https://api.test/things?after=PAGE&key=s3cr%2Bt%2Fk+y&shop=blue", "https://api.test/things?after=PAGE&key=KEY&shop=blue"),
        (&query, "https://api.test/things?KEY=s3cr%2bt/k%20y&x={config.key}&after=PAGE", "https://api.test/things?KEY=KEY&x=%7Bconfig.key%7D&after=PAGE"),
        (&query, "/things?f=a%2Cs3cr%2Bt%2Fk+y%2Cb&after=PAGE&s3cr%2Bt%2Fk+y#s3cr", "https://api.test/things?f=a%2CKEY%2Cb&after=PAGE&KEY"),
        (&query, "https://bob:s3cr@api.test/things?after=PAGE&key=gone", "https://api.test/things?after=PAGE&key=gone"),
        (&path, "https://api.test/bots3cr%2Bt%2Fk%20y/things/PAGE?a=%2B+b&c", "https://api.test/botPATH/things/PAGE?a=%2B+b&c"),
        (&path, "https://api.test/bots3cr%2Bt%2Fk%20y/%7Bx%7D/PAGE/", "https://api.test/botPATH/%7Bx%7D/PAGE/"),
        (&none, "https://api.test/things?access=s3cr&p=s3crs3cr%2Bt%2Fk+y&after=PAGE", "https://api.test/things?access=s3cr&p=s3crKEY&after=PAGE"),
        (&none, "https://api.test/things/?x=%7B%7Bconfig.key%7D%7D&y=%7B&after=PAGE", "https://api.test/things/?x=%7B%7Bconfig.key%7D%7D&y=%7B&after=PAGE"),
        (&none, "https://api.test/things?a=b64.czNjcit0L2sgeQ&b=s3cr%252Bt%252Fk%2520y&after=PAGE", "https://api.test/things?a=b64.BARE&b=TWICE&after=PAGE"),
        (&auth, "https://api.test/things?after=PAGE&key=s3cr%2Bt%2Fk+y", "https://api.test/things?after=PAGE&key=KEY"),
    ] {
        let mut page = 0;
        let pages = std::sync::Mutex::new(move || {
            page += 1;
            page.to_string()
        });
        let (asked, cursors) = read(definition, move |_| next.replace("PAGE", &(pages.lock().unwrap())()), [KEY, "an0ther"]).unwrap();
        let shown = |key: &str, in_path: &str, page: &str| expected.replace("KEY=KEY", "\u{1}=KEY").replace("KEY", key).replace('\u{1}', "KEY").replace("PATH", in_path).replace("BARE", if key == "an0ther" { "YW4wdGhlcg" } else { "czNjcit0L2sgeQ" }).replace("TWICE", if key == "an0ther" { "an0ther" } else { "s3cr%252Bt%252Fk%2520y" }).replace("PAGE", page);
        assert_eq!(asked[1..], [shown("s3cr%2Bt%2Fk+y", encoded, "1"), shown("an0ther", "an0ther", "2")], "{next}");
        for cursor in &cursors {
            assert!(![KEY, TOKEN, encoded, "s3cr%2B", "czNjcit0L2sgeQ", "s3cr%252B"].iter().any(|secret| cursor.contains(secret)), "{cursor}");
        }
    }
}

#[test]
fn a_secret_in_other_letters_is_hidden_and_asked_for_as_it_was_answered() {
    let (key, none) = ("Op3n-Key/One", definition("", "/things", "{}"));
    for (next, kept) in [("k=op3n-key%2Fone", false), ("k=OP3N-KEY%2FONE&x=Op3n-Key%2FOne", false), ("k=%7Bop3N-kEY%2Fone%7D&x=%7Bconfig.key%7E05%7D", false), ("k=s3CR&y=OP3N", true), ("k=op3n-key", true)] {
        let mut page = 0;
        let pages = std::sync::Mutex::new(move || {
            page += 1;
            page
        });
        let (asked, cursors) = read(&none, move |_| format!("/things?{next}&after={}", (pages.lock().unwrap())()), [key, key]).unwrap();
        assert_eq!(asked[1..], [format!("https://api.test/things?{next}&after=1"), format!("https://api.test/things?{next}&after=2")]);
        for cursor in &cursors[..2] {
            let cursor = cursor.to_ascii_lowercase();
            assert!(!cursor.contains("op3n-key%2fone") && (!kept || cursor.contains(&next.to_ascii_lowercase())), "{cursor}");
        }
    }
}

#[test]
fn a_secret_that_is_taken_from_the_connection_on_the_way_is_missed() {
    let query = definition("", "/things", "{}");
    let fault = read(&query, |request| format!("https://api.test/things?key=s3cr%2Bt%2Fk+y&n={}", request.url.as_str().len()), [KEY, ""]).unwrap_err();
    assert_eq!((fault.code, fault.disposition), ("config_missing", Disposition::Park));
}

#[test]
fn what_a_login_gave_beside_its_token_is_hidden_and_shown_as_the_present_login_gave_it() {
    let auth = r#""auth":{"type":"token_exchange","request":{"method":"POST","url":"https://api.test/login"},"token":"$.token","expires_in":"$.ttl","capture":{"ticket":"$.ticket"},"apply":{"in":"header","name":"X-Key","value":"{{ token }}"}},"#;
    let mut logins = 0;
    let world = World::of(move |request| {
        if request.url.path() == "/login" {
            logins += 1;
            return with(200, &[], &format!(r#"{{"token":"token-{logins}","ttl":3600,"ticket":"ticket/{logins}"}}"#));
        }
        with(200, &[], &format!(r#"{{"data":[{{"id":{logins}}}],"next":"/things?after={logins}&t=ticket%2F{logins}&k=a-token-{logins}"}}"#))
    });
    let (definition, config) = (definition(auth, "/things", "{}"), config(&[]));
    let page = |cursor: Option<&str>| block(running(&definition).source.unwrap().page(Call::new(&config, &world, NOW), "thing", cursor)).unwrap().cursor;
    let cursor = page(None);
    assert!(!cursor.contains("ticket%2F") && !cursor.contains("token-"), "{cursor}");
    page(Some(&cursor));
    assert_eq!(world.lines(), ["POST /login", "GET /things", "POST /login", "GET /things?after=1&t=ticket%2F2&k=a-token-2"]);
}

#[test]
fn a_position_that_is_no_address_and_holds_a_secret_is_not_kept() {
    let definition = definition("", "/things", "{}").replace(r#"{"type":"next_url","from":"$.next"}"#, r#"{"type":"cursor","from":"$.next","inject":{"in":"query","name":"after"}}"#);
    for (next, refused) in [("at 5", false), ("s3cr", false), ("at s3cr+t/k y", true), ("at S3CR+T/K Y", true), ("at S3CR", false), ("at s3cr%2BT%2Fk%20Y", true), ("at czNjcit0L2sgeQ==", true), ("733363722b742f6b2079", true)] {
        match read(&definition, move |request| format!("{next}{}", if request.url.query().is_some() { "&" } else { "" }), [KEY, KEY]) {
            Ok(_) => assert!(!refused, "{next}"),
            Err(fault) => assert!(refused && fault.code == "definition_secret" && fault.disposition == Disposition::Reject && !fault.message.contains("s3cr"), "{next}: {}", fault.message),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in an address, it is asked for as it was answered.
    #[test]
    fn an_address_is_asked_for_as_it_was_answered(parts in prop::collection::vec(prop_oneof!["[a-z{}+%=?/ é]{0,6}", Just(KEY.to_owned()), Just(TOKEN.to_owned()), Just("{config.key}".to_owned())], 0..8), key in "[a-z{}+%=&/ é]{4,8}") {
        let mut next = url::Url::parse("https://api.test/things").unwrap();
        next.path_segments_mut().unwrap().extend(parts.iter().take(2).filter(|part| !matches!(part.as_str(), "" | "." | "..")));
        next.query_pairs_mut().extend_pairs(parts.iter().skip(2).map(|part| (part, format!("{part}{key}"))));
        let (text, mut page) = (next.to_string(), 0);
        let definition = definition("", "/start", "{}");
        let pages = std::sync::Mutex::new(move || { page += 1; format!("{text}&page={page}") });
        let (asked, cursors) = read(&definition, move |_| (pages.lock().unwrap())(), [key.as_str(), key.as_str()]).unwrap();
        next.query_pairs_mut().append_pair("page", "1");
        let plain = |text: &str| { let url = url::Url::parse(text).unwrap(); (url.path().to_owned(), url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect::<Vec<_>>()) };
        let decoded = |(path, query): (String, Vec<(String, String)>)| (path.split('/').map(|step| url::form_urlencoded::parse(step.replace('+', "%2B").replace('=', "%3D").replace('&', "%26").as_bytes()).next().map(|(text, _)| text.into_owned())).collect::<Vec<_>>(), query);
        prop_assert_eq!(decoded(plain(&asked[1])), decoded(plain(next.as_str())));
        let told = cursors.iter().any(|cursor| cursor.contains(KEY) || key.chars().all(|char| char.is_ascii_lowercase()) && cursor.contains(&key));
        prop_assert!(!told, "{cursors:?}");
    }
}
