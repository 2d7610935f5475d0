//! Whether two JSON texts are the same by value: members in any order, numbers by their digits, not as floats.
//!
//! The outputs of all contenders pass through here before anything is measured. It trusts none of them: what it reads with
//! is serde's raw values, and a number is compared as significant digits and a power of ten.

use std::collections::BTreeMap;

use serde_json::{Error, value::RawValue};

/// The first place where two texts differ, as a JSON Pointer with both values; nothing if they are the same.
///
/// # Errors
/// One of them is not JSON.
pub fn difference(left: &str, right: &str) -> Result<Option<String>, Error> {
    compare(left.trim(), right.trim(), "")
}

fn compare(left: &str, right: &str, place: &str) -> Result<Option<String>, Error> {
    let same = match (left.as_bytes().first(), right.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => return members(left, right, place),
        (Some(b'['), Some(b'[')) => return elements(left, right, place),
        (Some(b'"'), Some(b'"')) => serde_json::from_str::<String>(left)? == serde_json::from_str::<String>(right)?,
        (Some(b'-' | b'0'..=b'9'), Some(b'-' | b'0'..=b'9')) => digits(left) == digits(right),
        _ => left == right,
    };
    Ok((!same).then(|| format!("{place}: {left} and {right}")))
}

fn members(left: &str, right: &str, place: &str) -> Result<Option<String>, Error> {
    let (left, right): (BTreeMap<String, &RawValue>, BTreeMap<String, &RawValue>) = (serde_json::from_str(left)?, serde_json::from_str(right)?);
    if let Some(key) = left.keys().find(|key| !right.contains_key(*key)).or_else(|| right.keys().find(|key| !left.contains_key(*key))) {
        return Ok(Some(format!("{place}/{key}: only one of them has it")));
    }
    for (key, value) in &left {
        let found = compare(value.get(), right[key].get(), &format!("{place}/{key}"))?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn elements(left: &str, right: &str, place: &str) -> Result<Option<String>, Error> {
    let (left, right): (Vec<&RawValue>, Vec<&RawValue>) = (serde_json::from_str(left)?, serde_json::from_str(right)?);
    if left.len() != right.len() {
        return Ok(Some(format!("{place}: {} elements and {}", left.len(), right.len())));
    }
    for (at, (left, right)) in left.iter().zip(&right).enumerate() {
        let found = compare(left.get(), right.get(), &format!("{place}/{at}"))?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Sign, significant digits and power of ten of a JSON number; a text whose exponent is beyond all bounds is the same only as itself.
fn digits(number: &str) -> (bool, String, i64) {
    let (negative, plain) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
    let (mantissa, power) = plain.split_once(['e', 'E']).unwrap_or((plain, "0"));
    let Ok(power) = power.trim_start_matches('+').parse::<i32>() else {
        return (negative, plain.to_owned(), i64::MAX);
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let kept = all.trim_end_matches('0');
    let power = i64::from(power) + (all.len() as i64 - kept.len() as i64) - fraction.len() as i64;
    let kept = kept.trim_start_matches('0');
    if kept.is_empty() { (false, String::new(), 0) } else { (negative, kept.to_owned(), power) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_by_value_and_numbers_by_their_digits() {
        for (left, right, found) in [
            (r#"{"a":1,"b":[true,null]}"#, r#"{ "b": [true, null], "a": 1.0 }"#, None),
            ("[1e2,0.0,19.990]", "[100,-0,19.99]", None),
            (r#""\u00e5""#, r#""å""#, None),
            (r#"{"a":9007199254740993}"#, r#"{"a":9007199254740992}"#, Some("/a: 9007199254740993 and 9007199254740992")),
            (r#"{"a":[{"b":1}]}"#, r#"{"a":[{"b":"1"}]}"#, Some(r#"/a/0/b: 1 and "1""#)),
            (r#"{"a":1}"#, "{}", Some("/a: only one of them has it")),
            ("{}", r#"{"a":1}"#, Some("/a: only one of them has it")),
            ("[1]", "[1,2]", Some(": 1 elements and 2")),
            ("null", "false", Some(": null and false")),
            ("10", "1", Some(": 10 and 1")),
        ] {
            assert_eq!(difference(left, right).unwrap().as_deref(), found, "{left} {right}");
        }
    }
}
