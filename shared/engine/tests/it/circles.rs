//! Sources that go wrong while they are read: what is short loses nothing, and what goes in circles is told by its pages.

use engine::Request;
use proptest::prelude::*;

use crate::{api::{World, block, definition, polled, pulled, read, records}, paging::{WAYS, defined, expected, named}, script::answer};

/// What the guard says of a listing.
#[track_caller]
fn stopped(way: &str, misbehave: &str, stop: &str) -> (String, usize, usize) {
    let (told, world) = read(&defined(named(way), 20, misbehave, stop), || World::api(records(250)));
    let (code, message) = told.code();
    assert!(code.is_empty() || code == "cursor_loop", "{way} {misbehave}: {code} {message}");
    (message.to_owned(), told.ids().len(), world.sent().len())
}

#[test]
fn a_page_that_lacks_a_record_ends_no_listing() {
    for way in &WAYS {
        for (misbehave, lacking) in [("short_last", 250), ("short_middle", 40)] {
            let (told, _) = read(&defined(way, 20, misbehave, ""), || World::api(records(250)));
            // Those that ask behind what they got miss nothing but what is at the very end.
            let behind = matches!(way.name, "offset" | "computed cursor" | "last_record" | "keyset") || way.name.starts_with("a search");
            let lost = if misbehave == "short_last" { *expected(way, 250).last().unwrap() } else { lacking };
            let left: Vec<i64> = expected(way, 250).into_iter().filter(|id| *id != lost || (behind && misbehave == "short_middle")).collect();
            if !way.name.starts_with("changes") {
                assert_eq!((told.code(), told.ids()), (("", ""), left), "{} {misbehave}", way.name);
            }
        }
    }
}

