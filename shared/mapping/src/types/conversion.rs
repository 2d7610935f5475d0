//! What a cast makes of a type: what comes out, whether it may have no value, and what is lost.

use super::{Sorts, Type, Wording};
use crate::{Cast, To};

/// What a cast makes.
#[derive(Debug)]
pub(crate) struct Converted {
    /// What comes out where the cast succeeds.
    pub(crate) made: Type,
    /// Whether it is known that some value has none in the new form.
    pub(crate) may_fail: bool,
    /// Whether some value may have none, known or not.
    pub(crate) fails: bool,
    /// What is lost on the way, if anything is.
    pub(crate) loses: Option<&'static str>,
}

/// What becomes of a value; what is absent or null stays so.
pub(crate) fn converted(cast: &Cast, found: &Type) -> Converted {
    let sorts = found.sorts.without(Sorts::NOTHING);
    let (made, fails) = match cast.to {
        To::Integer if cast.places.is_some() || cast.scale > 0 => (Type::of(Sorts::INTEGER), !sorts.is(Sorts::NUMBER) || cast.places.is_none() && sorts.may(Sorts::FRACTION)),
        To::Integer => (Type::of(Sorts::INTEGER), !sorts.is(Sorts::INTEGER) || cast.scale != 0),
        To::Decimal => (Type::of(Sorts::NUMBER), !sorts.is(Sorts::NUMBER)),
        To::String => (Type { text: if sorts == Sorts::TEXT { found.text.clone() } else { Wording::Any }, ..Type::of(Sorts::TEXT) }, !sorts.is(Sorts::SCALAR)),
        To::Boolean => (Type::of(Sorts::BOOL), !sorts.is(Sorts::BOOL)),
        To::Date => (Type::text(Wording::Date), !moment(cast, found)),
        To::Datetime => (Type::text(Wording::Instant), !moment(cast, found)),
        To::Json => (if sorts.may(Sorts::TEXT) { Type::of(Sorts::ANY.without(Sorts::ABSENT)) } else { found.clone() }, sorts.may(Sorts::TEXT)),
    };
    let rounds = cast.places.is_some() && sorts.may(Sorts::FRACTION | Sorts::TEXT);
    let loses = match cast.to {
        _ if !found.known => None,
        To::Integer | To::Decimal if rounds => Some("further digits are rounded away"),
        To::Date if matches!(found.text, Wording::Instant) && sorts.may(Sorts::TEXT) => Some("the time of day is left out"),
        _ => None,
    };
    let known = found.known || cast.to != To::Json;
    let nothing = found.sorts.and(Sorts::NOTHING);
    let made = Type { known, ..made.without(Sorts::NOTHING).with(nothing) }.tainted(found.invented_inside());
    Converted { made, fails: fails || !found.known, may_fail: found.known && !sorts.is(Sorts::NONE) && fails, loses }
}

/// Whether every value is a moment the cast reads.
fn moment(cast: &Cast, found: &Type) -> bool {
    found.sorts.is(Sorts::TEXT | Sorts::NOTHING) && matches!(found.text, Wording::Instant | Wording::Date) && cast.formats.is_empty()
}
