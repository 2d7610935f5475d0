//! The members of an object that is being made: names stay distinct, and adding one more costs the same however many there are.

use std::collections::HashMap;

use document::Arena;

use crate::{
    conflict::Conflict,
    work::{Members, Slot},
};

/// So many names are found by looking at each.
const FEW: usize = 64;

/// Members in order.
#[derive(Debug)]
pub(crate) struct Level<'a> {
    pub(crate) members: Members<'a>,
    /// Where each name stands, once there are more than a few.
    places: HashMap<&'a str, usize>,
}

/// A name that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken;

impl<'a> Level<'a> {
    pub(crate) fn new(arena: &'a Arena, capacity: usize) -> Self {
        Self { members: Members::with_capacity_in(capacity, arena.bump()), places: HashMap::new() }
    }

    /// Members whose names are distinct.
    pub(crate) fn of(members: Members<'a>) -> Self {
        let mut level = Self { members, places: HashMap::new() };
        level.index();
        level
    }

    fn index(&mut self) {
        if self.members.len() > FEW {
            self.places = self.members.iter().enumerate().map(|(place, (name, _))| (*name, place)).collect();
        }
    }

    /// Where a name stands.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        if self.places.is_empty() { self.members.iter().position(|(known, _)| document::same(known, name)) } else { self.places.get(name).copied() }
    }

    /// Adds a member, or does what is said where its name is taken.
    pub(crate) fn add(&mut self, name: &'a str, slot: Slot<'a>, conflict: Conflict) -> Result<(), Taken> {
        match (self.find(name), conflict) {
            (None, _) => {
                let place = self.members.len();
                self.members.push((name, slot));
                if place == FEW {
                    self.index();
                } else if place > FEW {
                    self.places.insert(name, place);
                }
            }
            (Some(_), Conflict::Keep) => {}
            (Some(place), Conflict::Replace) => self.members[place].1 = slot,
            (Some(_), Conflict::Reject) => return Err(Taken),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use document::{Arena, Item};

    use super::{Conflict, Level, Taken};
    use crate::work::Slot;

    #[test]
    fn names_stay_distinct_and_in_order_however_many_there_are() {
        let arena = Arena::new();
        let names: Vec<String> = (0..100).map(|number| format!("name {number}")).collect();
        let mut level = Level::new(&arena, 0);
        for name in &names {
            level.add(name, Slot::Item(Item::Null), Conflict::Reject).unwrap();
            assert_eq!(level.add(name, Slot::Item(Item::Bool(true)), Conflict::Reject), Err(Taken), "{name}");
            level.add(name, Slot::Item(Item::Bool(true)), Conflict::Keep).unwrap();
        }
        level.add(&names[70], Slot::Item(Item::Bool(false)), Conflict::Replace).unwrap();
        let made = Slot::Object(level.members).item(&arena).to_json();
        let expected: Vec<String> = (0..100).map(|number| format!("\"name {number}\":{}", if number == 70 { "false" } else { "null" })).collect();
        assert_eq!(made, format!("{{{}}}", expected.join(",")));
    }
}
