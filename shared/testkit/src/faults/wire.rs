//! A rule as the control surface writes it: one flat object with a `kind`.

use std::time::Duration;

use document::Value;

use super::{Fault, Garbage, Rule};

impl Rule {
    /// Reads a rule: `kind` with its own members, and `method`, `path`, `after`, `times` as wanted.
    ///
    /// # Errors
    /// Which member is not understood.
    pub fn read(value: &Value) -> Result<Self, String> {
        let number = |key: &str, default: u32| match value.get(key) {
            None => Ok(default),
            Some(given) => given.as_i64().and_then(|number| u32::try_from(number).ok()).ok_or_else(|| format!("{key} is not a small number")),
        };
        Ok(Self {
            method: value.get("method").and_then(Value::as_str).map(str::to_ascii_uppercase),
            path_prefix: value.get("path").and_then(Value::as_str).unwrap_or_default().to_owned(),
            after: number("after", 0)?,
            times: number("times", 1)?,
            fault: Fault::read(value)?,
        })
    }
}

impl Fault {
    fn read(value: &Value) -> Result<Self, String> {
        let executes = value.get("executes").and_then(Value::as_bool).unwrap_or(false);
        let status = match value.get("status") {
            None => None,
            Some(given) => Some(given.as_i64().and_then(|code| u16::try_from(code).ok()).filter(|code| (200..1000).contains(code)).ok_or("status is not one")?),
        };
        match value.get("kind").and_then(Value::as_str) {
            Some("status") => Ok(Self::Status { status: status.ok_or("status is missing")?, retry_after: value.get("retry_after").and_then(Value::plain), executes }),
            Some("stall") => Ok(Self::Stall { executes }),
            Some("late") => Ok(Self::Late { status }),
            Some("drop") => Ok(Self::Drop { executes }),
            Some("garbage") => Ok(Self::Garbage { garbage: Garbage::read(value.get("garbage").and_then(Value::as_str))?, executes }),
            Some("slow") => {
                let ms = value.get("ms").and_then(Value::as_i64).and_then(|ms| u64::try_from(ms).ok()).ok_or("ms is missing")?;
                Ok(Self::Slow { by: Duration::from_millis(ms) })
            }
            _ => Err("kind is none of status, stall, late, drop, garbage, slow".to_owned()),
        }
    }
}

impl Garbage {
    fn read(name: Option<&str>) -> Result<Self, String> {
        match name {
            None | Some("text") => Ok(Self::Text),
            Some("truncated") => Ok(Self::Truncated),
            Some("html") => Ok(Self::Html),
            Some("empty") => Ok(Self::Empty),
            Some(other) => Err(format!("garbage {other} is none of text, truncated, html, empty")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read() {
        for (text, fault) in [
            (r#"{"kind":"status","status":429,"retry_after":"2.0"}"#, Fault::Status { status: 429, retry_after: Some("2.0".to_owned()), executes: false }),
            (r#"{"kind":"stall","executes":true}"#, Fault::Stall { executes: true }),
            (r#"{"kind":"late","status":503}"#, Fault::Late { status: Some(503) }),
            (r#"{"kind":"late"}"#, Fault::Late { status: None }),
            (r#"{"kind":"drop"}"#, Fault::Drop { executes: false }),
            (r#"{"kind":"garbage","garbage":"html"}"#, Fault::Garbage { garbage: Garbage::Html, executes: false }),
            (r#"{"kind":"slow","ms":5}"#, Fault::Slow { by: Duration::from_millis(5) }),
        ] {
            let rule = Rule::read(&document::parse_str(text).unwrap()).unwrap();
            assert_eq!((rule.fault, rule.times, rule.after), (fault, 1, 0), "{text}");
        }
        for text in [r#"{"kind":"status"}"#, r#"{"kind":"status","status":70000}"#, r#"{"kind":"hiccup"}"#, r#"{"kind":"drop","times":-1}"#, "{}"] {
            assert!(Rule::read(&document::parse_str(text).unwrap()).is_err(), "{text}");
        }
    }
}
