//! A value of an authored document with its pointer, and the findings gathered while reading it.
//!
//! Every element of a definition and every operation of a mapping reads itself through these few functions, so that what is
//! wrong is said in one way everywhere.

use fault::{Fault, Finding};

use super::nearest;
use crate::{Path, Value, token};

/// Findings with a hint on what is known elsewhere.
const HINTS: usize = 200;

/// The codes one kind of document says the same things with.
#[derive(Debug)]
pub struct Codes {
    /// A key that is not part of the language.
    pub unknown_key: &'static str,
    /// A key that must be there is not.
    pub missing_key: &'static str,
    /// A value of another type than needed.
    pub wrong_type: &'static str,
    /// A value that is none of the known ones.
    pub unknown_value: &'static str,
}

/// Everything wrong with a document so far.
#[derive(Debug)]
pub struct Findings {
    codes: &'static Codes,
    list: Vec<Finding>,
    /// Keys that were meant by others that are unknown, with the place of their object.
    meant: Vec<(String, String)>,
}

/// A value and its place.
#[derive(Debug, Clone)]
pub struct Node<'v> {
    /// The value.
    pub value: &'v Value,
    /// JSON Pointer to it.
    pub at: String,
}

impl Findings {
    /// Nothing yet, of a document with these codes.
    #[must_use]
    pub fn new(codes: &'static Codes) -> Self {
        Self { codes, list: Vec::new(), meant: Vec::new() }
    }

    /// Notes an error at a place.
    pub fn error(&mut self, code: &'static str, at: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.list.push(Finding::error(code, at, message, hint));
    }

    /// Notes what a person should look at.
    pub fn warning(&mut self, code: &'static str, at: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.list.push(Finding::warning(code, at, message, hint));
    }

    /// Whether a key is absent because it is written wrongly, which has been said.
    #[must_use]
    pub fn is_meant(&self, at: &str, key: &str) -> bool {
        self.meant.iter().any(|(known, meant)| known == at && meant == key)
    }

    /// What was found so far, in the order of reading.
    #[must_use]
    pub fn list(&self) -> &[Finding] {
        &self.list
    }

    /// Everything found.
    #[must_use]
    pub fn into_list(self) -> Vec<Finding> {
        self.list
    }
}

impl<'v> Node<'v> {
    /// The whole document.
    #[must_use]
    pub fn root(value: &'v Value) -> Self {
        Self { value, at: String::new() }
    }

    /// A part of this value, by the word that leads to it.
    #[must_use]
    pub fn child(&self, key: &str, value: &'v Value) -> Self {
        let mut at = String::with_capacity(self.at.len() + 1 + key.len());
        at.push_str(&self.at);
        at.push('/');
        at.push_str(&token(key));
        Self { value, at }
    }

