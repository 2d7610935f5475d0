//! Parents whose lists change while their children are read, and several parents one after the other: no value is passed over.

use std::{collections::BTreeSet, sync::{Arc, Mutex}};

use proptest::prelude::*;

use crate::{api::block, script::answer, world::{Run, World, counted, definition, same}};

/// Two lists of parents, asked for by pages of so many behind an id where that is said, and what happens to them with each page of children.
struct Lists {
    lists: [Vec<i64>; 2],
    to_come: Vec<Edit>,
    /// Values that are not taken away.
    stay: BTreeSet<i64>,
    /// Parents a page; their order is then that of their ids.
    page: Option<usize>,
}

/// What happens to a list: where, and to where or what.
#[derive(Debug, Clone)]
enum Edit {
    Nothing,
    Add(usize, i64),
    /// So many from here on.
    Remove(usize, usize),
    Move(usize, usize),
    /// From the first list to the second.
    Cross(usize),
}

impl Lists {
    fn pages_of(id: i64) -> i64 {
        id % 3 + 1
    }

    /// What happens next.
    fn change(&mut self) {
        let at = |place: usize, list: &Vec<i64>| place % (list.len() + 1);
        match self.to_come.pop().unwrap_or(Edit::Nothing) {
            Edit::Nothing => {}
            Edit::Add(place, id) => {
                if !self.lists.iter().any(|list| list.contains(&id)) {
                    let place = at(place, &self.lists[0]);
                    self.lists[0].insert(place, id);
                }
            }
            Edit::Remove(place, count) => {
                let place = at(place, &self.lists[0]);
                let gone: Vec<i64> = self.lists[0].iter().skip(place).take(count).copied().filter(|id| !self.stay.contains(id)).collect();
                self.lists[0].retain(|id| !gone.contains(id));
            }
            Edit::Move(from, to) => {
                if !self.lists[0].is_empty() {
                    let from = from % self.lists[0].len();
                    let id = self.lists[0].remove(from);
                    let to = at(to, &self.lists[0]);
                    self.lists[0].insert(to, id);
                }
            }
            Edit::Cross(place) => {
                if !self.lists[0].is_empty() {
                    let place = place % self.lists[0].len();
                    let id = self.lists[0].remove(place);
                    self.lists[1].push(id);
                }
            }
        }
    }

