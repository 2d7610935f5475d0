//! Exact arithmetic: whole numbers in the range of i128, decimals of up to 28 significant digits.
//!
//! What would need more digits is an error and never rounded; only a quotient is cut, to 28 digits. Numbers that are only passed on
//! or compared never come here as values: their text is kept.

use std::{cmp::Ordering, fmt};

use rust_decimal::{Decimal, RoundingStrategy};

/// The most significant digits a decimal has.
pub const MOST_DIGITS: usize = 28;

/// A number that can be calculated with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Num {
    Int(i128),
    Dec(Decimal),
}

/// The result has more digits than are kept, or divides by zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beyond {
    Digits,
    Zero,
}

impl Num {
    /// Reads a JSON number, if it has at most 28 significant digits or is whole and fits.
    pub(crate) fn of(text: &str) -> Option<Self> {
        if let Some(small) = small(text) {
            return Some(Num::Int(small.into()));
        }
        if let Some((mantissa, scale)) = short(text) {
            return Some(Num::Dec(Decimal::new(mantissa, scale)));
        }
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let power: i64 = power.strip_prefix('+').unwrap_or(power).parse().ok()?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // Zeros at the end of a fraction are kept while there is room: 7.10 stays 7.10.
        let kept = fraction.trim_end_matches('0');
        let mut value = 0_i128;
        for digit in whole.bytes().chain(kept.bytes()) {
            value = value.checked_mul(10)?.checked_add(i128::from(char::from(digit).to_digit(10)?))?;
        }
        let places = i64::try_from(fraction.len()).ok()?.checked_sub(power)?;
        let scale = i64::try_from(kept.len()).ok()?.checked_sub(power)?;
        let value = match u32::try_from(scale.saturating_neg()) {
            _ if value == 0 => 0,
            Ok(power) => value.checked_mul(10_i128.checked_pow(power)?)?,
            Err(_) => value,
        };
        let value = if negative { -value } else { value };
        match u32::try_from(places) {
            Err(_) | Ok(0) => Some(Num::Int(value)),
            Ok(places) if value == 0 => Some(Num::Dec(Decimal::new(0, places.min(Decimal::MAX_SCALE)))),
            Ok(places) => decimal(value, u32::try_from(scale.max(0)).ok()?).map(|made| Num::Dec(widen(made, places))),
        }
    }

    pub(crate) fn add(self, other: Self) -> Result<Self, Beyond> {
        match (self, other) {
            (Num::Int(left), Num::Int(right)) => left.checked_add(right).map(Num::Int).ok_or(Beyond::Digits),
            _ => aligned(self, other).and_then(|(left, right, scale)| Some(Num::Dec(decimal(left.checked_add(right)?, scale)?))).ok_or(Beyond::Digits),
        }
    }

    pub(crate) fn negate(self) -> Result<Self, Beyond> {
        match self {
            Num::Int(value) => value.checked_neg().map(Num::Int).ok_or(Beyond::Digits),
            Num::Dec(value) if value.is_zero() => Ok(self),
            Num::Dec(value) => Ok(Num::Dec(-value)),
        }
    }

    pub(crate) fn multiply(self, other: Self) -> Result<Self, Beyond> {
        if let (Num::Int(left), Num::Int(right)) = (self, other) {
            return left.checked_mul(right).map(Num::Int).ok_or(Beyond::Digits);
        }
        let product = |left: (i128, u32), right: (i128, u32)| decimal(left.0.checked_mul(right.0)?, left.1 + right.1);
        let (left, right) = (self.parts(), other.parts());
        product(left, right).or_else(|| product(shortest(left), shortest(right))).map(Num::Dec).ok_or(Beyond::Digits)
    }

    /// The quotient: whole when it is, else a decimal, cut to 28 digits half to even.
    pub(crate) fn divide(self, other: Self) -> Result<Self, Beyond> {
        if other.is_zero() {
            return Err(Beyond::Zero);
        }
        if let (Num::Int(left), Num::Int(right)) = (self, other)
            && left.checked_rem(right) == Some(0)
        {
            return left.checked_div(right).map(Num::Int).ok_or(Beyond::Digits);
        }
        let (left, right) = (self.decimal().ok_or(Beyond::Digits)?, other.decimal().ok_or(Beyond::Digits)?);
        left.checked_div(right).map(|made| Num::Dec(made.normalize())).ok_or(Beyond::Digits)
    }

