//! Compares what a recorded test read with what it expects, and says where the two part.

use connector::{Expect, Refused};
use document::{Item, Value, object};
use fault::Fault as _;

use super::Reading;

/// Everything that is not as expected.
pub(crate) fn problems(expect: &Expect, reading: &Reading, requests: usize) -> Vec<String> {
    let mut found = Vec::new();
    match (&expect.error, &reading.fault) {
        (None, Some(fault)) => found.push(format!("it failed with {}: {fault}", fault.code())),
        (Some(code), None) => found.push(format!("it should have failed with {code}")),
        (Some(code), Some(fault)) if fault.code() != code => found.push(format!("it failed with {} instead of {code}: {fault}", fault.code())),
        _ => {}
    }
    count("record", expect.records, reading.data.len() + reading.items.len(), &mut found);
    count("request", expect.requests, requests, &mut found);
    list("record", expect.data.as_deref(), &reading.data, true, &mut found);
    let ids = expect.ids.as_ref().map(|ids| ids.iter().map(|id| id.as_str().into()).collect::<Vec<_>>());
    list("id", ids.as_deref(), &reading.ids, true, &mut found);
    list("event", expect.events.as_deref(), &reading.events, false, &mut found);
    let refused = expect.refused.as_ref().map(|refused| refused.iter().map(named).collect::<Vec<_>>());
    list("refused record", refused.as_deref(), &reading.refused, false, &mut found);
    list("item", expect.items.as_deref(), &reading.items, false, &mut found);
    list("omission", expect.left_out.as_deref(), &reading.left_out, false, &mut found);
    found
}

/// What is expected of a record that cannot be mapped.
fn named(refused: &Refused) -> Value {
    object([("id", refused.id.as_deref().map(Value::from)), ("code", Some(refused.code.as_str().into()))])
}

fn count(what: &str, expected: Option<i64>, found: usize, problems: &mut Vec<String>) {
    if let Some(expected) = expected
        && i64::try_from(found) != Ok(expected)
    {
        problems.push(format!("{} expected, and there {}", many(expected, what), if found == 1 { "is 1".to_owned() } else { format!("are {found}") }));
    }
}

/// So many of something, and the verb.
fn many(count: i64, one: &str) -> String {
    if count == 1 { format!("1 {one} is") } else { format!("{count} {one}s are") }
}

fn list(what: &str, expected: Option<&[Value]>, found: &[Value], whole: bool, problems: &mut Vec<String>) {
    let Some(expected) = expected else { return };
    count(what, i64::try_from(expected.len()).ok(), found.len(), problems);
    for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
        if let Some(difference) = difference(expected, found, &format!("/{index}"), whole) {
            problems.push(format!("{what} {difference}"));
        }
    }
}

/// The first place at which a value is not as expected; at the top, only what is expected is looked at unless `whole`.
fn difference(expected: &Value, found: &Value, at: &str, whole: bool) -> Option<String> {
    match (expected, found) {
        (Value::Object(members), Value::Object(others)) => {
            for (name, value) in members {
                let at = format!("{at}/{}", document::token(name));
                match found.get(name) {
                    None => return Some(format!("{at}: {value} is expected, and it is absent")),
                    Some(found) => {
                        if let Some(difference) = difference(value, found, &at, true) {
                            return Some(difference);
                        }
                    }
                }
            }
            let surplus = others.iter().find(|(name, _)| whole && expected.get(name).is_none());
            surplus.map(|(name, value)| format!("{at}/{}: nothing is expected, and it is {value}", document::token(name)))
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => items.iter().zip(others).enumerate().find_map(|(index, (expected, found))| difference(expected, found, &format!("{at}/{index}"), true)),
        _ if Item::Tree(expected) == Item::Tree(found) => None,
        _ => Some(format!("{at}: {expected} is expected, and it is {found}")),
    }
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_difference_is_told_with_its_place() {
        for (expected, found, told) in [
            (r#"{"a":1}"#, r#"{"a":1.0,"b":2}"#, None), (r#"{"a":1}"#, r#"{"a":"1"}"#, Some(r#"/0/a: 1 is expected, and it is "1""#)), (r#"{"a":{"b":1}}"#, r#"{"a":{"b":1,"c":0}}"#, Some("/0/a/c: nothing is expected, and it is 0")),
            (r#"{"a":null}"#, "{}", Some("/0/a: null is expected, and it is absent")), (r#"{"a":[1,2]}"#, r#"{"a":[1,3]}"#, Some("/0/a/1: 2 is expected, and it is 3")),
            (r#"{"a":[1]}"#, r#"{"a":[1,2]}"#, Some("/0/a: [1] is expected, and it is [1,2]")),
        ] {
            let parse = |text| document::parse_str(text).unwrap();
            assert_eq!(difference(&parse(expected), &parse(found), "/0", false).as_deref(), told, "{expected} {found}");
        }
    }
}
