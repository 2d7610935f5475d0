//! A pagination that looks at a place where nothing stands, in an answer that names a next page elsewhere: that is told, and nothing is concluded.

use crate::{script::{NOW, config, running, with}, world::{World, definition}};

const CURSOR: &str = r#"{"type":"cursor","from":"$.meta.nxt","inject":{"cursor":{"in":"query","name":"after"}}}"#;
const MORE: &str = r#"{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"when":["more"],"more":"$.meta.hasmore"}}"#;
const NEXT: &str = r#"{"type":"next_url","from":"$.links.nxt"}"#;
const LINK: &str = r#"{"type":"link_header","rel":"nxt"}"#;
const SCROLL: &str = r#"{"type":"scroll","from":"$.sid","open":{"method":"POST","url":"/stock"},"inject":{"cursor":{"in":"body","pointer":"/sid"}}}"#;
const VARS: &str = r#"{"type":"vars","init":{"after":""},"next":{"after":"{{ response.meta.nxt }}"},"inject":{"after":{"in":"query","name":"after"}}}"#;

/// Whether a snapshot of one answer concludes nothing, and whether `pull` tells of a next page.
async fn read(pagination: &str, path: &str, link: &str, body: &str) -> (bool, bool) {
    let method = if pagination.contains("scroll") { r#""method":"POST","# } else { "" };
    let definition = definition(&format!(
        r#""canonical_map":{{"stock":{{"type":"stocklevel","key":"$.id","fields":{{"sku":"$.id","quantity":"$.n"}}}}}},"entities":{{"stock":{{"read":{{"request":{{{method}"url":"/stock"}},"records":{{"path":"{path}","primary_key":"$.id"}},"pagination":{pagination}}}}}}},"snapshot":{{"stocklevel":{{"entity":"stock","complete":true}}}}"#
    ));
    let world = || {
        let (link, body) = (link.to_owned(), body.to_owned());
        World::of(move |_| with(200, if link.is_empty() { vec![] } else { vec![("link", link.as_str())] }.as_slice(), &body))
    };
    let (none, mut partial, mut cursor, asked) = (config(&[]), false, None, world());
    let snapshot = running(&definition).snapshot.unwrap();
    loop {
        let page = snapshot.snapshot(engine::Call::new(&none, &asked, NOW), "stocklevel", None, None, cursor.as_deref()).await.unwrap();
        partial |= page.partial;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(asked.lines().len(), 1, "{pagination} {body}");
    let (reader, mut unread) = (engine::Reader::new(std::sync::Arc::new(connector::Draft::parse(&definition).unwrap().check().into_checked().unwrap())), false);
    reader.read(engine::Call::new(&none, &world(), NOW), "stock", None, |page| {
        unread |= page.unread;
        Ok(true)
    }).await.unwrap();
    (partial, unread)
}

#[tokio::test]
async fn a_next_page_at_another_place_than_the_one_looked_at_is_told_and_nothing_is_concluded() {
    let rows = r#""data":[{"id":"1","n":1}]"#;
    let header = r#"<https://api.test/stock?page=2>; rel="next""#;
    for (pagination, link, around, told) in [
        (CURSOR, "", r#""meta":{"next_cursor":"a"}"#, true), (CURSOR, header, r#""meta":{}"#, true), (CURSOR, "", r#""has_more":true"#, true), (NEXT, "", r#""links":{"next":"/stock?page=2"}"#, true), (NEXT, header, r#""links":{}"#, true), (LINK, header, r#""x":1"#, true),
        (LINK, "", r#""next":"/stock?page=2""#, true), (SCROLL, "", r#""scroll_id":"a""#, true), (MORE, "", r#""meta":{"has_more":true}"#, true), (MORE, "", r#""meta":{"next_page":2}"#, true), (VARS, "", r#""meta":{"next_cursor":"a"}"#, true),
        // What stands where a page should be named is no name of one.
        (&NEXT.replace("nxt", "next"), "", r#""links":{"next":{"href":"/stock?page=2"}}"#, true),
        // Nothing says that there is more.
        (CURSOR, "", r#""meta":{}"#, false), (CURSOR, "", r#""meta":{"next_cursor":null,"has_more":false}"#, false), (CURSOR, "", r#""total":500"#, false), (LINK, r#"<https://api.test/stock?page=1>; rel="prev""#, r#""next":null"#, false),
        (LINK, r#"<https://api.test/stock>; rel="next""#, r#""x":1"#, false), (MORE, "", r#""meta":{"has_more":false}"#, false),
        // What was looked at says that it is over.
        (CURSOR, "", r#""meta":{"nxt":null},"has_more":true"#, false), (CURSOR, header, r#""meta":{"nxt":""}"#, false), (NEXT, header, r#""links":{"nxt":null}"#, false), (MORE, "", r#""meta":{"hasmore":false,"next_page":2}"#, false), (VARS, "", r#""meta":{"nxt":null,"next_cursor":"a"}"#, false),
        (&CURSOR.replace("$.meta.nxt", "{{ response.meta.nxt if false else null }}"), "", r#""meta":{"next_cursor":"a"}"#, false),
    ] {
        assert_eq!(read(pagination, "$.data", link, &format!("{{{rows},{around}}}")).await, (told, told), "{pagination} {link} {around}");
    }
}

#[tokio::test]
async fn signs_of_a_next_page_are_looked_for_all_along_the_way_to_the_records() {
    for (page_info, told) in [(r#"{"hasNextPage":true,"endCursor":"a"}"#, true), (r#"{"hasNextPage":false,"endCursor":"a"}"#, false)] {
        let body = format!(r#"{{"data":{{"things":{{"nodes":[{{"id":"1","n":1}}],"pageInfo":{page_info}}}}}}}"#);
        assert_eq!(read(&CURSOR.replace("$.meta.nxt", "$.data.things.pageinfo.endCursor"), "$.data.things.nodes", "", &body).await, (told, told), "{page_info}");
    }
    // A record that has such a name says nothing of its list.
    assert_eq!(read(CURSOR, "$.data", "", r#"{"data":[{"id":"1","n":1,"next":"2"}]}"#).await, (false, false));
}

#[tokio::test]
async fn what_is_noticed_of_a_list_of_parents_is_told_with_their_children() {
    const PAGED: &str = r#","pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"total":"$.total"}}"#;
    // How many shops a listing of two regions lacks, whether one names a next page that nobody reads, and whether it becomes shorter whenever it is read.
    for (shops, total, named, moving, expected) in [(PAGED, 2, "", false, (false, false, 0)), (PAGED, 3, "", false, (false, false, 2)), (PAGED, 2, "", true, (false, true, 0)), ("", 0, r#","next":"/shops?page=2""#, false, (true, false, 0)), ("", 0, "", false, (false, false, 0))] {
        let definition = definition(&format!(
            r#""entities":{{"region":{{"read":{{"request":{{"url":"/regions"}}}}}},"shop":{{"read":{{"fan_out":[{{"as":"region","from":{{"entity":"region","value":"$.id"}}}}],"request":{{"url":"/shops","params":{{"region":"{{{{ parent.region.value }}}}"}}}},"records":{{"path":"$.data"}}{shops}}}}},
            "stock":{{"read":{{"fan_out":[{{"as":"shop","from":{{"entity":"shop","value":"$.id"}}}}],"request":{{"url":"/stock/{{{{ parent.shop.value }}}}"}}}}}}}}"#
        ));
        let mut left = 100;
        let world = World::of(move |request| match request.url.path() {
            "/regions" => with(200, &[], r#"[{"id":1},{"id":2}]"#),
            "/shops" => {
                left -= i64::from(moving);
                let region = request.url.query_pairs().find_map(|(key, value)| (key == "region").then(|| value.into_owned())).unwrap();
                let rows = if request.url.query().unwrap().contains("page=") && !request.url.query().unwrap().contains("page=1") { String::new() } else { format!(r#"{{"id":"{region}1"}},{{"id":"{region}2"}}"#) };
                with(200, &[], &format!(r#"{{"data":[{rows}],"total":{}{named}}}"#, if moving { left } else { total }))
            }
            path => with(200, &[], &format!(r#"[{{"id":"{path}"}}]"#)),
        });
        let (reader, mut told, none) = (engine::Reader::new(std::sync::Arc::new(connector::Draft::parse(&definition).unwrap().check().into_checked().unwrap())), (false, false, 0), config(&[]));
        reader.read(engine::Call::new(&none, &world, NOW), "stock", None, |page| {
            told = (told.0 | page.unread, told.1 | page.restless, told.2 + page.lacking);
            Ok(true)
        }).await.unwrap();
        let lacking = if moving { 0 } else { told.2 };
        assert_eq!((told.0, told.1, lacking), expected, "{shops} {total} {named} {moving}");
    }
}

#[tokio::test]
async fn a_cursor_that_is_a_value_of_the_last_record_is_there_on_every_page_or_the_run_fails() {
    for (from, stop, code) in [("{{ last.id }}", "", None), ("{{ last.idd }}", "", Some("definition_records")), ("{{ last.idd }}", r#","stop":{"more":"$.more"}"#, None), ("{{ last.idd if count == 9 else response.none }}", "", None)] {
        let definition = definition(&format!(r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things"}},"records":{{"path":"$.data"}},"pagination":{{"type":"cursor","from":"{from}","inject":{{"cursor":{{"in":"query","name":"after"}}}}{stop}}}}}}}}}"#));
        let world = World::of(|request| with(200, &[], if request.url.query().is_some() { r#"{"data":[],"more":false}"# } else { r#"{"data":[{"id":1},{"id":2}],"more":false}"# }));
        let read = crate::world::Run::new(&definition, "thing").read(&world, None).await;
        assert_eq!(read.err().map(|fault| fault.code), code, "{from} {stop}");
    }
}
