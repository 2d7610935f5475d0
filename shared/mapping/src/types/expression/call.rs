//! What functions give, and which arguments may reject a record.
//!
//! Each function says for itself what it gives; here stand those whose result is that of their arguments.

use document::Item;
use expr::{Empty, Function, Gives, Look, Seen, Takes};

use super::{super::{Sorts, Type, Wording}, Typing, lacking};

impl Typing<'_> {
    pub(super) fn call(&mut self, function: &'static Function, arguments: &[Look<'_>]) -> Type {
        let mut found: Vec<Type> = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.iter().enumerate() {
            let takes = function.params.get(at).or(function.params.last()).map_or(Takes::Any, |param| param.takes);
            let argument = if takes == Takes::Each { self.body(*argument, found.first()) } else { self.of(*argument) };
            self.takes(function, takes, &argument);
            found.push(argument);
        }
        let made = self.given(function, arguments, &found);
        let bodies = function.params.iter().any(|param| param.takes == Takes::Each);
        let made = match function.empty {
            // What a function makes of each element is absent for that element only.
            Empty::Passes if bodies => self.like(made, &[&found[0]]),
            Empty::Passes => self.like(made, &found.iter().collect::<Vec<_>>()),
            Empty::Sees if matches!(function.name, "json" | "contains") => found.iter().fold(made, |made, part| if part.sorts.may(Sorts::NOTHING) { lacking(made, part, part.sorts.and(Sorts::NOTHING)) } else { made }),
            Empty::Sees => made,
        };
        let invented = self.made_up(function, arguments, &found);
        Type { invented: None, ..made }.sealed().tainted(invented)
    }

    /// What the last argument of `map` and its like gives for an element.
    fn body(&mut self, look: Look<'_>, list: Option<&Type>) -> Type {
        let element = list.map_or_else(Type::unknown, Type::element);
        if let Seen::Constant(Item::Text(path)) = look.seen() {
            return path.split('.').fold(element, |found, step| found.member(step));
        }
        let before = self.item.replace(element);
        let made = self.of(look);
        self.item = before;
        made
    }

    fn takes(&mut self, function: &Function, takes: Takes, found: &Type) {
        let needed = match takes {
            Takes::Number | Takes::Integer => Sorts::NUMBER,
            Takes::List => Sorts::ARRAY,
            Takes::Any if matches!(function.name, "int" | "decimal") => Sorts::NUMBER,
            _ => return,
        };
        if found.known && !found.sorts.is(needed | Sorts::NOTHING) {
            let wrong = found.sorts.without(needed | Sorts::NOTHING).words();
            self.notes.may_fail(format!("`{}` needs {}, and gets what may be {wrong}", function.name, needed.words()), "give it another value, or a `default(…)` before");
        }
    }

    fn given(&mut self, function: &Function, arguments: &[Look<'_>], found: &[Type]) -> Type {
        let first = || found.first().cloned().unwrap_or_else(Type::unknown);
        let inside = || found.iter().find_map(Type::invented_inside);
        match (function.gives, function.name) {
            (_, "first" | "last") => maybe(first().element()),
            (_, "min" | "max") if found.len() == 1 => maybe(first().element()),
            (_, "min" | "max") => found.iter().cloned().reduce(|left, right| left.or(&right)).unwrap_or_else(Type::unknown),
            (_, "default" | "coalesce") => self.first_of(&arguments[..arguments.len().min(if function.name == "default" { 2 } else { usize::MAX })]),
            (_, "map") => Type::array(found.get(1).cloned().unwrap_or_else(Type::unknown).without(Sorts::ABSENT)),
            (Gives::First, "slice") => Type { text: Wording::Any, ..first().without(Sorts::NOTHING) },
            (Gives::First, _) => first().without(Sorts::NOTHING),
            (Gives::Text, _) => Type::of(Sorts::TEXT),
            (Gives::Instant, _) => Type::text(Wording::Instant),
            (Gives::Date, _) => Type::text(Wording::Date),
            (Gives::Number, _) => Type::of(Sorts::NUMBER),
            (Gives::Integer, _) => Type::of(Sorts::INTEGER),
            (Gives::Boolean, _) => Type::of(Sorts::BOOL),
            (Gives::List, _) => Type::array(Type { vague: true, ..Type::unknown().without(Sorts::ABSENT).tainted(inside()) }),
            (Gives::Object, "merge") => Type { vague: true, ..Type::of(Sorts::OBJECT | Sorts::ABSENT) }.tainted(inside()),
            (Gives::Object, _) => Type::of(Sorts::OBJECT).tainted(inside()),
            (Gives::Any, _) => Type { vague: true, ..Type::unknown().without(Sorts::ABSENT) }.tainted(inside()),
        }
    }

    /// Who makes up what a call gives where the source says nothing.
    fn made_up(&self, function: &Function, arguments: &[Look<'_>], found: &[Type]) -> Option<super::super::At> {
        let here = Some(self.notes.at.clone());
        let inside = |at: usize| found.get(at).and_then(Type::invented_inside);
        let any = || found.iter().find_map(Type::invented_inside);
        let all = || here.clone().filter(|_| found.iter().all(|found| found.invented_inside().is_some()));
        match function.name {
            "default" => inside(0).or_else(|| inside(1)),
            "is_absent" | "is_null" | "is_empty" => here,
            "min" | "max" if found.len() > 1 => all(),
            // How many letters or members something has is no quantity.
            // A list from which what is absent was left out counts and adds up to nought where the source says nothing.
            "sum" | "length" if arguments.first().is_some_and(|list| leaves_out(*list)) => here,
            "length" if found.first().is_some_and(|found| found.known && found.sorts.is(Sorts::TEXT | Sorts::OBJECT | Sorts::NOTHING)) => here,
            "sum" | "map" if found.len() > 1 => inside(0).or_else(|| inside(1)),
            _ if function.empty == Empty::Sees => any(),
            _ if found.is_empty() => here,
            _ => inside(0),
        }
    }
}

/// The same, but absent of an empty list.
fn maybe(found: Type) -> Type {
    Type { vague: true, ..found.with(Sorts::ABSENT) }
}

/// Whether a list may be shorter than what the source says.
fn leaves_out(look: Look<'_>) -> bool {
    match look.seen() {
        Seen::List(_) => true,
        Seen::Call(function, _) if matches!(function.name, "map" | "where" | "keys" | "values" | "entries" | "split") => true,
        Seen::Call(function, arguments) if matches!(function.name, "default" | "coalesce") => arguments.into_iter().any(leaves_out),
        Seen::Call(function, arguments) if function.gives == Gives::First || function.name == "flatten" => arguments.first().is_some_and(|list| leaves_out(*list)),
        Seen::Coalesce(parts) => parts.into_iter().any(leaves_out),
        Seen::Choice(cases, last) => leaves_out(last) || cases.into_iter().any(|(_, value)| leaves_out(value)),
        Seen::Slice(base) => leaves_out(base),
        _ => false,
    }
}
