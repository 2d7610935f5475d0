//! Changes of all the parts of a type at once.

use std::rc::Rc;

use super::{At, Members, Sorts, Type};

impl Type {
    /// Whether anything is known of what is in it.
    pub(crate) fn is_followed(&self) -> bool {
        self.items.is_some() || self.members.is_some()
    }

    /// With every element or member changed.
    pub(crate) fn each(self, change: &mut dyn FnMut(Type) -> Type) -> Type {
        let items = (!self.known || self.sorts.may(Sorts::ARRAY)).then(|| Rc::new(change(self.element())));
        let items = items.filter(|items| self.items.is_some() || self.known || items.invented_inside().is_some());
        let changed = if self.sorts.may(Sorts::OBJECT) { self.each_member(change) } else { self };
        Type { items, ..changed }.sealed()
    }

    /// With every member of an object changed.
    pub(crate) fn each_member(mut self, change: &mut dyn FnMut(Type) -> Type) -> Type {
        let members = Rc::make_mut(self.members.get_or_insert_with(|| Rc::new(Members::open())));
        for (_, part) in members.list.iter_mut().filter(|(_, part)| !part.is_gone()) {
            let nothing = part.sorts.and(Sorts::ABSENT);
            let vague = part.vague;
            *part = change(part.clone().without(Sorts::ABSENT)).with(nothing);
            part.vague |= vague;
        }
        if !members.closed {
            members.invented = change(Type::unknown().tainted(members.invented.clone())).invented_inside();
        }
        self.sealed()
    }

    /// With other names for members, where there are such.
    pub(crate) fn renamed(mut self, name: &mut dyn FnMut(&str) -> Option<Box<str>>) -> Type {
        let Some(members) = &mut self.members else { return self };
        let mut made = Members { list: Vec::with_capacity(members.list.len()), ..(**members).clone() };
        for (old, part) in &members.list {
            let new = name(old).unwrap_or_else(|| old.clone());
            match made.list.iter_mut().find(|(known, _)| *known == new) {
                Some((_, there)) => *there = there.clone().or(part),
                None => made.list.push((new, part.clone())),
            }
        }
        *members = Rc::new(made);
        self.sealed()
    }

    /// With further members whose names nobody knows; who made them up, if anybody did.
    pub(crate) fn any_names(mut self, invented: Option<At>) -> Type {
        let members = Rc::make_mut(self.members.get_or_insert_with(|| Rc::new(Members::open())));
        members.closed = false;
        members.listed = false;
        members.invented = members.invented.take().or(invented);
        self.sealed()
    }
}
