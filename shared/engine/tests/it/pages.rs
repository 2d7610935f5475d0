//! Reading: cursors, page numbers, links, watermarks, and answers that make no sense.

use engine::{ExchangeError, Page};
use fault::{Disposition, Simple};

use crate::script::{NOW, Script, answer, call, config, running, with};

fn definition(read: &str) -> String {
    format!(
        r#"{{"metadata":{{"slug":"a","type":"source"}},"entities":{{"thing":{{"read":{{"request":{{"url":"https://api.example.com/things","params":{{"since":"{{{{cursor}}}}"}}}}{read}}}}}}},
        "eventMapping":{{"externalId":"$.id","eventType":"thing.updated","occurredAt":"$.at"}}}}"#
    )
}

/// Runs pages until one is the last; the ids of each page, and the last cursor.
async fn read(definition: &str, cursor: Option<String>, script: &Script) -> Result<(Vec<String>, String), Simple> {
    let source = running(definition).source.unwrap();
    let config = config(&[]);
    let (mut pages, mut cursor) = (Vec::new(), cursor);
    loop {
        let entity = source.entities().remove(0);
        let page: Page = source.page(call(&config, script), &entity, cursor.as_deref()).await?;
        pages.push(page.changes.iter().map(|change| change.external_id.as_str()).collect::<Vec<_>>().join(" "));
        cursor = Some(page.cursor.clone());
        if page.done {
            return Ok((pages, page.cursor));
        }
    }
}

