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
        let items = (!self.known || self.sorts.may(Sorts::ARRAY)).then(|| Rc::new(change(self.element()).without(Sorts::ABSENT)));
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

    /// With other names for members, where there are such; with `keep`, a member whose new name is taken stays where it is.
    pub(crate) fn renamed(mut self, keep: bool, by: &At, name: &mut dyn FnMut(&str) -> Option<Box<str>>) -> Type {
        let Some(members) = &mut self.members else { return self };
        let mut made = Members { list: Vec::with_capacity(members.list.len()), ..(**members).clone() };
        let loose = members.is_loose();
        let names: Vec<Box<str>> = members.list.iter().map(|(old, _)| name(old).unwrap_or_else(|| old.clone())).collect();
        let mut add = |name: &str, part: Type| match made.list.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, there)) => *there = there.clone().or(&part),
            None => made.list.push((name.into(), part)),
        };
        for ((old, part), new) in members.list.iter().zip(&names) {
            if old == new || part.is_gone() {
                add(old, part.clone());
                continue;
            }
            let stays = keep && (loose || names.iter().filter(|other| *other == new).count() > 1 || members.find(new).is_some());
            let moved = if loose { part.clone().or(&Type::unknown().tainted(members.invented.clone())) } else { part.clone() };
            add(new, if stays { moved.with(Sorts::ABSENT) } else { moved }.by(by));
            if stays {
                add(old, part.clone().with(Sorts::ABSENT));
            }
        }
        let invented = made.invented.clone();
        *members = Rc::new(made);
        if loose { self.any_names(true, invented) } else { self.sealed() }
    }

    /// With further members whose names nobody knows; who made them up, if anybody did. With `replace` they may stand in the
    /// place of any.
    pub(crate) fn any_names(mut self, replace: bool, invented: Option<At>) -> Type {
        let members = Rc::make_mut(self.members.get_or_insert_with(|| Rc::new(Members::open())));
        for (_, part) in members.list.iter_mut().filter(|(_, part)| replace || part.sorts.may(Sorts::ABSENT)) {
            *part = part.clone().or(&Type::unknown().tainted(invented.clone()));
        }
        members.closed = false;
        members.listed = false;
        members.invented = members.invented.take().or(invented);
        self.sealed()
    }
}