    fn answer(&mut self, path: &str, query: &str) -> String {
        let list = |number: usize| {
            let mut list = self.lists[number].clone();
            if let Some(size) = self.page {
                let after = query.split('&').find_map(|pair| pair.strip_prefix("after=")).map_or(i64::MIN, |after| after.parse().unwrap());
                list.sort_unstable();
                list = list.into_iter().filter(|id| *id > after).take(size).collect();
            }
            list.iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect::<Vec<_>>()
        };
        match path.strip_prefix("/c/") {
            None => format!("[{}]", list(usize::from(path == "/closed")).join(",")),
            Some(way) => {
                let (id, page) = (way.split('/').next().unwrap(), query.trim_start_matches("page="));
                let answer = format!(r#"{{"data":[{{"id":"{way}.{page}"}}],"pages":{}}}"#, Self::pages_of(id.parse().unwrap()));
                self.change();
                answer
            }
        }
    }
}

/// Children of what a level names; `pages` is how the parents are paged.
fn children(level: &str, pages: &str) -> String {
    definition(&format!(
        r#""entities":{{"open":{{"read":{{"request":{{"url":"/open"}}{pages}}}}},"closed":{{"read":{{"request":{{"url":"/closed"}}{pages}}}}},
        "c":{{"read":{{"fan_out":[{level}],"request":{{"url":"/c/{{{{ parent.p.value }}}}"}},"records":{{"path":"$.data"}},
            "pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}},"stop":{{"pages":"$.pages"}}}}}}}}}}"#
    ))
}

const ONE: &str = r#"{"as":"p","from":{"entity":"open","value":"$.id"}}"#;
const BEHIND: &str = r#","pagination":{"type":"keyset","keys":[{"from":"$.id","inject":{"in":"query","name":"after"}}]}"#;

/// The children read by processes that each read one page.
fn read(definition: &str, lists: Lists) -> Vec<String> {
    let lists = Arc::new(Mutex::new(lists));
    let world = World::of(move |request| answer(200, &lists.lock().unwrap().answer(request.url.path(), request.url.query().unwrap_or_default())));
    block(Run { anew: true, ..Run::new(definition, "c") }.read(&world, None)).unwrap().0
}

/// The children of parents, every page.
fn all(ids: impl IntoIterator<Item = i64>) -> Vec<String> {
    ids.into_iter().flat_map(|id| (1..=Lists::pages_of(id)).map(move |page| format!("{id}.{page}"))).collect()
}

#[tokio::test]
async fn several_parents_are_read_one_after_the_other_and_what_two_name_once() {
    let keep = r#","keep":{"of":"$.of"}"#;
    let from = |more: &str| format!(r#"{{"as":"p","from":[{{"entity":"open","value":"$.id"{more}}},{{"entity":"closed","value":"$.id"{more}}},{{"entity":"open","value":"$.other"{more}}}]}}"#);
    let lists = |open: &'static str, closed: &'static str| move |request: &engine::Request| match request.url.path() {
        "/open" => answer(200, open),
        "/closed" => answer(200, closed),
        path => answer(200, &format!(r#"{{"data":[{{"id":"{}{}"}}],"pages":2}}"#, path.trim_start_matches("/c/"), request.url.query().unwrap().trim_start_matches("page="))),
    };
    let batches = r#"{"as":"p","from":[{"entity":"open","value":"$.id"},{"entity":"closed","value":"$.id"}],"batch":2,"join":"+"}"#;
    let (open, closed) = (r#"[{"id":"a","of":1},{"id":"b","other":"d"},{"id":"a","of":2}]"#, r#"[{"id":"c"},{"id":"b"},{"id":"a"},{"id":"c","of":3},{"id":"e"}]"#);
    for (level, open, closed, expected) in [
        (from(""), open, closed, "a b c e d"), (from(keep), open, closed, "a b a c c e d"), (from(""), "[]", closed, "c b a e"), (from(""), open, "[]", "a b d"), (from(""), "[]", "[]", ""),
        (from(""), r#"[{"id":1}]"#, r#"[{"id":"1"},{"id":2}]"#, "1 2"), (batches.to_owned(), open, closed, "a%2Bb c%2Be"), (batches.to_owned(), open, r#"[{"id":"b"},{"id":"a"}]"#, "a%2Bb"),
    ] {
        let definition = children(&level, "");
        let expected: Vec<String> = expected.split_whitespace().flat_map(|value| [format!("{value}1"), format!("{value}2")]).collect();
        let mut ends = Vec::new();
        for anew in [false, true] {
            let world = World::of(lists(open, closed));
            let (ids, end) = Run { anew, ..Run::new(&definition, "c") }.read(&world, None).await.unwrap();
            assert_eq!(ids, expected, "{level} {open} {closed}");
            ends.push(end);
            let asked = world.lines().iter().filter(|line| *line == "GET /open" || *line == "GET /closed").count();
            assert!(anew || asked == level.matches("entity").count(), "{asked}");
        }
        assert_eq!(ends[0], ends[1]);
    }
}

#[tokio::test]
async fn each_of_several_parents_is_asked_for_what_changed_since_it_was_read() {
    let since = r#","incremental":{"cursor":"$.at","type":"integer","inject":{"start":{"in":"query","name":"from"}}}"#;
    let definition = children(r#"{"as":"p","from":[{"entity":"open","value":"$.id","incremental":true},{"entity":"closed","value":"$.id","incremental":true}]}"#, since);
    let world = World::of(|request| match (request.url.path(), request.url.query()) {
        ("/open", None) => answer(200, r#"[{"id":1,"at":10},{"id":2,"at":20}]"#),
        ("/closed", None) => answer(200, r#"[{"id":3,"at":300},{"id":1,"at":100}]"#),
        ("/open", Some("from=19")) => answer(200, r#"[{"id":4,"at":20},{"id":5,"at":21}]"#),
        ("/closed", Some("from=299")) => answer(200, r#"[{"id":5,"at":301},{"id":6,"at":302}]"#),
        ("/open", Some("from=20")) | ("/closed", Some("from=301")) => answer(200, "[]"),
        (path, query) => answer(200, &format!(r#"{{"data":[{{"id":"{path}?{}"}}],"pages":1}}"#, query.unwrap_or_default())),
    });
    for anew in [false, true] {
        let mut cursor = None;
        for expected in [&["/c/1?page=1", "/c/2?page=1", "/c/3?page=1"][..], &["/c/4?page=1", "/c/5?page=1", "/c/6?page=1"], &[], &[]] {
            let (ids, end) = Run { anew, ..Run::new(&definition, "c") }.read(&world, cursor.as_deref()).await.unwrap();
            assert_eq!(ids, expected, "{anew} {cursor:?}");
            cursor = Some(end);
        }
    }
}

#[tokio::test]
async fn a_first_page_that_stands_in_its_parent_is_taken_from_there_and_the_others_are_asked_for() {
    let orders = r#"[{"id":1,"rows":{"data":[{"id":11},{"id":12}],"more":true,"next":"/rows/1?after=12"}},{"id":2,"rows":{"data":[{"id":21}],"more":false}},{"id":3},{"id":4,"rows":null},{"id":5,"rows":{"data":[],"more":false}}]"#;
    let by_key = r#"{"type":"last_record","from":"$.id","inject":{"in":"query","name":"after"},"stop":{"more":"$.more"}}"#;
    let by_count = r#"{"type":"offset","inject":{"offset":{"in":"query","name":"from"}},"stop":{"more":"$.more"}}"#;
    for (pagination, behind) in [(by_key, "/rows/1?after=12"), (r#"{"type":"next_url","from":"$.next"}"#, "/rows/1?after=12"), (by_count, "/rows/1?from=2")] {
        let definition = definition(&format!(
            r#""entities":{{"order":{{"read":{{"request":{{"url":"/orders"}}}}}},
            "row":{{"read":{{"fan_out":[{{"as":"order","from":{{"entity":"order","value":"$.id","first_page":"$.rows"}}}}],"request":{{"url":"/rows/{{{{ parent.order.value }}}}"}},"records":{{"path":"$.data"}},"pagination":{pagination}}}}}}}"#
        ));
        let world = World::of(move |request| match (request.url.path(), request.url.query()) {
            ("/orders", _) => answer(200, orders),
            ("/rows/1", Some(_)) => answer(200, r#"{"data":[{"id":13}],"more":false}"#),
            ("/rows/3", None | Some("from=0")) => answer(200, r#"{"data":[{"id":31}],"more":false}"#),
            ("/rows/4", None | Some("from=0")) => answer(200, r#"{"data":[],"more":false}"#),
            (path, query) => panic!("{path} {query:?}"),
        });
        for anew in [false, true] {
            let (ids, _) = Run { anew, ..Run::new(&definition, "row") }.read(&world, None).await.unwrap();
            assert_eq!(ids, ["11", "12", "13", "21", "31"], "{pagination}");
            let mut lines = world.lines();
            lines.retain(|line| line != "GET /orders");
            let first = if pagination == by_count { "?from=0" } else { "" };
            assert_eq!(lines, [format!("GET {behind}"), format!("GET /rows/3{first}"), format!("GET /rows/4{first}")]);
        }
    }
}

#[tokio::test]
async fn more_parents_than_are_remembered_are_read_part_by_part_and_each_once() {
    let definition = definition(r#""entities":{"p":{"read":{"request":{"url":"/p"}}},"c":{"read":{"fan_out":[{"as":"p","from":{"entity":"p","value":"$.id"},"batch":50}],"request":{"url":"/c","params":{"ids":"{{ parent.p.value }}"}},"records":{"path":"$.data"}}}}"#);
    let parents: Vec<String> = (0..10_000).map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    let world = World::of(move |request| match request.url.path() {
        "/p" => answer(200, &format!("[{}]", parents.join(","))),
        _ => answer(200, &format!(r#"{{"data":[{}]}}"#, request.url.query_pairs().next().unwrap().1.split(',').map(|id| format!(r#"{{"id":{id}}}"#)).collect::<Vec<_>>().join(","))),
    });
    let (ids, _) = Run::new(&definition, "c").read(&world, None).await.unwrap();
    same(&ids, (0..10_000).map(|id| id.to_string()));
}

fn edits(moves: bool) -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        Just(Edit::Nothing), (0_usize..12, 0_i64..30).prop_map(|(place, id)| Edit::Add(place, id)), (0_usize..12, 1_usize..6).prop_map(|(place, count)| Edit::Remove(place, count)),
        (0_usize..12, 0_usize..12).prop_map(move |(from, to)| if moves { Edit::Move(from, to) } else { Edit::Nothing }),
    ];
    prop::collection::vec(edit, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 2, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_is_a_parent_all_the_time_is_read_however_the_list_changes(list in prop::sample::subsequence((0..20).collect::<Vec<i64>>(), 0..12).prop_shuffle(), stay in prop::collection::btree_set(0_i64..20, 0..8), to_come in edits(true)) {
        let expected = all(list.iter().copied().filter(|id| stay.contains(id)));
        let ids = read(&children(ONE, ""), Lists { lists: [list, Vec::new()], to_come, stay, page: None });
        let counts = counted(&ids);
        prop_assert!(expected.iter().all(|id| counts.get(id.as_str()) == Some(&1)), "{expected:?} {ids:?}");
    }

    #[test]
    fn it_is_so_where_parents_stand_on_several_pages(list in prop::sample::subsequence((0..20).collect::<Vec<i64>>(), 0..12), stay in prop::collection::btree_set(0_i64..20, 0..8), to_come in edits(false), size in 1_usize..6) {
        let expected = all(list.iter().copied().filter(|id| stay.contains(id)));
        let ids = read(&children(ONE, BEHIND), Lists { lists: [list, Vec::new()], to_come, stay, page: Some(size) });
        let counts = counted(&ids);
        prop_assert!(expected.iter().all(|id| counts.contains_key(id.as_str())), "{expected:?} {ids:?}");
    }

    #[test]
    fn it_is_so_where_another_level_stands_within(list in prop::sample::subsequence((0..20).collect::<Vec<i64>>(), 0..8).prop_shuffle(), stay in prop::collection::btree_set(0_i64..20, 0..8), to_come in edits(true)) {
        let expected = all(list.iter().copied().filter(|id| stay.contains(id)));
        let definition = children(&format!(r#"{ONE},{{"as":"q","values":["x","y"]}}"#), "").replace("{{ parent.p.value }}", "{{ parent.p.value }}/{{ parent.q.value }}");
        let ids = read(&definition, Lists { lists: [list, Vec::new()], to_come, stay, page: None });
        let counts = counted(&ids);
        prop_assert!(expected.iter().all(|id| ["/x.", "/y."].iter().all(|way| counts.get(id.replace('.', way).as_str()) == Some(&1))), "{expected:?} {ids:?}");
    }

    #[test]
    fn who_goes_over_to_the_next_parent_on_the_way_is_read_there(lists in prop::sample::subsequence((0..20).collect::<Vec<i64>>(), 0..12).prop_shuffle(), also in prop::collection::btree_set(0_i64..20, 0..6), cross in prop::collection::vec(0_usize..12, 0..12), batch in 0_usize..4) {
        let to_come = cross.iter().map(|place| if place % 3 == 0 { Edit::Nothing } else { Edit::Cross(*place) }).collect();
        let expected: BTreeSet<i64> = lists.iter().copied().chain(also.iter().copied()).collect();
        let (stay, lists) = (expected.clone(), [lists, also.into_iter().collect()]);
        let batch = if batch > 0 { "" } else { r#","batch":1"# };
        let level = format!(r#"{{"as":"p","from":[{{"entity":"open","value":"$.id"}},{{"entity":"closed","value":"$.id"}}]{batch}}}"#);
        let ids = read(&children(&level, ""), Lists { lists, to_come, stay, page: None });
        let counts = counted(&ids);
        prop_assert!(all(expected.iter().copied()).iter().all(|id| counts.contains_key(id.as_str())), "{expected:?} {ids:?}");
    }
}
