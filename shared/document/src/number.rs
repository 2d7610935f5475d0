//! A number as its decimal text.

use std::{cmp::Ordering, fmt};

/// A JSON number, exactly as written: `19.990`, `1E400` and 19-digit ids survive.
///
/// Equality is by value: `1` equals `1.0` and `1e0`.
#[derive(Clone)]
pub struct Number(Box<str>);

impl Number {
    /// Takes a text that is a JSON number.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::is_number(text).then(|| Self(text.into()))
    }

    /// Whether a text is a JSON number.
    #[must_use]
    pub fn is_number(text: &str) -> bool {
        length(text.as_bytes()) == Some(text.len())
    }

    /// Takes a text that is known to be a JSON number: it was scanned as one.
    pub(crate) fn of_valid(text: &str) -> Self {
        Self(text.into())
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
        let parts = Parts::of(&self.0);
        let digits: String = parts.digits().map(char::from).collect();
        let trimmed = digits.trim_end_matches('0');
        if trimmed.is_empty() {
            return (false, "0".into(), 0);
        }
        let places = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let power = parts.power.saturating_sub(places(parts.fraction.len())).saturating_add(places(digits.len() - trimmed.len()));
        (parts.negative, trimmed.to_owned(), power)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        number_eq(&self.0, &other.0)
    }
}

impl Eq for Number {}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The length of the number that stands at the start of some bytes, by the JSON grammar.
pub(crate) fn length(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        let mut at = from;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at - from
    };
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && bytes[at] == b'0') {
        return None;
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let power = digits(at);
        if power == 0 {
            return None;
        }
        at += power;
    }
    Some(at)
}

/// Whether two number texts have one value: `1` is `1.0` is `10e-1`.
#[must_use]
pub fn number_eq(left: &str, right: &str) -> bool {
    left == right || number_cmp(left, right) == Ordering::Equal
}

/// The order of two number texts by value, exactly, whatever their length and power.
#[must_use]
pub fn number_cmp(left: &str, right: &str) -> Ordering {
    if let (Some(left), Some(right)) = (small(left), small(right)) {
        return left.cmp(&right);
    }
    let (left, right) = (Parts::of(left), Parts::of(right));
    match (left.sign(), right.sign()) {
        (a, b) if a != b || a == 0 => a.cmp(&b),
        (1, _) => left.size(&right),
        _ => right.size(&left),
    }
}

/// An integer of at most eighteen digits, read without ceremony.
fn small(text: &str) -> Option<i64> {
    (text.len() <= 18).then(|| text.parse().ok())?
}

/// A number text, taken apart without copying.
struct Parts<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
    power: i64,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // A power beyond i64 is kept apart only by its text; saturating keeps this total.
        let power = power.trim_start_matches('+').parse().unwrap_or(if power.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 });
        Self { negative, whole, fraction, power }
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.whole.bytes().chain(self.fraction.bytes()).skip_while(|digit| *digit == b'0')
    }

    /// -1, 0 or 1.
    fn sign(&self) -> i8 {
        if self.digits().next().is_none() {
            return 0;
        }
        if self.negative { -1 } else { 1 }
    }

    /// The power of ten of the first digit that is not zero.
    fn magnitude(&self) -> i64 {
        let zeros = self.whole.bytes().chain(self.fraction.bytes()).take_while(|digit| *digit == b'0').count();
        let places = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.power.saturating_add(places(self.whole.len())).saturating_sub(places(zeros))
    }

    /// The order of two numbers without their signs.
    fn size(&self, other: &Self) -> Ordering {
        self.magnitude().cmp(&other.magnitude()).then_with(|| {
            let (mut left, mut right) = (self.digits(), other.digits());
            loop {
                match (left.next(), right.next()) {
                    (None, None) => return Ordering::Equal,
                    (a, b) if a.unwrap_or(b'0') != b.unwrap_or(b'0') => return a.unwrap_or(b'0').cmp(&b.unwrap_or(b'0')),
                    _ => {}
                }
            }
        })
    }
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
    fn numbers_are_ordered_by_value_however_written() {
        for texts in [
            ["-1e400", "-10", "-9.9", "-0.001"], ["-1e-400", "0", "1e-400", "0.001"], ["9", "10", "10.5", "1e2"], ["9007199254740992", "9007199254740993", "9.007199254740994e15", "1E400"],
            ["123456789012345678901234567890", "123456789012345678901234567891", "1.3e29", "2e29"],
        ] {
            for (left, a) in texts.iter().enumerate() {
                for (right, b) in texts.iter().enumerate() {
                    assert_eq!(number_cmp(a, b), left.cmp(&right), "{a} {b}");
                }
            }
        }
        assert_eq!(number_cmp("-0.0", "0e5"), Ordering::Equal);
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
