//! Holds what comes out of a mapping against the type of the target.

use std::rc::Rc;

use document::authored::nearest;
use fault::Finding;

use super::{At, Notes, Sorts, Type, Wording};

/// Tells what of a type does not fit the target; `from` says whether it is known what the source says.
pub(super) fn judge(made: &Type, wanted: &Type, from: bool, notes: &mut Notes) {
    let mut judge = Judge { notes, from, strangers: Vec::new(), taken: Vec::new() };
    judge.object(made, wanted, "");
    judge.summed();
}

/// A name, and the one that was probably meant.
type Stranger = (String, Option<String>);

struct Judge<'n> {
    notes: &'n mut Notes,
    /// Whether it is known what the source says.
    from: bool,
    /// Fields the target does not know, by operation, each with the name that was probably meant.
    strangers: Vec<(At, Vec<Stranger>)>,
    /// Fields the target knows and an operation takes out.
    taken: Vec<(At, Vec<String>)>,
}

/// So many names are told in one finding.
const NAMED: usize = 4;

impl Judge<'_> {
    /// What is told once for every operation, however many fields it concerns.
    fn summed(self) {
        for (at, fields) in self.strangers {
            let names: Vec<String> = fields.iter().map(|(name, _)| name.clone()).collect();
            let hint = match fields.into_iter().find_map(|(_, near)| near) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "take away what is only needed on the way, or put it into `extensions`".to_owned(),
            };
            self.notes.tell(Finding::warning("mapping_unknown_target", &*at, format!("the target does not know {}", listed(&names)), hint));
        }
        for (at, names) in self.taken {
            self.notes.tell(Finding::warning("mapping_lossy", &*at, format!("the target knows {}, taken out here", listed(&names)), "leave it in unless that is meant"));
        }
    }

    fn object(&mut self, made: &Type, wanted: &Type, path: &str) {
        let Some(fields) = &wanted.members else { return };
        for (name, wanted) in &fields.list {
            let found = made.member(name);
            let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            self.lacking(&found, made, wanted, &path);
            self.value(&found, wanted, &path);
        }
        let strangers = made.members.iter().flat_map(|members| &members.list).filter(|(name, found)| found.by.is_some() && !found.is_gone() && fields.find(name).is_none());
        for (name, found) in strangers.filter(|_| fields.listed) {
            if let Some(by) = &found.by {
                gather(&mut self.strangers, by, (joined(path, name), nearest(name, fields.names()).map(str::to_owned)));
            }
        }
    }

    /// What the target needs, or knows, and the mapping does not give.
    fn lacking(&mut self, found: &Type, made: &Type, wanted: &Type, path: &str) {
        let required = !wanted.sorts.may(Sorts::ABSENT);
        let nothing_said = made.members.as_ref().is_some_and(|members| members.listed && members.find(path.rsplit('.').next().unwrap_or_default()).is_none());
        if required && self.from && (found.is_gone() || nothing_said) {
            self.at(found, |at| Finding::error("mapping_target_missing", at, format!("the target needs `{path}`, and nothing puts it there"), "map it"));
        } else if required && self.from && found.known && found.lacks().may(Sorts::ABSENT) {
            self.at(found, |at| Finding::warning("mapping_target_missing", at, format!("the target needs `{path}`, which may be absent"), "let records without it not pass with `filter`, or map it from further fields"));
        } else if let (true, Some(by)) = (found.is_gone(), &found.by) {
            gather(&mut self.taken, by, path.to_owned());
        }
    }

    fn value(&mut self, found: &Type, wanted: &Type, path: &str) {
        let there = found.sorts.without(Sorts::NOTHING);
        if !found.known || found.same(wanted) {
            return;
        }
        let fits = wanted.sorts.without(Sorts::NOTHING);
        let null = found.lacks().may(Sorts::NULL) && !wanted.sorts.may(Sorts::NULL);
        let never = there != Sorts::NONE && !there.may(fits) && !(there.may(Sorts::NUMBER) && fits.may(Sorts::NUMBER)) || there == Sorts::NONE && null && !found.sorts.may(Sorts::ABSENT);
        if never {
            let message = format!("`{path}` is {}, and the target wants {}", found.sorts.without(Sorts::ABSENT).words(), said(wanted));
            return self.at(found, |at| Finding::error("mapping_target_type", at, message, "cast it, or map another field"));
        }
        if null || !there.is(fits) {
            let wrong = if null { Sorts::NULL | there.without(fits) } else { there.without(fits) };
            let message = format!("`{path}` may be {}, and the target wants {}", wrong.words(), said(wanted));
            self.at(found, |at| Finding::warning("mapping_target_type", at, message, "cast it, or say what null means with `default`"));
        }
        if there.may(Sorts::TEXT) && fits.may(Sorts::TEXT) {
            self.text(found, wanted, path);
        }
        if let (Some(items), Some(wanted)) = (&found.items, &wanted.items) {
            self.part(found, items, wanted, &format!("{path}[]"));
        }
        if there.may(Sorts::OBJECT) {
            self.part(found, found, wanted, path);
        }
    }

    /// What is inside a value that an operation put there, or changed in part.
    fn part(&mut self, around: &Type, found: &Type, wanted: &Type, path: &str) {
        let before = self.notes.at.clone();
        if let Some(by) = &around.by {
            self.notes.at = by.clone();
        }
        if found.sorts.may(Sorts::OBJECT) && found.members.is_some() {
            self.object(found, wanted, path);
        } else {
            self.value(found, wanted, path);
        }
        self.notes.at = before;
    }

    fn text(&mut self, found: &Type, wanted: &Type, path: &str) {
        let (never, what) = match (&found.text, &wanted.text) {
            (_, Wording::Any) => return,
            (found, wanted) if found == wanted => return,
            (Wording::Words(found), Wording::Words(known)) => {
                let Some(strange) = found.iter().find(|word| !known.contains(word)) else { return };
                let never = !found.iter().any(|word| known.contains(word));
                let near = nearest(strange, known.iter().map(String::as_str)).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                (never, format!("`{strange}`, which is none of the words the target knows{near}"))
            }
            (Wording::Words(words), Wording::Instant) if words.iter().all(|word| expr::instant(word).is_some()) => return,
            (Wording::Words(words), Wording::Date) if words.iter().all(|word| word.len() == 10 && word.parse::<jiff::civil::Date>().is_ok()) => return,
            (Wording::Date, Wording::Instant) => (true, "a date, and the target wants an instant".to_owned()),
            (Wording::Instant, Wording::Date) => (true, "an instant, and the target wants a date".to_owned()),
            (_, wanted) => (false, format!("any text, and the target wants {}", worded(wanted))),
        };
        let found = found.clone();
        if never && found.sorts.is(Sorts::TEXT | Sorts::NOTHING) {
            self.at(&found, |at| Finding::error("mapping_target_type", at, format!("`{path}` is {what}"), "translate it with a table, or cast it"));
        } else {
            self.at(&found, |at| Finding::warning("mapping_target_type", at, format!("`{path}` may be {what}"), "translate it with a table, or cast it"));
        }
    }

    /// Tells it at the operation a value comes from, or at the one around it.
    fn at(&mut self, found: &Type, finding: impl FnOnce(&str) -> Finding) {
        let at = found.by.clone().unwrap_or_else(|| self.notes.at.clone());
        self.notes.tell(finding(&at));
    }
}