    /// The remainder, with the sign of the first.
    pub(crate) fn remainder(self, other: Self) -> Result<Self, Beyond> {
        if other.is_zero() {
            return Err(Beyond::Zero);
        }
        match (self, other) {
            (Num::Int(left), Num::Int(right)) => Ok(Num::Int(left.checked_rem(right).unwrap_or(0))),
            _ => aligned(self, other).and_then(|(left, right, scale)| Some(Num::Dec(decimal(left.checked_rem(right)?, scale)?))).ok_or(Beyond::Digits),
        }
    }

    /// Rounds to so many digits behind the point.
    pub(crate) fn round(self, scale: u32, mode: RoundingStrategy) -> Self {
        match self {
            Num::Int(_) => self,
            Num::Dec(value) => match value.round_dp_with_strategy(scale, mode) {
                rounded if scale == 0 => Num::Int(rounded.mantissa()),
                rounded if rounded.is_zero() => Num::Dec(Decimal::new(0, rounded.scale())),
                rounded => Num::Dec(rounded),
            },
        }
    }

    /// The value as a whole number, if it is one.
    pub(crate) fn whole(self) -> Option<i128> {
        match self {
            Num::Int(value) => Some(value),
            Num::Dec(value) => Some(value.normalize()).filter(|plain| plain.scale() == 0).map(|plain| plain.mantissa()),
        }
    }

    pub(crate) fn decimal(self) -> Option<Decimal> {
        match self {
            Num::Int(value) => decimal(value, 0),
            Num::Dec(value) => Some(value),
        }
    }

    pub(crate) fn is_zero(self) -> bool {
        self.parts().0 == 0
    }

    pub(crate) fn is_negative(self) -> bool {
        self.parts().0 < 0
    }

    /// The order by value, if both can be brought to one scale.
    pub(crate) fn order(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Num::Int(left), Num::Int(right)) => Some(left.cmp(&right)),
            (Num::Dec(left), Num::Dec(right)) => Some(left.cmp(&right)),
            _ => aligned(self, other).map(|(left, right, _)| left.cmp(&right)),
        }
    }

    /// Mantissa and scale.
    fn parts(self) -> (i128, u32) {
        match self {
            Num::Int(value) => (value, 0),
            Num::Dec(value) => (value.mantissa(), value.scale()),
        }
    }
}

/// Plain decimal text, never with an exponent.
impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Num::Int(value) => match i64::try_from(*value) {
                Ok(small) => small.fmt(f),
                Err(_) => value.fmt(f),
            },
            Num::Dec(value) => {
                let (mantissa, scale) = (value.mantissa(), value.scale() as usize);
                let Ok(short) = u64::try_from(mantissa.unsigned_abs()) else { return value.fmt(f) };
                let mut digits = [b'0'; 52];
                let (mut rest, mut at) = (short, digits.len());
                while rest > 0 || digits.len() - at <= scale {
                    at -= 1;
                    digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
                    rest /= 10;
                }
                let (whole, fraction) = std::str::from_utf8(&digits[at..]).unwrap_or_default().split_at(digits.len() - at - scale);
                f.write_str(if mantissa < 0 { "-" } else { "" })?;
                f.write_str(whole)?;
                if scale > 0 {
                    f.write_str(".")?;
                }
                f.write_str(fraction)
            }
        }
    }
}

/// A whole number of up to 18 digits: nearly all there are.
pub(crate) fn small(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0_i64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some(if negative { -value } else { value })
}

/// A decimal of up to 18 digits without an exponent: nearly all others there are.
fn short(text: &str) -> Option<(i64, u32)> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let point = digits.iter().position(|byte| *byte == b'.')?;
    if digits.len() > 19 || point == 0 || point + 1 == digits.len() {
        return None;
    }
    let mut value = 0_i64;
    for digit in digits[..point].iter().chain(&digits[point + 1..]) {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some((if negative { -value } else { value }, u32::try_from(digits.len() - point - 1).ok()?))
}

