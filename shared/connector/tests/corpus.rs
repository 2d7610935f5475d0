//! Walks the corpus: what is accepted stays accepted, and every complaint is a snapshot.

use std::{fmt::Write as _, fs, path::Path};

use connector::Draft;

/// The findings of a definition as people read them.
fn told(text: &str) -> String {
    let report = Draft::parse(text).expect("the corpus is JSON").check();
    report.findings().iter().fold(String::new(), |mut out, finding| {
        let (line, column) = report.place(&finding.pointer);
        _ = writeln!(out, "{line}:{column} {} at {:?}: {} ({})", finding.code, finding.pointer, finding.message, finding.hint);
        out
    })
}

fn definitions(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found: Vec<_> = fs::read_dir(root)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), fs::read_to_string(&path).expect("a text")))
        .collect();
    found.sort();
    found
}

/// The examples that are definitions: all but mappings, which have operations.
fn examples() -> Vec<(String, String)> {
    let mut found = definitions("../../examples");
    found.extend(definitions("../../examples/definitions"));
    found.retain(|(_, text)| document::parse_str(text).map_or(true, |example| example.get("ops").is_none()));
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert!(["backoffice", "shop"].iter().all(|name| names.contains(name)), "{names:?}");
    found
}

#[test]
fn what_is_right_is_accepted_without_a_word() {
    for (name, text) in definitions("corpus/accept").into_iter().chain(examples()).chain(definitions("../../examples/definitions")) {
        assert_eq!(told(&text), "", "{name}");
        assert!(Draft::parse(&text).unwrap().check().into_checked().is_ok(), "{name}");
    }
}

#[test]
fn what_a_map_cannot_write_back_is_named_when_asked_for_and_never_complained_of() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop.json")).expect("a text");
    let connector = Draft::parse(&text).unwrap().check().into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings()));
    let lacking = connector.canonical_map("product").expect("the map is there").not_invertible();
    let lacking: Vec<String> = lacking.into_iter().map(|(field, reason)| format!("{field}: {reason}")).collect();
    assert_eq!(lacking, ["quantity: another place decides whether it is there", "locationId: it is a constant, and nothing of the record", "updatedAt: `raw` does not say what the record holds"]);
}

