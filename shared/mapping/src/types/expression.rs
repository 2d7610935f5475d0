//! What an expression gives, and what of it may reject a record.

use document::Item;
use expr::{Look, Portion, Seen};

use super::{Notes, Shape, Sorts, Type, Wording};
use crate::{field::Word, formula::Formula};

mod call;
mod fold;

/// What an absent condition means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// The record is rejected.
    Rejects,
    /// The mapping says what it means.
    Said,
}

/// What a text with expressions gives.
pub(crate) fn formula(formula: &Formula, shape: &Shape, notes: &mut Notes) -> Type {
    template(&formula.template, shape, notes)
}

/// The same of a template by itself.
pub(super) fn template(template: &expr::Template, shape: &Shape, notes: &mut Notes) -> Type {
    let portions: Vec<Portion<'_>> = template.looks().collect();
    let mut typing = Typing { shape, notes, item: None, absent: Absent::Rejects };
    if let [Portion::Expression(look)] = portions.as_slice() {
        return typing.of(*look);
    }
    if let Some(text) = template.constant() {
        return Type::of_constant(Item::Text(text), &typing.notes.at);
    }
    let mut made = Type::of(Sorts::TEXT);
    let mut invented = Some(typing.notes.at.clone());
    for portion in &portions {
        if let Portion::Expression(look) = portion {
            let found = typing.of(*look);
            typing.amid(&found, Sorts::SCALAR, "stand amid text");
            if found.sorts.may(Sorts::NOTHING) {
                made = lacking(made, &found, Sorts::ABSENT);
            }
            invented = invented.and(found.invented_inside());
        }
    }
    made.tainted(invented)
}

/// Types a condition and says what may be wrong with it.
pub(crate) fn condition(condition: &Formula, shape: &Shape, absent: Absent, notes: &mut Notes) {
    let portions: Vec<Portion<'_>> = condition.template.looks().collect();
    match portions.as_slice() {
        [Portion::Expression(look)] => Typing { shape, notes, item: None, absent }.truth(*look, "the condition"),
        _ => notes.may_fail("the condition is a text, and never true or false", "write one expression and nothing around it"),
    }
}

/// The same, absent or null where another is; vague where it is only not known of the other.
fn lacking(made: Type, found: &Type, sorts: Sorts) -> Type {
    let vague = if made.lacks().may(Sorts::NOTHING) || found.lacks().may(Sorts::NOTHING) { false } else { made.vague || found.vague };
    Type { vague, ..made.with(sorts) }
}

struct Typing<'t> {
    shape: &'t Shape,
    notes: &'t mut Notes,
    /// The element at hand within `map`, `where` and their like.
    item: Option<Type>,
    absent: Absent,
}

