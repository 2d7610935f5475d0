//! Values that go into one request together: one that holds the text between them is refused, and never asked for as others.

use canonical::Key;
use engine::{Call, Config};

use crate::{lookups::{BATCHED, SINGLY, stocks}, script::{NOW, answer, running}, world::{Run, World, definition}};

/// The fault of a read, and whether it was met before its values were asked for at `path`.
async fn refused(definition: &str, entity: &str, world: &World, path: &str) -> Option<(String, bool)> {
    let fault = Run::new(definition, entity).read(world, None).await.err()?;
    assert_eq!(fault.code, "definition_records");
    Some((fault.message, !world.lines().iter().any(|line| line.contains(path))))
}

#[tokio::test]
async fn a_batch_of_parents_with_a_value_that_holds_what_joins_them_is_refused() {
    for (values, level, expected) in [
        (r#""A,1","B""#, r#""batch":2"#, Some("A,1")), (r#""A,1""#, r#""batch":2"#, Some("A,1")), (r#""A,1","B""#, r#""batch":2,"join":"|""#, None), (r#""A,1","B""#, r#""batch":1"#, None),
        (r#""A|","B""#, r#""batch":2,"join":"||""#, Some("A|")), (r#""A","","B""#, r#""batch":3"#, None), (r#""A","B""#, r#""batch":2,"join":"""#, None),
    ] {
        let definition = definition(&format!(
            r#""entities":{{"stock":{{"read":{{"fan_out":[{{"as":"sku","values":[{values}],{level}}}],"request":{{"url":"/stock","params":{{"skus":"{{{{ parent.sku.value }}}}"}}}}}}}}}}"#
        ));
        let world = World::of(|_| answer(200, "[]"));
        let told = refused(&definition, "stock", &world, "/stock").await;
        assert_eq!(told.is_some(), expected.is_some(), "{values} {level}: {told:?}");
        assert!(told.is_none_or(|(message, before)| before && message.contains("`sku`") && expected.is_some_and(|value| message.starts_with(&format!("`{value}`")))), "{values} {level}");
    }
}

#[tokio::test]
async fn a_record_whose_key_holds_what_joins_keys_is_not_left_out_but_stops_the_page() {
    for (mode, stops) in [(BATCHED, true), (SINGLY, false)] {
        for on_miss in ["skip", "absent"] {
            let definition = stocks(&mode.replace("absent", on_miss), "");
            let world = World::of(|request| answer(200, if request.url.path() == "/stocks" { r#"{"data":[{"id":1,"article":"A,1"},{"id":2,"article":"2"}],"pages":1}"# } else { r#"{"data":[],"pages":1}"# }));
            let told = refused(&definition, "stock", &world, "/products").await;
            assert_eq!(told.is_some(), stops, "{mode} {on_miss}: {told:?}");
            assert!(told.is_none_or(|(message, before)| before && message.starts_with("`A,1`") && message.contains("`sku`") && message.contains("per_record")), "{mode}");
        }
    }
}

#[tokio::test]
async fn a_scan_of_keys_of_which_one_holds_what_joins_them_is_refused() {
    for (only, stops) in [("", true), (r#","batch":1"#, false), (r#","join":";""#, false)] {
        let definition = format!(
            r#"{{"metadata":{{"slug":"a","type":"source"}},"base_url":"https://api.test","entities":{{"stock":{{"read":{{"request":{{"url":"/stock"}}}}}}}},
            "canonical_map":{{"stock":{{"type":"stocklevel","key":"$.sku","fields":{{"sku":"$.sku","quantity":"$.n"}}}}}},"snapshot":{{"stocklevel":{{"entity":"stock","only_keys":{{"inject":{{"in":"query","name":"skus"}}{only}}}}}}}}}"#
        );
        let (world, config) = (World::of(|_| answer(200, "[]")), Config::default());
        let keys = ["B", "A,1"].map(|key| Key::new(key).unwrap());
        let read = running(&definition).snapshot.unwrap().snapshot(Call::new(&config, &world, NOW), "stocklevel", Some(&keys), None, None).await;
        assert_eq!(read.as_ref().err().map(|fault| fault.code), stops.then_some("definition_records"), "{only}");
        assert_eq!(world.lines().is_empty(), stops, "{only}");
    }
}
