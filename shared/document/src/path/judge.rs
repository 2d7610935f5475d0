//! Says whether a filter holds for a value: comparisons by the rules of RFC 9535 §2.3.5.2.2, exact for every number.
//!
//! Called by `walk` for each child of a filtered value. Spends fuel by what it reads, texts and patterns included.

use std::{borrow::Cow, cmp::Ordering};

use super::{
    ast::{Compare, Expr, Operand},
    walk::{self, View},
};
use crate::{Fuel, Item, Sort, Spent, number_cmp, number_eq};

/// Bytes of text that are compared for one step.
const COMPARED: usize = 256;
/// Digits that are compared for one step.
const DIGITS: usize = 64;

/// A value, or a number that stands nowhere.
#[derive(Debug, Clone)]
enum Known<'a> {
    Item(Item<'a>),
    Count(String),
}

impl Known<'_> {
    fn item(&self) -> Item<'_> {
        match self {
            Known::Item(item) => *item,
            Known::Count(text) => Item::Number(text),
        }
    }
}

pub(super) fn holds<'a>(expr: &'a Expr, view: View<'a, '_>, current: Item<'a>) -> Result<bool, Spent> {
    view.fuel.spend(1)?;
    match expr {
        Expr::Any(alternatives) => {
            for alternative in alternatives {
                if holds(alternative, view, current)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Expr::All(conditions) => {
            for condition in conditions {
                if !holds(condition, view, current)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Expr::Not(inner) => holds(inner, view, current).map(|holds| !holds),
        Expr::Exists(query) if query.is_singular() => walk::one(query, view, current).map(|found| found.is_some()),
        Expr::Exists(query) => walk::all(query, view, current, &mut ()).map(|found| !found.is_empty()),
        Expr::Compare(left, operator, right) => compare(value(left, view, current)?.as_ref(), *operator, value(right, view, current)?.as_ref(), view.fuel),
        Expr::Fits(subject, pattern) => match (value(subject, view, current)?, pattern) {
            (Some(Known::Item(item)), Some(pattern)) => text(item, view.fuel)?.map_or(Ok(false), |text| pattern.fits(&text, view.fuel)),
            _ => Ok(false),
        },
    }
}

fn value<'a>(operand: &'a Operand, view: View<'a, '_>, current: Item<'a>) -> Result<Option<Known<'a>>, Spent> {
    let counted = |count: usize| Some(Known::Count(count.to_string()));
    match operand {
        Operand::Literal(literal) => Ok(Some(Known::Item(literal.item()))),
        Operand::At(query) => Ok(walk::one(query, view, current)?.map(Known::Item)),
        Operand::Length(operand) => {
            let Some(Known::Item(item)) = value(operand, view, current)? else { return Ok(None) };
            match item.sort() {
                Sort::Array | Sort::Object => Ok(counted(item.len())),
                Sort::Text => {
                    let text = text(item, view.fuel)?.unwrap_or_default();
                    view.fuel.spend(text.len() / COMPARED)?;
                    Ok(counted(text.chars().count()))
                }
                Sort::Null | Sort::Bool | Sort::Number => Ok(None),
            }
        }
        Operand::Count(query) => Ok(counted(walk::all(query, view, current, &mut ())?.len())),
        Operand::Value(query) => Ok(match walk::all(query, view, current, &mut ())?.as_slice() {
            [(item, _)] => Some(Known::Item(*item)),
            _ => None,
        }),
    }
}

fn compare(left: Option<&Known<'_>>, operator: Compare, right: Option<&Known<'_>>, fuel: &Fuel) -> Result<bool, Spent> {
    let (left, right) = (left.map(Known::item), right.map(Known::item));
    let same = |fuel| match (left, right) {
        (Some(left), Some(right)) => equal(left, right, fuel),
        (None, None) => Ok(true),
        _ => Ok(false),
    };
    let is = |order| match (left, right) {
        (Some(left), Some(right)) => Ok::<_, Spent>(ordered(left, right, fuel)? == Some(order)),
        _ => Ok(false),
    };
    match operator {
        Compare::Equal => same(fuel),
        Compare::Unequal => same(fuel).map(|same| !same),
        Compare::Less => is(Ordering::Less),
        Compare::More => is(Ordering::Greater),
        Compare::LessOrEqual => Ok(is(Ordering::Less)? || same(fuel)?),
        Compare::MoreOrEqual => Ok(is(Ordering::Greater)? || same(fuel)?),
    }
}

/// The text of a string, paid for where it has to be unescaped.
fn text<'a>(item: Item<'a>, fuel: &Fuel) -> Result<Option<Cow<'a, str>>, Spent> {
    let text = item.text();
    if let Some(text @ Cow::Owned(_)) = &text {
        fuel.spend(walk::reading(text))?;
    }
    Ok(text)
}

/// The order of two numbers or two texts; other values have none.
fn ordered(left: Item<'_>, right: Item<'_>, fuel: &Fuel) -> Result<Option<Ordering>, Spent> {
    if let Some((left, right)) = left.number().zip(right.number()) {
        fuel.spend((left.len() + right.len()) / DIGITS)?;
        return Ok(Some(number_cmp(left, right)));
    }
    let Some((left, right)) = text(left, fuel)?.zip(text(right, fuel)?) else { return Ok(None) };
    fuel.spend(left.len().min(right.len()) / COMPARED)?;
    // The order of UTF-8 bytes is that of the characters' codes.
    Ok(Some(left.cmp(&right)))
}

/// Equality by value, however deep; numbers by value, objects in any order.
fn equal(left: Item<'_>, right: Item<'_>, fuel: &Fuel) -> Result<bool, Spent> {
    let mut ahead = vec![(left, right)];
    while let Some((left, right)) = ahead.pop() {
        fuel.spend(1)?;
        let sort = left.sort();
        if sort != right.sort() || left.len() != right.len() {
            return Ok(false);
        }
        let same = match sort {
            Sort::Null => true,
            Sort::Bool => left.bool() == right.bool(),
            Sort::Number => {
                let (left, right) = (left.number().unwrap_or_default(), right.number().unwrap_or_default());
                fuel.spend((left.len() + right.len()) / DIGITS)?;
                number_eq(left, right)
            }
            Sort::Text => {
                let (left, right) = (text(left, fuel)?.unwrap_or_default(), text(right, fuel)?.unwrap_or_default());
                fuel.spend(left.len().min(right.len()) / COMPARED)?;
                left == right
            }
            Sort::Array => {
                fuel.spend(left.len())?;
                ahead.extend(left.items().zip(right.items()));
                true
            }
            Sort::Object => members(left, right, fuel, &mut ahead)?,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Pairs the members of two objects of one size; false where one lacks a name of the other.
fn members<'a>(left: Item<'a>, right: Item<'a>, fuel: &Fuel, ahead: &mut Vec<(Item<'a>, Item<'a>)>) -> Result<bool, Spent> {
    for ((name, left), (beside, other)) in left.entries().zip(right.entries()) {
        fuel.spend(1 + walk::reading(&name) + walk::reading(&beside))?;
        if name == beside {
            ahead.push((left, other));
            continue;
        }
        fuel.spend(right.len() / 16)?;
        let Some(other) = right.get(&name) else { return Ok(false) };
        ahead.push((left, other));
    }
    Ok(true)
}
