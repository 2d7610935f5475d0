//! Fan-out: lists, parents, trees, several levels, and runs that are cut anywhere.

use document::Value;

use crate::{script::{NOW, answer, config, running}, world::{Run, World, counted, definition, same}};

/// Things below groups; `level` is the fan-out, `add` what the records get.
fn things(level: &str, add: &str) -> String {
    definition(&format!(
        r#""config":{{"groups":{{"type":"array","items":"string","optional":true}}}},"entities":{{
        "group":{{"read":{{"request":{{"url":"/groups"}},"records":{{"path":"$.data"}}}}}},
        "thing":{{"read":{{"fan_out":[{level}],"request":{{"url":"/groups/{{{{ parent.group.value }}}}/things"}},
            "records":{{"path":"$.data"{add}}},
            "pagination":{{"type":"page","size":30,"inject":{{"page":{{"in":"query","name":"page"}},"size":{{"in":"query","name":"per_page"}}}},"stop":{{"total":"$.total"}}}}}}}}}}"#
    ))
}

const FROM: &str = r#"{"as":"group","from":{"entity":"group","value":"$.id","keep":["$.name"]}}"#;

/// The ids of the first groups: the simulator deals them out in turn.
fn of_groups(groups: &[i64]) -> Vec<String> {
    (1..=250).filter(|id| groups.contains(&((id - 1) % 4 + 1))).map(|id: i64| id.to_string()).collect()
}

