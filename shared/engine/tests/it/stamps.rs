//! Records that change under one stamp: what each said last is what counts.

use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use crate::{script::answer, world::{Run, World, definition, same}};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_value_that_goes_back_within_one_stamp_is_told_again(polls in proptest::collection::vec(proptest::collection::vec((0..6_usize, 0..3_i64), 0..4), 1..12), way in 0..3_usize) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(one_stamp(&polls, way));
    }
}

/// Records of one stamp, two of each id, change what they say between polls: the sets of record and note.
async fn one_stamp(polls: &[Vec<(usize, i64)>], way: usize) {
    let notes = Arc::new(Mutex::new([0_i64; 6]));
    let shown = Arc::clone(&notes);
    let world = World::of(move |request| {
        let part = request.url.query_pairs().find_map(|(key, value)| (key == "part").then(|| value.parse::<usize>().unwrap()));
        let records: Vec<String> = shown.lock().unwrap().iter().enumerate().filter(|(at, _)| part.is_none_or(|part| at / 2 % 2 == part)).map(|(at, note)| format!(r#"{{"id":{},"line":{at},"at":"2026-01-31","note":{note}}}"#, at / 2)).collect();
        answer(200, &format!("[{}]", records.join(",")))
    });
    let around = |state: &str| format!(r#","params":{{"part":"{{{{ parent.part.value }}}}"}}}},"fan_out":[{{"as":"part","values":["0","1"]}}],"incremental":{{"state":"{state}","#);
    let incremental = [r#"},"incremental":{"#.to_owned(), around("global"), around("per_partition")];
    let definition = definition(&format!(r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things"{}"cursor":"$.at","formats":["date"],"lookback":"P1D","inject":{{"start":{{"in":"query","name":"from"}}}}}}}}}}}}"#, incremental[way]));
    let run = Run::new(&definition, "thing");
    let (_, mut cursor) = run.read(&world, None).await.unwrap();
    for sets in polls {
        let before = *notes.lock().unwrap();
        sets.iter().for_each(|(record, note)| notes.lock().unwrap()[*record] = *note);
        let changed: Vec<String> = notes.lock().unwrap().iter().zip(before).enumerate().filter(|(_, (note, before))| *note != before).map(|(at, _)| (at / 2).to_string()).collect();
        let (ids, next) = run.read(&world, Some(&cursor)).await.unwrap();
        same(&ids, changed);
        cursor = next;
    }
}
