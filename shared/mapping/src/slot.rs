//! A value of the record while operations change it: untouched, opened where one of them touched it, or written out already.

use std::borrow::Cow;

use bumpalo::collections::Vec as List;
use document::{Arena, Fuel, Item, Node, Sort, same, write_text};

use crate::{field::{Word, at}, written::Written};

/// A value of the record.
#[derive(Debug)]
pub(crate) enum Slot<'a> {
    /// Untouched, or made whole.
    Item(Item<'a>),
    /// An object some member of which was touched.
    Object(Members<'a>),
    /// An array some element of which was touched.
    Array(List<'a, Slot<'a>>),
    /// A large array or object that is text already.
    Written(Box<Written<'a>>),
}

/// The members of an object that was touched.
pub(crate) type Members<'a> = List<'a, (&'a str, Slot<'a>)>;

/// What stands at a place, without putting together what was changed below it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Look<'a> {
    /// Untouched, or made whole.
    Whole(Item<'a>),
    /// An object or array some part of which was touched, and how many parts it has.
    Touched(Sort, usize),
}

impl<'a> From<Item<'a>> for Slot<'a> {
    fn from(item: Item<'a>) -> Self {
        Slot::Item(item)
    }
}

impl Look<'_> {
    pub(crate) fn sort(self) -> Sort {
        match self {
            Look::Whole(item) => item.sort(),
            Look::Touched(sort, _) => sort,
        }
    }

    /// Whether it is null, `""`, `[]` or `{}`.
    pub(crate) fn is_empty(self) -> bool {
        match self {
            Look::Whole(item) => match item.sort() {
                Sort::Null => true,
                Sort::Bool | Sort::Number => false,
                Sort::Text => item.text().is_some_and(|text| text.is_empty()),
                Sort::Array | Sort::Object => item.len() == 0,
            },
            Look::Touched(_, parts) => parts == 0,
        }
    }
}

impl<'a> Slot<'a> {
    pub(crate) fn look(&self) -> Look<'a> {
        match self {
            Slot::Item(item) => Look::Whole(*item),
            Slot::Object(members) => Look::Touched(Sort::Object, members.len()),
            Slot::Array(items) => Look::Touched(Sort::Array, items.len()),
            Slot::Written(written) => Look::Touched(written.sort, usize::from(!written.is_empty())),
        }
    }

    pub(crate) fn sort(&self) -> Sort {
        match self {
            Slot::Item(item) => item.sort(),
            Slot::Object(_) => Sort::Object,
            Slot::Array(_) => Sort::Array,
            Slot::Written(written) => written.sort,
        }
    }

    /// The value, to be looked at.
    pub(crate) fn item(&self, arena: &'a Arena) -> Item<'a> {
        match self {
            Slot::Item(item) => item.told(),
            Slot::Object(members) => Item::Map(arena.bump().alloc_slice_fill_iter(members.iter().map(|(key, slot)| (*key, slot.item(arena))))),
            Slot::Array(items) => Item::List(arena.bump().alloc_slice_fill_iter(items.iter().map(|slot| slot.item(arena)))),
            Slot::Written(written) => written.item(arena),
        }
    }

    /// The same, with every part that is put together paid for. Nothing where the fuel is spent: the operation that asked is
    /// the last of its record then, and what it makes is not looked at.
    pub(crate) fn paid(&self, arena: &'a Arena, fuel: &Fuel) -> Option<Item<'a>> {
        match self {
            Slot::Item(item) => Some(*item),
            Slot::Written(written) => Some(written.item(arena)),
            Slot::Object(_) | Slot::Array(_) if fuel.left() == 0 => None,
            Slot::Object(_) | Slot::Array(_) => fuel.spend(self.parts()).is_ok().then(|| self.item(arena)),
        }
    }

    /// How many parts were touched, in it and in them.
    fn parts(&self) -> usize {
        match self {
            Slot::Item(_) | Slot::Written(_) => 0,
            Slot::Object(members) => members.iter().map(|(_, slot)| 1 + slot.parts()).sum(),
            Slot::Array(items) => items.iter().map(|slot| 1 + slot.parts()).sum(),
        }
    }

    /// Reads back what is kept as text, for who looks into it.
    pub(crate) fn settle(&mut self, arena: &'a Arena) {
        if let Slot::Written(written) = self {
            *self = Slot::Item(written.item(arena));
        }
    }

    /// Makes the children of an object or array changeable; null becomes an empty object.
    pub(crate) fn open(&mut self, arena: &'a Arena) {
        let item = match self {
            Slot::Item(item) => *item,
            Slot::Written(written) => written.item(arena),
            Slot::Object(_) | Slot::Array(_) => return,
        };
        match item.sort() {
            Sort::Object => *self = Slot::Object(opened(item, arena)),
            Sort::Null => *self = Slot::Object(List::new_in(arena.bump())),
            Sort::Array => *self = Slot::Array(List::from_iter_in(item.items().map(Slot::Item), arena.bump())),
            Sort::Bool | Sort::Number | Sort::Text => {}
        }
    }

    pub(crate) fn child(&self, word: &Word) -> Option<&Slot<'a>> {
        match (word, self) {
            (Word::Name(name), Slot::Object(members)) => find(members, name),
            (Word::Index(index), Slot::Array(items)) => items.get(at(*index, items.len())?),
            _ => None,
        }
    }

    pub(crate) fn child_mut(&mut self, word: &Word) -> Option<&mut Slot<'a>> {
        match (word, self) {
            (Word::Name(name), Slot::Object(members)) => members.iter_mut().find_map(|(key, slot)| same(key, name).then_some(slot)),
            (Word::Index(index), Slot::Array(items)) => {
                let place = at(*index, items.len())?;
                items.get_mut(place)
            }
            _ => None,
        }
    }

    /// Takes a child out of an object or array that is open.
    pub(crate) fn take_child(&mut self, word: &Word) -> Option<Slot<'a>> {
        match (word, self) {
            (Word::Name(name), Slot::Object(members)) => {
                let place = members.iter().position(|(key, _)| same(key, name))?;
                Some(members.remove(place).1)
            }
            (Word::Index(index), Slot::Array(items)) => {
                let place = at(*index, items.len())?;
                Some(items.remove(place))
            }
            _ => None,
        }
    }

    /// Whether it has more levels of arrays and objects than these; `seen` counts what was looked at.
    pub(crate) fn is_deeper(&self, than: usize, seen: &mut usize) -> bool {
        match self {
            Slot::Item(item) => item.is_deeper(than, seen),
            Slot::Written(written) => written.is_deeper(than),
            Slot::Object(_) | Slot::Array(_) if than == 0 => true,
            Slot::Object(members) => members.iter().any(|(_, slot)| slot.below_is_deeper(than, seen)),
            Slot::Array(items) => items.iter().any(|slot| slot.below_is_deeper(than, seen)),
        }
    }

    fn below_is_deeper(&self, than: usize, seen: &mut usize) -> bool {
        *seen += 1;
        self.is_deeper(than - 1, seen)
    }

    /// Appends the value as compact JSON. The `last` time, what is text already is given back on the way.
    pub(crate) fn write(&self, out: &mut Vec<u8>, last: bool) {
        match self {
            Slot::Item(item) => item.write(out),
            Slot::Written(written) => written.write(out, last),
            Slot::Object(members) => {
                out.push(b'{');
                let mut next = 0;
                while let Some((key, slot)) = members.get(next) {
                    if next > 0 {
                        out.push(b',');
                    }
                    let (text, count) = run(members, next);
                    if count == 0 {
                        write_text(out, key);
                        out.push(b':');
                        slot.write(out, last);
                    }
                    out.extend_from_slice(text.as_bytes());
                    next += count.max(1);
                }
                out.push(b'}');
            }
            Slot::Array(items) => {
                out.push(b'[');
                for (index, slot) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    slot.write(out, last);
                }
                out.push(b']');
            }
        }
    }
}

