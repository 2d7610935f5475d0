//! Versions of a type: what a later one may change, and what becomes of events of another version.

use canonical::{KINDS, Kind, Schema, compatible};
use document::{Value, parse_str};

use super::{files, told};

/// What stands against a change: the file holds a whole schema's `base`, and for each `case` what replaces some text of it.
fn cases(file: &str) -> Vec<(String, String)> {
    let text = files("corpus/compatible").into_iter().find(|(name, _)| name == file).expect("the file is there").1;
    let document = parse_str(&text).unwrap();
    let base = document.get("base").unwrap().to_string();
    let part = |case: &Value, key: &str| {
        let object = case.get(key).unwrap().to_string();
        object[1..object.len() - 1].to_owned()
    };
    document.get("cases").unwrap().items().unwrap().iter().map(|case| {
        let (name, from, to) = (case.get("name").unwrap().as_str().unwrap(), part(case, "from"), part(case, "to"));
        assert_eq!(base.matches(&from).count(), 1, "{name}: {from} stands once in {base}");
        let old = Schema::parse(&base).unwrap();
        let new = Schema::parse(&base.replace(&from, &to).replace(r#""version":1"#, r#""version":2"#)).unwrap_or_else(|finding| panic!("{name}: {finding:?}"));
        (name.to_owned(), told(&compatible(&old, &new)))
    }).collect()
}

#[test]
fn what_adds_or_widens_is_compatible() {
    for (name, findings) in cases("accept") {
        assert_eq!(findings, "", "{name}");
    }
}

#[test]
fn what_removes_renames_tightens_or_requires_is_not() {
    let mut all = String::new();
    for (name, findings) in cases("reject") {
        assert_ne!(findings, "", "{name}");
        all += &format!("{name}\n{findings}\n");
    }
    insta::assert_snapshot!("incompatible", all);
}

#[test]
fn a_schema_is_compatible_with_itself_but_for_its_number() {
    for kind in KINDS.iter() {
        assert_eq!(told(&compatible(kind.schema, kind.schema)).lines().count(), 1, "{}", kind.name);
    }
}

#[test]
fn every_later_version_keeps_what_the_earlier_one_promised_or_says_what_breaks() {
    for kind in KINDS.iter() {
        for version in 2..=kind.version {
            let (old, new) = (Kind::at(kind.name, version - 1).unwrap().schema, Kind::at(kind.name, version).unwrap().schema);
            assert!(new.breaking.is_some() || compatible(old, new).is_empty(), "{} {version}\n{}", kind.name, told(&compatible(old, new)));
            for example in old.examples.iter().filter(|_| new.breaking.is_none()) {
                assert_eq!(told(&Kind::at(kind.name, version).unwrap().check(example)), "", "{} {version}", kind.name);
            }
        }
    }
}

#[test]
fn an_event_is_judged_by_its_own_version_and_one_from_the_future_by_none() {
    for kind in KINDS.iter() {
        for version in 1..=kind.version {
            assert_eq!(Kind::at(kind.name, version).unwrap().version, version, "{}", kind.name);
        }
        for version in [0, kind.version + 1, u32::MAX] {
            assert_eq!(Kind::at(kind.name, version).unwrap_err().code, "canonical_version_unknown", "{} {version}", kind.name);
        }
    }
}
