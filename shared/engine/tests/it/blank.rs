//! Empty pages amid a numbered listing: one ends it where nothing says that there is more, and the rules of `stop` are heard.

use engine::Request;

use crate::{api::{World, definition, read}, script::answer};

/// What the answers of a source say beside their records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    All,
    /// Nothing where there are no records.
    FirstOnly,
    Nothing,
}

/// Pages of two places each, with so many records on each; behind the last ones nothing, for ever.
fn pages(counts: &'static [i64], says: Says) -> impl Fn() -> World {
    move || World::of(move |request: &Request| {
        let given = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse::<i64>().unwrap()));
        let at = given("page").map_or_else(|| given("skip").unwrap() / 2, |page| page - 1);
        let count = usize::try_from(at).ok().and_then(|at| counts.get(at)).copied().unwrap_or(0);
        let rows: Vec<_> = (0..count).map(|row| format!(r#"{{"id":{}}}"#, at * 2 + row)).collect();
        let length = i64::try_from(counts.len()).unwrap();
        let beside = match says {
            Says::All => format!(r#","pages":{length},"total":{},"more":{}"#, length * 2, at + 1 < length),
            Says::FirstOnly if at == 0 => format!(r#","pages":{length},"total":{}"#, length * 2),
            Says::FirstOnly | Says::Nothing => String::new(),
        };
        answer(200, &format!(r#"{{"data":[{}]{beside}}}"#, rows.join(",")))
    })
}

fn numbered(stop: &str) -> String {
    definition(&format!(r#""request":{{"url":"/x"}},"records":{{"path":"$.data"}},"pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}}{stop}}}"#), "")
}

fn offset(more: &str) -> String {
    definition(&format!(r#""request":{{"url":"/x"}},"records":{{"path":"$.data"}},"pagination":{{"type":"offset","inject":{{"offset":{{"in":"query","name":"skip"}}}}{more}}}"#), "")
}

#[test]
fn an_empty_page_behind_which_a_rule_says_there_is_more_ends_no_listing() {
    let (one, many, first): (&[i64], &[i64], &[i64]) = (&[2, 2, 0, 2], &[2, 0, 0, 0, 0, 2], &[0, 2]);
    for (counts, says, stop, ids, requests) in [
        (one, Says::All, r#","stop":{"when":["more"],"more":"$.more"}"#, &[0, 1, 2, 3, 6, 7][..], 4), (one, Says::All, r#","stop":{"more":"$.more"}"#, &[0, 1, 2, 3, 6, 7], 4), (many, Says::All, r#","stop":{"when":["empty","more"],"more":"$.more"}"#, &[0, 1, 10, 11], 6),
        (one, Says::All, r#","stop":{"when":["pages"],"pages":"$.pages"}"#, &[0, 1, 2, 3, 6, 7], 4), (many, Says::All, r#","stop":{"pages":"$.pages"}"#, &[0, 1, 10, 11], 6), (many, Says::All, r#","stop":{"when":["pages","empty"],"pages":"$.pages"}"#, &[0, 1, 10, 11], 6),
        // A total is as far as it reaches: pages as full as the fullest, and no further.
        (one, Says::All, r#","stop":{"when":["total"],"total":"$.total"}"#, &[0, 1, 2, 3, 6, 7], 5), (one, Says::All, r#","stop":{"total":"$.total"}"#, &[0, 1, 2, 3, 6, 7], 5), (many, Says::All, r#","stop":{"when":["total"],"total":"$.total"}"#, &[0, 1, 10, 11], 7),
        (first, Says::All, r#","stop":{"when":["total"],"total":"$.total"}"#, &[2, 3], 3),
        // Many totals count what is never shown: unless that rule alone is named, the third empty page in a row ends.
        (many, Says::All, r#","stop":{"total":"$.total"}"#, &[0, 1], 4), (many, Says::All, r#","stop":{"when":["empty","total"],"total":"$.total"}"#, &[0, 1], 4),
        // What was told once is known.
        (one, Says::FirstOnly, r#","stop":{"total":"$.total"}"#, &[0, 1, 2, 3, 6, 7], 5),
        // A rule that says nothing ends nothing either.
        (one, Says::FirstOnly, r#","stop":{"when":["pages"],"pages":"$.pages"}"#, &[0, 1, 2, 3, 6, 7], 7), (one, Says::Nothing, r#","stop":{"when":["total"],"total":"$.total"}"#, &[0, 1, 2, 3, 6, 7], 7),
        // Nothing says that there is more.
        (one, Says::All, "", &[0, 1, 2, 3], 3), (one, Says::All, r#","stop":{"when":["empty"]}"#, &[0, 1, 2, 3], 3), (one, Says::All, r#","size":2,"stop":{"when":["short"]}"#, &[0, 1, 2, 3], 3), (one, Says::Nothing, r#","stop":{"when":["empty","pages"],"pages":"$.pages"}"#, &[0, 1, 2, 3], 3),
        (one, Says::Nothing, r#","stop":{"more":"$.more"}"#, &[0, 1], 1),
    ] {
        let (told, world) = read(&numbered(stop), pages(counts, says));
        assert_eq!((told.code(), told.ids().as_slice(), world.sent().len()), (("", ""), ids, requests), "{counts:?} {says:?} {stop}");
    }
}

#[test]
fn an_offset_goes_on_behind_an_empty_page_by_as_many_as_a_page_holds() {
    for (counts, more, ids, requests) in [
        (&[2, 2, 0, 2][..], r#","stop":{"when":["more"],"more":"$.more"}"#, &[0, 1, 2, 3, 6, 7][..], 4), (&[0, 2], r#","size":2,"stop":{"when":["more"],"more":"$.more"}"#, &[2, 3], 2),
        (&[2, 0, 2], r#","stop":{"when":["total"],"total":"$.total"}"#, &[0, 1, 4, 5], 4), (&[2, 0, 2], "", &[0, 1], 2),
    ] {
        let (told, world) = read(&offset(more), pages(counts, Says::All));
        assert_eq!((told.code(), told.ids().as_slice(), world.sent().len()), (("", ""), ids, requests), "{counts:?} {more}");
    }
    let (told, _) = read(&offset(r#","stop":{"when":["more"],"more":"$.more"}"#), pages(&[0, 2], Says::All));
    assert_eq!(told.code(), ("destination_nonsense", "a page is empty, the source says that there is more, and nothing says how many records to pass over: give the pagination a `size`"));
}

#[test]
fn a_source_that_says_for_ever_that_there_is_more_is_stopped() {
    for (answered, stop, says) in [
        (r#"{"data":[],"more":true}"#, r#","stop":{"more":"$.more"}"#, "101 pages in a row are empty, the last being page 101"), (r#"{"data":[],"pages":5000}"#, r#","max_empty":3,"stop":{"when":["pages"],"pages":"$.pages"}"#, "4 pages in a row are empty, the last being page 4"),
        (r#"{"data":[],"total":5000}"#, r#","stop":{"when":["total"],"total":"$.total"}"#, "101 pages in a row are empty, the last being page 101"), (r#"{"data":[],"total":5000}"#, r#","stop":{"total":"$.total"}"#, ""), (r#"{"data":[],"total":0}"#, r#","stop":{"when":["total"],"total":"$.total"}"#, ""),
    ] {
        let (told, _) = read(&numbered(stop), || World::of(|_| answer(200, answered)));
        assert_eq!(told.code().1, says, "{answered} {stop}");
    }
}

#[test]
fn a_page_that_is_refused_as_behind_the_last_ends_a_listing_whatever_is_said() {
    let world = || World::of(|request: &Request| if request.url.query() == Some("page=1") { answer(200, r#"{"data":[{"id":1}],"total":9}"#) } else { answer(400, "{}") });
    let (told, world) = read(&numbered(r#","stop":{"when":["total"],"total":"$.total","past_end":400}"#), world);
    assert_eq!((told.code(), told.ids(), world.sent().len()), (("", ""), vec![1], 2));
}

#[test]
fn an_empty_page_amid_a_scroll_ends_it_where_nothing_says_that_there_is_more() {
    let scroll = |stop: &str| definition(&format!(r#""request":{{"method":"POST","url":"/next"}},"records":{{"path":"$.data"}},"pagination":{{"type":"scroll","from":"$.sid","open":{{"method":"POST","url":"/open"}},"inject":{{"cursor":{{"in":"body","pointer":"/sid"}}}}{stop}}}"#), "");
    for (stop, ids) in [("", &[1][..]), (r#","stop":{"more":"$.more"}"#, &[1, 3])] {
        let world = || {
            let mut page = 0;
            World::of(move |_| {
                page += 1;
                let rows = if page == 2 || page > 3 { String::new() } else { format!(r#"{{"id":{page}}}"#) };
                answer(200, &format!(r#"{{"data":[{rows}],"sid":"s","more":{}}}"#, page < 3))
            })
        };
        let (told, _) = read(&scroll(stop), world);
        assert_eq!((told.code(), told.ids().as_slice()), (("", ""), ids), "{stop}");
    }
}

#[test]
fn an_empty_page_amid_what_changed_since_is_passed_over_as_well() {
    for order in ["asc", "desc", "unknown"] {
        let changes = definition(&format!(r#""request":{{"url":"/x"}},"records":{{"path":"$.data"}},"incremental":{{"cursor":"$.updated_at","order":"{order}","inject":{{"start":{{"in":"query","name":"since"}}}}}},"pagination":{{"type":"page","size":2,"inject":{{"page":{{"in":"query","name":"page"}}}},"stop":{{"more":"$.more"}}}}"#), "");
        // Of ten those from the third to the sixth are shown to nobody.
        let world = move || World::of(move |request: &Request| {
            let given = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.into_owned()));
            let (since, page) = (given("since").unwrap_or_default(), given("page").map_or(1, |page| page.parse::<usize>().unwrap()));
            let mut all: Vec<_> = (1..=10).map(|id| (id, format!("2026-01-0{}T0{id}:00:00Z", 1 + id / 10).replace("T010", "T00"))).filter(|(_, at)| *at >= since).collect();
            if order == "desc" {
                all.reverse();
            }
            let rows: Vec<_> = all.iter().skip((page - 1) * 2).take(2).filter(|(id, _)| !(3..=6).contains(id)).map(|(id, at)| format!(r#"{{"id":{id},"updated_at":"{at}"}}"#)).collect();
            answer(200, &format!(r#"{{"data":[{}],"more":{}}}"#, rows.join(","), page * 2 < all.len()))
        });
        let (told, _) = read(&changes, world);
        let mut ids = told.ids();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((told.code(), ids.as_slice()), (("", ""), &[1, 2, 7, 8, 9, 10][..]), "{order}");
    }
}