#[test]
fn a_total_that_is_never_reached_ends_at_the_third_empty_page_or_where_it_reaches_to() {
    let (message, count, requests) = stopped("page", "short_last", r#","stop":{"total":"$.total"}"#);
    assert_eq!((message.as_str(), count, requests), ("", 249, 14));
    let (message, count, requests) = stopped("page", "empty_forever", r#","stop":{"total":"$.total"}"#);
    assert_eq!((message.as_str(), count, requests), ("", 250, 16));
}

#[test]
fn what_repeats_itself_is_stopped_and_told_by_its_pages() {
    for (way, misbehave, says, count, requests) in [
        // Where pages are counted, what they hold tells.
        ("page", "repeat_last", "page 14 holds what page 13 does: the listing repeats itself", 250, 14),
        ("page", "loop", "page 4 holds what page 2 does: the listing repeats itself", 60, 4),
        ("page", "same_cursor", "page 3 holds what page 2 does: the listing repeats itself", 40, 3),
        ("offset", "loop", "page 4 holds what page 2 does: the listing repeats itself", 60, 4),
        ("offset", "same_cursor", "page 3 holds what page 2 does: the listing repeats itself", 40, 3),
        // Where a page is named, it is told when it is named again.
        ("cursor in the query", "loop", "page 3 leads where page 1 does: the listing repeats itself", 40, 3),
        ("cursor in the query", "same_cursor", "page 2 leads where page 1 does: the listing repeats itself", 20, 2),
        ("cursor in the query", "repeat_last", "page 13 leads where page 12 does: the listing repeats itself", 240, 13),
        ("cursor in the query", "empty_forever", "101 pages in a row are empty, the last being page 114", 250, 114),
        ("graphql", "loop", "page 3 leads where page 1 does: the listing repeats itself", 40, 3),
        ("next_url", "same_cursor", "the link to the next page is the page itself", 20, 2),
        ("next_url", "loop", "page 3 leads where page 1 does: the listing repeats itself", 40, 3),
        ("relative next_url", "repeat_last", "the link to the next page is the page itself", 240, 13),
        ("link_header", "loop", "page 3 leads where page 1 does: the listing repeats itself", 40, 3),
        ("link_header", "empty_forever", "101 pages in a row are empty, the last being page 114", 250, 114),
        ("last_record", "repeat_last", "page 14 leads where page 13 does: the listing repeats itself", 250, 14),
        ("scroll", "loop", "page 4 holds what page 2 does: the listing repeats itself", 60, 4),
        ("vars", "loop", "page 4 holds what page 2 does: the listing repeats itself", 60, 4),
        ("vars", "same_cursor", "page 3 holds what page 2 does: the listing repeats itself", 40, 3),
        ("page", "empty_forever", "", 250, 14),
        ("offset", "empty_forever", "", 250, 14),
        ("scroll", "empty_forever", "", 250, 15),
        ("page", "duplicate", "", 251, 14),
        ("cursor in the query", "duplicate", "", 251, 13),
        ("link_header", "duplicate", "", 251, 13),
        ("last_record", "duplicate", "", 250, 14),
    ] {
        assert_eq!(stopped(way, misbehave, ""), (says.to_owned(), count, requests), "{way} {misbehave}");
    }
}

#[test]
fn pages_beyond_the_most_are_a_mistake_and_the_end_of_a_listing_is_none() {
    for (limits, number, says) in [
        (r#","max_pages":3"#, 60, ""), (r#","max_pages":3"#, 41, ""), (r#","max_pages":3"#, 61, "more than 3 pages were read"), (r#","max_pages":3"#, 250, "more than 3 pages were read"),
        (r#","max_pages":3,"stop":{"total":"$.total"}"#, 60, ""), (r#","max_pages":3,"stop":{"total":"$.total"}"#, 61, "more than 3 pages were read"),
    ] {
        let (told, _) = read(&defined(named("page"), 20, "", limits), || World::api(records(number)));
        assert_eq!(told.code().1, says, "{limits} {number}");
    }
    for (limits, says, count) in [(r#","max_empty":1"#, "2 pages in a row are empty, the last being page 15", 250), (r#","max_empty":3,"max_pages":15"#, "more than 15 pages were read", 250)] {
        let (message, read, _) = stopped("cursor in the query", "empty_forever", limits);
        assert_eq!((message.as_str(), read), (says, count), "{limits}");
    }
}

/// A listing of cursors that leads back after so many pages; those for which it holds are empty.
fn circle(before: u32, length: u32, empty: fn(u32) -> bool) -> impl Fn() -> World {
    move || World::of(move |request: &Request| {
        let at: u32 = request.url.query_pairs().find_map(|(name, value)| (name == "after").then(|| value.parse().unwrap())).unwrap_or(0);
        let next = if at + 1 == before + length { before } else { at + 1 };
        answer(200, &if empty(at) { format!(r#"{{"data":[],"next":"{next}"}}"#) } else { format!(r#"{{"data":[{{"id":{at}}}],"next":"{next}"}}"#) })
    })
}

const CIRCLING: &str = r#""request":{"url":"/x"},"records":{"path":"$.data"},"pagination":{"type":"cursor","from":"$.next","inject":{"in":"query","name":"after"}}"#;
const COUNTING: &str = r#""request":{"url":"/x"},"records":{"path":"$.data"},"pagination":{"type":"page","inject":{"in":"query","name":"page"}}"#;

#[test]
fn a_circle_of_any_length_is_found_within_a_few_rounds() {
    for before in [0, 1, 3, 50] {
        for length in [1, 2, 5, 100, 1000] {
            let told = block(polled_or_pulled(length, &definition(CIRCLING, ""), circle(before, length, |_| false)));
            let (code, message) = told.code();
            assert_eq!(code, "cursor_loop", "{before} {length}");
            assert!(message.contains(" leads where page "), "{message}");
            // One page of the circle at a power of two, and then round once.
            let most = 2 * before.max(length).next_power_of_two() + length;
            assert!(told.pages.len() <= usize::try_from(most).unwrap(), "{before} {length}: {} pages", told.pages.len());
        }
    }
}

#[test]
fn a_circle_whose_marked_pages_would_be_empty_is_found_as_well() {
    let told = block(pulled(&definition(CIRCLING, ""), &circle(5, 8, |at| at == 7)(), None));
    assert_eq!(told.code().0, "cursor_loop");
    assert!(told.pages.len() < 40, "{}", told.pages.len());
}

#[test]
fn a_position_too_long_to_be_kept_is_refused() {
    for (length, code) in [(60_000, ""), (70_000, "destination_nonsense")] {
        let world = World::of(move |request: &Request| answer(200, &if request.url.query().is_some() { r#"{"data":[]}"#.to_owned() } else { format!(r#"{{"data":[{{"id":1}}],"next":"{}"}}"#, "a".repeat(length)) }));
        assert_eq!(block(pulled(&definition(CIRCLING, ""), &world, None)).code().0, code, "{length}");
    }
}

#[test]
fn numbered_pages_that_come_again_are_found_by_what_they_hold() {
    for length in [1_u32, 2, 5, 100, 1000] {
        let world = World::of(move |request: &Request| {
            let page: u32 = request.url.query().unwrap().trim_start_matches("page=").parse().unwrap();
            answer(200, &format!(r#"{{"data":[{{"id":{}}}],"at":{page}}}"#, page % length))
        });
        let told = block(pulled(&definition(COUNTING, ""), &world, None));
        assert_eq!(told.code().0, "cursor_loop", "{length}");
        assert!(told.pages.len() <= usize::try_from(3 * length.next_power_of_two()).unwrap(), "{length}: {}", told.pages.len());
    }
}

#[test]
fn a_last_page_that_comes_again_stands_where_another_should() {
    // Whoever ignores the number of the page gives the first one for ever, and the total is reached all the same.
    let ignoring = COUNTING.replace(r#""type":"page""#, r#""type":"page","stop":{"total":"$.total"}"#);
    let (told, _) = read(&definition(&ignoring, ""), || World::of(|_| answer(200, r#"{"data":[{"id":1},{"id":2}],"total":4}"#)));
    assert_eq!(told.code(), ("cursor_loop", "page 2 holds what page 1 does: the listing repeats itself"));
}

/// Long circles in one process, short ones also in many.
async fn polled_or_pulled(length: u32, definition: &str, world: impl Fn() -> World) -> crate::api::Told {
    let pull = pulled(definition, &world(), None).await;
    if length <= 5 {
        assert_eq!(polled(definition, &world(), None).await, pull);
    }
    pull
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_listing_that_misbehaves_is_read_without_end(number in 0_i64..120, size in 1_i64..41, way in 0..WAYS.len(), misbehave in prop::sample::subsequence(vec!["short_last", "short_middle", "repeat_last", "loop", "same_cursor", "empty_forever", "duplicate"], 1..3)) {
        let world = World::api(records(number));
        let told = block(pulled(&defined(&WAYS[way], size, &misbehave.join(","), ""), &world, None));
        prop_assert!(matches!(told.code().0, "" | "cursor_loop"), "{:?}", told.code());
        prop_assert!(world.sent().len() <= 120 + 3 * usize::try_from(number + 2).unwrap(), "{}", world.sent().len());
    }
}
