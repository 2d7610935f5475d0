//! Records that stand inside others: what pages are asked for by is what the source lists, whatever is unfolded out of it.

use engine::Request;

use crate::{api::{World, definition, read}, script::answer};

/// Orders two a page with lines inside; those at some places have none.
fn orders(bare: &'static [i64]) -> impl Fn() -> World {
    move || World::of(move |request: &Request| {
        let given = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse::<i64>().unwrap()));
        let first = given("after").or(given("page").map(|page| (page - 1) * 2)).unwrap_or(0) + 1;
        let order = |number: i64| {
            let lines = if bare.contains(&number) { String::new() } else { format!(r#"{{"id":{}}},{{"id":{}}}"#, number * 10, number * 10 + 1) };
            format!(r#"{{"id":{number},"at":{number},"lines":[{lines}]}}"#)
        };
        let shown: Vec<_> = (first..first + 2).filter(|number| *number <= 8).map(order).collect();
        answer(200, &format!(r#"{{"data":[{}],"more":{}}}"#, shown.join(","), first + 2 <= 8))
    })
}

const LINES: &str = r#""request":{"url":"/orders"},"records":{"path":"$.data","expand":"$.lines","keep":{"order":"$.id"}},"pagination":"#;
const AFTER: &str = r#""inject":{"cursor":{"in":"query","name":"after"}}"#;

#[test]
fn the_next_page_is_asked_for_behind_what_the_source_lists() {
    for pagination in [
        format!(r#"{{"type":"last_record","from":"$.id",{AFTER}}}"#), format!(r#"{{"type":"last_record","from":"$.id",{AFTER},"stop":{{"when":["more"],"more":"$.more"}}}}"#),
        r#"{"type":"keyset","keys":[{"from":"$.at","inject":{"in":"query","name":"at"}},{"from":"$.id","inject":{"in":"query","name":"after"}}]}"#.to_owned(),
        format!(r#"{{"type":"cursor","from":"{{{{ last.id }}}}",{AFTER}}}"#), r#"{"type":"vars","init":{"after":0},"next":{"after":"{{ last.id }}"},"inject":{"after":{"in":"query","name":"after"}}}"#.to_owned(),
        r#"{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"until":"{{ last.id == 8 }}"}}"#.to_owned(), r#"{"type":"page","inject":{"page":{"in":"query","name":"page"}}}"#.to_owned(),
    ] {
        // Pages without lines stand first, amid the listing one behind the other, and last.
        for bare in [&[][..], &[1, 2], &[3, 4], &[3, 4, 5, 6], &[2, 4, 7, 8]] {
            let (told, _) = read(&definition(&format!("{LINES}{pagination}"), ""), orders(bare));
            let expected: Vec<i64> = (1..=8).filter(|number| !bare.contains(number)).flat_map(|number| [number * 10, number * 10 + 1]).collect();
            assert_eq!((told.code(), told.ids()), (("", ""), expected), "{pagination} {bare:?}");
        }
    }
}

#[test]
fn a_last_record_without_what_the_next_page_begins_behind_ends_no_listing() {
    let by = |from: &str, stop: &str| definition(&format!(r#"{LINES}{{"type":"last_record","from":"{from}",{AFTER}{stop}}}"#), "");
    for (from, stop, code) in [
        ("$.order", "", "definition_records"), ("$.oid", "", "definition_records"), ("$.oid", r#","stop":{"when":["more"],"more":"$.more"}"#, "definition_records"),
        // The rule says that the first page is the last.
        ("$.oid", r#","stop":{"until":"{{ last.id == 2 }}"}"#, ""),
    ] {
        let (told, world) = read(&by(from, stop), orders(&[]));
        assert_eq!((told.code().0, world.sent().len()), (code, 1), "{from} {stop}");
    }
}

#[test]
fn an_empty_page_behind_which_there_is_more_says_nothing_to_go_on_from() {
    let more = definition(&format!(r#"{LINES}{{"type":"last_record","from":"$.id",{AFTER},"stop":{{"when":["more"],"more":"$.more"}}}}"#), "");
    let (told, _) = read(&more, || World::of(|_| answer(200, r#"{"data":[],"more":true}"#)));
    assert_eq!(told.code(), ("destination_nonsense", "the source says that there is more, and names no next page"));
}

#[test]
fn what_repeats_itself_is_found_by_what_the_source_lists() {
    let numbered = definition(&format!(r#"{LINES}{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}}}}"#), "");
    let (told, _) = read(&numbered, || World::of(|_| answer(200, r#"{"data":[{"id":1,"lines":[]}]}"#)));
    assert_eq!(told.code(), ("cursor_loop", "page 2 holds what page 1 does: the listing repeats itself"));
}
