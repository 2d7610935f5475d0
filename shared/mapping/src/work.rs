//! A record while operations change it. What no operation touches stays where it was parsed and is copied out as it stands.

use document::{Arena, Fuel, Item, Sort};

use crate::field::{Field, Word, at};
pub(crate) use crate::slot::{Look, Members, Slot, member, opened};
use crate::slot::find;

/// A record, or an element of an array inside `each`.
#[derive(Debug)]
pub(crate) struct Work<'a> {
    pub(crate) arena: &'a Arena,
    pub(crate) root: Slot<'a>,
}

/// Something stands where an object or array is needed on the way to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Obstacle {
    /// How many steps led to it.
    pub(crate) steps: usize,
    /// What stands there.
    pub(crate) found: Sort,
    /// What was needed.
    pub(crate) needed: &'static str,
}

impl<'a> Work<'a> {
    pub(crate) fn new(arena: &'a Arena, item: Item<'a>) -> Self {
        Self { arena, root: Slot::Item(item) }
    }

    /// The whole, to be looked at.
    pub(crate) fn item(&self, fuel: &Fuel) -> Item<'a> {
        self.root.paid(self.arena, fuel).unwrap_or(Item::Null)
    }

    /// The value at a place.
    pub(crate) fn get(&self, field: &Field, fuel: &Fuel) -> Option<Item<'a>> {
        let mut slot = &self.root;
        for (step, word) in field.words().iter().enumerate() {
            slot = match slot {
                Slot::Item(_) | Slot::Written(_) => return field.words()[step..].iter().try_fold(slot.item(self.arena), |item, word| word.of(item)),
                Slot::Object(_) | Slot::Array(_) => slot.child(word)?,
            };
        }
        slot.paid(self.arena, fuel)
    }

    /// The value at the end of some names.
    pub(crate) fn named(&self, names: &[Box<str>], fuel: &Fuel) -> Option<Item<'a>> {
        let mut slot = &self.root;
        for (step, name) in names.iter().enumerate() {
            slot = match slot {
                Slot::Item(_) | Slot::Written(_) => return names[step..].iter().try_fold(slot.item(self.arena), |item, name| item.get(name)),
                Slot::Object(members) => {
                    // A wide object is looked through name by name: whoever asks often pays for it.
                    if members.len() >= 64 {
                        fuel.spend(members.len() / 8).ok()?;
                    }
                    find(members, name)?
                }
                Slot::Array(_) => return None,
            };
        }
        slot.paid(self.arena, fuel)
    }

    /// What stands at a place; costs nothing, whatever it is.
    pub(crate) fn look(&self, field: &Field) -> Option<Look<'a>> {
        let mut slot = &self.root;
        for (step, word) in field.words().iter().enumerate() {
            slot = match slot {
                Slot::Item(_) | Slot::Written(_) => return field.words()[step..].iter().try_fold(slot.item(self.arena), |item, word| word.of(item)).map(Look::Whole),
                Slot::Object(_) | Slot::Array(_) => slot.child(word)?,
            };
        }
        Some(slot.look())
    }

    /// Whether something stands at a place.
    pub(crate) fn has(&self, field: &Field) -> bool {
        self.look(field).is_some()
    }

    /// The value at a place, to be changed where it stands; what stands there is as it was, and the way to it is opened.
    pub(crate) fn slot_mut(&mut self, field: &Field) -> Option<&mut Slot<'a>> {
        // An object that is open already tells by itself whether it has the member.
        let shallow = matches!((field.words(), &self.root), ([Word::Name(_)], Slot::Object(_)));
        if !shallow && !self.has(field) {
            return None;
        }
        let mut slot = &mut self.root;
        for word in field.words() {
            slot.open(self.arena);
            slot = slot.child_mut(word)?;
        }
        Some(slot)
    }

    /// Puts a value at a place, in its stead if one stands there, else at the end; objects appear on the way, also in place
    /// of null.
    pub(crate) fn put(&mut self, field: &'a Field, value: impl Into<Slot<'a>>) -> Result<(), Obstacle> {
        let mut slot = &mut self.root;
        for (step, word) in field.words().iter().enumerate() {
            slot.open(self.arena);
            let found = slot.sort();
            let obstacle = |needed| Obstacle { steps: step, found, needed };
            slot = match (word, slot) {
                (Word::Name(name), Slot::Object(members)) => member(members, name, self.arena),
                (Word::Name(_), _) => return Err(obstacle("an object")),
                (Word::Index(index), Slot::Array(items)) => {
                    let place = at(*index, items.len()).ok_or_else(|| obstacle("an array with this element"))?;
                    &mut items[place]
                }
                (Word::Index(_), _) => return Err(obstacle("an array")),
            };
        }
        *slot = value.into();
        Ok(())
    }

    /// Takes the value at a place out of the record.
    pub(crate) fn take(&mut self, field: &Field) -> Option<Slot<'a>> {
        if !self.has(field) {
            return None;
        }
        let Some((last, way)) = field.words().split_last() else {
            return Some(std::mem::replace(&mut self.root, Slot::Item(Item::Null)));
        };
        let mut slot = &mut self.root;
        for word in way {
            slot.open(self.arena);
            slot = slot.child_mut(word)?;
        }
        slot.open(self.arena);
        slot.take_child(last)
    }

    /// The members of the object at a place, opened for change.
    pub(crate) fn members(&mut self, field: &Field) -> Option<&mut Members<'a>> {
        let mut slot = &mut self.root;
        for word in field.words() {
            slot.open(self.arena);
            slot = slot.child_mut(word)?;
        }
        slot.open(self.arena);
        if let Slot::Object(members) = slot { Some(members) } else { None }
    }
}
