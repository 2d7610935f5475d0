//! Slips in every element, made in what is accepted: a key that is lacking or not known is refused by the checker and by the schema,
//! and a value of a sort the schema does not take is none for the checker either.

use connector::Draft;
use document::Value;
use jsonschema::Validator;

use crate::{corpus, peer, uses};

/// Whether the checker and the schema refuse a definition, changed at a pointer.
fn refused(validator: &Validator, definition: &Value, at: &str, change: impl FnOnce(&mut Vec<(String, Value)>)) -> (bool, bool) {
    let mut changed = definition.clone();
    let mut part = &mut changed;
    for token in at.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        part = match part {
            Value::Object(entries) => &mut entries.iter_mut().find(|(name, _)| *name == token).unwrap().1,
            Value::Array(items) => &mut items[token.parse::<usize>().unwrap()],
            _ => unreachable!("the pointer leads to an object"),
        };
    }
    let Value::Object(entries) = part else { unreachable!("a use is an object") };
    change(entries);
    let text = changed.to_string();
    (!Draft::parse(&text).unwrap().check().is_valid(), !validator.is_valid(&peer::parsed(&text)))
}

/// Values of every sort: which of them a key takes is what the two are asked.
const SORTS: &[&str] = &["null", "true", "-1.5", "\"\"", "[null]", r#"{"unheard_of":null}"#];
/// Keys the checker does not look at closely enough: what is not of their sort is as if it were absent.
const LENIENT: &[(&str, &str)] = &[("config", "default"), ("stop", "size")];

#[test]
fn the_checker_refuses_every_slip_the_schema_refuses() {
    let (validator, mut passed) = (peer::validator(), Vec::new());
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (name, definition) in corpus::accepted() {
        for used in uses::of(&definition) {
            let mut first = |key: &'static str| {
                let new = !seen.contains(&(used.element.name, key));
                seen.extend(new.then_some((used.element.name, key)));
                new
            };
            let mut slip = |what: String, both: bool, (checker, schema): (bool, bool)| {
                // A value the schema takes may still be one the checker does not: it looks closer.
                if (schema && !checker) || (both && !schema) {
                    passed.push(format!("{name} {} {what}: the {} accepts it", used.at, if schema { "checker" } else { "schema" }));
                }
            };
            if first("") {
                slip("with an unknown key".to_owned(), true, refused(&validator, &definition, &used.at, |entries| entries.push(("unheard_of".to_owned(), Value::Null))));
            }
            for key in used.element.keys.iter().filter(|key| used.value.get(key.name).is_some()) {
                if !first(key.name) {
                    continue;
                }
                if key.required {
                    slip(format!("without `{}`", key.name), true, refused(&validator, &definition, &used.at, |entries| entries.retain(|(name, _)| name != key.name)));
                }
                for sort in SORTS.iter().filter(|_| !LENIENT.contains(&(used.element.name, key.name))) {
                    let made = document::parse_str(sort).unwrap();
                    let change = |entries: &mut Vec<(String, Value)>| entries.iter_mut().filter(|(name, _)| name == key.name).for_each(|(_, value)| *value = made.clone());
                    slip(format!("with {sort} for `{}`", key.name), false, refused(&validator, &definition, &used.at, change));
                }
            }
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}
