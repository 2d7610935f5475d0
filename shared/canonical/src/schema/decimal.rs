//! Which numbers decimals everywhere can hold: judged by value, however they are written, without making a copy.

/// Digits before and after the point, by value.
pub(crate) const WHOLE_DIGITS: i64 = 15;
pub(crate) const FRACTION_DIGITS: i64 = 9;
const SHORT: usize = 11;

/// Whether the number has at most so many digits on either side of the point; zeros that say nothing do not count.
pub(crate) fn fits(number: &str) -> bool {
    // So short a text without a power cannot have too many digits on either side.
    if number.len() <= SHORT && !number.bytes().any(|byte| matches!(byte, b'e' | b'E')) {
        return true;
    }
    let digits = number.strip_prefix('-').unwrap_or(number);
    let (mantissa, power) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (front, back) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if front.is_empty() && back.is_empty() {
        return true;
    }
    // A power beyond i64 is as good as infinite: no text of ours is long enough to make up for it.
    let power: i64 = power.parse().unwrap_or(if power.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 });
    let before = if front.is_empty() { -count(back.len() - back.trim_start_matches('0').len()) } else { count(front.len()) };
    let after = if back.is_empty() { -count(front.len() - front.trim_end_matches('0').len()) } else { count(back.len()) };
    before.saturating_add(power) <= WHOLE_DIGITS && after.saturating_sub(power) <= FRACTION_DIGITS
}

fn count(digits: usize) -> i64 {
    i64::try_from(digits).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use document::Number;
    use proptest::prelude::*;

    use super::{FRACTION_DIGITS, WHOLE_DIGITS, fits};

    #[test]
    fn fifteen_digits_stand_before_the_point_and_nine_after() {
        for (number, expected) in [
            ("0", true), ("-0.0", true), ("0e99999999999999999999", true), ("7.10", true), ("-3", true), ("1e3", true), ("100e-2", true), ("1E+14", true), ("1e15", false), ("1000000000000000", false),
            ("123456789012345.123456789", true), ("1234567890123456", false), ("0.1234567891", false), ("0.123456789000", true), ("1e-9", true), ("1e-10", false), ("0.0000000001e1", true),
            ("0.001e17", true), ("0.001e18", false), ("1e400", false), ("1E99999999999999999999", false), ("1E-99999999999999999999", false), ("1.0000000000000000000", true), ("10e-10", true),
        ] {
            assert_eq!(fits(number), expected, "{number}");
        }
    }

    proptest! {
        #[test]
        fn the_same_value_fits_however_it_is_written(number in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,14})?(e-?[0-9]{1,2})?") {
            let normal = Number::from_text(&number).unwrap().normalised();
            let digits = normal.trim_start_matches('-');
            let (digits, power) = digits.split_once('e').map_or((digits, 0), |(digits, power)| (digits, power.parse::<i64>().unwrap()));
            prop_assert_eq!(fits(&number), power >= -FRACTION_DIGITS && i64::try_from(digits.len()).unwrap() + power <= WHOLE_DIGITS);
        }
    }
}