#[tokio::test]
async fn numbered_pages_end_at_the_total_or_an_empty_page() {
    let counted = definition(r#","pagination":{"type":"page","size":2,"inject":{"page":{"in":"query","name":"p"},"size":{"in":"query","name":"n"}},"stop":{"total":"$.total"}},"records":{"path":"$.items"}"#);
    for (total, second, third, pages) in [
        (3, r#"{"items":[{"id":3}],"total":3}"#, None, vec!["1 2", "3"]),
        // An empty page is one of those the total reaches over.
        (4, r#"{"items":[]}"#, None, vec!["1 2", ""]),
        (5, r#"{"items":[]}"#, Some(r#"{"items":[]}"#), vec!["1 2", "", ""]),
        (5, r#"{"items":[{"id":3},{"id":4}],"total":5}"#, Some(r#"{"items":[{"id":5}],"total":5}"#), vec!["1 2", "3 4", "5"]),
    ] {
        let mut steps = vec![
            ("GET https://api.example.com/things?p=1&n=2", answer(200, &format!(r#"{{"items":[{{"id":1}},{{"id":2}}],"total":{total}}}"#))),
            ("GET https://api.example.com/things?p=2&n=2", answer(200, second)),
        ];
        steps.extend(third.map(|body| ("GET https://api.example.com/things?p=3&n=2", answer(200, body))));
        let script = Script::new(steps);
        assert_eq!(read(&counted, None, &script).await.unwrap().0, pages, "{second}");
        script.over();
    }
}

#[tokio::test]
async fn a_page_that_is_refused_as_behind_the_last_ends_the_listing_and_the_first_page_does_not() {
    let refused = definition(r#","pagination":{"type":"page","inject":{"page":{"in":"query","name":"p"}},"stop":{"past_end":[400,404]}}"#);
    let first = ("GET https://api.example.com/things?p=1", answer(200, r#"[{"id":1}]"#));
    for (steps, read_to) in [
        (vec![first.clone(), ("GET https://api.example.com/things?p=2", answer(400, "{}"))], Ok(vec!["1".to_owned(), String::new()])),
        (vec![first, ("GET https://api.example.com/things?p=2", answer(403, "{}"))], Err("needs_auth")),
        (vec![("GET https://api.example.com/things?p=1", answer(400, "{}"))], Err("destination_rejected")),
    ] {
        let script = Script::new(steps);
        assert_eq!(read(&refused, None, &script).await.map(|(pages, _)| pages).map_err(|fault| fault.code), read_to);
        script.over();
    }
}

#[tokio::test]
async fn a_filter_and_what_is_added_see_the_names_of_their_request() {
    let named = definition(r#","records":{"filter":"{{ record.id > page }}","add":{"id":"{{ page ~ '-' ~ record.id }}"}},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"p"}}}"#);
    let script = Script::new(vec![
        ("GET https://api.example.com/things?p=1", answer(200, r#"[{"id":1},{"id":2}]"#)),
        ("GET https://api.example.com/things?p=2", answer(200, r#"[{"id":2},{"id":3}]"#)),
        ("GET https://api.example.com/things?p=3", answer(200, "[]")),
    ]);
    assert_eq!(read(&named, None, &script).await.unwrap().0, ["1-2", "2-3", ""]);
    script.over();
}

#[tokio::test]
async fn records_of_another_shape_become_changes_as_lists_do() {
    for (records, body, ids) in [
        (r#"{"path":"$.days","entries":{"key_as":"id"}}"#, r#"{"days":{"2026-01-30":{"n":1},"2026-01-31":{"n":2}}}"#, "2026-01-30 2026-01-31"),
        (r#"{"zip":{"columns":"$[0]","rows":"$[1:]"}}"#, r#"[["id","n"],["a",1],["b",2]]"#, "a b"),
        (r#"{"path":"$.boxes","expand":"$.ids","wrap":"id","dedupe":"$.id"}"#, r#"{"boxes":[{"ids":[1,2]},{"ids":[2,3]}]}"#, "1 2 3"),
    ] {
        let script = Script::new(vec![("GET https://api.example.com/things", answer(200, body))]);
        assert_eq!(read(&definition(&format!(r#","records":{records}"#)), None, &script).await.unwrap().0, [ids], "{records}");
        script.over();
    }
}

#[tokio::test]
async fn an_offset_counts_what_the_source_lists_and_not_what_it_is_expanded_into() {
    let expanded = definition(r#","pagination":{"type":"offset","inject":{"in":"query","name":"skip"},"stop":{"when":["total","empty"],"total":"$.total"}},"records":{"path":"$.boxes","expand":"$.ids","wrap":"id"}"#);
    let script = Script::new(vec![
        ("GET https://api.example.com/things?skip=0", answer(200, r#"{"total":4,"boxes":[{"ids":[1,2,3]},{"ids":[4,5]}]}"#)),
        ("GET https://api.example.com/things?skip=2", answer(200, r#"{"total":4,"boxes":[{"ids":[]}]}"#)),
        ("GET https://api.example.com/things?skip=3", answer(200, r#"{"total":4,"boxes":[{"ids":[6]}]}"#)),
    ]);
    assert_eq!(read(&expanded, None, &script).await.unwrap().0, ["1 2 3 4 5", "", "6"]);
    script.over();
}

#[tokio::test]
async fn what_is_added_to_a_record_may_be_its_cursor_and_times_are_told_in_the_zone_and_forms_of_the_cursor() {
    let added = definition(r#","records":{"add":{"at":"{{ max(map(record.changes, 'when')) }}"}},"incremental":{"cursor":"$.at","zone":"Europe/Oslo","lookback":"PT0S","inject":{"start":{"in":"query","name":"from","format":"%Y%m%dT%H:%M"}}}"#);
    let script = Script::new(vec![
        ("GET https://api.example.com/things", answer(200, r#"[{"id":1,"changes":[{"when":"2026-01-31T09:30:00"},{"when":"2025-01-31T10:30:00"}]},{"id":2}]"#)),
        ("GET https://api.example.com/things?since=20260131T09%3A29&from=20260131T09%3A29", answer(200, "[]")),
    ]);
    let (_, cursor) = read(&added, None, &script).await.unwrap();
    read(&added, Some(cursor), &script).await.unwrap();
    script.over();
    let silent = definition(r#","records":{"add":{"read":"{{ window.end }}"},"filter":"{{ record.id in config.ids }}"},"incremental":{"cursor":"$.read","format":"iso8601","lookback":"PT1M","inject":{"start":{"in":"query","name":"from","format":"%Y%m%dT%H:%M"}}}"#);
    let silent = silent.replace(r#""entities""#, r#""config":{"ids":{"type":"array","default":"1,2"}},"entities""#);
    let script = Script::new(vec![
        ("GET https://api.example.com/things", answer(200, r#"[{"id":"1"},{"id":"3"}]"#)), ("GET https://api.example.com/things?since=2026-01-31T09%3A00%3A40Z&from=20260131T09%3A00", answer(200, "[]")),
    ]);
    let (pages, cursor) = read(&silent, None, &script).await.unwrap();
    assert_eq!(pages, ["1"]);
    read(&silent, Some(cursor), &script).await.unwrap();
    script.over();
    for (formats, at, told) in [
        (r#"["rfc2822"]"#, "Sat, 31 Jan 2026 09:01:40 +0000", NOW), (r#"["%d/%m/%Y %H:%M:%S"]"#, "31/01/2026 10:01:40", NOW), (r#"["dotnet"]"#, "/Date(1769850100000)/", NOW), (r#"["rfc2822"]"#, "2026-01-31T10:01:40", NOW),
        (r#"["rfc2822"]"#, "1769850100", NOW),
    ] {
        let dated = definition(&format!(r#","incremental":{{"cursor":"$.at","formats":{formats},"zone":"Europe/Oslo"}}"#));
        let script = Script::new(vec![("GET https://api.example.com/things", answer(200, &format!(r#"[{{"id":1,"at":"{at}"}}]"#)))]);
        let source = running(&dated).source.unwrap();
        let page = source.page(call(&config(&[]), &script), &source.entities().remove(0), None).await.unwrap();
        assert_eq!(page.changes.first().and_then(|change| change.occurred_ms), Some(told), "{formats} {at}");
    }
}

#[tokio::test]
async fn a_page_that_comes_again_is_told_by_its_number() {
    let counted = definition(r#","pagination":{"type":"page","inject":{"page":{"in":"query","name":"p"}}}"#);
    let script = Script::new(vec![
        ("GET https://api.example.com/things?p=1", answer(200, r#"[{"id":1},{"id":2}]"#)),
        ("GET https://api.example.com/things?p=2", answer(200, r#"[{"id":3},{"id":4}]"#)),
        ("GET https://api.example.com/things?p=3", answer(200, r#"[{"id":3},{"id":4}]"#)),
    ]);
    let fault = read(&counted, None, &script).await.unwrap_err();
    assert_eq!((fault.code, fault.message.as_str()), ("cursor_loop", "page 3 holds what page 2 does: the listing repeats itself"));
}

#[tokio::test]
async fn links_are_followed_on_the_same_origin_only() {
    let linked = definition(r#","pagination":{"type":"link_header"}"#);
    let next = |to: &str| vec![("link".to_owned(), format!("<https://api.example.com/things?page_info=a>; rel=\"previous\", <{to}>; rel=\"next\""))];
    let page = |to: &str| with(200, &next(to).iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), r#"[{"id":1}]"#);
    let script = Script::new(vec![
        ("GET https://api.example.com/things", page("https://api.example.com/things?page_info=b")),
        ("GET https://api.example.com/things?page_info=b", answer(200, r#"[{"id":2}]"#)),
    ]);
    assert_eq!(read(&linked, None, &script).await.unwrap().0, ["1", "2"]);
    script.over();
    let script = Script::new(vec![("GET https://api.example.com/things", page("https://evil.example.com/things"))]);
    assert_eq!(read(&linked, None, &script).await.unwrap_err().code, "address_forbidden");
    let script = Script::new(vec![("GET https://api.example.com/things", page("https://api.example.com/things"))]);
    assert_eq!(read(&linked, None, &script).await.unwrap_err().code, "cursor_loop");
}

#[tokio::test]
async fn the_next_run_asks_from_the_greatest_time_less_the_lookback() {
    let incremental = definition(r#","incremental":{"cursor":"$.at","lookback":"PT5M","inject":{"start":{"in":"query","name":"from","format":"%Y-%m-%d %H:%M:%S"}}}"#);
    let script = Script::new(vec![
        ("GET https://api.example.com/things", answer(200, r#"[{"id":1,"at":"2026-01-31T10:01:40+01:00"},{"id":2,"at":"2026-01-30T00:00:00Z"}]"#)),
        ("GET https://api.example.com/things?since=2026-01-31+08%3A56%3A40&from=2026-01-31+08%3A56%3A40", answer(200, "[]")),
        ("GET https://api.example.com/things?since=2026-01-31+08%3A56%3A40&from=2026-01-31+08%3A56%3A40", answer(200, "[]")),
    ]);
    let (_, cursor) = read(&incremental, None, &script).await.unwrap();
    let (_, cursor) = read(&incremental, Some(cursor), &script).await.unwrap();
    read(&incremental, Some(cursor), &script).await.unwrap();
    script.over();
}

#[tokio::test]
async fn a_time_in_the_future_does_not_carry_the_watermark_along() {
    let incremental = definition(r#","incremental":{"cursor":"$.at","lookback":"PT0S","inject":{"start":{"in":"query","name":"from","format":"%Y-%m-%d %H:%M:%S"}}}"#);
    for (at, asked) in [("2099-01-01T00:00:00Z", "2026-01-31+09%3A01%3A39"), ("2026-01-31T09:06:40Z", "2026-01-31+09%3A01%3A39"), ("2026-01-31T09:06:41Z", "2026-01-31+09%3A01%3A39")] {
        let (first, next) = (format!(r#"[{{"id":1,"at":"{at}"}},{{"id":2,"at":"2026-01-30T00:00:00Z"}}]"#), format!("GET https://api.example.com/things?since={asked}&from={asked}"));
        let script = Script::new(vec![("GET https://api.example.com/things", answer(200, &first)), (&next, answer(200, "[]"))]);
        let (_, cursor) = read(&incremental, None, &script).await.unwrap();
        read(&incremental, Some(cursor), &script).await.unwrap();
        script.over();
    }
    // Where the time is all there is to ask from, in the source's own words, one from the future is none.
    let script = Script::new(vec![
        ("GET https://api.example.com/things", answer(200, r#"[{"id":1,"at":"2099-01-01T00:00:00Z"},{"id":2,"at":"2026-01-30T00:00:00Z"}]"#)),
        ("GET https://api.example.com/things?since=2026-01-30T00%3A00%3A00Z", answer(200, "[]")),
    ]);
    let (_, cursor) = read(&definition(""), None, &script).await.unwrap();
    read(&definition(""), Some(cursor), &script).await.unwrap();
    script.over();
}

#[tokio::test]
async fn without_a_cursor_from_the_source_the_greatest_time_is_the_cursor() {
    let plain = definition("");
    let script = Script::new(vec![
        ("GET https://api.example.com/things", answer(200, r#"{"meta":{},"things":[{"id":1,"at":"2026-01-31T10:01:40+01:00"}]}"#)),
        ("GET https://api.example.com/things?since=2026-01-31T10%3A01%3A40%2B01%3A00", answer(200, "[]")),
    ]);
    let (_, cursor) = read(&plain, None, &script).await.unwrap();
    read(&plain, Some(cursor), &script).await.unwrap();
    script.over();
}

#[tokio::test]
async fn failures_of_reading_are_told_apart() {
    let looped = definition(r#","pagination":{"type":"cursor","field":"next"}"#);
    for (steps, code) in [
        (vec![answer(200, "<html>")], "destination_nonsense"),
        (vec![answer(200, r#"{"a":[],"b":[]}"#)], "definition_records"),
        (vec![answer(200, r#"{"items":7}"#)], "definition_records"),
        (vec![answer(200, r#"{"things":[{"id":1}],"next":"n"}"#), answer(200, r#"{"things":[{"id":1}],"next":"n"}"#)], "cursor_loop"),
        (vec![answer(401, "")], "needs_auth"),
        (vec![Err(ExchangeError::TooLarge)], "response_too_large"),
        (vec![Err(ExchangeError::Connect), Err(ExchangeError::Connect)], "connect_failed"),
    ] {
        let connects = steps.iter().all(Result::is_err);
        let lines = steps.into_iter().enumerate().map(|(index, step)| (if index == 0 || connects { "GET https://api.example.com/things" } else { "GET https://api.example.com/things?since=n" }, step));
        let script = Script::new(lines.collect());
        assert_eq!(read(&looped, None, &script).await.unwrap_err().code, code);
        script.over();
    }
    let script = Script::new(vec![("GET https://api.example.com/things", with(429, &[("retry-after", "2.5")], ""))]);
    let fault = read(&looped, None, &script).await.unwrap_err();
    assert_eq!((fault.code, fault.disposition), ("destination_rate_limited", Disposition::Retry { after: Some(std::time::Duration::from_millis(2500)) }));
}

#[tokio::test]
async fn a_listing_that_shows_no_more_begins_anew_behind_its_last_record_and_its_cursors_come_again() {
    let capped = definition(
        r#","records":{"path":"$.items"},"pagination":{"type":"cursor","from":"$.next","inject":{"cursor":{"in":"query","name":"after"}},"depth_cap":4},
        "incremental":{"cursor":"$.at","order":"asc","lookback":"PT0S","inject":{"start":{"in":"query","name":"from","format":"epoch_s"}}}"#,
    );
    let item = |id: i64| format!(r#"{{"id":{id},"at":"2026-01-31T08:00:0{id}Z"}}"#);
    let page = |ids: &[i64], next: &str| answer(200, &format!(r#"{{"items":[{}]{next}}}"#, ids.iter().map(|id| item(*id)).collect::<Vec<_>>().join(",")));
    let script = Script::new(vec![
        ("GET https://api.example.com/things", page(&[1, 2], r#","next":"a""#)),
        ("GET https://api.example.com/things?since=a&after=a", page(&[3, 4], r#","next":"b""#)),
        ("GET https://api.example.com/things?since=1769846404&from=1769846404", page(&[4, 5], r#","next":"a""#)),
        ("GET https://api.example.com/things?since=a&after=a&from=1769846404", page(&[6], "")),
    ]);
    assert_eq!(read(&capped, None, &script).await.unwrap().0, ["1 2", "3 4", "5", "6"]);
    script.over();
}

#[tokio::test]
async fn a_run_cut_short_goes_on_from_its_page_and_keeps_its_watermark() {
    let both = definition(r#","pagination":{"type":"page","inject":{"page":{"in":"query","name":"p"}}},"incremental":{"cursor":"$.at","lookback":"PT0S"}"#);
    let script = Script::new(vec![
        ("GET https://api.example.com/things?p=1", answer(200, r#"[{"id":1,"at":"2026-01-31T09:00:00Z"}]"#)),
        ("GET https://api.example.com/things?p=2", answer(200, r#"[{"id":2,"at":"2026-01-31T08:00:00Z"}]"#)),
        ("GET https://api.example.com/things?p=1", answer(200, r#"[{"id":1,"at":"2026-01-31T09:00:00Z"}]"#)),
        ("GET https://api.example.com/things?p=3", answer(200, "[]")),
        ("GET https://api.example.com/things?p=2", answer(200, r#"[{"id":2,"at":"2026-01-31T08:00:00Z"}]"#)),
        ("GET https://api.example.com/things?since=2026-01-31T08%3A59%3A59Z&p=1", answer(200, "[]")),
    ]);
    let source = running(&both).source.unwrap();
    let config = config(&[]);
    let first = source.page(call(&config, &script), "thing", None).await.unwrap();
    // A new process, which knows nothing but the cursor.
    let (pages, cursor) = read(&both, Some(first.cursor), &script).await.unwrap();
    assert_eq!(pages, ["2", "", "", ""]);
    read(&both, Some(cursor), &script).await.unwrap();
    script.over();
}

#[tokio::test]
async fn records_stand_below_the_name_a_connection_gives_and_nowhere_else() {
    let definition = crate::world::definition(r#""config":{"shelf":{"type":"string","optional":true}},"entities":{"thing":{"read":{"request":{"url":"/x"},"records":{"path":"$.data['{{ config.shelf }}'].rows"}}}}"#);
    let body = r#"{"data":{"a":{"rows":[{"id":1}]},"a'].rows":{"rows":[{"id":2},{"id":3}]},"*":{"rows":[]},"":{"rows":[{"id":4}]}}}"#;
    for (shelf, expected) in [("a", Ok(vec!["1"])), ("a'].rows", Ok(vec!["2", "3"])), ("*", Ok(vec![])), ("..", Err("definition_records")), ("b", Err("definition_records")), ("", Err("definition_records"))] {
        let world = crate::world::World::of(move |_| answer(200, body));
        let run = crate::world::Run { config: config(&[("shelf", shelf)]), ..crate::world::Run::new(&definition, "thing") };
        match run.read(&world, None).await {
            Ok((ids, _)) => assert_eq!(Ok(ids.iter().map(String::as_str).collect()), expected, "{shelf}"),
            Err(fault) => {
                assert_eq!(Err(fault.code), expected, "{shelf}");
                assert_eq!(fault.message, "the answer has nothing at `$.data['{{ config.shelf }}'].rows`");
            }
        }
    }
}
