//! Where a fan-out stands, as a cursor keeps it: cursors of older forms, lists whose values do not stay, and cursors that grow too large.

use fault::Disposition;

use crate::{api::block, script::{NOW, answer, config, running}, world::{Run, World, counted, definition}};

/// Children of parents; `pagination` is that of the children.
fn children(level: &str, pagination: &str) -> String {
    definition(&format!(
        r#""entities":{{"open":{{"read":{{"request":{{"url":"/open"}}}}}},"closed":{{"read":{{"request":{{"url":"/closed"}}}}}},
        "c":{{"read":{{"fan_out":[{level}],"request":{{"url":"/c/{{{{ parent.p.value }}}}"}},"records":{{"path":"$.data"}}{pagination}}}}}}}"#
    ))
}

const ONE: &str = r#"{"as":"p","from":{"entity":"open","value":"$.id"}}"#;
const BY_CURSOR: &str = r#","pagination":{"type":"cursor","from":"$.next","inject":{"in":"query","name":"after"}}"#;
const BY_URL: &str = r#","pagination":{"type":"next_url","from":"$.next"}"#;

#[test]
fn a_cursor_that_does_not_say_which_parent_is_read_asks_none_for_the_page_of_another() {
    for (pagination, at) in [(BY_CURSOR, r#"{"cursor":"OF-B"}"#), (BY_URL, r#"{"href":"https://api.test/c/B?after=OF-B"}"#)] {
        let world = World::of(|request| match request.url.path() {
            "/open" => answer(200, r#"[{"id":"A"},{"id":"B"}]"#),
            _ => answer(200, r#"{"data":[]}"#),
        });
        for levels in [r#"[{}]"#, r#"[{"index":1}]"#] {
            let cursor = format!(r#"{{"levels":{levels},"part":{{"at":{at}}}}}"#);
            block(Run::new(&children(ONE, pagination), "c").read(&world, Some(&cursor))).unwrap();
            assert_eq!(world.lines(), ["GET /open", "GET /c/A", "GET /c/B"]);
        }
    }
}

#[test]
fn an_address_of_the_older_form_is_asked_as_it_stands() {
    let definition = definition(r#""entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"path":"$.data"},"pagination":{"type":"next_url","from":"$.next"}}}}"#);
    for address in ["/things?x=%7Bmine%7D", "/things?x={mine}", "/things?x=%7B%7Bmine"] {
        let world = World::of(|_| answer(200, r#"{"data":[]}"#));
        let cursor = format!(r#"{{"part":{{"at":{{"url":"https://api.test{address}"}}}}}}"#);
        block(Run::new(&definition, "thing").read(&world, Some(&cursor))).unwrap();
        assert_eq!(world.lines(), [format!("GET {address}")]);
    }
}

#[test]
fn a_cursor_that_is_too_large_for_what_only_saves_doubles_does_without_it() {
    let from = r#""from":[{"entity":"open","value":"$.id"},{"entity":"closed","value":"$.id"},{"entity":"open","value":"$.id"}]"#;
    let definition = children(&["p", "q", "r"].map(|name| format!(r#"{{"as":"{name}",{from}}}"#)).join(","), "").replace("{{ parent.p.value }}", "{{ parent.p.value }}{{ parent.q.value }}{{ parent.r.value }}");
    let world = World::of(|request| match request.url.path() {
        "/open" | "/closed" => answer(200, r#"[{"id":"a"}]"#),
        path => answer(200, &format!(r#"{{"data":[{{"id":"{path}"}}]}}"#)),
    });
    let prints = |from: usize| (from..from + 10_000).map(|number| format!("{number:0>8}")).collect::<String>();
    let level = format!(r#"{{"parent":1,"turned":"{}","earlier":"{}"}}"#, prints(0), prints(10_000));
    let cursor = format!(r#"{{"levels":[{level},{level},{level}]}}"#);
    let none = config(&[]);
    let page = block(running(&definition).source.unwrap().page(engine::Call::new(&none, &world, NOW), "c", Some(&cursor))).unwrap();
    assert!(page.cursor.len() < 350_000, "{}", page.cursor.len());
    let (ids, _) = block(Run::new(&definition, "c").read(&world, Some(&cursor))).unwrap();
    assert!(ids.contains(&"/c/aaa".to_owned()), "{ids:?}");
}

/// Parents whose values are others each time they are asked for, but for those that are done: the list of what is left.
#[test]
fn parents_that_are_others_each_time_they_are_read_stop_the_run() {
    for pagination in ["", BY_CURSOR] {
        let mut read = 0;
        let world = World::of(move |request| match request.url.path() {
            "/open" => {
                read += 1;
                answer(200, &format!(r#"[{{"id":"x{read}"}},{{"id":"y{read}"}}]"#))
            }
            _ if request.url.query().is_some() => answer(200, r#"{"data":[]}"#),
            _ => answer(200, r#"{"data":[],"next":"2"}"#),
        });
        let fault = block(Run { anew: true, ..Run::new(&children(ONE, pagination), "c") }.read(&world, None)).unwrap_err();
        assert_eq!((fault.code, fault.disposition), ("cursor_loop", Disposition::Reject));
        assert!(fault.message.contains("`value`"), "{}", fault.message);
    }
}

#[test]
fn parents_that_go_as_soon_as_they_are_read_are_all_read() {
    let mut left: Vec<usize> = (0..300).collect();
    let world = World::of(move |request| match request.url.path().strip_prefix("/c/") {
        // A window of what is left.
        None => answer(200, &format!("[{}]", left.iter().take(7).map(|id| format!(r#"{{"id":{id}}}"#)).collect::<Vec<_>>().join(","))),
        Some(id) => {
            left.retain(|known| known.to_string() != id);
            answer(200, &format!(r#"{{"data":[{{"id":"{id}"}}]}}"#))
        }
    });
    let (ids, _) = block(Run { anew: true, ..Run::new(&children(ONE, ""), "c") }.read(&world, None)).unwrap();
    assert_eq!(ids, (0..300).map(|id| id.to_string()).collect::<Vec<_>>());
}

#[test]
fn what_is_remembered_of_a_page_has_an_end() {
    let prints = (0..20_000).map(|number| format!("{number:0>8}")).collect::<String>();
    let world = World::of(|request| match request.url.path() {
        "/open" => answer(200, r#"[{"id":"a"},{"id":"b"}]"#),
        path => answer(200, &format!(r#"{{"data":[{{"id":"{path}"}}]}}"#)),
    });
    let (definition, none) = (children(ONE, ""), config(&[]));
    let page = block(running(&definition).source.unwrap().page(engine::Call::new(&none, &world, NOW), "c", Some(&format!(r#"{{"levels":[{{"passed":"{prints}"}}]}}"#)))).unwrap();
    assert!(page.cursor.len() < 1_000, "{}", page.cursor.len());
    let (ids, _) = block(Run::new(&definition, "c").read(&world, Some(&page.cursor))).unwrap();
    assert_eq!(ids, ["/c/b"]);
}

/// The short prints of these two texts are the same.
#[test]
fn two_values_whose_prints_are_the_same_are_both_read() {
    let world = World::of(|request| match request.url.path() {
        "/open" => answer(200, r#"[{"id":"k16119685"},{"id":7},{"id":"k31139947"},{"id":"k16119685"}]"#),
        "/closed" => answer(200, r#"[{"id":"k16119685"},{"id":8}]"#),
        path => answer(200, &format!(r#"{{"data":[{{"id":"{path}"}}]}}"#)),
    });
    let both = r#"{"as":"p","from":[{"entity":"closed","value":"$.id"},{"entity":"open","value":"$.id"}]}"#;
    for (level, expected) in [(ONE, &["k16119685", "7", "k31139947"][..]), (both, &["k16119685", "8", "7", "k31139947"])] {
        for anew in [false, true] {
            let (ids, _) = block(Run { anew, ..Run::new(&children(level, ""), "c") }.read(&world, None)).unwrap();
            assert_eq!(ids, expected.iter().map(|id| format!("/c/{id}")).collect::<Vec<_>>());
        }
    }
}

#[test]
fn of_two_parents_with_one_value_the_second_is_read_also_where_the_first_has_gone() {
    let level = r#"{"as":"p","from":{"entity":"open","value":"$.id","keep":{"of":"$.of"}}}"#;
    let definition = children(level, "").replace("{{ parent.p.value }}", "{{ parent.p.value }}/{{ parent.p.of }}");
    for (second, expected) in [(r#"[{"id":"a","of":2}]"#, &["/c/a/1", "/c/a/2"][..]), (r#"[{"id":"a","of":2},{"id":"a","of":1},{"id":"b","of":1}]"#, &["/c/a/1", "/c/a/2", "/c/b/1"])] {
        let mut read = 0;
        let world = World::of(move |request| match request.url.path() {
            "/open" => {
                read += 1;
                answer(200, if read == 1 { r#"[{"id":"a","of":1},{"id":"a","of":2}]"# } else { second })
            }
            path => answer(200, &format!(r#"{{"data":[{{"id":"{path}"}}]}}"#)),
        });
        let (ids, _) = block(Run { anew: true, ..Run::new(&definition, "c") }.read(&world, None)).unwrap();
        assert_eq!(ids, expected);
        assert!(counted(&ids).values().all(|count| *count == 1));
    }
}

#[test]
fn parents_of_one_entity_that_change_places_keep_their_own_marks() {
    let part = |number: i64| format!(r#"{{"entity":"open","value":"$.id","incremental":true,"filter":"{{{{ record.id % 2 == {number} }}}}"}}"#);
    let since = r#""open":{"read":{"incremental":{"cursor":"$.at","type":"integer","inject":{"start":{"in":"query","name":"from"}}},"request""#;
    let of = |first: i64, second: i64| children(&format!(r#"{{"as":"p","from":[{},{}]}}"#, part(first), part(second)), "").replace(r#""open":{"read":{"request""#, since);
    // The second of two is read when there is more already.
    let mut lists = [r#"[{"id":1,"at":10},{"id":2,"at":20}]"#, r#"[{"id":1,"at":10},{"id":2,"at":20},{"id":3,"at":30}]"#].into_iter();
    let world = World::of(move |request| match (request.url.path(), request.url.query()) {
        ("/open", None) => answer(200, lists.next().unwrap()),
        ("/open", Some(_)) => answer(200, "[]"),
        (path, _) => answer(200, &format!(r#"{{"data":[{{"id":"{path}"}}]}}"#)),
    });
    let (_, cursor) = block(Run::new(&of(1, 0), "c").read(&world, None)).unwrap();
    world.lines();
    for (definition, expected) in [(of(1, 0), ["from=19", "from=29"]), (of(0, 1), ["from=29", "from=19"])] {
        block(Run::new(&definition, "c").read(&world, Some(&cursor))).unwrap();
        assert_eq!(world.lines(), expected.map(|from| format!("GET /open?{from}")));
    }
}

#[test]
fn a_mark_of_the_older_form_is_that_of_the_only_parent_of_its_entity() {
    let level = r#"{"as":"p","from":[{"entity":"open","value":"$.id","incremental":true},{"entity":"closed","value":"$.id","incremental":true}]}"#;
    let since = r#"{"read":{"incremental":{"cursor":"$.at","type":"integer","inject":{"start":{"in":"query","name":"from"}}},"request""#;
    let definition = children(level, "").replacen(r#"{"read":{"request""#, since, 2);
    let world = World::of(|_| answer(200, "[]"));
    let mut cursor = r#"{"parents":{"open":{"mark":{"v":5,"t":"5"}},"closed":{"mark":{"v":6,"t":"6"}}}}"#.to_owned();
    for _ in 0..2 {
        cursor = block(Run { anew: true, ..Run::new(&definition, "c") }.read(&world, Some(&cursor))).unwrap().1;
        assert_eq!(world.lines(), ["GET /open?from=4", "GET /closed?from=5"], "{cursor}");
    }
}
