//! A value of the draft with its pointer, and the findings gathered while reading it.
//!
//! Every element reads itself through these few functions, so that what is wrong is said in one way everywhere.

use document::{Path, Value};
use fault::Finding;

use crate::nearest::nearest;

/// What the elements of one draft are read with.
#[derive(Debug, Default)]
pub(crate) struct Check {
    /// Everything wrong so far.
    pub(crate) findings: Vec<Finding>,
    /// The declared configuration.
    pub(crate) config: Vec<crate::ConfigEntry>,
    /// Its names.
    pub(crate) config_names: Vec<String>,
    /// The base address, as written.
    pub(crate) base_url: Option<String>,
}

/// A value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Node<'v> {
    pub(crate) value: &'v Value,
    pub(crate) at: String,
}

impl Check {
    pub(crate) fn error(&mut self, code: &'static str, at: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.findings.push(Finding::error(code, at, message, hint));
    }
}

impl<'v> Node<'v> {
    pub(crate) fn child(&self, key: &str, value: &'v Value) -> Self {
        Self { value, at: format!("{}/{}", self.at, key.replace('~', "~0").replace('/', "~1")) }
    }

    /// A member, whether or not this is an object.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| self.child(key, value))
    }

    /// A member that must be there.
    pub(crate) fn need(&self, cx: &mut Check, key: &str) -> Option<Self> {
        let found = self.get(key);
        if found.is_none() {
            cx.error("definition_missing_key", &self.at, format!("`{key}` is absent"), format!("add `{key}`"));
        }
        found
    }

    /// An object with no keys but these.
    pub(crate) fn object(&self, cx: &mut Check, keys: &[&str]) -> Option<()> {
        let entries = self.entries(cx)?;
        for entry in &entries {
            let name = entry.name();
            if !keys.contains(&name.as_str()) {
                let hint = match nearest(&name, keys.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here: {}", keys.join(", ")),
                };
                cx.error("definition_unknown_key", &entry.at, format!("`{name}` is not a key here"), hint);
            }
        }
        Some(())
    }

    /// The last word of the pointer.
    pub(crate) fn name(&self) -> String {
        self.at.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~")
    }

    /// The members of an object with names of the author's choosing.
    pub(crate) fn entries(&self, cx: &mut Check) -> Option<Vec<Self>> {
        match self.value.entries() {
            Some(entries) => Some(entries.iter().map(|(key, value)| self.child(key, value)).collect()),
            None => self.wrong(cx, "an object"),
        }
    }

    pub(crate) fn items(&self, cx: &mut Check) -> Option<Vec<Self>> {
        match self.value.items() {
            Some(items) => Some(items.iter().enumerate().map(|(index, value)| self.child(&index.to_string(), value)).collect()),
            None => self.wrong(cx, "an array"),
        }
    }

    pub(crate) fn text(&self, cx: &mut Check) -> Option<&'v str> {
        self.value.as_str().or_else(|| self.wrong(cx, "a string"))
    }

    pub(crate) fn integer(&self, cx: &mut Check) -> Option<i64> {
        self.value.as_i64().or_else(|| self.wrong(cx, "a whole number"))
    }

    /// A whole number above zero.
    pub(crate) fn count(&self, cx: &mut Check) -> Option<u32> {
        self.value.as_i64().and_then(|value| u32::try_from(value).ok()).filter(|value| *value > 0).or_else(|| self.wrong(cx, "a whole number above 0"))
    }

    pub(crate) fn boolean(&self, cx: &mut Check) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong(cx, "true or false"))
    }

    /// One of a closed list of words.
    pub(crate) fn word(&self, cx: &mut Check, words: &[&str]) -> Option<&'v str> {
        let text = self.text(cx)?;
        if words.contains(&text) {
            return Some(text);
        }
        let hint = match nearest(text, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? known here: {}", words.join(", ")),
            None => format!("known here: {}", words.join(", ")),
        };
        cx.error("definition_unknown_value", &self.at, format!("`{text}` is not known"), hint);
        None
    }

    /// A `JSONPath`; singular where one value is needed.
    pub(crate) fn path(&self, cx: &mut Check, singular: bool) -> Option<Path> {
        match Path::parse(self.text(cx)?) {
            Ok(path) if singular && !path.is_singular() => {
                cx.error("path_invalid", &self.at, "one value is needed, and `[*]` names many", "name one, such as `[0]`");
                None
            }
            Ok(path) => Some(path),
            Err(error) => {
                cx.error("path_invalid", &self.at, error.to_string(), "write it as `$.name.name[0]`");
                None
            }
        }
    }

    /// An ISO 8601 duration of days, hours, minutes and seconds, in milliseconds.
    pub(crate) fn duration(&self, cx: &mut Check) -> Option<i64> {
        let parsed = duration(self.text(cx)?);
        if parsed.is_none() {
            cx.error("definition_unknown_value", &self.at, "no duration", "write it as `PT5M`, `PT30S`, `PT1H` or `P1D`");
        }
        parsed
    }

    fn wrong<T>(&self, cx: &mut Check, expected: &str) -> Option<T> {
        cx.error("definition_wrong_type", &self.at, format!("{expected} is expected, not {}", self.value.kind()), format!("write {expected}"));
        None
    }
}

fn duration(text: &str) -> Option<i64> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    let mut total = if days.is_empty() { 0 } else { days.strip_suffix('D')?.parse::<i64>().ok()?.checked_mul(86_400_000)? };
    let mut time = time.unwrap_or_default();
    if time.is_empty() && (days.is_empty() || text.ends_with('T')) {
        return None;
    }
    for (unit, ms) in [('H', 3_600_000), ('M', 60_000), ('S', 1_000)] {
        if let Some((number, after)) = time.split_once(unit) {
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
        for (text, ms) in [("PT5M", Some(300_000)), ("P1D", Some(86_400_000)), ("PT1H30M", Some(5_400_000)), ("PT0S", Some(0)), ("5m", None), ("P", None), ("PT", None), ("PT-5M", None), ("PT5X", None)] {
            assert_eq!(duration(text), ms, "{text}");
        }
    }
}