/// The members of an object, each as it is.
pub(crate) fn opened<'a>(item: Item<'a>, arena: &'a Arena) -> Members<'a> {
    let mut members = List::with_capacity_in(item.len() + 4, arena.bump());
    item.parts(|key, item| members.push((arena.keep(key), Slot::Item(item))));
    members
}

/// Members from a place on that stand in the text as they stood: the text of them all, and how many they are.
fn run<'a>(members: &Members<'a>, from: usize) -> (&'a str, usize) {
    // Where there is space between values nothing is copied as it stands, and nobody has to look how far that goes.
    let Some(first) = members.get(from).and_then(untouched).filter(|first| first.text_to(*first).is_some()) else { return ("", 0) };
    let (mut last, mut count) = (first, 1);
    while let Some(next) = members.get(from + count).and_then(untouched).filter(|next| next.follows(last)) {
        (last, count) = (next, count + 1);
    }
    first.text_to(last).map_or(("", 0), |text| (text, count))
}

/// The part of the document a member still is, under its own name.
fn untouched<'a>((key, slot): &(&'a str, Slot<'a>)) -> Option<Node<'a>> {
    let Slot::Item(Item::Node(node)) = slot else { return None };
    node.name().filter(|name| name.as_ptr() == key.as_ptr() && name.len() == key.len()).map(|_| *node)
}

pub(crate) fn find<'s, 'a>(members: &'s Members<'a>, name: &str) -> Option<&'s Slot<'a>> {
    members.iter().find_map(|(key, slot)| same(key, name).then_some(slot))
}

/// The member of a name, which appears at the end if it is not there.
pub(crate) fn member<'s, 'a>(members: &'s mut Members<'a>, name: &'a str, arena: &'a Arena) -> &'s mut Slot<'a> {
    let place = members.iter().position(|(key, _)| same(key, name)).unwrap_or_else(|| {
        members.push((arena.keep(Cow::Borrowed(name)), Slot::Item(Item::Null)));
        members.len() - 1
    });
    &mut members[place].1
}
