//! Members that move into objects below them, found in time linear to the record also where they are many. For `rename`.

use std::collections::{HashMap, HashSet};

use bumpalo::collections::Vec as List;
use document::Item;

use crate::{
    Failure,
    context::Cx,
    field::Field,
    renaming::OnConflict,
    work::{Members, Slot},
};

/// Objects with so many members and more are not searched member by member.
const SEARCHED: usize = 64;

/// Where names stand in large objects, so that they are not searched member by member.
#[derive(Debug, Default)]
pub(crate) struct Index<'a> {
    /// Of the members themselves, where they are many.
    outer: Option<HashMap<&'a str, usize>>,
    /// Of the large ones among them: which are known, and the names in them.
    known: HashSet<usize>,
    inner: HashSet<(usize, &'a str)>,
}

impl<'a> Index<'a> {
    pub(crate) fn of(members: &Members<'a>) -> Self {
        let outer = (members.len() >= SEARCHED).then(|| members.iter().enumerate().map(|(at, (key, _))| (*key, at)).collect());
        Self { outer, ..Self::default() }
    }

    /// Where the outermost object of a new name stands; it appears at the end if it is not there.
    pub(crate) fn place(&mut self, name: &'a str, members: &mut Members<'a>, gone: &mut List<'a, bool>) -> usize {
        let found = match &self.outer {
            None => members.iter().zip(gone.iter()).position(|((key, _), gone)| !gone && *key == name),
            Some(outer) => outer.get(name).copied(),
        };
        found.unwrap_or_else(|| {
            self.stands(name, members.len());
            members.push((name, Slot::Item(Item::Null)));
            gone.push(false);
            members.len() - 1
        })
    }

    /// A member stands at a place.
    pub(crate) fn stands(&mut self, name: &'a str, place: usize) {
        if let Some(outer) = &mut self.outer {
            outer.insert(name, place);
        }
    }

    /// A member is gone.
    pub(crate) fn goes(&mut self, name: &str) {
        if let Some(outer) = &mut self.outer {
            outer.remove(name);
        }
    }

    /// Puts a value below the object at a place; gives it back where something stands there and nothing is to be replaced.
    #[expect(clippy::too_many_arguments, reason = "what is put, where, and what it is put with")]
    pub(crate) fn put(&mut self, place: usize, object: &mut (&'a str, Slot<'a>), names: &[&'a str], slot: Slot<'a>, on_conflict: OnConflict, cx: &Cx<'_, 'a>, field: &Field) -> Result<Option<Slot<'a>>, Box<Failure>> {
        let members = opened(object, cx, field)?;
        if let [name] = names
            && members.len() >= SEARCHED
        {
            if self.known.insert(place) {
                self.inner.extend(members.iter().map(|(key, _)| (place, *key)));
            }
            if self.inner.insert((place, name)) {
                members.push((name, slot));
                return Ok(None);
            }
        }
        put(members, names, slot, on_conflict, cx, field)
    }
}

/// The members of an object on the way; null becomes one.
fn opened<'m, 'a>((name, slot): &'m mut (&'a str, Slot<'a>), cx: &Cx<'_, 'a>, field: &Field) -> Result<&'m mut Members<'a>, Box<Failure>> {
    slot.open(cx.arena);
    let sort = slot.sort();
    match slot {
        Slot::Object(members) => Ok(members),
        Slot::Item(_) | Slot::Array(_) | Slot::Written(_) => Err(cx.fail("mapping_target", &field.member(name), None, format!("an object is needed on the way to the new name, and a {} stands there", sort.word()))),
    }
}

/// Puts a value below some members; gives it back where something stands there and nothing is to be replaced.
fn put<'a>(members: &mut Members<'a>, names: &[&'a str], slot: Slot<'a>, on_conflict: OnConflict, cx: &Cx<'_, 'a>, field: &Field) -> Result<Option<Slot<'a>>, Box<Failure>> {
    let Some((name, rest)) = names.split_first() else { return Ok(Some(slot)) };
    cx.pay(1 + members.len() / 16, field)?;
    let place = members.iter().position(|(key, _)| key == name);
    match (place, rest.is_empty()) {
        (Some(_), true) if on_conflict != OnConflict::Replace => return Ok(Some(slot)),
        (Some(place), true) => members[place].1 = slot,
        (None, true) => members.push((name, slot)),
        (place, false) => {
            let place = place.unwrap_or_else(|| {
                members.push((name, Slot::Item(Item::Null)));
                members.len() - 1
            });
            return put(opened(&mut members[place], cx, field)?, rest, slot, on_conflict, cx, field);
        }
    }
    Ok(None)
}
