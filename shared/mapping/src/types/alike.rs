//! What is true of either of two types: where an operation runs only sometimes, and where a value comes from two places.

use std::rc::Rc;

use super::{Members, Sorts, Type, Wording};

/// More words than this are told apart by nobody: any text may come.
const MOST_WORDS: usize = 64;

impl Type {
    /// One or the other.
    pub(crate) fn or(self, other: &Type) -> Type {
        // Of two objects only one of which is known in its parts, the parts are not followed any further.
        let dim = |left_may: bool, left: bool, right_may: bool, right: bool| left_may && right_may && left != right;
        let dims = dim(self.sorts.may(Sorts::ARRAY), self.items.is_some(), other.sorts.may(Sorts::ARRAY), other.items.is_some())
            || dim(self.sorts.may(Sorts::OBJECT), self.members.is_some(), other.sorts.may(Sorts::OBJECT), other.members.is_some());
        let inside = self.inside.clone().or_else(|| other.inside.clone());
        let vague = (self.vague || other.vague) && !(self.lacks() | other.lacks()).may(Sorts::NOTHING);
        let text = match (self.sorts.may(Sorts::TEXT), other.sorts.may(Sorts::TEXT)) {
            (true, true) => self.text.or(&other.text),
            (true, false) => self.text,
            (false, _) => other.text.clone(),
        };
        let made = Type {
            invented: self.invented.or_else(|| other.invented.clone()).or_else(|| inside.clone().filter(|_| dims)),
            vague,
            inside,
            depth: self.depth.max(other.depth),
            size: self.size.max(other.size),
            items: either(self.sorts.may(Sorts::ARRAY), &self.items, other.sorts.may(Sorts::ARRAY), &other.items, |left, right| left.clone().or(right)),
            members: either(self.sorts.may(Sorts::OBJECT), &self.members, other.sorts.may(Sorts::OBJECT), &other.members, Members::or),
            sorts: self.sorts | other.sorts,
            known: self.known && other.known,
            text,
            by: self.by.or_else(|| other.by.clone()),
        };
        if made.items.is_some() || made.members.is_some() { made.sealed() } else { made }
    }
}

/// Of two parts, one of which may not be there at all.
fn either<T>(left_may: bool, left: &Option<Rc<T>>, right_may: bool, right: &Option<Rc<T>>, or: impl FnOnce(&T, &T) -> T) -> Option<Rc<T>> {
    match (left, right) {
        (_, right) if !left_may => right.clone(),
        (left, _) if !right_may => left.clone(),
        (Some(left), Some(right)) if Rc::ptr_eq(left, right) => Some(left.clone()),
        (Some(left), Some(right)) => Some(Rc::new(or(left, right))),
        _ => None,
    }
}

impl Members {
    fn or(&self, other: &Members) -> Members {
        let mut list = Vec::with_capacity(other.list.len());
        for (at, (name, left)) in self.list.iter().enumerate() {
            // As a rule one comes from the other, and the names stand at the same places.
            let same = other.list.get(at).filter(|(known, _)| known == name).map(|(_, right)| right.clone());
            list.push((name.clone(), left.clone().or(&same.unwrap_or_else(|| other.get(name)))));
        }
        for (at, (name, right)) in other.list.iter().enumerate() {
            if self.list.get(at).is_none_or(|(known, _)| known != name) && self.find(name).is_none() {
                list.push((name.clone(), self.get(name).or(right)));
            }
        }
        Members { list, closed: self.closed && other.closed, listed: self.listed && other.listed, invented: self.invented.clone().or_else(|| other.invented.clone()) }
    }
}

impl Wording {
    fn or(&self, other: &Wording) -> Wording {
        match (self, other) {
            (left, right) if left == right => left.clone(),
            (Wording::Words(left), Wording::Words(right)) if left.len() + right.len() <= MOST_WORDS => {
                let added = right.iter().filter(|word| !left.contains(word));
                Wording::Words(left.iter().chain(added).cloned().collect())
            }
            _ => Wording::Any,
        }
    }
}
