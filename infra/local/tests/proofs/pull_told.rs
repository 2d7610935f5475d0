//! What a pull tells beside its records: when to come back, and what looks as if records were lost.

use testkit::faults::{Fault, Rule};

use crate::{mapping::run, pull::{DEFINITION, Desk}};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_asked_to_come_back_later_than_anybody_waits_is_told_when_and_how_to_go_on() {
    let desk = Desk::new().await;
    let (path, later) = ("/auth/header/cursor", |status| Fault::Status { status, retry_after: Some("3600".to_owned()), executes: false });
    let declared = DEFINITION.replacen("\"entities\"", r#""rate_limiting": { "requests_per_second": 1000 }, "entities""#, 1);
    for (definition, status, first, words, onward, remedy) in [
        (DEFINITION, 429, 1, &[][..], "go on with the `--cursor` that is told above", "declare `rate_limiting` in the definition, as the other system documents it: then requests wait for their turn"),
        (&declared, 429, 0, &[], "the same command begins where this one did", "lower what `rate_limiting` allows in the definition"),
        (DEFINITION, 503, 1, &["--cursor-file", "at"], "the same command goes on where at says", "nothing to change unless it lasts"),
        (DEFINITION, 429, 0, &["--cursor-file", "none"], "the same command begins where this one did", "declare `rate_limiting`"),
    ] {
        desk.write("depot.json", definition);
        desk.api.faults().push(Rule::once("GET", path, later(status)).after(first));
        let (code, _, told) = desk.pull(&[&["--entity", "thing"], words].concat());
        let (_, said) = told.split_once(&format!("pullpush: the other system answered {status} (destination_")).unwrap_or_else(|| panic!("{told}"));
        let (_, said) = said.split_once(")\n    come back at ").unwrap_or_else(|| panic!("{told}"));
        let (at, said) = said.split_once(" or later, in 3600 s: ").unwrap_or_else(|| panic!("{told}"));
        let (now, at) = (jiff::Timestamp::now(), at.parse::<jiff::Timestamp>().unwrap());
        assert!(at > now && at.as_second() - now.as_second() <= 3601, "{told}");
        assert!(code == 1 && said.starts_with(&format!("{onward}\n    {remedy}")), "{onward}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_page_that_looks_capped_and_is_taken_for_the_last_is_told_of() {
    let desk = Desk::new().await;
    let note = |most: &str, asked: &str| format!("the first page held {most} records where {asked} were asked for, and `stop` takes that for the end; if the system gives at most {most} a page, write \"size\": {most}\n");
    for (given, pagination, printed, told) in [
        ("50", r#""stop": { "when": ["short"], "size": 100 }"#, 50, Some(note("50", "100"))), ("50", r#""stop": { "when": ["short"], "size": 50 }"#, 250, None), ("7", r#""stop": { "when": ["short"], "size": 100 }"#, 7, None),
        ("50", r#""max_pages": 9"#, 250, None),
        // What is left out of a page was on it.
        ("50", r#""stop": { "when": ["short"], "size": 100 } }, "records": { "path": "$.data", "filter": "{{ record.id > 45 }}""#, 5, Some(note("50", "100"))),
    ] {
        let pagination = if pagination.contains("records") { pagination.to_owned() } else { format!(r#"{pagination} }}, "records": {{ "path": "$.data""#) };
        let entity = format!(r#"{{"page":{{"read":{{"request":{{"url":"/page","params":{{"per_page":{given}}}}},"pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}},{pagination}}}}}}}}}"#);
        let (before, rest) = DEFINITION.split_once("\"entities\": ").unwrap();
        assert!(rest.contains("eventMapping"));
        desk.write("page.json", &format!("{before}\"entities\": {entity}}}"));
        let (code, out, said) = run(desk.path(), &["pull", "--definition", "page.json", "--config", "config.json"], "");
        assert_eq!((code, out.lines().count()), (0, printed), "{pagination}: {said}");
        assert_eq!(said.split_once(" s\n").map(|(_, rest)| rest.to_owned()), Some(told.unwrap_or_default()), "{pagination}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_next_page_that_the_definition_does_not_read_is_told_of() {
    let desk = Desk::new().await;
    for (pagination, records, told) in [("", 100, true), (r#", "pagination": { "type": "link_header" }"#, 250, false), (r#", "pagination": { "type": "link_header", "rel": "nxt" }"#, 100, true)] {
        let entity = format!(r#"{{"thing":{{"read":{{"request":{{"url":"/link","params":{{"limit":100}}}}{pagination}}}}}}}"#);
        let (before, _) = DEFINITION.split_once("\"entities\": ").unwrap();
        desk.write("link.json", &format!("{before}\"entities\": {entity}, \"eventMapping\": {{ \"externalId\": \"$.id\", \"eventType\": \"thing.updated\" }} }}"));
        let (code, out, said) = run(desk.path(), &["pull", "--definition", "link.json", "--config", "config.json"], "");
        assert_eq!((code, out.lines().count()), (0, records), "{said}");
        assert_eq!(said.contains("an answer names a next page, or more records than it shows, that the definition does not read: it has no `pagination`, or that looks where nothing stands; what is behind is missing\n"), told, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_ends_before_its_total_is_told_of() {
    let desk = Desk::new().await;
    for (misbehave, records, told) in [("", 250, ""), ("short_last", 249, "1 record fewer came than the source told of by its `total`: either it counts what it does not show, or they are missing\n")] {
        let entity = format!(r#"{{"thing":{{"read":{{"request":{{"url":"/offset","params":{{"limit":100,"misbehave":"{misbehave}"}}}},"records":{{"path":"$.data"}},"pagination":{{"type":"offset","inject":{{"offset":{{"in":"query","name":"offset"}}}},"stop":{{"when":["empty"],"total":"$.total"}}}}}}}}}}"#);
        let (before, _) = DEFINITION.split_once("\"entities\": ").unwrap();
        desk.write("offset.json", &format!("{before}\"entities\": {entity}, \"eventMapping\": {{ \"externalId\": \"$.id\", \"eventType\": \"thing.updated\" }} }}"));
        let (code, out, said) = run(desk.path(), &["pull", "--definition", "offset.json", "--config", "config.json"], "");
        assert_eq!((code, out.lines().count()), (0, records), "{said}");
        assert_eq!(said.split_once(" s\n").map(|(_, rest)| rest), Some(told), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_the_filter_leaves_out_are_counted_so_that_a_misspelt_field_is_seen() {
    let desk = Desk::new().await;
    for (filter, printed, told) in [
        ("record.idd > 0", 0, "thing: 0 records on 3 pages, 250 left out by the filter in "), ("record.id > 240", 10, "thing: 10 records on 3 pages, 240 left out by the filter in "), ("record.id > 0", 250, "thing: 250 records on 3 pages in "),
    ] {
        desk.write("depot.json", &DEFINITION.replacen(r#""path": "$.items","#, &format!(r#""path": "$.items", "filter": "{{{{ {filter} }}}}","#), 1));
        let (code, out, said) = desk.pull(&["--entity", "thing"]);
        assert!(code == 0 && out.lines().count() == printed && said.contains(told), "{filter}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_a_lookup_leaves_out_are_counted() {
    let desk = Desk::new().await;
    let (_, all, _) = desk.pull(&["--entity", "thing"]);
    let has = all.lines().filter(|line| document::parse_str(line).unwrap().get("qty").is_some_and(|qty| *qty != document::Value::Null)).count();
    assert!(has > 100 && has < 250, "{has}");
    let mut definition = DEFINITION.replacen(r#""records": {"#, r#""lookup": { "table": "qty", "key": "$.id", "to": "found" }, "records": {"#, 1);
    let other = r#""other": { "read": { "request": { "url": "/cursor", "params": { "limit": 100 } }, "records": { "path": "$.items" }, "pagination": { "type": "cursor", "from": "$.paging.next", "more": "$.paging.has_more", "inject": { "in": "query", "name": "after" } } } },"#;
    definition = definition.replacen(r#""entities": {"#, &format!(r#""entities": {{ {other}"#), 1);
    for (value, on_miss, printed, told) in [
        ("$.qty", "skip", has, format!("thing: {has} records on 3 pages, {} left out by a lookup in ", 250 - has)), ("$.qty", "absent", 250, "thing: 250 records on 3 pages in ".to_owned()), ("$.qtty", "skip", 0, "thing: 0 records on 3 pages, 250 left out by a lookup in ".to_owned()),
    ] {
        let table = format!(r#""lookup": {{ "qty": {{ "entity": "other", "match": "$.id", "value": "{value}", "on_miss": "{on_miss}" }} }}, "entities": {{"#);
        desk.write("depot.json", &definition.replacen(r#""entities": {"#, &table, 1));
        let (code, out, said) = desk.pull(&["--entity", "thing"]);
        assert!(code == 0 && out.lines().count() == printed && said.contains(&told), "{value} {on_miss}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_cannot_be_read_is_told_of_once_with_how_to_say_what_it_is() {
    let desk = Desk::new().await;
    for (added, events, told) in [
        ("{{ record.updated_at }}", "", ""), ("20.11.2026 10:00", r#", "formats": ["%d.%m.%Y %H:%M"], "zone": "Europe/Stockholm""#, ""), ("", "", ""),
        ("20.11.2026 10:00", "", "`20.11.2026 10:00`, so they are told without a time\n    say how it is written in `formats` of `eventMapping`, and in its `zone` where it names none\n"),
        ("Sat, 31 Jan 2026 12:00:00 GMT", "", "`Sat, 31 Jan 2026 12:00:00 GMT`, so they are told without a time\n    write \"formats\": [\"rfc2822\"] in `eventMapping`, and its `zone` where it names none\n"),
    ] {
        let definition = DEFINITION.replacen(r#""path": "$.items","#, &format!(r#""path": "$.items", "add": {{ "said": "{added}" }}, "filter": "{{{{ record.qty != null }}}}","#), 1);
        desk.write("depot.json", &definition.replacen(r#""occurredAt": "$.updated_at""#, &format!(r#""occurredAt": "$.said"{events}"#), 1));
        let (code, out, said) = desk.pull(&["--entity", "thing", "--canonical"]);
        let (printed, note) = (out.lines().count(), said.split_once(" s\n").map(|(_, rest)| rest.to_owned()));
        let expected = if told.is_empty() { String::new() } else { format!("what stands at `occurredAt` of {printed} records, which is `$.said`, cannot be read, such as {told}") };
        assert!(code == 0 && printed > 100 && out.contains("occurredAt") == (told.is_empty() && !added.is_empty()), "{added}: {said}");
        assert_eq!(note, Some(expected), "{added}");
        let (_, _, said) = desk.pull(&["--entity", "thing"]);
        assert!(!said.contains("occurredAt"), "{added}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_on_where_the_source_knows_nothing_any_more_is_told_how_to_begin_anew() {
    let desk = Desk::new().await;
    let read = "\n    read what it answered, as far as it is told above, and correct the definition or the values of `--config`";
    let anew = format!("{read}\n    where the source knows the place no more that this run went on from: ");
    for (words, first, said) in [
        (&[][..], 0, format!("{read}\n")), (&["--cursor", "YXQgMTAw"], 0, format!("{anew}leave out `--cursor` to begin anew, or give it the time to begin at\n")), (&["--cursor", "YXQgMTAw"], 1, format!("{read}\n")),
        (&["--cursor-file", "none"], 0, format!("{read}\n")), (&["--cursor-file", "at"], 0, format!("{anew}remove at to begin anew, or write the time to begin at into it\n")),
    ] {
        desk.write("at", "YXQgMTAw\n");
        desk.api.faults().push(Rule::once("GET", "/auth/header/cursor", Fault::status(404)).after(first));
        let (code, _, told) = desk.pull(&[&["--entity", "thing"], words].concat());
        desk.api.faults().clear();
        assert!(code == 1 && told.ends_with(&format!("(destination_rejected){said}")), "{words:?} {first}: {told}");
    }
}
