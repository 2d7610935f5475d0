//! The checker against the shape of the language: no key is let through unknown, read in vain or missed, and no change of a
//! definition makes it fall.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

mod mutate;
mod walk;

use std::{fs, path::Path};

use connector::{Draft, Report};
use document::{Value, parse_str};
use proptest::prelude::*;
use walk::{Object, closed, fits, with};

/// The accepted definitions of the corpus.
fn accepted() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/accept");
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), parse_str(&fs::read_to_string(path).unwrap()).unwrap())).collect();
    found.sort_by(|left, right| left.0.cmp(&right.0));
    found
}

fn check(definition: &Value) -> Report {
    Draft::parse(&definition.to_string()).unwrap().check()
}

/// Every object of the language in the accepted definitions.
fn each(mut look: impl FnMut(&str, &Value, &Object)) {
    let mut many = 0;
    for (name, definition) in accepted() {
        for object in closed(&definition) {
            look(&name, &definition, &object);
            many += 1;
        }
    }
    assert!(many > 300, "{many} objects are not the whole language");
}

fn changed(definition: &Value, object: &Object, change: impl FnOnce(&mut Vec<(String, Value)>)) -> Report {
    check(&with(definition, &object.at, |value| if let Value::Object(entries) = value { change(entries) }))
}

/// What a report says twice of one place.
fn twice(report: &Report) -> Option<String> {
    let mut told: Vec<_> = report.findings().iter().map(|finding| (finding.code, &finding.pointer, &finding.message)).collect();
    told.sort();
    told.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| format!("{:?}", pair[0]))
}

#[test]
fn an_unknown_key_is_found_in_every_object_of_the_language() {
    each(|name, definition, object| {
        let report = changed(definition, object, |entries| entries.push(("zz_zz".to_owned(), Value::from("zz"))));
        let at = format!("{}/zz_zz", object.at);
        let told: Vec<_> = report.findings().iter().filter(|finding| finding.pointer == at).map(|finding| finding.code).collect();
        assert_eq!(told, ["definition_unknown_key"], "{name} {at}");
    });
}

#[test]
fn a_required_key_that_is_taken_away_is_missed() {
    each(|name, definition, object| {
        for key in object.element.keys.iter().filter(|key| key.required && object.has(key.name)) {
            let report = changed(definition, object, |entries| entries.retain(|(name, _)| name != key.name));
            assert!(!report.is_valid() && !report.findings().is_empty(), "{name} {}/{}", object.at, key.name);
        }
    });
}

#[test]
fn no_key_is_read_in_vain() {
    each(|name, definition, object| {
        for key in object.element.keys.iter().filter(|key| object.has(key.name)) {
            for wrong in [r#"{"zz zz":[[]]}"#, "[[[]]]", "true", "-1.5", "\"zz zz\""].map(|text| parse_str(text).unwrap()).iter().filter(|wrong| !fits(&key.takes, wrong)) {
                let report = changed(definition, object, |entries| entries.iter_mut().filter(|(name, _)| name == key.name).for_each(|(_, value)| *value = wrong.clone()));
                assert!(!report.is_valid() && !report.findings().is_empty(), "{name} {}/{} is {wrong}, and nobody says a word", object.at, key.name);
                assert_eq!(twice(&report), None, "{name} {}/{} is {wrong}", object.at, key.name);
            }
        }
    });
}

#[test]
fn a_definition_that_means_ill_is_judged_and_its_findings_have_an_end() {
    // Ways through parents that double with every level, and names that are like no other.
    let layers = (0..12).flat_map(|layer| (0..12).map(move |at| {
        let levels: Vec<_> = (0..12).map(|to| format!(r#"{{"as":"p{to}","from":{{"entity":"e{}_{to}","value":"$.id"}}}}"#, layer + 1)).collect();
        let used: String = (0..12).map(|to| format!("/{{{{ parent.p{to}.value }}}}")).collect();
        format!(r#""e{layer}_{at}":{{"read":{{"fan_out":[{}],"request":{{"url":"https://api.example.com{used}"}}}}}}"#, levels.join(","))
    }));
    let layered = format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"entities":{{{},{}}}}}"#, layers.collect::<Vec<_>>().join(","), (0..12).map(|at| format!(r#""e12_{at}":{{"read":{{"request":{{"url":"https://api.example.com"}}}}}}"#)).collect::<Vec<_>>().join(","));
    assert_eq!(Draft::parse(&layered).unwrap().check().findings(), []);

    let names: Vec<_> = (0..4_000).map(|at| format!(r#"{{"name":"a","entity":"entity_number_{at}_that_is_not_there","exchanges":[],"expect":{{"records":0}}}}"#)).collect();
    let entities: Vec<_> = (0..4_000).map(|at| format!(r#""entity_number_{at}_that_is":{{}}"#)).collect();
    let many = format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"entities":{{{}}},"tests":[{}]}}"#, entities.join(","), names.join(","));
    let report = Draft::parse(&many).unwrap().check();
    let last = report.findings().last().unwrap();
    assert_eq!((report.findings().len(), last.code, last.message.as_str()), (201, "definition_invalid", "3800 more findings are not listed"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_definition_changed_anywhere_is_judged(file in any::<prop::sample::Index>(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_u8..6), 1..4)) {
        let mut files = FILES.with(Clone::clone);
        let mut definition = files.swap_remove(file.index(files.len())).1;
        for (place, other, way) in changes {
            mutate::change(&mut definition, &place, &other, way);
        }
        let report = check(&definition);
        prop_assert_eq!(report.is_valid(), report.findings().is_empty(), "{}", definition);
        for finding in report.findings() {
            prop_assert!(walk::stands(&definition, &finding.pointer), "{} at {}", finding.code, finding.pointer);
            prop_assert!(!finding.message.is_empty() && !finding.hint.is_empty() && !finding.message.contains("  "), "{}", finding.message);
        }
        prop_assert_eq!(twice(&report), None);
    }
}

thread_local! {
    static FILES: Vec<(String, Value)> = accepted();
}