    /// A member, whether or not this is an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| self.child(key, value))
    }

    /// A member that must be there.
    pub fn need(&self, cx: &mut Findings, key: &str) -> Option<Self> {
        let found = self.get(key);
        if found.is_none() && !cx.is_meant(&self.at, key) {
            cx.error(cx.codes.missing_key, &self.at, format!("`{key}` is absent"), format!("add `{key}`"));
        }
        found
    }

    /// An object with no keys but these.
    pub fn object(&self, cx: &mut Findings, keys: &[&str]) -> Option<()> {
        self.object_with(cx, keys, &|_| None)
    }

    /// As [`Node::object`], with a word on keys that are known elsewhere.
    pub fn object_with(&self, cx: &mut Findings, keys: &[&str], elsewhere: &dyn Fn(&str) -> Option<String>) -> Option<()> {
        let Some(entries) = self.value.entries() else { return self.wrong(cx, "an object") };
        for (name, value) in entries.iter().filter(|(name, _)| !keys.contains(&name.as_str())) {
            let hint = match nearest(name, keys.iter().copied()) {
                Some(near) => {
                    cx.meant.push((self.at.clone(), near.to_owned()));
                    format!("did you mean `{near}`?")
                }
                None => {
                    // Nobody reads so many, and a look elsewhere goes through the whole language.
                    let place = if cx.list.len() < HINTS { elsewhere(name) } else { None };
                    format!("{}known here: {}", place.map(|place| format!("{place}; ")).unwrap_or_default(), keys.join(", "))
                }
            };
            cx.error(cx.codes.unknown_key, &self.child(name, value).at, format!("`{name}` is not a key here"), hint);
        }
        Some(())
    }

    /// The last word of the pointer.
    #[must_use]
    pub fn name(&self) -> String {
        self.at.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~")
    }

    /// The members of an object with names of the author's choosing.
    pub fn entries(&self, cx: &mut Findings) -> Option<Vec<Self>> {
        match self.value.entries() {
            Some(entries) => Some(entries.iter().map(|(key, value)| self.child(key, value)).collect()),
            None => self.wrong(cx, "an object"),
        }
    }

    /// The elements of an array.
    pub fn items(&self, cx: &mut Findings) -> Option<Vec<Self>> {
        match self.value.items() {
            Some(items) => Some(items.iter().enumerate().map(|(index, value)| self.child(&index.to_string(), value)).collect()),
            None => self.wrong(cx, "an array"),
        }
    }

    /// A string.
    pub fn text(&self, cx: &mut Findings) -> Option<&'v str> {
        self.value.as_str().or_else(|| self.wrong(cx, "a string"))
    }

    /// A whole number.
    pub fn integer(&self, cx: &mut Findings) -> Option<i64> {
        self.value.as_i64().or_else(|| self.wrong(cx, "a whole number"))
    }

    /// A whole number above zero.
    pub fn count(&self, cx: &mut Findings) -> Option<u32> {
        self.value.as_i64().and_then(|value| u32::try_from(value).ok()).filter(|value| *value > 0).or_else(|| self.wrong(cx, "a whole number above 0"))
    }

    /// True or false.
    pub fn boolean(&self, cx: &mut Findings) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong(cx, "true or false"))
    }

    /// One of a closed list of words.
    pub fn word(&self, cx: &mut Findings, words: &[&str]) -> Option<&'v str> {
        let text = self.text(cx)?;
        if words.contains(&text) {
            return Some(text);
        }
        let hint = match nearest(text, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? known here: {}", words.join(", ")),
            None => format!("known here: {}", words.join(", ")),
        };
        cx.error(cx.codes.unknown_value, &self.at, format!("`{text}` is not known"), hint);
        None
    }

    /// A `JSONPath`; singular where one value is needed.
    pub fn path(&self, cx: &mut Findings, singular: bool) -> Option<Path> {
        match Path::parse(self.text(cx)?) {
            Ok(path) if singular && !path.is_singular() => {
                cx.error("path_invalid", &self.at, "one value is needed, and this path may name many", "name one by names and indices, such as `[0]`");
                None
            }
            Ok(path) => Some(path),
            Err(error) => {
                cx.error(error.code(), &self.at, error.to_string(), error.hint);
                None
            }
        }
    }

    /// An ISO 8601 duration of days, hours, minutes and seconds, in milliseconds.
    pub fn duration(&self, cx: &mut Findings) -> Option<i64> {
        let parsed = duration(self.text(cx)?);
        if parsed.is_none() {
            cx.error(cx.codes.unknown_value, &self.at, "no duration", "write it as `PT5M`, `PT30S`, `PT1H` or `P1D`");
        }
        parsed
    }

    /// Says that something else is expected here.
    pub fn wrong<T>(&self, cx: &mut Findings, expected: &str) -> Option<T> {
        // "A whole number is expected, not number" would tell nothing. Where a text is expected, the number may be a secret.
        let found = match self.value {
            Value::Number(number) if number.text().len() <= 20 && ["number", "share"].iter().any(|word| expected.contains(word)) => number.text(),
            value => value.kind(),
        };
        cx.error(cx.codes.wrong_type, &self.at, format!("{expected} is expected, not {found}"), format!("write {expected}"));
        None
    }
}

/// An ISO 8601 duration of days, hours, minutes and seconds, in milliseconds.
#[must_use]
pub fn duration(text: &str) -> Option<i64> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    let mut total = if days.is_empty() { 0 } else { days.strip_suffix('D')?.parse::<i64>().ok()?.checked_mul(86_400_000)? };
    let mut time = time.unwrap_or_default();
    if time.is_empty() && (days.is_empty() || text.ends_with('T')) {
        return None;
    }
    for (unit, ms) in [('H', 3_600_000), ('M', 60_000), ('S', 1_000)] {
        if let Some((number, after)) = time.split_once(unit) {
            // Seconds may have a fraction, to the millisecond.
            let (number, fraction) = number.split_once('.').filter(|_| unit == 'S').map_or((number, None), |(number, fraction)| (number, Some(fraction)));
            if let Some(fraction) = fraction {
                let digits = Some(fraction).filter(|fraction| (1..=3).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit()))?;
                total = total.checked_add(format!("{digits:0<3}").parse().ok()?)?;
            }
            total = total.checked_add(number.parse::<i64>().ok().filter(|number| *number >= 0)?.checked_mul(ms)?)?;
            time = after;
        }
    }
    (time.is_empty() && total >= 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_read_exactly() {
        for (text, ms) in [("PT5M", Some(300_000)), ("P1D", Some(86_400_000)), ("PT1H30M", Some(5_400_000)), ("PT0S", Some(0)), ("PT0.5S", Some(500)), ("PT1.25S", Some(1_250)), ("PT1.S", None), ("PT1.0005S", None), ("PT0.5M", None), ("5m", None), ("P", None), ("PT", None), ("PT-5M", None), ("PT5X", None)] {
            assert_eq!(duration(text), ms, "{text}");
        }
    }
}