impl Type {
    /// Whether it is the very same, untouched.
    fn same(&self, other: &Type) -> bool {
        let same = |left: &Option<Rc<super::Members>>, right: &Option<Rc<super::Members>>| left.as_ref().zip(right.as_ref()).is_none_or(|(left, right)| Rc::ptr_eq(left, right));
        self.by.is_none() && other.by.is_none() && self.sorts == other.sorts && self.text == other.text && self.items.is_none() && other.items.is_none() && same(&self.members, &other.members)
    }
}

fn gather<T>(all: &mut Vec<(At, Vec<T>)>, at: &At, one: T) {
    match all.iter_mut().find(|(known, _)| known == at) {
        Some((_, list)) => list.push(one),
        None => all.push((at.clone(), vec![one])),
    }
}

fn listed(names: &[String]) -> String {
    let some = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > NAMED { format!("{some} and {} more", names.len() - NAMED) } else { some }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn said(wanted: &Type) -> String {
    match &wanted.text {
        Wording::Any => wanted.sorts.without(Sorts::ABSENT).words(),
        text => worded(text),
    }
}

fn worded(text: &Wording) -> String {
    match text {
        Wording::Any => "a text".to_owned(),
        Wording::Words(words) => format!("one of {}", words.iter().take(8).map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")),
        Wording::Instant => "an instant".to_owned(),
        Wording::Date => "a date".to_owned(),
    }
}
