//! The operators over values. Absent passes through all of them, and null through all but equality and `in`.

use std::cmp::Ordering;

use document::{Item, Sort, number_cmp};
use jiff::{Timestamp, tz::TimeZone};

use crate::{ast::{Comparison, Operator}, eval::Asked, failure::Stop, instant::{instant, written}, names::Cx, number::{Beyond, Num, small}, prepared, value::{Digits, Val, View}};

/// The result of an operator that calculates or joins.
pub(crate) fn calculate<'a>(operator: Operator, left: Val<'a>, right: Val<'a>, cx: &Cx<'a, '_>) -> Result<Val<'a>, Stop> {
    if left.is_absent() || right.is_absent() {
        return Ok(Val::Absent);
    }
    if left.is_null() || right.is_null() {
        return Ok(Val::NULL);
    }
    if operator == Operator::Concat {
        return concat(left, right, cx);
    }
    if let (Operator::Add | Operator::Subtract, View::Text(text)) = (operator, left.view(cx)?) {
        return shifted(text, operator, right, cx);
    }
    let (left, right) = (left.number(cx).map_err(|stop| needs(operator, left, stop))?, right.number(cx).map_err(|stop| needs(operator, right, stop))?);
    let made = match operator {
        Operator::Add => left.add(right),
        Operator::Subtract => right.negate().and_then(|right| left.add(right)),
        Operator::Multiply => left.multiply(right),
        Operator::Divide => left.divide(right),
        Operator::Remainder | Operator::Concat => left.remainder(right),
    };
    made.map(Val::Num).map_err(beyond)
}

pub(crate) fn beyond(beyond: Beyond) -> Stop {
    match beyond {
        Beyond::Digits => Stop::number("the result has more than 28 digits or is out of range"),
        Beyond::Zero => Stop::number("division by zero"),
    }
}

fn needs(operator: Operator, found: Val<'_>, stop: Stop) -> Stop {
    match found {
        Val::Item(item) if item.sort() != Sort::Number => Stop::sort(match item.sort() {
            Sort::Text => format!("`{}` needs numbers, not a text; `int(x)` or `decimal(x)` make one, `~` joins texts", operator.sign()),
            _ => format!("`{}` needs numbers, not {}", operator.sign(), found.word()),
        }),
        _ => stop,
    }
}

fn concat<'a>(left: Val<'a>, right: Val<'a>, cx: &Cx<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = |value: Val<'a>| value.plain(cx)?.ok_or_else(|| Stop::sort(format!("`~` joins texts, numbers and booleans, not {}", value.word())));
    let (left, right) = (text(left)?, text(right)?);
    cx.make(left.len() + right.len())?;
    let mut made = room(cx, left.len() + right.len());
    made.push_str(left);
    made.push_str(right);
    Ok(Val::Item(Item::Text(made.into_bump_str())))
}

/// An empty text in the arena that may grow to so many bytes.
pub(crate) fn room<'a>(cx: &Cx<'a, '_>, bytes: usize) -> bumpalo::collections::String<'a> {
    bumpalo::collections::String::with_capacity_in(bytes, cx.arena.bump())
}

/// An instant and a duration.
fn shifted<'a>(text: &str, operator: Operator, by: Val<'a>, cx: &Cx<'a, '_>) -> Result<Val<'a>, Stop> {
    let moment = instant(text).ok_or_else(|| Stop::sort(format!("`{}` needs two numbers, or an instant and a duration; `~` joins texts", operator.sign())))?;
    let View::Text(by) = by.view(cx)? else { return Err(Stop::date("an instant is moved by a duration such as `duration('P1D')`")) };
    let span = prepared::duration(by).ok_or_else(|| Stop::date("an instant is moved by an ISO 8601 duration such as `duration('P1D')`"))?;
    let span = if operator == Operator::Subtract { span.negate() } else { span };
    Val::made(&written(moved(moment, span)?), cx)
}

/// An instant moved by a duration; days and months are those of UTC.
pub(crate) fn moved(moment: Timestamp, span: jiff::Span) -> Result<Timestamp, Stop> {
    moment.to_zoned(TimeZone::UTC).checked_add(span).map(|zoned| zoned.timestamp()).map_err(|_| Stop::date("the instant would be out of range"))
}

/// The result of a comparison.
pub(crate) fn compare<'a>(comparison: Comparison, left: Val<'a>, right: Val<'a>, asked: Asked, cx: &Cx<'a, '_>) -> Result<Val<'a>, Stop> {
    if left.is_absent() || right.is_absent() {
        return if asked == Asked::Condition { lacking(comparison, left, right, cx) } else { Ok(Val::Absent) };
    }
    // Most comparisons are of two short whole numbers.
    if let (Val::Item(Item::Number(left)), Val::Item(Item::Number(right))) = (left, right)
        && let (Some(left), Some(right)) = (small(left), small(right))
        && let Some(holds) = comparison.holds(left.cmp(&right))
    {
        return Ok(Val::bool(holds));
    }
    Ok(Val::bool(match comparison {
        Comparison::Equal => equal(left, right, cx)?,
        Comparison::Unequal => !equal(left, right, cx)?,
        Comparison::In => within(left, right, cx)?,
        Comparison::NotIn => !within(left, right, cx)?,
        _ if left.is_null() || right.is_null() => return Ok(Val::NULL),
        Comparison::Less | Comparison::LessEqual | Comparison::More | Comparison::MoreEqual => comparison.holds(order(left, right, cx)?).unwrap_or_default(),
    }))
}

