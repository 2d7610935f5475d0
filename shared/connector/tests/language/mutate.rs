//! Changes of a definition a clumsy author makes.

use document::{Value, parse_str};
use proptest::sample::Index;

/// Values of every JSON type, and texts that mean something elsewhere.
const VALUES: &[&str] = &[
    "null", "true", "0", "-1", "1.5", "1e400", "99999999999999999999", r#""""#, r#""$""#, r#""$.a[*]""#, r#""{{ config.key }}""#, r#""{{ record.a""#, r#""{{ page }} x""#, r#""PT5M""#, r#""https://{{ cursor }}.example""#, r#""/a/{b}""#, "[]", "[[]]", r#"["a","a"]"#, "{}",
    r#"{"":{}}"#, r#"{"in":"path","name":"zz"}"#, r#"{"type":"page"}"#, r#"{"a/b~c":{"d":[{}]}}"#,
];

/// Changes one place of a definition.
pub(crate) fn change(definition: &mut Value, place: &Index, other: &Index, way: u8) {
    let many = count(definition);
    let target = 1 + place.index(many.max(2) - 1);
    let donor = nth(definition, &mut (other.index(many) + 1)).cloned().unwrap_or(Value::Null);
    let fixed = parse_str(VALUES[other.index(VALUES.len())]).unwrap();
    alter(definition, &mut { target }, &mut |parent, at| match (parent, way) {
        (Value::Object(entries), 0) => _ = entries.remove(at),
        (Value::Array(items), 0) => _ = items.remove(at),
        (Value::Object(entries), 1) => entries[at].1 = fixed.clone(),
        (Value::Array(items), 1) => items[at] = fixed.clone(),
        (Value::Object(entries), 2) => {
            let name = format!("{}x", entries[at].0);
            if entries.iter().all(|(known, _)| *known != name) {
                entries[at].0 = name;
            }
        }
        (Value::Array(items), 2 | 3) => items.insert(at, items[at].clone()),
        (Value::Object(entries), 3) => {
            let (name, value) = (format!("{}/~", entries[at].0), entries[at].1.clone());
            if entries.iter().all(|(known, _)| *known != name) {
                entries.push((name, value));
            }
        }
        (Value::Object(entries), _) => entries[at].1 = donor.clone(),
        (Value::Array(items), _) => items[at] = donor.clone(),
        _ => {}
    });
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(entries) => entries.iter().map(|(_, entry)| entry).collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    }
}

fn count(value: &Value) -> usize {
    1 + children(value).into_iter().map(count).sum::<usize>()
}

/// The value with this number, in the order of the text.
fn nth<'v>(value: &'v Value, left: &mut usize) -> Option<&'v Value> {
    *left -= 1;
    if *left == 0 {
        return Some(value);
    }
    children(value).into_iter().find_map(|child| nth(child, left))
}

/// Hands the parent of the value with this number and its position to a change.
fn alter(value: &mut Value, left: &mut usize, change: &mut dyn FnMut(&mut Value, usize)) -> bool {
    for at in 0..children(value).len() {
        *left -= 1;
        if *left == 0 {
            change(value, at);
            return true;
        }
        let child = match value {
            Value::Object(entries) => entries.get_mut(at).map(|(_, entry)| entry),
            Value::Array(items) => items.get_mut(at),
            _ => None,
        };
        if child.is_some_and(|child| alter(child, left, change)) {
            return true;
        }
    }
    false
}