/// The decimal of a mantissa and a scale, if it has at most 28 digits; zeros at its end are given up before digits are.
fn decimal(mantissa: i128, scale: u32) -> Option<Decimal> {
    const MOST: u128 = 10_u128.pow(28);
    let (mut mantissa, mut scale) = (mantissa, scale);
    while (mantissa.unsigned_abs() >= MOST || scale > Decimal::MAX_SCALE) && scale > 0 && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    if mantissa.unsigned_abs() >= MOST {
        return None;
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

/// With zeros behind the point up to a scale, as far as there is room.
fn widen(value: Decimal, scale: u32) -> Decimal {
    let mut wide = value;
    wide.rescale(scale.min(Decimal::MAX_SCALE));
    if wide == value && wide.mantissa().unsigned_abs() < 10_u128.pow(28) { wide } else { value }
}

/// Without zeros at the end of a fraction.
fn shortest((mut mantissa, mut scale): (i128, u32)) -> (i128, u32) {
    while scale > 0 && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    (mantissa, scale)
}

/// Both mantissas at the larger scale, if they fit.
fn aligned(left: Num, right: Num) -> Option<(i128, i128, u32)> {
    let at = |(mantissa, scale): (i128, u32), target: u32| mantissa.checked_mul(10_i128.checked_pow(target - scale)?);
    let pair = |left: (i128, u32), right: (i128, u32)| {
        let scale = left.1.max(right.1);
        Some((at(left, scale)?, at(right, scale)?, scale))
    };
    pair(left.parts(), right.parts()).or_else(|| pair(shortest(left.parts()), shortest(right.parts())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn num(text: &str) -> Num {
        Num::of(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn numbers_are_read_with_the_digits_they_have() {
        for (text, expected) in [
            ("0", "0"), ("-0", "0"), ("7", "7"), ("7.10", "7.10"), ("-19.990", "-19.990"), ("1e3", "1000"), ("1E-3", "0.001"), ("12.5e1", "125"), ("0.00", "0.00"), ("1.0", "1.0"),
            ("9007199254740993", "9007199254740993"), ("170141183460469231731687303715884105727", "170141183460469231731687303715884105727"),
            ("1234567890123456789012345678", "1234567890123456789012345678"), ("0.1234567890123456789012345678", "0.1234567890123456789012345678"), ("100.0e1", "1000"),
            ("1.00000000000000000000000000000000000000", "1"), ("-0.0", "0.0"), ("1.50e1", "15.0"), ("1.05", "1.05"), ("10.0", "10.0"),
        ] {
            assert_eq!(num(text).to_string(), expected, "{text}");
        }
    }

    #[test]
    fn more_than_28_digits_are_refused_and_never_rounded() {
        for text in ["0.12345678901234567890123456789", "12345678901234567890123456789.5", "1E400", "1e-400", "170141183460469231731687303715884105728", "1e99999999999999999999", "1e-29"] {
            assert!(Num::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn arithmetic_is_exact() {
        let add = |left, right| num(left).add(num(right)).map(|made| made.to_string());
        let multiply = |left, right| num(left).multiply(num(right)).map(|made| made.to_string());
        let divide = |left, right| num(left).divide(num(right)).map(|made| made.to_string());
        let remainder = |left, right| num(left).remainder(num(right)).map(|made| made.to_string());
        for (made, expected) in [
            (add("0.1", "0.2"), Ok("0.3")), (add("1", "1.50"), Ok("2.50")), (add("170141183460469231731687303715884105727", "1"), Err(Beyond::Digits)),
            (add("1e27", "0.1"), Err(Beyond::Digits)), (add("1e27", "1.0"), Ok("1000000000000000000000000001")), (add("-1.5", "1.5"), Ok("0.0")),
            (multiply("19.99", "3"), Ok("59.97")), (multiply("0.00000000000001", "0.000000000000001"), Err(Beyond::Digits)), (multiply("-2", "0.5"), Ok("-1.0")),
            (multiply("9999999999999999999999999999", "1.1"), Err(Beyond::Digits)), (multiply("92345678901234567890", "92345678901234567890"), Err(Beyond::Digits)),
            (divide("6", "2"), Ok("3")), (divide("1", "8"), Ok("0.125")), (divide("1", "3"), Ok("0.3333333333333333333333333333")), (divide("1", "0.0"), Err(Beyond::Zero)),
            (divide("6.0", "2"), Ok("3")), (remainder("-7", "3"), Ok("-1")), (remainder("7.5", "2"), Ok("1.5")), (remainder("7", "0"), Err(Beyond::Zero)),
        ] {
            assert_eq!(made, expected.map(str::to_owned), "{expected:?}");
        }
    }
}
