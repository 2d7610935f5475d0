//! Functions over numbers, and `length`.

use std::cmp::Ordering;

use rust_decimal::RoundingStrategy;

use crate::{args::Args, failure::Stop, function::{Empty::Passes, Function, Gives, Group, Takes, any, maybe, one}, number::Num, operate::{beyond, order}, value::{Val, View}};

pub(super) const ALL: &[&Function] = &[&INT, &DECIMAL, &ROUND, &ABS, &MIN, &MAX, &SUM, &LENGTH];

const MODES: &[&str] = &["half_even", "half_up", "half_down", "up", "down", "ceiling", "floor"];

const INT: Function = Function {
    name: "int", group: Group::Number, params: &[one("value", Takes::Any)], empty: Passes, gives: Gives::Integer, run: int,
    doc: "A whole number, of a number or of a text that is one; a fraction is an error and never cut off.",
    examples: &[("int(' 0042 ')", "42"), ("int(7.0)", "7")],
};

const DECIMAL: Function = Function {
    name: "decimal", group: Group::Number, params: &[one("value", Takes::Any)], empty: Passes, gives: Gives::Number, run: decimal,
    doc: "A number, of a number or of a text that is one, with the digits it has.",
    examples: &[("decimal('19.990')", "19.990")],
};

const ROUND: Function = Function {
    name: "round", group: Group::Number, params: &[one("number", Takes::Number), maybe("scale", Takes::Integer), maybe("mode", Takes::Word(MODES))], empty: Passes, gives: Gives::Number, run: round,
    doc: "The number with at most so many digits behind the point, none unless told; halves go to the even digit unless told otherwise.",
    examples: &[("round(2.5)", "2"), ("round(19.995, 2)", "20.00"), ("round(2.5, 0, 'half_up')", "3")],
};

const ABS: Function = Function {
    name: "abs", group: Group::Number, params: &[one("number", Takes::Number)], empty: Passes, gives: Gives::Number, run: abs,
    doc: "The number without its sign.",
    examples: &[("abs(-7.10)", "7.10")],
};

const MIN: Function = Function {
    name: "min", group: Group::Number, params: &[one("value", Takes::Any), any("others", Takes::Any)], empty: Passes, gives: Gives::Any, run: min,
    doc: "The least of several values, or of a list: all numbers, or all texts; absent of an empty list.",
    examples: &[("min(3, 1.5, 2)", "1.5"), ("min([])", "absent")],
};

const MAX: Function = Function {
    name: "max", group: Group::Number, params: &[one("value", Takes::Any), any("others", Takes::Any)], empty: Passes, gives: Gives::Any, run: max,
    doc: "The greatest of several values, or of a list: all numbers, or all texts; absent of an empty list.",
    examples: &[("max(['2026-01-02', '2026-03-01'])", "\"2026-03-01\"")],
};

const SUM: Function = Function {
    name: "sum", group: Group::Number, params: &[one("list", Takes::List), maybe("each", Takes::Each)], empty: Passes, gives: Gives::Number, run: sum,
    doc: "The exact sum of the elements, or of what a path or an expression over `item` gives for each; one without a number is an error.",
    examples: &[("sum([0.1, 0.2])", "0.3"), ("sum([{q: 2, p: 1.50}, {q: 1, p: 3}], item.q * item.p)", "6.00"), ("sum([{q: 2}], 'q')", "2")],
};

const LENGTH: Function = Function {
    name: "length", group: Group::Number, params: &[one("value", Takes::Any)], empty: Passes, gives: Gives::Integer, run: length,
    doc: "How many characters a text, elements a list, or members an object has.",
    examples: &[("length('åäö')", "3"), ("length([1, 2])", "2"), ("length({})", "0")],
};

