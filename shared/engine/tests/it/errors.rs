//! What answers that are none come to: what is tried again, after which waits, and what is told when it is given up.

use std::time::Duration;

use fault::Disposition;

use crate::{api::{Told, World, definition, read, records}, script::{answer, with}};

fn failing(path: &str, rules: &str) -> String {
    definition(&format!(r#""request":{{"url":"{path}"}},"records":{{"path":"$.data"}},"errors":[{rules}]"#), "")
}

/// Reads what is behind a path of the simulator.
#[track_caller]
fn tried(path: &str, rules: &str) -> (Told, World) {
    read(&failing(path, rules), || World::api(records(3)))
}

#[test]
fn what_passes_by_itself_is_tried_again_after_the_wait_it_names() {
    for (path, rules, waits) in [
        ("/errors/429/page", "", vec![1_000, 2_000]),
        ("/errors/429-header/page", "", vec![2_000, 2_000]),
        ("/errors/429-header/page?misbehave=no_retry_header", "", vec![1_000, 2_000]),
        // A date is as far away as it is when it comes, not as it was when the run began.
        ("/errors/429-date/page", "", vec![2_000, 2_000]),
        ("/errors/429-body/page", r#"{"status":429,"class":"rate_limited","wait":{"seconds":"{{ response.error.retry_after }}"}}"#, vec![2_000, 2_000]),
        ("/errors/429-body/page", r#"{"status":429,"class":"rate_limited","wait":{"seconds":"{{ response.error.nothing }}"}}"#, vec![1_000, 2_000]),
        // At nine in the morning midnight is further off than anybody waits at once.
        ("/errors/quota/page", r#"{"status":403,"body":"{{ response.error.code == 'daily_quota' }}","class":"rate_limited","wait":{"until":"{{ response.error.reset_at }}"}}"#, vec![43_200_000, 10_800_000]),
        ("/errors/quota/page", r#"{"status":403,"class":"rate_limited","wait":{"until":"{{ start_of_day(now() + duration('P1D'), 'UTC') }}"}}"#, vec![43_200_000, 10_800_000]),
        // Numbers are times since 1970 where they are too large to be anything else; milliseconds are told by their size.
        ("/errors/429-body/page", r#"{"status":429,"class":"rate_limited","wait":{"until":"{{ 1769850130 }}"}}"#, vec![130_000, 2_000]),
        ("/errors/429-body/page", r#"{"status":429,"class":"rate_limited","wait":{"until":"{{ 1769850130500 }}"}}"#, vec![130_500, 2_000]),
        ("/errors/429-body/page", r#"{"status":429,"class":"rate_limited","wait":{"until":"{{ '1769850130' }}"}}"#, vec![130_000, 2_000]),
        ("/errors/429-body/page", r#"{"status":429,"class":"rate_limited","wait":{"seconds":"{{ 1769850130 }}"}}"#, vec![130_000, 2_000]),
        ("/errors/429-body/page", r#"{"status":429,"class":"rate_limited","wait":{"until":"{{ 30 }}"}}"#, vec![30_000, 30_000]),
        ("/errors/503/page", "", vec![1_000, 2_000]),
        // No wait is named: once it is believed.
        ("/errors/429-body/page", r#"{"status":429,"class":"rate_limited","wait":{"seconds":"{{ 0 }}"}}"#, vec![0, 2_000]),
        ("/errors/503/page", r#"{"status":"5xx","class":"retry","backoff":{"type":"constant","base":"PT3S"}}"#, vec![3_000, 3_000]),
        ("/errors/503/page", r#"{"status":"5xx","class":"retry","backoff":{"base":"PT2S","max":"PT3S"}}"#, vec![2_000, 3_000]),
        ("/errors/503/page", r#"{"status":["5xx",429],"class":"conflict"}"#, vec![1_000, 2_000]),
        ("/errors/200-error/page", r#"{"status":200,"body":"{{ response.error != null }}","class":"retry"}"#, vec![1_000, 2_000]),
        ("/page?misbehave=error_200", r#"{"body":"{{ response.error.code == 'internal' }}","class":"retry"}"#, vec![1_000, 2_000]),
        ("/errors/html/page", "", vec![1_000, 2_000]),
        ("/errors/empty/page", "", vec![1_000, 2_000]),
        ("/errors/drop/page", "", vec![1_000, 2_000]),
        ("/page?misbehave=drop_connection", "", vec![1_000, 2_000]),
    ] {
        let (told, world) = tried(path, rules);
        assert_eq!((told.code(), told.ids(), world.waits(), world.sent().len()), (("", ""), vec![1, 2, 3], waits, 3), "{path} {rules}");
    }
}

#[test]
fn what_does_not_pass_is_given_up_and_told() {
    let park = Disposition::Park;
    let retry = |after: Option<u64>| Disposition::Retry { after: after.map(Duration::from_millis) };
    for (path, rules, code, disposition, message, tries) in [
        ("/errors/503/page?times=9", "", "destination_unavailable", retry(None), "the other system answered 503", 5),
        ("/errors/503/page", r#"{"status":503,"class":"retry","max_attempts":2}"#, "destination_unavailable", retry(None), "the other system answered 503", 2),
        ("/errors/503/page", r#"{"status":503,"class":"retry","max_attempts":1}"#, "destination_unavailable", retry(None), "the other system answered 503", 1),
        ("/errors/429-header/page?times=9", "", "destination_rate_limited", retry(Some(2_000)), "the other system answered 429", 5),
        ("/errors/drop/page?times=9", "", "destination_unavailable", retry(None), "no whole answer came: the connection ended, or it took too long", 5),
        ("/errors/html/page?times=9", "", "destination_nonsense", retry(None), "the answer is a page for people", 5),
        ("/errors/empty/page?times=9", "", "destination_nonsense", retry(None), "the answer is empty", 5),
        ("/page?misbehave=truncated_gzip", "", "answer_truncated", retry(None), "the packed answer ends too early", 5),
        ("/errors/503/page", r#"{"status":503,"class":"invalid","message":"{{ response.error.message }}"}"#, "destination_rejected", Disposition::Reject, "the other system answered 503: down for maintenance", 1),
        ("/errors/503/page", r#"{"status":503,"class":"not_found"}"#, "destination_gone", Disposition::Reject, "the other system answered 503", 1),
        ("/errors/503/page?times=9", r#"{"status":503,"class":"conflict"}"#, "destination_conflict", retry(None), "the other system answered 503", 5),
        ("/errors/503/page", r#"{"status":503,"class":"auth"}"#, "needs_auth", park, "the other system answered 503", 1),
        ("/errors/404/page", "", "destination_rejected", Disposition::Reject, "the other system answered 404", 1),
        ("/errors/404/page", r#"{"status":404,"on":["deliver","test"],"class":"skip"}"#, "destination_rejected", Disposition::Reject, "the other system answered 404", 1),
        ("/errors/quota/page", "", "needs_auth", park, "the other system answered 403", 1),
        // The first rule that fits counts.
        ("/errors/429-header/page", r#"{"status":429,"header":{"Retry-After":"3"},"class":"skip"},{"status":429,"header":{"retry-after":"2"},"class":"invalid"},{"status":429,"class":"retry"}"#, "destination_rejected", Disposition::Reject, "the other system answered 429", 1),
        ("/errors/429/page", r#"{"status":429,"header":{"Retry-After":"*"},"class":"skip"},{"status":"4xx","class":"not_found"}"#, "destination_gone", Disposition::Reject, "the other system answered 429", 1),
    ] {
        let (told, world) = tried(path, rules);
        let fault = told.fault.clone().unwrap_or_else(|| panic!("{path} {rules} was read"));
        assert_eq!((fault.code, fault.disposition, fault.message.as_ref(), world.sent().len()), (code, disposition, message, tries), "{path} {rules}");
    }
    assert_eq!(tried("/errors/503/page?times=9", "").1.waits(), [1_000, 2_000, 4_000, 8_000]);
}

#[test]
fn what_may_be_skipped_is_an_empty_answer() {
    for (path, rules) in [("/errors/404/page", r#"{"status":[404],"on":["read"],"class":"skip"}"#), ("/errors/200-error/page", r#"{"body":"{{ response.error.code == 'internal' }}","class":"skip"}"#)] {
        let (told, world) = tried(path, rules);
        assert_eq!((told.code(), &told.pages, world.sent().len()), (("", ""), &vec![Vec::<String>::new()], 1), "{path}");
    }
    // A rule that cannot be asked of an answer does not hold of it.
    let (told, _) = tried("/errors/html/page", r#"{"body":"{{ response.error.code > 3 }}","class":"skip"},{"body":"{{ length(response) == 1 }}","class":"skip"}"#);
    assert_eq!(told.ids(), [1, 2, 3]);
}

#[test]
fn rules_of_the_entity_come_before_those_of_the_definition() {
    let general = r#","errors":[{"status":404,"class":"skip"},{"status":503,"class":"not_found"}]"#;
    for (path, rules, code) in [("/errors/404/page", "", ""), ("/errors/404/page", r#"{"status":404,"class":"not_found"}"#, "destination_gone"), ("/errors/503/page", r#"{"status":404,"class":"not_found"}"#, "destination_gone")] {
        let read = format!(r#""request":{{"url":"{path}"}},"records":{{"path":"$.data"}},"errors":[{rules}]"#);
        assert_eq!(crate::api::read(&definition(&read, general), || World::api(records(3))).0.code().0, code, "{path} {rules}");
    }
}

#[test]
fn a_header_says_how_long_in_the_unit_it_has() {
    for (unit, value, wait) in [
        ("s", "30", 30_000), ("s", "0.25", 250), ("s", "Sat, 31 Jan 2026 09:00:40 GMT", 40_000), ("s", "2026-01-31T09:00:40Z", 40_000), ("s", "soon", 1_000), ("s", "-5", 1_000),
        ("ms", "1500", 1_500), ("ms", "1500.5", 1_501), ("ms", "-1500", 0), ("min", "2", 120_000), ("min", "9999999999999999", 43_200_000), ("min", "99999999999999999999", 1_000),
        ("epoch_s", "1769850030", 30_000), ("epoch_s", "1769850030.5", 31_000), ("epoch_s", "1769840000", 0), ("epoch_s", "2026-01-31T09:00:40Z", 40_000), ("epoch_ms", "1769850030500", 30_500),
        ("epoch_ms", "Sat, 31 Jan 2026 09:00:40 GMT", 40_000), ("epoch_ms", "", 1_000),
    ] {
        let rules = format!(r#"{{"status":429,"class":"rate_limited","wait":{{"header":"X-Wait","unit":"{unit}"}}}}"#);
        let (told, world) = read(&failing("/x", &rules), || {
            let mut first = true;
            World::of(move |_| if std::mem::take(&mut first) { with(429, &[("x-wait", value)], "{}") } else { answer(200, r#"{"data":[{"id":1}]}"#) })
        });
        assert_eq!((told.ids(), world.waits()), (vec![1], vec![wait]), "{unit} {value}");
    }
}

#[test]
fn waits_that_nobody_names_are_drawn_below_their_length() {
    for (chance, jitter, waits) in [(u32::MAX, "full", [1_000, 2_000]), (u32::MAX / 2, "full", [499, 999]), (0, "full", [0, 0]), (0, "none", [1_000, 2_000])] {
        let rules = format!(r#"{{"status":503,"class":"retry","backoff":{{"jitter":"{jitter}"}}}}"#);
        let (told, world) = read(&failing("/errors/503/page", &rules), || World::api(records(3)).with_chance(chance));
        assert_eq!((told.ids(), world.waits()), (vec![1, 2, 3], waits.to_vec()), "{chance} {jitter}");
    }
}

#[test]
fn who_does_not_wait_here_is_told_how_long() {
    let (told, world) = read(&failing("/errors/429-header/page", ""), || World::api(records(3)).with_patience(1_999));
    assert_eq!((told.fault.unwrap().disposition, world.waits(), world.sent().len()), (Disposition::Retry { after: Some(Duration::from_secs(2)) }, vec![], 1));
}

#[test]
fn a_message_is_cut_and_has_no_secrets() {
    let long = format!(r#"{{"error":"key s3cret-key, czNjcmV0LWtleQ== or 7333637265742d6b6579 is wrong {}"}}"#, "å".repeat(500));
    let rules = r#"{"status":400,"class":"invalid","message":"{{ response.error }}"}"#;
    let (told, _) = read(&failing("/x", rules), || {
        let long = long.clone();
        World::of(move |_| answer(400, &long))
    });
    let message = told.fault.unwrap().message.to_string();
    assert!(message.starts_with("the other system answered 400: key •••, ••• or ••• is wrong å"), "{message}");
    assert!(message.len() <= 32 + 200, "{}", message.len());
    // What has no message template says nothing of what was answered.
    let (told, _) = read(&failing("/x", ""), || World::of(|_| answer(400, r#"{"error":"s3cret-key"}"#)));
    assert_eq!(told.code().1, "the other system answered 400");
}

#[test]
fn rules_see_through_what_an_answer_is_packed_in() {
    let limited = br#"{"error":{"code":"s\u00e5","retry_after":7}}"#;
    let latin = "{\"error\":{\"code\":\"så\",\"retry_after\":7}}".chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect::<Vec<u8>>();
    for (body, header) in [(gzip(limited), ("content-encoding", "gzip")), (gzip(limited), ("content-type", "application/json")), (latin, ("content-type", "application/json; charset=iso-8859-1"))] {
        let rules = r#"{"body":"{{ response.error.code == 'så' }}","class":"rate_limited","wait":{"seconds":"{{ response.error.retry_after }}"}}"#;
        let (told, world) = read(&failing("/x", rules), || {
            let mut first = Some(engine::Response { status: 200, headers: vec![(header.0.to_owned(), header.1.to_owned())], body: body.clone() });
            World::of(move |_| first.take().map_or_else(|| answer(200, r#"{"data":[{"id":1}]}"#), Ok))
        });
        assert_eq!((told.ids(), world.waits()), (vec![1], vec![7_000]), "{header:?}");
    }
}

#[test]
fn an_answer_that_was_cut_off_once_is_asked_for_again() {
    let whole = gzip(br#"{"data":[{"id":1}]}"#);
    let (told, world) = read(&failing("/x", ""), || {
        let mut bodies = vec![whole.clone(), whole[..whole.len() / 2].to_vec()];
        World::of(move |_| Ok(engine::Response { status: 200, headers: vec![("content-encoding".to_owned(), "gzip".to_owned())], body: bodies.pop().unwrap() }))
    });
    assert_eq!((told.ids(), world.waits()), (vec![1], vec![1_000]));
}

#[test]
fn json_that_ends_too_early_is_asked_for_again_and_what_is_malformed_is_not() {
    let json = r#"{"data":[{"id":1,"n":12.5,"b":true,"s":"\"å\u00e5"},{"id":2}]}"#;
    let lines = "{\"id\":1,\"s\":\"å\"}\n{\"id\":2,\"s\":\"å\"}";
    let until = |text: &str, end: usize, read: &str| {
        let (whole, cut) = (text.as_bytes().to_vec(), text.as_bytes()[..end].to_vec());
        let (told, world) = read_by(read, move |asked| if asked == 0 { cut.clone() } else { whole.clone() });
        (told.ids(), world.waits())
    };
    for end in 1..json.len() {
        assert_eq!(until(json, end, r#""records":{"path":"$.data"}"#), (vec![1, 2], vec![1_000]), "{:?}", &json.as_bytes()[..end]);
    }
    let newline = lines.find('\n').unwrap();
    for end in (1..newline).chain(newline + 2..lines.len()) {
        assert_eq!(until(lines, end, r#""records":{"decode":["jsonl"]}"#), (vec![1, 2], vec![1_000]), "{:?}", &lines.as_bytes()[..end]);
    }
    for (body, read, code, asked) in [
        (&b"{\"data\":[{\"id\":1}"[..], r#""records":{"path":"$.data"}"#, "answer_truncated", 5),
        (b"{\"id\":1", r#""records":{"decode":["jsonl"]}"#, "answer_truncated", 5),
        (b"{\"data\":[{\"id\":1},,{\"id\":2}]", r#""records":{"path":"$.data"}"#, "destination_nonsense", 1),
        (b"{\"data\":[{\"id\":1}]]", r#""records":{"path":"$.data"}"#, "destination_nonsense", 1),
        (b"{\"data\":[{\"id\":\"\xe5\"}", r#""records":{"path":"$.data"}"#, "answer_charset", 1),
        (b"{\"id\":1\n{\"id\":2}\n", r#""records":{"decode":["jsonl"]}"#, "answer_format", 1),
        (b"{\"id\":\"\xe5\"}\n", r#""records":{"decode":["jsonl"]}"#, "answer_charset", 1),
    ] {
        let (told, world) = read_by(read, move |_| body.to_vec());
        assert_eq!((told.code().0, world.sent().len()), (code, asked), "{body:?}");
    }
}

/// Reads answers of 200 by their number.
#[track_caller]
fn read_by(records: &str, body: impl Fn(usize) -> Vec<u8> + Clone + Send + 'static) -> (Told, World) {
    read(&definition(&format!(r#""request":{{"url":"/x"}},{records}"#), ""), || {
        let (body, mut asked) = (body.clone(), 0);
        World::of(move |request| {
            asked += 1;
            let body = body(asked - 1);
            if body.len() > request.max_response_bytes { Err(engine::ExchangeError::TooLarge) } else { Ok(engine::Response { status: 200, headers: Vec::new(), body }) }
        })
    })
}

#[test]
fn an_answer_may_have_as_much_as_the_language_says_and_who_asks_for_more_is_told_of_the_limit() {
    let body = |bytes: usize| format!(r#"[{{"id":1,"a":"{}"}}]"#, "x".repeat(bytes)).into_bytes();
    let (told, _) = read_by(r#""records":{"max_bytes":67108864}"#, move |_| body(52 << 20));
    assert_eq!((told.code(), told.ids()), (("", ""), vec![1]));
    let (told, _) = read_by(r#""records":{}"#, move |_| body(65 << 20));
    assert_eq!(told.code().0, "response_too_large");
    let values = format!("[{}0]", "0,".repeat(1_000_000)).into_bytes();
    let (told, _) = read_by(r#""records":{"wrap":"id"}"#, move |_| values.clone());
    assert_eq!(told.code(), ("response_too_large", "the answer has more than 1000000 values: ask for smaller pages"));
    let (told, _) = read(&definition(r#""request":{"url":"/x"}"#, ""), || World::of(|_| Err(engine::ExchangeError::TooLarge)));
    assert_eq!(told.code(), ("response_too_large", "the answer has more than 67108864 bytes: ask for smaller pages, or with a filter"));
}

#[test]
fn a_page_for_people_is_no_table() {
    for page in ["<!DOCTYPE html><html><body>Sign in</body></html>", "\r\n <html>\n<body>Sign in</body></html>"] {
        for format in ["csv", "jsonl", "xml", "json"] {
            let read = format!(r#""request":{{"url":"/x"}},"records":{{"decode":["{format}"]}}"#);
            let (told, world) = crate::api::read(&definition(&read, ""), || World::of(|_| answer(200, page)));
            assert_eq!((told.code().0, world.sent().len()), ("destination_nonsense", 5), "{format}");
        }
    }
}

#[test]
fn a_failure_amid_a_listing_costs_no_page() {
    // Each third answer is a 503, each fifth is lost.
    let (told, _) = read(&definition(r#""request":{"url":"/x"},"records":{"path":"$.data"},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}}}"#, ""), || {
        let mut asked = 0;
        World::of(move |request| {
            asked += 1;
            let page: i64 = request.url.query().unwrap().trim_start_matches("page=").parse().unwrap();
            match asked {
                _ if asked % 3 == 0 => answer(503, ""),
                _ if asked % 5 == 0 => Err(engine::ExchangeError::Unanswered),
                _ => answer(200, &if page > 20 { r#"{"data":[]}"#.to_owned() } else { format!(r#"{{"data":[{{"id":{page}}}]}}"#) }),
            }
        })
    });
    assert_eq!((told.code(), told.ids()), (("", ""), (1..=20).collect()));
}

pub(crate) fn gzip(plain: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}