/// A comparison in a condition with what is absent: as with null, so that `!=` and `not in` hold of a record without the member. It
/// has no order, and nothing is in what is not there.
fn lacking<'a>(comparison: Comparison, left: Val<'a>, right: Val<'a>, cx: &Cx<'a, '_>) -> Result<Val<'a>, Stop> {
    let null = |value: Val<'a>| if value.is_absent() { Val::NULL } else { value };
    let (left, right) = (null(left), null(right));
    let inside = || if let View::List(_) = right.view(cx)? { within(left, right, cx) } else { Ok(false) };
    Ok(match comparison {
        Comparison::Equal => Val::bool(equal(left, right, cx)?),
        Comparison::Unequal => Val::bool(!equal(left, right, cx)?),
        Comparison::In => Val::bool(inside()?),
        Comparison::NotIn => Val::bool(!inside()?),
        Comparison::Less | Comparison::LessEqual | Comparison::More | Comparison::MoreEqual => Val::Absent,
    })
}

impl Comparison {
    /// Whether it holds of two values in this order; nothing is said of `in`.
    fn holds(self, order: Ordering) -> Option<bool> {
        Some(match self {
            Comparison::Equal => order.is_eq(),
            Comparison::Unequal => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessEqual => order.is_le(),
            Comparison::More => order.is_gt(),
            Comparison::MoreEqual => order.is_ge(),
            Comparison::In | Comparison::NotIn => return None,
        })
    }
}

/// The order of two numbers or two texts.
pub(crate) fn order<'a>(left: Val<'a>, right: Val<'a>, cx: &Cx<'a, '_>) -> Result<Ordering, Stop> {
    match (left.view(cx)?, right.view(cx)?) {
        (View::Text(left), View::Text(right)) => {
            cx.read(left.len().min(right.len()))?;
            Ok(left.cmp(right))
        }
        (left, right) if left.is_number() && right.is_number() => Ok(number_order(left, right)),
        _ => Err(Stop::sort(format!("{} and {} have no order: compare two numbers or two texts", left.word(), right.word()))),
    }
}

impl View<'_> {
    fn is_number(self) -> bool {
        matches!(self, View::Num(_) | View::Digits(_))
    }

    /// The value, if it is quickly known.
    fn quick(self) -> Option<Num> {
        match self {
            View::Num(number) => Some(number),
            View::Digits(digits) => small(digits).map(|value| Num::Int(value.into())),
            _ => None,
        }
    }
}

fn number_order(left: View<'_>, right: View<'_>) -> Ordering {
    if let (Some(left), Some(right)) = (left.quick(), right.quick())
        && let Some(order) = left.order(right)
    {
        return order;
    }
    let buffers = (written_digits(left), written_digits(right));
    number_cmp(buffers.0.as_ref().map_or_else(|| plain(left), Digits::as_str), buffers.1.as_ref().map_or_else(|| plain(right), Digits::as_str))
}

fn written_digits(view: View<'_>) -> Option<Digits> {
    if let View::Num(number) = view { Some(Digits::of(number)) } else { None }
}

fn plain<'v>(view: View<'v>) -> &'v str {
    if let View::Digits(digits) = view { digits } else { "0" }
}

/// Equality by value. What is large is paid for by its size.
pub(crate) fn equal<'a>(left: Val<'a>, right: Val<'a>, cx: &Cx<'a, '_>) -> Result<bool, Stop> {
    Ok(match (left.view(cx)?, right.view(cx)?) {
        (View::Null, View::Null) | (View::Absent, View::Absent) => true,
        (View::Bool(left), View::Bool(right)) => left == right,
        (View::Text(left), View::Text(right)) => {
            cx.read(left.len().min(right.len()))?;
            left == right
        }
        (View::List(left), View::List(right)) => left.len() == right.len() && every(left.items().zip(right.items()), cx)?,
        (View::Object(left), View::Object(right)) => left.len() == right.len() && same_members(left, right, cx)?,
        (left, right) => left.is_number() && right.is_number() && number_order(left, right) == Ordering::Equal,
    })
}

fn every<'a>(pairs: impl Iterator<Item = (Item<'a>, Item<'a>)>, cx: &Cx<'a, '_>) -> Result<bool, Stop> {
    for (left, right) in pairs {
        cx.spend(1)?;
        if !equal(Val::Item(left), Val::Item(right), cx)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_members<'a>(left: Item<'a>, right: Item<'a>, cx: &Cx<'a, '_>) -> Result<bool, Stop> {
    let search = right.len() / 16 + 1;
    for (key, item) in left.entries() {
        cx.spend(search)?;
        match right.get(&key) {
            Some(other) if equal(Val::Item(item), Val::Item(other), cx)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Whether a list holds a value, an object a key, a text a text.
pub(crate) fn within<'a>(value: Val<'a>, whole: Val<'a>, cx: &Cx<'a, '_>) -> Result<bool, Stop> {
    match (whole.view(cx)?, value.view(cx)?) {
        (View::List(list), _) => {
            for item in list.items() {
                cx.spend(1)?;
                if equal(value, Val::Item(item), cx)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        (View::Object(object), View::Text(key)) => {
            cx.spend(object.len() / 16)?;
            Ok(object.get(key).is_some())
        }
        (View::Text(text), View::Text(part)) => {
            cx.read(text.len())?;
            Ok(text.contains(part))
        }
        _ => Err(Stop::sort(format!("{} cannot be looked for in {}: a list holds values, an object keys, a text texts", value.word(), whole.word()))),
    }
}
