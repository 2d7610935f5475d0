//! The canonical map shown in `mapping/OPERATIONS.md`: it is read here, so it is run here.

use std::{fs, path::Path};

use connector::Draft;
use document::{Item, parse_str};
use mapping::Run;

#[test]
fn the_canonical_map_of_the_reference_gives_what_it_shows() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../mapping/OPERATIONS.md")).unwrap();
    let chapter = page.split("\n## ").find(|chapter| chapter.starts_with("Canonical maps")).expect("the chapter is there");
    let map = chapter.split("```json").nth(1).and_then(|behind| behind.split("```").next()).expect("a map is shown");
    let (record, fields) = chapter.lines().find_map(|line| line.strip_prefix('`')?.strip_suffix('`')?.split_once("` → `")).expect("what it gives is shown");

    let definition = format!(r#"{{"metadata":{{"slug":"shop","type":"source"}},"entities":{{"order":{{"read":{{"request":{{"url":"https://shop.example.com/orders"}}}}}}}},"canonical_map":{map}}}"#);
    let report = Draft::parse(&definition).unwrap().check();
    assert_eq!(report.findings(), []);
    let connector = report.into_connector().unwrap();
    let record = parse_str(record).unwrap();
    let map = connector.canonical_map("order").unwrap();
    let mapped = map.plan.apply(Item::Tree(&record), &Run::at("2026-11-21T12:00:00Z".parse().unwrap())).unwrap();
    assert_eq!(mapped.fields.to_string(), fields);
    assert_eq!(mapped.extensions.to_string(), r#"{"vendor_note":"x"}"#);
    assert_eq!(map.kind.check(&mapped.fields), []);
}
