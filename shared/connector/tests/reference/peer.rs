//! The schema means to others what the checker means: `jsonschema` accepts what is accepted, and refuses what has a wrong form.

use connector::Draft;
use jsonschema::Validator;
use serde_json::Value;

use crate::corpus;

/// How the checker says that one key or one value has a wrong form. What it says in other words is about several together, which
/// the schema leaves to it.
const FORM: &[(&str, &str)] = &[("definition_unknown_key", "is not a key here"), ("definition_missing_key", "is absent"), ("definition_wrong_type", " is expected, not ")];
/// What sounds like it, and needs more than the schema looks at.
const MORE: &[(&str, &str)] = &[
    ("/entities/year/read/records/entries", "of true and false, only true has a meaning"),
    ("/entities/year/read/records/zip", "`columns` and `rows` are needed where `arrays` is absent"),
    ("/rate_limiting/adaptive/reserve", "a share is a decimal up to 1, and a number has no bounds in the schema"),
    ("/lookup/e", "`inject` is needed where `mode` asks for keys"),
    ("/entities/c/read/pagination/inject/cursor", "each way of paging has its own places"),
    ("/entities/e/read/pagination/stop", "a rule of `when` needs the place it looks at"),
    ("/entities/i/read/pagination", "one of `from`, `field` and `header` is needed"),
    ("/tests/1/config/shop", "values of a test are scalars or arrays, and the schema lets any stand there"),
];

pub(crate) fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn schema() -> Value {
    parsed(&connector::schema().to_string())
}

pub(crate) fn validator() -> Validator {
    jsonschema::validator_for(&schema()).unwrap()
}

/// What the schema says is wrong with it.
fn told(validator: &Validator, definition: &Value) -> Vec<String> {
    validator.iter_errors(definition).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_schema_is_one() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn what_is_accepted_is_valid_by_the_schema() {
    let validator = validator();
    for (name, definition) in corpus::accepted() {
        assert_eq!(told(&validator, &parsed(&definition.to_string())), [""; 0], "{name}");
    }
}

#[test]
fn what_has_a_wrong_form_is_not() {
    let validator = validator();
    let mut unseen = Vec::new();
    for (name, text) in corpus::texts("corpus/reject") {
        let definition = parsed(&text);
        let seen: Vec<String> = validator.iter_errors(&definition).map(|error| error.instance_path().to_string()).collect();
        let findings = Draft::parse(&text).unwrap().check().findings().to_vec();
        for finding in findings.iter().filter(|finding| FORM.iter().any(|(code, said)| finding.code == *code && finding.message.contains(said))) {
            // The schema complains of the object that has the key; and of all of a value that is none of several.
            let around = finding.pointer.rsplit_once('/').map_or("", |(around, _)| around);
            let said = seen.iter().any(|at| *at == finding.pointer || at == around || !at.is_empty() && around.starts_with(&format!("{at}/")));
            if !said && !MORE.iter().any(|(at, _)| *at == finding.pointer) {
                unseen.push(format!("{name} {}: {}", finding.pointer, finding.message));
            }
        }
    }
    assert_eq!(unseen, [""; 0]);
}

#[test]
fn a_definition_may_name_the_schema() {
    let text = r#"{ "$schema": "./definition.schema.json", "metadata": { "slug": "a", "type": "source" }, "entities": { "order": { "read": { "request": { "url": "https://api.example.com/orders" } } } } }"#;
    assert_eq!(Draft::parse(text).unwrap().check().findings(), []);
    assert_eq!(told(&validator(), &parsed(text)), [""; 0]);
}