impl Typing<'_> {
    fn of(&mut self, look: Look<'_>) -> Type {
        match look.seen() {
            Seen::Constant(item) => Type::of_constant(item, &self.notes.at),
            Seen::Name(root, steps) => self.name(root, steps),
            Seen::Element(steps) => member(self.item.clone().unwrap_or_else(Type::unknown), steps),
            Seen::Member(base, steps) => {
                let base = self.of(base);
                let inside = base.invented_inside();
                member(base, steps).tainted(inside)
            }
            Seen::Index(base, at) => self.index(base, at),
            Seen::Slice(base) => {
                let base = self.of(base);
                let inside = base.invented_inside();
                Type { text: Wording::Any, ..base }.tainted(inside)
            }
            Seen::Not(of) => {
                self.truth(of, "`not`");
                let invented = self.quietly(of).invented;
                Type::of(Sorts::BOOL).tainted(invented)
            }
            Seen::Negate(of) => {
                let found = self.of(of);
                self.amid(&found, Sorts::NUMBER, "change its sign");
                self.like(Type::of(found.sorts.and(Sorts::NUMBER) | Sorts::INTEGER), &[&found])
            }
            Seen::Junction(parts) => {
                let mut made = Type::of(Sorts::BOOL);
                for part in parts {
                    self.truth(part, "`and` or `or`");
                    made = made.tainted(self.quietly(part).invented);
                }
                made
            }
            Seen::Coalesce(parts) => self.first_of(&parts),
            Seen::Compare(sign, left, right) => self.compare(sign, left, right),
            Seen::Fold(first, rest) => self.fold(first, &rest),
            Seen::Choice(cases, last) => {
                let mut made = self.of(last);
                for (condition, value) in cases {
                    self.truth(condition, "`if`");
                    made = self.of(value).or(&made);
                }
                made
            }
            Seen::List(parts) => {
                let items = parts.into_iter().map(|part| self.of(part).without(Sorts::ABSENT)).reduce(|left, right| left.or(&right));
                items.map_or_else(|| Type::of(Sorts::ARRAY), Type::array)
            }
            Seen::Map(members) => Type::object(members.into_iter().map(|(name, part)| (name.into(), self.of(part))).collect::<Vec<_>>()),
            Seen::Call(function, arguments) => self.call(function, &arguments),
        }
    }

    /// The same, of what was told of already.
    fn quietly(&mut self, look: Look<'_>) -> Type {
        let mut notes = Notes::new();
        notes.at = self.notes.at.clone();
        Typing { shape: self.shape, notes: &mut notes, item: self.item.clone(), absent: self.absent }.of(look)
    }

    fn name(&mut self, root: &str, steps: &[Box<str>]) -> Type {
        let found = match (root, &self.shape.record) {
            ("record", Some(record)) => record,
            ("record", None) | ("item", Some(_)) => &self.shape.root,
            ("run", _) => return Type::of(Sorts::TEXT | Sorts::ABSENT).tainted(Some(self.notes.at.clone())),
            _ => return Type::unknown(),
        };
        let words: Vec<Word> = steps.iter().cloned().map(Word::Name).collect();
        let path = std::iter::once(root).chain(steps.iter().map(|step| &**step)).collect::<Vec<_>>().join(".");
        self.notes.look(found, &words, &path);
        member(found.clone(), steps)
    }

    fn index(&mut self, base: Look<'_>, at: Look<'_>) -> Type {
        let (base, at) = (self.of(base), self.of(at));
        let inside = base.invented_inside();
        let numbers = at.known && at.sorts.is(Sorts::NUMBER | Sorts::NOTHING);
        let found = if numbers && base.known { base.element() } else { Type::unknown() };
        Type { vague: true, ..found.with(Sorts::ABSENT) }.tainted(inside)
    }

    fn first_of(&mut self, parts: &[Look<'_>]) -> Type {
        let found: Vec<Type> = parts.iter().map(|part| self.of(*part)).collect();
        let Some((last, before)) = found.split_last() else { return Type::absent() };
        before.iter().rev().fold(last.clone(), |made, part| Type { vague: false, ..part.clone().without(Sorts::NOTHING) }.or(&made))
    }

    fn compare(&mut self, sign: &str, left: Look<'_>, right: Look<'_>) -> Type {
        let (found, other) = (self.of(left), self.of(right));
        let orders = !matches!(sign, "==" | "!=" | "in" | "not in");
        let made = [&found, &other].into_iter().fold(Type::of(Sorts::BOOL), |made, side| {
            let nothing = if orders { Sorts::NOTHING } else { Sorts::ABSENT };
            let lacks = side.sorts.and(nothing);
            if lacks == Sorts::NONE { made } else { lacking(made, &Type { sorts: lacks, ..side.clone() }, lacks) }
        });
        let null = |look: Look<'_>| match look.seen() {
            Seen::Constant(Item::Null) => true,
            Seen::List(parts) => parts.into_iter().any(|part| matches!(part.seen(), Seen::Constant(Item::Null))),
            _ => false,
        };
        // What is asked for null holds where the source says nothing.
        let invented = if !orders && (null(left) || null(right)) { Some(self.notes.at.clone()) } else { found.invented_inside().and(other.invented_inside()) };
        made.tainted(invented)
    }

    /// Says what may be wrong with a value that has to be true or false.
    fn truth(&mut self, look: Look<'_>, who: &str) {
        let found = self.of(look);
        if found.known && !found.sorts.is(Sorts::BOOL | Sorts::NOTHING) {
            let wrong = found.sorts.without(Sorts::BOOL | Sorts::NOTHING).words();
            self.notes.may_fail(format!("{who} needs true or false, and `{look}` may be {wrong}"), "compare it with something");
        }
        let lacks = if self.absent == Absent::Said { found.lacks().and(Sorts::NULL) } else { found.lacks() };
        if lacks != Sorts::NONE {
            self.notes.may_fail(format!("{who} needs true or false, and `{look}` may be {}", lacks.words()), format!("say what that means: `default({look}, false)`"));
        }
    }

    /// Says that a value may be of a sort that does not fit.
    fn amid(&mut self, found: &Type, fits: Sorts, what: &str) {
        if found.known && !found.sorts.is(fits | Sorts::NOTHING) {
            let wrong = found.sorts.without(fits | Sorts::NOTHING).words();
            self.notes.may_fail(format!("{wrong} cannot {what}, and one of the values may be that"), "make it another with `int(…)`, `decimal(…)` or `text(…)`");
        }
    }

    /// What is absent or null as soon as one of these is, and made up only where all of them are.
    fn like(&self, made: Type, parts: &[&Type]) -> Type {
        let made = parts.iter().fold(made, |made, part| if part.sorts.may(Sorts::NOTHING) { lacking(made, part, part.sorts.and(Sorts::NOTHING)) } else { made });
        let all = parts.iter().all(|part| part.invented_inside().is_some());
        made.tainted(Some(self.notes.at.clone()).filter(|_| all))
    }
}

fn member(found: Type, steps: &[Box<str>]) -> Type {
    steps.iter().fold(found, |found, step| found.member(step))
}