/// The number of a text: blanks around it, a plus and leading zeros are forgiven.
fn read(text: &str) -> Result<Num, Stop> {
    let wrong = || Stop::form("the text is no number");
    let trimmed = text.trim();
    let (sign, digits) = match trimmed.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    if !digits.starts_with(|first: char| first.is_ascii_digit()) || digits.len() > 128 {
        return Err(wrong());
    }
    let bare = digits.trim_start_matches('0');
    let zero = if bare.starts_with(|first: char| first.is_ascii_digit()) { "" } else { "0" };
    let json = format!("{sign}{zero}{bare}");
    if document::Number::from_text(&json).is_none() {
        return Err(wrong());
    }
    Num::of(&json).ok_or_else(|| Stop::number("the number has more than 28 digits or is out of range"))
}

fn converted(args: &Args<'_, '_>) -> Result<Num, Stop> {
    match args.view(0)? {
        View::Text(text) => read(text),
        View::Num(_) | View::Digits(_) => args.number(0),
        _ => Err(args.wrong(0, "a number or a text")),
    }
}

fn int<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    converted(args)?.whole().map(Val::int).ok_or_else(|| Stop::number("the number is not whole; `round(x)` makes it so"))
}

fn decimal<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    match args.view(0)? {
        View::Num(_) | View::Digits(_) => Ok(args.get(0)),
        _ => converted(args).map(Val::Num),
    }
}

fn round<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let scale = u32::try_from(args.integer_or(1, 0, 28, 0)?).unwrap_or(0);
    let mode = match args.text_or(2, "half_even")? {
        "half_even" => RoundingStrategy::MidpointNearestEven,
        "half_up" => RoundingStrategy::MidpointAwayFromZero,
        "half_down" => RoundingStrategy::MidpointTowardZero,
        "up" => RoundingStrategy::AwayFromZero,
        "down" => RoundingStrategy::ToZero,
        "ceiling" => RoundingStrategy::ToPositiveInfinity,
        "floor" => RoundingStrategy::ToNegativeInfinity,
        _ => return Err(Stop::form(format!("the mode of `round` is one of: {}", MODES.join(", ")))),
    };
    Ok(Val::Num(args.number(0)?.round(scale, mode)))
}

fn abs<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let number = args.number(0)?;
    if number.is_negative() { number.negate().map(Val::Num).map_err(beyond) } else { Ok(args.get(0)) }
}

fn min<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    extreme(args, Ordering::Less)
}

fn max<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    extreme(args, Ordering::Greater)
}

fn extreme<'a>(args: &Args<'a, '_>, wanted: Ordering) -> Result<Val<'a>, Stop> {
    let values: Vec<Val<'a>> = if args.len() == 1 { args.elements(0)?.into_iter().map(Val::Item).collect() } else { args.values.to_vec() };
    let Some((first, rest)) = values.split_first() else { return Ok(Val::Absent) };
    // A single value, too, has to be one that has an order.
    order(*first, *first, args.cx)?;
    let mut best = *first;
    for value in rest {
        args.cx.spend(1)?;
        if order(*value, best, args.cx)? == wanted {
            best = *value;
        }
    }
    Ok(best)
}

fn sum<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let mut sum = Num::Int(0);
    for (place, item) in args.list(0)?.items().enumerate() {
        let value = if args.call.arguments.len() > 1 { args.each(1, item)? } else { Val::Item(item) };
        args.cx.spend(1)?;
        if !matches!(value.view(args.cx)?, View::Num(_) | View::Digits(_)) {
            return Err(Stop::sort(format!("`sum` adds numbers, and element {place} is {}", value.word())));
        }
        sum = sum.add(value.number(args.cx)?).map_err(beyond)?;
    }
    Ok(Val::Num(sum))
}

fn length<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let length = match args.view(0)? {
        View::Text(text) => {
            args.cx.read(text.len())?;
            text.chars().count()
        }
        View::List(item) | View::Object(item) => item.len(),
        _ => return Err(args.wrong(0, "a text, a list or an object")),
    };
    Ok(Val::int(i64::try_from(length).unwrap_or(i64::MAX)))
}
