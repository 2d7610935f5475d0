//! What operators that calculate and join give.

use document::{Item, number_eq};
use expr::{Look, Seen};

use super::{super::{Sorts, Type, Wording}, Typing};

impl Typing<'_> {
    pub(super) fn fold(&mut self, first: Look<'_>, rest: &[(&'static str, Look<'_>)]) -> Type {
        let mut made = self.of(first);
        let mut before = Some(first);
        for (sign, look) in rest {
            let right = self.of(*look);
            let none = before.is_some_and(|left| is_made_nothing(sign, left, *look));
            made = self.step(sign, &made, &right);
            if none || is_zero(*look) && *sign == "*" {
                made = made.tainted(Some(self.notes.at.clone()));
            }
            before = None;
        }
        made
    }

    fn step(&mut self, sign: &str, left: &Type, right: &Type) -> Type {
        if sign == "~" {
            self.amid(left, Sorts::SCALAR, "be joined to text");
            self.amid(right, Sorts::SCALAR, "be joined to text");
            return self.like(Type::of(Sorts::TEXT), &[left, right]);
        }
        let shifts = matches!(sign, "+" | "-");
        if shifts && !left.known {
            return self.like(Type { vague: false, ..Type::unknown().without(Sorts::NOTHING) }, &[left, right]);
        }
        if shifts && left.sorts.is(Sorts::TEXT | Sorts::NOTHING) && left.sorts.may(Sorts::TEXT) {
            if matches!(left.text, Wording::Any) {
                self.notes.may_fail(format!("`{sign}` needs numbers, or an instant before it, and a text may be none"), "make it a number with `decimal(…)`, or an instant with `parse_date(…)`");
            }
            return self.like(Type::text(Wording::Instant), &[left, right]);
        }
        self.amid(left, Sorts::NUMBER, "be calculated with");
        self.amid(right, Sorts::NUMBER, "be calculated with");
        let whole = left.known && right.known && (left.sorts | right.sorts).is(Sorts::INTEGER | Sorts::NOTHING) && sign != "/";
        self.like(Type::of(if whole { Sorts::INTEGER } else { Sorts::NUMBER }), &[left, right])
    }
}

fn is_zero(look: Look<'_>) -> bool {
    matches!(look.seen(), Seen::Constant(Item::Number(text)) if number_eq(text, "0"))
}

/// Whether what is calculated says nothing of its parts: nought times something, something less itself.
fn is_made_nothing(sign: &str, left: Look<'_>, right: Look<'_>) -> bool {
    match sign {
        "*" | "/" => is_zero(left),
        "%" => is_zero(left) || matches!(right.seen(), Seen::Constant(Item::Number(text)) if number_eq(text, "1")),
        "-" => left.to_string() == right.to_string(),
        _ => false,
    }
}
