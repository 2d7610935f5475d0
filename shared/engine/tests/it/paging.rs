//! Every way of paging, read to its end: exactly the records there are, once each and in order, by the same requests in one
//! process and in many.

use proptest::prelude::*;
use testkit::ApiOptions;

use crate::api::{BASE, Told, World, block, definition, polled, pulled, read, records};

/// A way of paging, and the listing of the simulator that pages so.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    /// What stands in `read`; `SIZE` is the size of a page, `MIS` how the simulator misbehaves, `STOP` what else `pagination` says.
    read: &'static str,
    /// The order of the records is not that of ids.
    by_change: bool,
}

const fn way(name: &'static str, read: &'static str) -> Way {
    Way { name, read, by_change: false }
}

pub(crate) const WAYS: [Way; 17] = [
    way("page", r#""request":{"url":"/page","params":{MIS}},"records":{"path":"$.data"},"pagination":{"type":"page","size":SIZE,"inject":{"page":{"in":"query","name":"page"},"size":{"in":"query","name":"per_page"}}STOP}"#),
    way("page in a template", r#""request":{"url":"/page","params":{"page":"{{ page }}","per_page":SIZE,MIS}},"records":{"path":"$.data"},"pagination":{"type":"page","size":SIZESTOP}"#),
    way("offset", r#""request":{"url":"/offset","params":{MIS}},"records":{"path":"$.data"},"pagination":{"type":"offset","size":SIZE,"inject":{"offset":{"in":"query","name":"offset"},"size":{"in":"query","name":"limit"}}STOP}"#),
    way("cursor in the query", r#""request":{"url":"/cursor","params":{MIS}},"pagination":{"type":"cursor","from":"$.paging.next","size":SIZE,"inject":{"cursor":{"in":"query","name":"after"},"size":{"in":"query","name":"limit"}}STOP}"#),
    way("cursor in a template", r#""request":{"url":"/cursor","params":{"after":"{{cursor}}","limit":SIZE,MIS}},"records":{"path":"$.items"},"pagination":{"type":"cursor","field":"paging.next","size":SIZESTOP}"#),
    way("cursor in the body", r#""request":{"method":"POST","url":"/cursor","params":{MIS},"body":{"page":{"note":"x"}}},"pagination":{"type":"cursor","from":"$.paging.next","more":"$.paging.has_more","size":SIZE,"inject":{"cursor":{"in":"body","pointer":"/page/after"},"size":{"in":"body","pointer":"/page/limit"}}STOP}"#),
    way("computed cursor", r#""request":{"url":"/offset","params":{MIS}},"records":{"path":"$.data"},"pagination":{"type":"cursor","from":"{{ response.offset + count if count > 0 else null }}","size":SIZE,"inject":{"cursor":{"in":"query","name":"offset"},"size":{"in":"query","name":"limit"}}STOP}"#),
    way("graphql", r#""request":{"url":"/graphql","params":{MIS},"graphql":{"query":"query($first:Int,$after:String){things(first:$first,after:$after){nodes{id}}}","variables":{"first":SIZE}}},"records":{"path":"$.data.things.nodes"},"pagination":{"type":"cursor","from":"$.data.things.pageInfo.endCursor","more":"$.data.things.pageInfo.hasNextPage","size":SIZE,"inject":{"in":"body","pointer":"/variables/after"}STOP}"#),
    way("next_url", r#""request":{"url":"/next-url","params":{MIS}},"records":{"path":"$.data"},"pagination":{"type":"next_url","from":"$.next","size":SIZE,"inject":{"size":{"in":"query","name":"limit"}}STOP}"#),
    way("relative next_url", r#""request":{"url":"/next-url","params":{"relative":1,"limit":SIZE,MIS}},"records":{"path":"$.data"},"pagination":{"type":"next_url","from":"$.next","keep_params":true,"size":SIZESTOP}"#),
    way("link_header", r#""request":{"url":"/link","params":{MIS}},"pagination":{"type":"link_header","size":SIZE,"inject":{"size":{"in":"query","name":"limit"}}STOP}"#),
    way("last_record", r#""request":{"url":"/since","params":{MIS}},"pagination":{"type":"last_record","from":"$.id","size":SIZE,"inject":{"cursor":{"in":"query","name":"since_id"},"size":{"in":"query","name":"limit"}}STOP}"#),
    Way { by_change: true, ..way("keyset", r#""request":{"url":"/keyset","params":{MIS}},"pagination":{"type":"keyset","size":SIZE,"keys":[{"from":"$.updated_at","inject":{"in":"query","name":"after_updated"}},{"from":"$.id","inject":{"in":"query","name":"after_id"}}],"inject":{"size":{"in":"query","name":"limit"}}STOP}"#) },
    way("scroll", r#""request":{"method":"POST","url":"/scroll/next","params":{MIS}},"records":{"path":"$.hits"},"pagination":{"type":"scroll","size":SIZE,"from":"$.id","open":{"method":"POST","url":"/scroll/open","params":{"limit":SIZE,MIS}},"close":{"method":"DELETE","url":"/scroll/{{cursor}}"},"inject":{"cursor":{"in":"body","pointer":"/id"}}STOP}"#),
    way("vars", r#""request":{"url":"/session","params":{"limit":SIZE,MIS}},"records":{"path":"$.data"},"pagination":{"type":"vars","size":SIZE,"init":{"page":1},"next":{"page":"{{ vars.page + 1 }}","session":"{{ response.session }}"},"inject":{"page":{"in":"query","name":"page"},"session":{"in":"query","name":"session"}}STOP}"#),
    way("a search that shows a hundred", r#""request":{"url":"/search","params":{"q":"id>{{ int(window.start) - 1 }}",MIS}},"records":{"path":"$.hits"},"incremental":{"cursor":"$.id","type":"integer","order":"asc"},"pagination":{"type":"offset","size":SIZE,"depth_cap":100,"inject":{"offset":{"in":"query","name":"offset"},"size":{"in":"query","name":"limit"}}STOP}"#),
    Way { by_change: true, ..way("changes that show ten", r#""request":{"url":"/changes","params":{MIS}},"records":{"path":"$.data"},"incremental":{"cursor":"$.updated_at","order":"asc","lookback":"PT0S","inject":{"start":{"in":"query","name":"updated_from"}}},"pagination":{"type":"page","size":SIZE,"depth_cap":10,"inject":{"page":{"in":"query","name":"page"},"size":{"in":"query","name":"per_page"}}STOP}"#) },
];

pub(crate) fn named(name: &str) -> &'static Way {
    WAYS.iter().find(|way| way.name == name).unwrap()
}

pub(crate) fn defined(way: &Way, size: i64, misbehave: &str, stop: &str) -> String {
    let misbehave = if misbehave.is_empty() { r#""x":"y""#.to_owned() } else { format!(r#""misbehave":"{misbehave}""#) };
    definition(&way.read.replace("STOP", stop).replace("SIZE", &size.to_string()).replace("MIS", &misbehave), "")
}

/// The ids in the order a way gives them.
pub(crate) fn expected(way: &Way, number: i64) -> Vec<i64> {
    let mut ids: Vec<i64> = (1..=number).collect();
    if way.by_change {
        let records = testkit::Api::new(ApiOptions { records: number, ..ApiOptions::default() }).records();
        ids.sort_by_key(|id| (records[usize::try_from(*id).unwrap() - 1].get("updated_at").unwrap().plain().unwrap(), *id));
    }
    ids
}

#[test]
fn every_way_reads_every_record_once_and_in_order() {
    for way in &WAYS {
        for (size, number) in [(1, 0), (1, 1), (1, 3), (7, 0), (7, 1), (7, 6), (7, 7), (7, 8), (7, 14), (7, 250), (3, 30), (100, 0), (100, 1), (100, 99), (100, 100), (100, 250), (50, 250)] {
            let (told, world) = read(&defined(way, size, "", ""), || World::api(records(number)));
            assert_eq!((told.fault.as_ref(), told.ids()), (None, expected(way, number)), "{} by {size} of {number}", way.name);
            assert_eq!(world.open_scrolls(), [], "{} by {size} of {number}", way.name);
            assert!(world.statuses().iter().all(|status| matches!(status, 200 | 204)), "{} by {size} of {number}: {:?}", way.name, world.statuses());
        }
    }
}

#[test]
fn the_guides_form_reads_on_by_the_cursor_of_the_source_alone() {
    let guide = r#"{"metadata":{"slug":"sim","type":"source"},"config":{"base_url":{"type":"url"}},"base_url":"{{config.base_url}}",
        "endpoints":{"poll":{"method":"GET","url":"/cursor","params":{"after":"{{cursor}}","limit":7},"pagination":{"type":"cursor","field":"paging.next"}}},
        "eventMapping":{"externalId":"$.id","eventType":"thing.updated","occurredAt":"$.updated_at","payload":"$"}}"#;
    let world = World::api(records(15));
    let told = block(polled(guide, &world, None));
    assert_eq!((told.fault.as_ref(), told.ids()), (None, (1..=15).collect()));
    // The next run begins with the last cursor the source named.
    let again = block(polled(guide, &world, Some(&told.cursor)));
    assert_eq!(again.ids(), [15]);
    let lines: Vec<String> = world.sent().iter().map(|sent| sent.lines().next().unwrap().replace(BASE, "")).collect();
    assert_eq!(lines, ["GET /cursor?limit=7", "GET /cursor?after=YXQgNw&limit=7", "GET /cursor?after=YXQgMTQ&limit=7", "GET /cursor?after=YXQgMTQ&limit=7"]);
}

#[test]
fn every_rule_stops_after_the_last_page_and_not_before() {
    // Which rule, for which way, and how many requests read 0, 13, 14 and 15 records by 7.
    for (way, stop, requests) in [
        ("page", "", [1, 3, 3, 4]),
        ("page", r#","stop":{"when":["short"]}"#, [1, 2, 3, 3]),
        ("page", r#","stop":{"total":"$.total"}"#, [1, 2, 2, 3]),
        ("page", r#","stop":{"pages":"$.pages"}"#, [1, 2, 2, 3]),
        ("page", r#","stop":{"until":"{{ page >= response.pages }}"}"#, [1, 2, 2, 3]),
        ("page", r#","stop":{"until":"{{ count < 7 }}"}"#, [1, 2, 3, 3]),
        ("offset", "", [1, 3, 3, 4]),
        ("offset", r#","stop":{"when":["short"]}"#, [1, 2, 3, 3]),
        ("offset", r#","stop":{"total":"$.total"}"#, [1, 2, 2, 3]),
        ("offset", r#","stop":{"until":"{{ offset + count >= response.total }}"}"#, [1, 2, 2, 3]),
        ("cursor in the query", "", [1, 2, 2, 3]),
        ("cursor in the query", r#","stop":{"more":"$.paging.has_more"}"#, [1, 2, 2, 3]),
        ("cursor in the query", r#","stop":{"when":["short"]}"#, [1, 2, 2, 3]),
        ("graphql", "", [1, 2, 2, 3]),
        ("next_url", r#","stop":{"when":["missing"]}"#, [1, 2, 2, 3]),
        ("link_header", "", [1, 2, 2, 3]),
        ("last_record", "", [1, 3, 3, 4]),
        ("last_record", r#","stop":{"until":"{{ last.id == 15 }}"}"#, [1, 3, 3, 3]),
        ("last_record", r#","stop":{"when":["short"]}"#, [1, 2, 3, 3]),
        ("scroll", "", [2, 4, 4, 5]),
        ("scroll", r#","stop":{"total":"$.total"}"#, [2, 3, 3, 4]),
        ("vars", "", [1, 3, 3, 4]),
        ("vars", r#","stop":{"pages":"$.pages"}"#, [1, 2, 2, 3]),
        ("vars", r#","stop":{"until":"{{ vars.page >= response.pages }}"}"#, [1, 2, 2, 3]),
    ] {
        for (number, requests) in [0, 13, 14, 15].into_iter().zip(requests) {
            let (told, world) = read(&defined(named(way), 7, "", stop), || World::api(records(number)));
            assert_eq!((told.fault.as_ref(), told.ids(), world.sent().len()), (None, (1..=number).collect(), requests), "{way} {stop} {number}");
            assert_eq!(world.open_scrolls(), [], "{way} {stop} {number}");
        }
    }
}

#[test]
fn an_address_keeps_the_parameters_it_was_asked_with_where_the_definition_says_so() {
    for (keep, line) in [(true, "GET /x?at=2&key=s3cret-key&n=1"), (false, "GET /x?at=2")] {
        let read = format!(r#""request":{{"url":"/x","params":{{"key":"{{{{config.key}}}}","n":1,"at":1}}}},"records":{{"path":"$.data"}},"pagination":{{"type":"next_url","from":"$.links.next","keep_params":{keep}}}"#);
        let (told, world) = crate::api::read(&definition(&read, ""), || World::of(|request| {
            let first = request.url.query().unwrap_or_default().contains("at=1");
            crate::script::answer(200, if first { r#"{"data":[{"id":1}],"links":{"next":"?at=2"}}"# } else { r#"{"data":[{"id":2}],"links":{}}"# })
        }));
        assert_eq!((told.ids(), world.sent()[1].lines().next().unwrap()), (vec![1, 2], line.replace("/x", &format!("{BASE}/x")).as_str()));
    }
}

#[test]
fn a_cursor_of_any_form_is_handed_back_as_it_came() {
    let paged = r#""request":{"method":"POST","url":"/x","body":{}},"records":{"path":"$.data"},"pagination":{"type":"cursor","from":"$.next","inject":{"in":"body","pointer":"/after"}}"#;
    for (cursor, body) in [
        (r#""b""#, Some(r#"{"after":"b"}"#)), ("7", Some(r#"{"after":7}"#)), ("12345678901234567890.50", Some(r#"{"after":12345678901234567890.50}"#)), (r#"{"id":{"S":"b"}}"#, Some(r#"{"after":{"id":{"S":"b"}}}"#)),
        (r#"["b",2]"#, Some(r#"{"after":["b",2]}"#)), ("null", None), ("false", None), (r#""""#, None), ("{}", None), ("[]", None),
    ] {
        let first = format!(r#"{{"data":[{{"id":1}}],"next":{cursor}}}"#);
        let (told, world) = read(&definition(paged, ""), || {
            let first = first.clone();
            World::of(move |request| crate::script::answer(200, if request.body.as_deref() == Some(b"{}") { &first } else { r#"{"data":[{"id":2}]}"# }))
        });
        assert_eq!((told.code(), world.sent().get(1).and_then(|sent| sent.lines().last())), (("", ""), body), "{cursor}");
    }
}

#[test]
fn a_scroll_is_closed_by_the_id_it_had_last() {
    let scroll = r#""request":{"method":"POST","url":"/next","body":{}},"records":{"path":"$.hits"},"pagination":{"type":"scroll","from":"$.id","open":{"method":"POST","url":"/open"},"close":{"method":"DELETE","url":"/close/{{cursor}}"},"size":2,"inject":{"cursor":{"in":"body","pointer":"/id"},"size":{"in":"query","name":"limit"}}}"#;
    for (answers, lines) in [
        (vec![r#"{"id":"a","hits":[]}"#], "POST /open?limit=2, DELETE /close/a"),
        (vec![r#"{"id":"a","hits":[{"id":1}]}"#, r#"{"id":"b","hits":[{"id":2}]}"#, r#"{"id":"c","hits":[]}"#], "POST /open?limit=2, POST /next?limit=2{\"id\":\"a\"}, POST /next?limit=2{\"id\":\"b\"}, DELETE /close/c"),
        (vec![r#"{"id":"a","hits":[{"id":1}]}"#, r#"{"hits":[]}"#], "POST /open?limit=2, POST /next?limit=2{\"id\":\"a\"}, DELETE /close/a"),
        (vec![r#"{"hits":[]}"#], "POST /open?limit=2"),
    ] {
        let (told, world) = read(&definition(scroll, ""), || {
            let mut answers: Vec<_> = answers.clone().into_iter().rev().collect();
            World::of(move |request| if request.url.path().starts_with("/close") { crate::script::answer(404, "") } else { crate::script::answer(200, answers.pop().unwrap()) })
        });
        let said: Vec<String> = world.sent().iter().map(|sent| format!("{}{}", sent.lines().next().unwrap().replace(BASE, ""), sent.lines().last().unwrap_or_default())).collect();
        assert_eq!((told.code(), said.iter().map(|said| said.replace("accept: application/json", "")).collect::<Vec<_>>().join(", ").as_str()), (("", ""), lines));
    }
}

#[test]
fn parents_are_read_beyond_what_a_listing_shows() {
    for (listing, number) in [(named("a search that shows a hundred"), 230), (named("changes that show ten"), 40)] {
        let all = listing.read.replace("STOP", "").replace("SIZE", if number == 230 { "50" } else { "3" }).replace("MIS", r#""x":"y""#);
        let read = r#""fan_out":{"as":"one","from":{"entity":"all","value":"$.id"}},"request":{"url":"/things/{{ parent.one.value }}"},"records":{"path":"$"}"#;
        let fanned = definition(read, "").replace(r#""entities":{"#, &format!(r#""entities":{{"all":{{"read":{{{all}}}}},"#));
        let world = World::api(records(number));
        let told = block(pulled(&fanned, &world, None));
        assert_eq!((told.code(), told.ids()), (("", ""), expected(listing, number)));
    }
}

#[test]
fn filters_and_additions_see_what_the_page_was_asked_with() {
    for (way, add, value) in [
        ("page", "{{ page }}", "1 1 2"), ("offset", "{{ offset }}", "0 0 2"), ("cursor in the query", "{{ cursor ?? 'none' }}", "none none YXQgMg"), ("vars", "{{ vars.page }}", "1 1 2"),
        ("a search that shows a hundred", "{{ window.start ?? 'none' }}", "none none none"),
    ] {
        let read = named(way).read.replace("STOP", "").replace("SIZE", "2").replace("MIS", r#""x":"y""#);
        let shaped = if read.contains(r#""records":{"#) { read.replacen(r#""records":{"#, &format!(r#""records":{{"add":{{"id":"{add}"}},"#), 1) } else { format!(r#"{read},"records":{{"add":{{"id":"{add}"}}}}"#) };
        let (told, _) = crate::api::read(&definition(&shaped, ""), || World::api(records(3)));
        assert_eq!((told.code(), told.pages.concat().join(" ").as_str()), (("", ""), value), "{way}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_stops_anywhere_and_goes_on_elsewhere_reads_the_rest(number in 0_i64..120, size in 1_i64..41, way in 0..WAYS.len(), stop in 0_usize..20) {
        let way = &WAYS[way];
        let defined = defined(way, size, "", "");
        let world = World::api(records(number));
        let whole = block(pulled(&defined, &world, None));
        prop_assert_eq!((whole.fault.as_ref(), whole.ids()), (None, expected(way, number)));
        // A page at a time up to some page, then to the end in one go.
        let world = World::api(records(number));
        let begun = block(begun(&defined, &world, stop));
        let rest = match begun.cursor.as_str() {
            "" => Told::default(),
            cursor => block(pulled(&defined, &world, Some(cursor))),
        };
        let told: Vec<i64> = begun.ids().into_iter().chain(rest.ids()).collect();
        if way.name == "scroll" && rest.ids().len() == whole.ids().len() {
            // Nobody goes on where another process stopped: the listing is opened anew.
            prop_assert!(told.starts_with(&begun.ids()) && told.ends_with(&whole.ids()));
            return Ok(());
        }
        prop_assert_eq!(told, whole.ids());
        prop_assert_eq!(world.open_scrolls(), []);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn no_cursor_whatever_stands_in_it_ends_the_process(way in 0..WAYS.len(), pages in 0_usize..4, at in 0_usize..40, instead in prop::sample::select(vec!["9223372036854775807", "-9223372036854775808", "-1", "0", "null", "\"x\"", "[]", "{}", "1e400", "0.5"])) {
        let defined = defined(&WAYS[way], 7, "", "");
        let world = World::api(records(40));
        let cursor = block(begun(&defined, &world, pages)).cursor;
        // One number in it becomes something else.
        let numbers: Vec<(usize, usize)> = cursor.match_indices(|char: char| char.is_ascii_digit()).map(|(at, _)| at).filter(|at| !cursor[..*at].ends_with(|char: char| char.is_ascii_digit() || char == '-')).map(|at| {
            (at, at + cursor[at..].find(|char: char| !char.is_ascii_digit()).unwrap_or(0))
        }).collect();
        prop_assume!(!numbers.is_empty());
        let (from, to) = numbers[at % numbers.len()];
        let forged = format!("{}{instead}{}", &cursor[..from], &cursor[to..]);
        for text in [forged.as_str(), instead] {
            let (source, config) = (crate::script::running(&defined).source.unwrap(), crate::api::config());
            let _either = block(source.page(crate::api::call(&config, &world), "thing", Some(text)));
        }
    }
}

/// The first pages, each by a process of its own; without a cursor where they were all.
async fn begun(definition: &str, world: &World, pages: usize) -> Told {
    let (config, mut told) = (crate::api::config(), Told::default());
    for _ in 0..=pages {
        let source = crate::script::running(definition).source.unwrap();
        let cursor = std::mem::take(&mut told.cursor);
        let page = source.page(crate::api::call(&config, world), "thing", Some(cursor.as_str()).filter(|cursor| !cursor.is_empty())).await.unwrap();
        told.pages.push(page.changes.iter().map(|change| change.external_id.clone()).collect());
        if page.done {
            return told;
        }
        told.cursor = page.cursor;
    }
    told
}