#[test]
fn stock_is_given_no_quantity_by_an_expression_or_a_table() {
    let definition = |quantity: &str| format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"entities":{{"stock":{{"read":{{"request":{{"url":"https://api.example.com/stock"}}}}}}}},
        "canonical_map":{{"stock":{{"type":"stocklevel","key":"$.sku","fields":{{"sku":"$.sku","quantity":{quantity}}}}}}}}}"#);
    for (quantity, refused) in [
        (r#"{"value":"{{ record.a ?? 0 }}"}"#, true), (r#"{"value":"{{ default(record.a, 0) }}"}"#, true), (r#"{"value":"{{ record.a if record.b == 1 else 0 }}"}"#, true), (r#"{"value":"{{ sum([record.a, record.b]) }}"}"#, true),
        (r#"{"value":"{{ sum(map(record.levels, 'free')) }}"}"#, true), (r#"{"value":"0"}"#, true), (r#"{"value":"{{ length(record.tags) * 0 }}"}"#, true), (r#"{"path":"$.a","map":{"null":0}}"#, true),
        (r#"{"path":"$.a","map":{"1":1,"n/a":0}}"#, true), (r#"{"path":"$.a","default":0}"#, true), (r#"{"const":1}"#, true),
        (r#"{"value":"{{ record.a - record.b }}"}"#, false), (r#"{"value":"{{ sum(record.levels, 'free') }}"}"#, false), (r#"{"value":"{{ record.a ?? record.b }}"}"#, false), (r#"{"value":"{{ max(0, record.a) }}"}"#, false),
        (r#"{"path":"$.a","map":{"10+":10,"":null},"on_miss":"keep"}"#, false), (r#"{"path":"$.a","cast":"integer"}"#, false),
    ] {
        let told = told(&definition(quantity));
        assert_eq!(told.contains("definition_stock_default"), refused, "{quantity}: {told}");
        assert!(refused || told.is_empty(), "{quantity}: {told}");
    }
}

#[test]
fn what_is_wrong_is_told_all_at_once_with_its_place() {
    for (name, text) in definitions("corpus/reject") {
        assert!(Draft::parse(&text).unwrap().check().into_checked().is_err(), "{name}");
        insta::assert_snapshot!(name, told(&text));
    }
}

#[test]
fn findings_are_told_in_the_order_of_the_text_and_each_once() {
    for (name, text) in definitions("corpus/reject").into_iter().chain(definitions("corpus")) {
        let report = Draft::parse(&text).unwrap().check();
        let places: Vec<_> = report.findings().iter().map(|finding| report.place(&finding.pointer)).collect();
        assert!(places.is_sorted(), "{name}: {places:?}");
        let twice = report.findings().iter().enumerate().find(|(index, finding)| report.findings()[..*index].contains(finding));
        assert!(twice.is_none(), "{name}: {twice:?}");
    }
}

#[test]
fn a_key_that_is_known_elsewhere_is_told_where() {
    const WORDS: [&str; 5] = ["ROOT", "REQUEST", "PAGE", "READ", "ENTITY"];
    let text = r#"{"metadata":{"slug":"a","type":"source"}ROOT,"entities":{"order":{"read":{"request":{"url":"https://api.example.com/orders"REQUEST},"pagination":{"type":"page","inject":{"in":"query","name":"p"}PAGE}READ}ENTITY}}}"#;
    let definition = |at: &str| WORDS.iter().fold(text.replace(at, r#","KEY":1"#), |text, word| text.replace(word, ""));
    for (at, key, hint) in [
        ("REQUEST", "pagination", "`pagination` is a key of `entities.read`"), ("READ", "max_pages", "`max_pages` is a key of `read.pagination`"), ("ENTITY", "records", "`records` is a key of `entities.read`"),
        ("PAGE", "rel", "`rel` is a key of `read.pagination` with the `type` `link_header`"), ("ENTITY", "config", "`config` is a key of the definition itself"), ("REQUEST", "lookback", "`lookback` is a key of `read.incremental`"),
        ("REQUEST", "windows", "`windows` is a key of `rate_limiting`"), ("REQUEST", "retry", "`retry` is a word for `class` in `read.errors`"), ("READ", "zz_zz", "known here: "),
    ] {
        let report = Draft::parse(&definition(at).replace("KEY", key)).unwrap().check();
        let hints: Vec<_> = report.findings().iter().filter(|finding| finding.pointer.ends_with(key)).map(|finding| finding.hint.as_str()).collect();
        assert!(hints.len() == 1 && hints[0].starts_with(hint) && hints[0].contains("known here: "), "{at} {key}: {hints:?}");
    }
}

#[test]
fn what_is_declared_and_used_nowhere_is_told_where_nothing_wrong_may_be_the_reason() {
    let used = r#""url": "https://api.example.com/things?key={{ config.key }}""#;
    let definition = |config: &str, auth: &str, read: &str, more: &str| format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"config":{{"key":{{"type":"string"}}{config}}},"auth":{auth},"entities":{{"thing":{{"read":{{"request":{{{used}}}{read}}}}},
        "unit":{{"read":{{"request":{{"url":"https://api.example.com/units"}}}}}}}}{more}}}"#);
    let login = |capture: &str, apply: &str| format!(r#"{{"type":"token_exchange","request":{{"url":"https://api.example.com/login","json":{{}}}},"token":"$.t","capture":{{{capture}}},"apply":{{"in":"header","name":"X-T","value":"{apply}"}}}}"#).replace(r#","json":{}"#, "");
    let table = r#","lookup":{"unit":{"entity":"unit","match":"$.id","value":"$.n"}}"#;
    for (config, auth, read, more, told) in [
        ("", r#"{"type":"none"}"#, "", "", ""),
        (r#","spare":{"type":"string","optional":true}"#, r#"{"type":"none"}"#, "", "", "/config/spare"),
        (r#","spare":{"type":"string","optional":true}"#, r#"{"type":"none"}"#, r#","records":{"path":"$['{{ config [ \"spare\" ] }}']"}"#, "", ""),
        (r#","spare":{"type":"string","derive":"{{ config.key }}"}"#, r#"{"type":"none"}"#, "", "", "/config/spare"),
        (r#","spare":{"type":"string"}"#, r#"{"type":"none"}"#, r#","records":{"add":{"a":"{{ config.spaer }}"}}"#, "", "/entities/thing/read/records/add/a"),
        (r#","client_id":{"type":"string"},"client_secret":{"type":"string","secret":true},"refresh_token":{"type":"string","secret":true}"#, r#"{"type":"oauth2","token_url":"https://api.example.com/t"}"#, "", "", "/config/refresh_token"),
        (r#","refresh_token":{"type":"string","secret":true}"#, r#"{"type":"oauth2","grant":"refresh_token","token_url":"https://api.example.com/t"}"#, "", "", ""),
        ("", r#"{"type":"none"}"#, "", table, "/lookup/unit"), ("", r#"{"type":"none"}"#, r#","lookup":{"table":"unit","key":"$.u","to":"n"}"#, table, ""), ("", r#"{"type":"none"}"#, r#","lookup":{"table":"unti","key":"$.u","to":"n"}"#, table, "/entities/thing/read/lookup/table"),
        ("", &login(r#""shop":"$.s","rest":"$.r""#, "{{ token }}{{ token.shop }}"), "", "", "/auth/capture/rest"), ("", &login("", "{{ token }}"), "", "", ""),
    ] {
        let text = definition(config, auth, read, more);
        let report = Draft::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}")).check();
        let found: Vec<&str> = report.findings().iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(found.join(" "), told, "{config} {auth} {read} {more}: {:?}", report.findings());
    }
}

#[test]
fn ten_mistakes_of_ten_kinds_are_told_at_once() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/ten-mistakes.json")).expect("a text");
    let told = told(&text);
    assert_eq!(told.lines().count(), 10, "{told}");
    insta::assert_snapshot!("ten-mistakes", told);
}

#[test]
fn every_code_has_a_definition_that_provokes_it() {
    let told: String = definitions("corpus/reject").iter().map(|(_, text)| told(text)).collect();
    // `definition_invalid` sums findings up, and `definition_records` needs an answer.
    let elsewhere = ["definition_invalid", "definition_records"];
    for code in fault::CODES.iter().map(|code| code.name).filter(|name| name.starts_with("definition_") && !elsewhere.contains(name)).chain(["path_invalid"]) {
        assert!(told.contains(&format!(" {code} at ")), "{code}");
    }
}
