//! Numbers: from the texts of other systems, exactly, or not at all.

use std::borrow::Cow;

use document::{Arena, Item, Number, authored::Findings, authored::Node};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Cast, To};

/// Digits behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Places {
    digits: u32,
    rounding: RoundingStrategy,
}

/// The words of `rounding`.
const ROUNDING: &[(&str, RoundingStrategy)] = &[
    ("half_even", RoundingStrategy::MidpointNearestEven), ("half_up", RoundingStrategy::MidpointAwayFromZero), ("down", RoundingStrategy::ToZero), ("up", RoundingStrategy::AwayFromZero),
];

pub(super) fn places(cx: &mut Findings, node: &Node<'_>, form: To) -> Option<Option<Places>> {
    let rounding = match node.get("rounding") {
        Some(rounding) => {
            let words: Vec<&str> = ROUNDING.iter().map(|(word, _)| *word).collect();
            let word = rounding.word(cx, &words)?;
            ROUNDING.iter().find_map(|(known, strategy)| (*known == word).then_some(*strategy))
        }
        None => None,
    };
    let digits = match node.get("places") {
        Some(places) => Some(u32::try_from(places.integer(cx)?).ok().filter(|digits| *digits <= 20 && (form != To::Integer || *digits == 0)).or_else(|| places.wrong(cx, "a count of digits up to 20, of an integer 0"))?),
        None if rounding.is_some() && form == To::Integer => Some(0),
        None => None,
    };
    if let (None, Some(rounding)) = (digits, node.get("rounding")) {
        cx.error("mapping_cast_parameter", &rounding.at, "`rounding` without `places` rounds nothing", "say `places`");
        return None;
    }
    Some(digits.map(|digits| Places { digits, rounding: rounding.unwrap_or(RoundingStrategy::MidpointNearestEven) }))
}

pub(super) fn cast<'a>(cast: &Cast, item: Item<'a>, arena: &'a Arena) -> Option<Item<'a>> {
    let text = match item.number() {
        Some(number) => Cow::Borrowed(number),
        None => match item.text()? {
            Cow::Borrowed(text) => plain_number(text)?,
            Cow::Owned(text) => Cow::Owned(plain_number(&text)?.into_owned()),
        },
    };
    let text = if cast.scale == 0 { text } else { Cow::Owned(shifted(&text, cast.scale)?) };
    let text = match cast.places {
        Some(places) => Cow::Owned(rounded(&text, places)?),
        None => text,
    };
    match cast.to {
        To::Integer => whole(text).map(|text| Item::Number(arena.keep(text))),
        _ => Some(Item::Number(arena.keep(text))),
    }
}

/// A number text by the grammar of JSON, from a text that may have space around it, a plus, zeros before it or no digit
/// before its point.
fn plain_number(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    if Number::is_number(text) {
        return Some(Cow::Borrowed(text));
    }
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let (whole, rest) = digits.split_at(digits.bytes().take_while(u8::is_ascii_digit).count());
    let whole = whole.trim_start_matches('0');
    let made = format!("{sign}{}{rest}", if whole.is_empty() { "0" } else { whole });
    // `.5` and `00` are numbers, an empty text, a lone sign and a lone point are none.
    let begins = matches!(digits.as_bytes(), [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..]);
    (begins && Number::is_number(&made)).then_some(Cow::Owned(made))
}

/// The number as a whole one, if it is.
fn whole(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text);
    }
    let plain = shifted(&text, 0)?;
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    fraction.bytes().all(|digit| digit == b'0').then(|| Cow::Owned(if whole == "-0" { "0".to_owned() } else { whole.to_owned() }))
}

/// The number times a power of ten, exactly: the point moves and nothing else.
pub(crate) fn shifted(text: &str, scale: i32) -> Option<String> {
    let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let power = power.trim_start_matches('+').parse::<i32>().ok()?.checked_add(scale).filter(|power| power.abs() <= 400)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).ok()?.checked_add(power)?;
    if point <= 0 {
        digits.insert_str(0, &"0".repeat(usize::try_from(1 - point).ok()?));
    }
    let point = usize::try_from(point.max(1)).ok()?;
    if digits.len() < point {
        digits.push_str(&"0".repeat(point - digits.len()));
    }
    let (whole, fraction) = digits.split_at(point);
    let whole = whole.trim_start_matches('0');
    let sign = if negative { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// The number with so many digits behind the point; `None` beyond 28 significant digits, which are never cut silently.
fn rounded(text: &str, places: Places) -> Option<String> {
    let plain = shifted(text, 0)?;
    let significant = plain.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    if significant > 28 {
        return None;
    }
    let mut number = plain.parse::<Decimal>().ok()?.round_dp_with_strategy(places.digits, places.rounding);
    number.rescale(places.digits);
    let mut text = if number.is_zero() { number.abs().to_string() } else { number.to_string() };
    // The library keeps 28 digits in all: zeros it has no room for are written here.
    let lacking = places.digits.saturating_sub(number.scale());
    if lacking > 0 {
        text.push_str(if number.scale() == 0 { "." } else { "" });
        text.push_str(&"0".repeat(usize::try_from(lacking).ok()?));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_other_systems_write_them() {
        for (text, expected) in [
            ("7", Some("7")), (" 7.10 ", Some("7.10")), ("+5", Some("5")), ("007", Some("7")), ("-007.50", Some("-7.50")), (".5", Some("0.5")), ("-.5", Some("-0.5")), ("00", Some("0")), ("1E400", Some("1E400")),
            ("", None), ("-", None), (".", None), ("1,5", None), ("1 000", None), ("0x10", None), ("12a", None), ("--1", None), ("1.", None), ("NaN", None), ("e5", None),
        ] {
            assert_eq!(plain_number(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_point_moves_exactly() {
        for (text, scale, expected) in [
            ("12345", -2, "123.45"), ("5", -2, "0.05"), ("-5", -2, "-0.05"), ("1.5", 2, "150"), ("1.234", 2, "123.4"), ("0", -2, "0.00"), ("1e3", -2, "10"), ("12345678901234567890123456789012", -2, "123456789012345678901234567890.12"),
        ] {
            assert_eq!(shifted(text, scale).as_deref(), Some(expected), "{text}");
        }
    }
}
