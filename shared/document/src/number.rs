//! A number as its decimal text.

use std::fmt;

/// A JSON number, exactly as written: `19.990`, `1E400` and 19-digit ids survive.
///
/// Equality is by value: `1` equals `1.0` and `1e0`.
#[derive(Clone)]
pub struct Number(Box<str>);

impl Number {
    /// Takes a text that is a JSON number.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        valid(text.as_bytes()).then(|| Self(text.into()))
    }

    /// The decimal text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The value as an integer, if it is one that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok().or_else(|| {
            let (negative, digits, exponent) = self.parts();
            if !(0..=19).contains(&exponent) {
                return None;
            }
            let plain = format!("{}{digits}{}", if negative { "-" } else { "" }, "0".repeat(usize::try_from(exponent).ok()?));
            plain.parse().ok()
        })
    }

    /// One text per value: significant digits and a power of ten, so that `1.0` and `10e-1` are one.
    #[must_use]
    pub fn normalised(&self) -> String {
        let (negative, digits, exponent) = self.parts();
        if digits == "0" {
            return "0".into();
        }
        let sign = if negative { "-" } else { "" };
        if exponent == 0 { format!("{sign}{digits}") } else { format!("{sign}{digits}e{exponent}") }
    }

    /// Sign, digits without leading or trailing zeros, power of ten.
    fn parts(&self) -> (bool, String, i64) {
        let text = self.0.as_ref();
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        // An exponent beyond i64 is kept apart only by its text; saturating keeps this total.
        let power: i64 = power.trim_start_matches('+').parse().unwrap_or(if power.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 });
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        let trimmed = digits.trim_end_matches('0');
        if trimmed.is_empty() {
            return (false, "0".into(), 0);
        }
        let dropped = i64::try_from(digits.len() - trimmed.len()).unwrap_or(i64::MAX);
        let scale = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        (negative, trimmed.to_owned(), power.saturating_sub(scale).saturating_add(dropped))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.normalised() == other.normalised()
    }
}

impl Eq for Number {}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the text is a number by the JSON grammar.
fn valid(text: &[u8]) -> bool {
    let digits = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(text.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && text[at] == b'0') {
        return false;
    }
    at += whole;
    if text.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let power = digits(at.min(text.len()));
        if power == 0 {
            return false;
        }
        at += power;
    }
    at == text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_normal_form() {
        for (left, right, same) in [
            ("1", "1.0", true), ("10", "1e1", true), ("0", "-0.0", true), ("19.990", "19.99", true), ("1E400", "10E399", true),
            ("1", "2", false), ("-1", "1", false), ("9007199254740993", "9007199254740992", false),
        ] {
            let number = |text| Number::from_text(text).unwrap();
            assert_eq!(number(left) == number(right), same, "{left} {right}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", "01", "1.", ".5", "1e", "1e+", "+1", "0x1", "NaN", "1 ", "--1"] {
            assert!(Number::from_text(text).is_none(), "{text}");
        }
    }

    #[test]
    fn integers_read_as_integers_however_written() {
        for (text, value) in [("7", Some(7)), ("7.0", Some(7)), ("1e3", Some(1000)), ("7.5", None), ("1e30", None)] {
            assert_eq!(Number::from_text(text).unwrap().as_i64(), value, "{text}");
        }
    }
}