#[tokio::test]
async fn a_list_comes_from_the_definition_the_configuration_or_else_from_a_parent() {
    let from_config = r#"{"as":"group","values":"{{ config.groups }}","else_from":{"entity":"group","value":"$.id"}}"#;
    for (level, groups, expected, asked_parents) in [
        (r#"{"as":"group","values":[1,"3"]}"#, None, vec![1, 3], 0),
        (r#"{"as":"group","values":{"from":2,"to":4,"step":2}}"#, None, vec![2, 4], 0),
        (from_config, Some(r#"["2","4"]"#), vec![2, 4], 0),
        (from_config, Some(" 1 , 2 "), vec![1, 2], 0),
        (from_config, Some("[]"), vec![1, 2, 3, 4], 1),
        (from_config, Some(""), vec![1, 2, 3, 4], 1),
        (from_config, None, vec![1, 2, 3, 4], 1),
        (FROM, None, vec![1, 2, 3, 4], 1),
    ] {
        let (world, _) = World::api();
        let definition = things(level, "");
        let config = groups.map_or_else(|| config(&[]), |groups| config(&[("groups", groups)]));
        let (ids, _) = Run { config, ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap();
        same(&ids, of_groups(&expected));
        let lines = world.lines();
        assert_eq!(lines.iter().filter(|line| *line == "GET /groups").count(), asked_parents, "{level} {groups:?}");
        // Groups of 63 or 62 in pages of 30, and one page for the group that has nothing.
        assert_eq!(lines.len(), asked_parents + expected.len() * 3 + asked_parents, "{lines:?}");
    }
}

#[tokio::test]
async fn what_is_kept_of_a_parent_goes_into_requests_and_records() {
    let (world, _) = World::api();
    let definition = definition(
        r#""entities":{
        "group":{"read":{"request":{"url":"/groups"},"records":{"path":"$.data"}}},
        "thing":{"read":{"fan_out":[{"as":"group","from":{"entity":"group","value":"$.id","keep":{"label":"$.name"},"filter":"{{ record.id > 3 }}"}}],
            "request":{"url":"/groups/{{ parent.group.value }}/things","params":{"per_page":100,"label":"{{ parent.group.label }}"}},
            "records":{"path":"$.data","add":{"group":"{{ parent.group.label }}","group_id":"{{ parent.group.value }}"}}}}}"#,
    );
    let (records, _) = Run::new(&definition, "thing").records(&world, None).await.unwrap();
    assert_eq!(world.lines(), ["GET /groups", "GET /groups/4/things?per_page=100&label=Group+4", "GET /groups/5/things?per_page=100&label=Group+5"]);
    assert_eq!(records.len(), 62);
    assert!(records.iter().all(|record| record.get("group") == Some(&"Group 4".into()) && record.get("group_id").and_then(Value::as_i64) == Some(4)));
}

#[tokio::test]
async fn a_run_cut_at_any_page_and_carried_on_elsewhere_reads_the_same() {
    let three = definition(
        r#""entities":{
        "group":{"read":{"request":{"url":"/groups"},"records":{"path":"$.data"}}},
        "thing":{"read":{"fan_out":[{"as":"group","from":{"entity":"group","value":"$.id"}}],"request":{"url":"/groups/{{ parent.group.value }}/things","params":{"per_page":20}},"records":{"path":"$.data"},
            "pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"total":"$.total"}}}},
        "detail":{"read":{"fan_out":[{"as":"thing","from":{"entity":"thing","value":"$.id","filter":"{{ record.id % 9 == 0 }}"}},{"as":"times","values":["a","b"]}],
            "request":{"url":"/things/{{ parent.thing.value }}","params":{"which":"{{ parent.times.value }}"}},"records":{"path":"$"}}}}"#,
    );
    let by_groups = things(FROM, "");
    for (definition, entity) in [(&by_groups, "thing"), (&three, "thing"), (&three, "detail")] {
        let (world, _) = World::api();
        let whole = Run::new(definition, entity).read(&world, None).await.unwrap();
        let asked = world.lines();
        let expected: Vec<String> = if entity == "detail" { (1..=27).flat_map(|id| [(id * 9).to_string(), (id * 9).to_string()]).collect() } else { of_groups(&[1, 2, 3, 4]) };
        same(&whole.0, expected);
        if entity == "detail" {
            // Groups once, each page of their things once, each thing twice.
            assert_eq!(asked.len(), 1 + 4 * 4 + 1 + 2 * 27);
        }
        let cut = Run { anew: true, ..Run::new(definition, entity) }.read(&world, None).await.unwrap();
        assert_eq!(whole, cut, "{entity}");
    }
}

#[tokio::test]
async fn two_lists_make_every_pair_in_order() {
    let definition = definition(
        r#""entities":{"pair":{"read":{"fan_out":[{"as":"x","values":[1,2]},{"as":"y","values":["a","b","c"]}],"request":{"url":"/{{ parent.x.value }}/{{ parent.y.value }}"}}}}"#,
    );
    let world = World::of(|request| answer(200, &format!(r#"[{{"id":"{}"}}]"#, request.url.path())));
    for anew in [false, true] {
        let (ids, _) = Run { anew, ..Run::new(&definition, "pair") }.read(&world, None).await.unwrap();
        assert_eq!(ids, ["/1/a", "/1/b", "/1/c", "/2/a", "/2/b", "/2/c"]);
    }
}

#[tokio::test]
async fn elements_of_an_array_are_parents_and_go_by_batches() {
    let definition = definition(
        r#""entities":{
        "box":{"read":{"request":{"url":"/boxes"},"records":{"path":"$.data"},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}}}}},
        "stock":{"read":{"fan_out":[{"as":"sku","from":{"entity":"box","each":"$.rows","value":"$.sku"},"batch":2,"join":"|"}],"request":{"url":"/stock","params":{"skus":"{{ parent.sku.value }}"}}}}}"#,
    );
    let world = World::of(|request| match (request.url.path(), request.url.query()) {
        ("/boxes", Some("page=1")) => answer(200, r#"{"data":[{"rows":[{"sku":"a"},{"sku":null},{"sku":"b"}]},{"rows":[{"sku":"c"}]},{"rows":[]},{}]}"#),
        ("/boxes", Some("page=2")) => answer(200, r#"{"data":[{"rows":[{"sku":"d"}]}]}"#),
        ("/boxes", _) => answer(200, r#"{"data":[]}"#),
        (_, query) => answer(200, &format!(r#"[{{"id":"{}"}}]"#, query.unwrap())),
    });
    for anew in [false, true] {
        let (ids, _) = Run { anew, ..Run::new(&definition, "stock") }.read(&world, None).await.unwrap();
        assert_eq!(ids, ["skus=a%7Cb", "skus=c", "skus=d"]);
        let lines = world.lines();
        if !anew {
            assert_eq!(lines.len(), 3 + 3, "{lines:?}");
        }
    }
}

#[tokio::test]
async fn a_tree_is_read_to_its_leaves() {
    let tree = |recursive: &str| definition(&format!(
        r#""entities":{{"node":{{"read":{{"fan_out":[{{"as":"node","values":[""],"recursive":{{"value":"$.id"{recursive}}}}}],
            "request":{{"url":"/nodes","params":{{"parent":"{{{{ parent.node.value }}}}"}}}},"records":{{"path":"$.data"}}}}}}}}"#
    ));
    let all = || "1 2 3 11 12 21 22 31 32 111 112 121 122 211 212 221 222 311 312 321 322".split(' ').map(str::to_owned);
    for (recursive, requests) in [(r#","filter":"{{ not record.leaf }}","max_depth":3"#, 1 + 3 + 6), (r#","max_depth":9"#, 1 + 3 + 6 + 12), (r#","max_depth":3"#, 1 + 3 + 6)] {
        for anew in [false, true] {
            let (world, _) = World::api();
            let (ids, _) = Run { anew, ..Run::new(&tree(recursive), "node") }.read(&world, None).await.unwrap();
            same(&ids, all());
            assert_eq!(world.lines().len(), requests, "{recursive}");
        }
    }
    let (world, _) = World::api();
    let fault = Run::new(&tree(r#","filter":"{{ not record.leaf }}","max_depth":2"#), "node").read(&world, None).await.unwrap_err();
    assert_eq!((fault.code, fault.message.as_str()), ("definition_records", "the tree is deeper than 2 levels"));
}

#[tokio::test]
async fn a_tree_too_wide_to_be_kept_is_told() {
    let definition = definition(r#""entities":{"node":{"read":{"fan_out":[{"as":"node","values":["root"],"recursive":{"value":"$.id","max_depth":3}}],"request":{"url":"/nodes/{{ parent.node.value }}"}}}}"#);
    let wide: Vec<String> = (0..4_000).map(|number| format!(r#"{{"id":"{number:0>100}"}}"#)).collect();
    let world = World::of(move |_| answer(200, &format!("[{}]", wide.join(","))));
    let (none, source) = (config(&[]), running(&definition).source.unwrap());
    let fault = source.page(engine::Call::new(&none, &world, NOW), "node", None).await.unwrap_err();
    assert_eq!((fault.code, fault.disposition), ("cursor_too_large", fault::Disposition::Reject));
}

#[tokio::test]
async fn what_one_partition_has_lost_or_is_refused_says_nothing_of_the_connection() {
    let many = definition(r#""entities":{"thing":{"read":{"fan_out":[{"as":"n","values":[1]}],"request":{"url":"/n/{{ parent.n.value }}"}}}}"#);
    let one = definition(r#""entities":{"thing":{"read":{"request":{"url":"/n"}}}}"#);
    let (park, reject) = (fault::Disposition::Park, fault::Disposition::Reject);
    for (definition, status, disposition) in [(&many, 410, reject), (&many, 403, reject), (&many, 401, park), (&one, 410, park), (&one, 403, park)] {
        let fault = Run::new(definition, "thing").read(&World::of(move |_| answer(status, "")), None).await.unwrap_err();
        assert_eq!(fault.disposition, disposition, "{status}");
    }
}

#[tokio::test]
async fn a_partition_that_fails_stops_the_run_at_its_place_and_a_rule_passes_it_over() {
    let definition = |errors: &str| definition(&format!(r#""entities":{{"thing":{{"read":{{"fan_out":[{{"as":"n","values":[1,2,3]}}],"request":{{"url":"/n/{{{{ parent.n.value }}}}"}}{errors}}}}}}}"#));
    let world = || World::of(|request| if request.url.path() == "/n/2" { answer(404, "") } else { answer(200, &format!(r#"[{{"id":"{}"}}]"#, request.url.path())) });
    let plain = definition("");
    let source = running(&plain).source.unwrap();
    let (none, world_of) = (config(&[]), world());
    let first = source.page(engine::Call::new(&none, &world_of, NOW), "thing", None).await.unwrap();
    let failed = source.page(engine::Call::new(&none, &world_of, NOW), "thing", Some(&first.cursor)).await.unwrap_err();
    assert_eq!(failed.code, "destination_rejected");
    let skipping = definition(r#","errors":[{"status":404,"class":"skip"}]"#);
    let (ids, _) = Run::new(&skipping, "thing").read(&world(), None).await.unwrap();
    assert_eq!(ids, ["/n/1", "/n/3"]);
}

#[tokio::test]
async fn the_pages_of_parents_are_told_apart_by_what_is_taken_of_them_and_read_anew_by_every_run() {
    let definition = definition(
        r#""entities":{"p":{"read":{"request":{"url":"/p"}}},
        "by_id":{"read":{"fan_out":[{"as":"p","from":{"entity":"p","value":"$.id"}}],"request":{"url":"/x/{{ parent.p.value }}"}}},
        "by_code":{"read":{"fan_out":[{"as":"p","from":{"entity":"p","value":"$.code"}}],"request":{"url":"/x/{{ parent.p.value }}"}}}}"#,
    );
    let mut runs = 0;
    let world = World::of(move |request| {
        runs += usize::from(request.url.path() == "/p");
        if request.url.path() == "/p" { answer(200, &format!(r#"[{{"id":{runs},"code":"c{runs}"}}]"#)) } else { answer(200, &format!(r#"[{{"id":"{}"}}]"#, request.url.path())) }
    });
    let mut instance = running(&definition);
    for (entity, expected) in [("by_id", "/x/1"), ("by_code", "/x/c2"), ("by_id", "/x/3")] {
        let (records, _) = Run::new(&definition, entity).go_on(&mut instance, &world, None).await.unwrap();
        assert_eq!(records.iter().map(|record| record.get("id").unwrap().plain().unwrap()).collect::<Vec<_>>(), [expected]);
    }
}

/// A parent that goes while its children are read: those of another are not taken for the rest of its pages.
#[tokio::test]
async fn a_list_of_parents_that_changes_on_the_way_moves_no_partition_into_the_place_of_another() {
    let definition = definition(
        r#""entities":{"p":{"read":{"request":{"url":"/p"}}},
        "c":{"read":{"fan_out":[{"as":"p","from":{"entity":"p","value":"$.id"}}],"request":{"url":"/c/{{ parent.p.value }}"},"records":{"path":"$.data"},
            "pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"pages":"$.pages"}}}}}"#,
    );
    // Parents by what each reading of them finds; the run is carried on by new processes, so that every page reads them anew.
    for (lists, expected) in [
        (vec![vec![1, 2, 3], vec![2, 3]], vec!["1.1", "2.1", "2.2", "3.1", "3.2"]),
        (vec![vec![1, 2, 3], vec![1, 2, 3], vec![1, 2, 3], vec![2, 3]], vec!["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]),
        (vec![vec![1, 2, 3], vec![1, 2, 3], vec![1, 2, 3], vec![9, 1, 2, 3]], vec!["1.1", "1.2", "2.1", "2.2", "9.1", "9.2", "3.1", "3.2"]),
        (vec![vec![1, 2, 3], vec![1, 3]], vec!["1.1", "1.2", "3.1", "3.2"]),
    ] {
        let mut read = 0;
        let answers = lists.clone();
        let world = World::of(move |request| match request.url.path().strip_prefix("/c/") {
            None => {
                let list = answers.get(read).or(answers.last()).unwrap();
                read += 1;
                answer(200, &format!("[{}]", list.iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect::<Vec<_>>().join(",")))
            }
            Some(parent) => answer(200, &format!(r#"{{"data":[{{"id":"{parent}.{}"}}],"pages":2}}"#, request.url.query().unwrap().trim_start_matches("page="))),
        });
        let (ids, _) = Run { anew: true, ..Run::new(&definition, "c") }.read(&world, None).await.unwrap();
        assert_eq!(ids, expected, "{lists:?}");
        assert!(counted(&ids).values().all(|count| *count == 1));
    }
}

#[tokio::test]
async fn partitions_of_two_levels_have_marks_of_their_own_whatever_their_names() {
    let definition = definition(
        r#""entities":{"x":{"read":{"fan_out":[{"as":"a","values":["a","a/b",""]},{"as":"b","values":["b/c","c",""]}],"request":{"url":"/x","params":{"a":"{{ parent.a.value }}","b":"{{ parent.b.value }}"}},
        "incremental":{"cursor":"$.at","type":"integer","inject":{"start":{"in":"query","name":"from"}}}}}}"#,
    );
    let at = |request: &engine::Request| request.url.query().unwrap().bytes().map(i64::from).sum::<i64>();
    let world = World::of(move |request| answer(200, &if request.url.query().unwrap().contains("from=") { "[]".to_owned() } else { format!(r#"[{{"id":"{}","at":{}}}]"#, request.url.query().unwrap(), at(request)) }));
    let (_, cursor) = Run::new(&definition, "x").read(&world, None).await.unwrap();
    let first = world.lines();
    Run::new(&definition, "x").read(&world, Some(&cursor)).await.unwrap();
    let marked: Vec<String> = first.iter().map(|line| format!("{line}&from={}", line.trim_start_matches("GET /x?").bytes().map(i64::from).sum::<i64>() - 1)).collect();
    assert_eq!(world.lines(), marked);
}

#[tokio::test]
async fn of_changed_parents_alone_the_children_are_read() {
    let definition = definition(
        r#""entities":{
        "thing":{"read":{"request":{"url":"/changes","params":{"per_page":40}},"records":{"path":"$.data"},
            "pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"total":"$.total"}},
            "incremental":{"cursor":"$.updated_at","lookback":"PT0S","inject":{"start":{"in":"query","name":"updated_from"}}}}},
        "detail":{"read":{"fan_out":[{"as":"thing","from":{"entity":"thing","value":"$.id","incremental":true}}],"request":{"url":"/things/{{ parent.thing.value }}"},"records":{"path":"$"}}}}"#,
    );
    for anew in [false, true] {
        let (world, api) = World::api();
        let run = Run { anew, ..Run::new(&definition, "detail") };
        let (ids, cursor) = run.read(&world, None).await.unwrap();
        same(&ids, (1..=250).map(|id| id.to_string()));
        let asked = world.lines().len();
        // Seven pages of parents, of which all but the last are looked at again.
        assert!(anew || asked == 13 + 250, "{asked}");
        let (ids, cursor) = run.read(&world, Some(&cursor)).await.unwrap();
        assert_eq!(ids, Vec::<String>::new());
        assert_eq!(world.lines().len(), 1);
        for id in [7, 300] {
            api.lock().unwrap().touch(id, NOW);
        }
        let run = Run { now_ms: NOW + 60_000, ..run };
        let (ids, cursor) = run.read(&world, Some(&cursor)).await.unwrap();
        same(&ids, ["7".to_owned(), "300".to_owned()]);
        assert_eq!(run.read(&world, Some(&cursor)).await.unwrap().0, Vec::<String>::new());
    }
}
