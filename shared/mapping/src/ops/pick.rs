//! `pick`: only what is named goes on. What a system sends tomorrow does not slip through.

use std::rc::Rc;

use bumpalo::collections::Vec as List;
use document::{Item, Sort, authored::Node};

use crate::{
    Failure,
    context::Cx,
    field::{Field, Word},
    operation::{Entry, Operation, Verdict, example, need},
    reader::Reader,
    types::{Members, Notes, Shape, Sorts, Type},
    work::{Slot, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "pick",
    summary: "Keeps only the fields that are named.",
    params: &[need("fields", "field or list of fields", "what is kept, by names")],
    semantics: &[
        "The order is that of the record, not that of the list. Null is kept as null.",
        "An absent field stays absent: an object of which nothing is kept goes with the rest, unless it is the record itself.",
        "For the elements of an array use `pick` inside `each`. A record or element that is no object is rejected, so that nothing passes unseen.",
    ],
    examples: &[
        example(
            r#"{"op":"pick","fields":["total","id","customer.email"]}"#,
            r#"{"id":1,"note":"x","customer":{"email":"a@example.com","phone":"1"},"total":null}"#,
            r#"{"id":1,"customer":{"email":"a@example.com"},"total":null}"#,
        ),
        example(r#"{"op":"pick","fields":["customer.email"]}"#, r#"{"id":1,"customer":{"phone":"1"}}"#, r#"{}"#),
        example(r#"{"op":"each","path":"$.lines[*]","ops":[{"op":"pick","fields":["sku"]}]}"#, r#"{"lines":[{"sku":"A","cost":1}]}"#, r#"{"lines":[{"sku":"A"}]}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op(Wanted);

/// The members that are kept, sorted by name; of some only a part.
#[derive(Debug, Default)]
struct Wanted(Vec<(Box<str>, Option<Wanted>)>);

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let list = node.get("fields")?;
    let mut wanted = Wanted::default();
    let mut fine = true;
    for field in cx.fields(&list)? {
        let named = field.names().filter(|names| !names.is_empty());
        if named.is_none() {
            cx.error("mapping_field", &list.at, format!("`{field}` is not reached by names"), "name members, and use `pick` inside `each` for elements");
            fine = false;
        }
        wanted.add(field.words());
    }
    Some(Box::new(Op(wanted))).filter(|_| fine).map(|op| op as Box<dyn Operation>)
}

impl Wanted {
    /// Wants one more place; what is wanted whole stays so.
    fn add(&mut self, words: &[Word]) {
        let Some((Word::Name(name), rest)) = words.split_first() else { return };
        let place = match self.0.binary_search_by(|(known, _)| known.cmp(name)) {
            Ok(place) => place,
            Err(place) => {
                self.0.insert(place, (name.clone(), Some(Wanted::default())));
                place
            }
        };
        match &mut self.0[place].1 {
            part if rest.is_empty() => *part = None,
            Some(part) => part.add(rest),
            None => {}
        }
    }

    /// The type of the kept part: what is not named is gone, by whoever `gone` says.
    fn shape(&self, found: Type, gone: &Type) -> Type {
        let known: Vec<Box<str>> = found.members.iter().flat_map(|members| members.list.iter().map(|(name, _)| name.clone())).filter(|name| self.of(name).is_none()).collect();
        let kept = self.0.iter().map(|(name, part)| {
            let member = found.member(name);
            let kept = match part {
                Some(part) if !member.is_gone() => part.shape(member.clone(), gone).with(Sorts::ABSENT),
                _ => member,
            };
            (name.clone(), kept)
        });
        let list = kept.chain(known.into_iter().map(|name| (name, gone.clone()))).collect();
        Type { members: Some(Rc::new(Members::closed(list))), items: None, ..found }.sealed()
    }

    /// Whether a member is wanted, and which part of it if not all.
    fn of(&self, name: &str) -> Option<Option<&Wanted>> {
        let place = self.0.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        Some(self.0[place].1.as_ref())
    }

    /// The kept part of a value; nothing when none of it is wanted.
    fn kept<'a>(&self, mut slot: Slot<'a>, cx: &Cx<'_, 'a>) -> Result<Option<Slot<'a>>, Box<Failure>> {
        slot.settle(cx.arena);
        let members = match slot {
            Slot::Item(item) if item.sort() == Sort::Object => return self.kept_of(item, cx),
            Slot::Object(members) => members,
            Slot::Item(_) | Slot::Array(_) | Slot::Written(_) => return Ok(None),
        };
        cx.pay(1 + members.len() / 4, &Field::whole())?;
        let mut kept = List::with_capacity_in(members.len().min(self.0.len()), cx.arena.bump());
        for (key, slot) in members {
            let slot = match self.of(key) {
                None => None,
                Some(None) => Some(slot),
                Some(Some(part)) => part.kept(slot, cx)?,
            };
            kept.extend(slot.map(|slot| (key, slot)));
        }
        Ok(Some(Slot::Object(kept)).filter(|kept| !kept.look().is_empty()))
    }

    /// The same of an untouched object: what is not wanted is not even copied.
    fn kept_of<'a>(&self, item: Item<'a>, cx: &Cx<'_, 'a>) -> Result<Option<Slot<'a>>, Box<Failure>> {
        cx.pay(1 + item.len() / 4, &Field::whole())?;
        let mut kept = List::with_capacity_in(item.len().min(self.0.len()), cx.arena.bump());
        for (key, item) in item.entries() {
            let slot = match self.of(&key) {
                None => None,
                Some(None) => Some(Slot::Item(item)),
                Some(Some(part)) => part.kept(Slot::Item(item), cx)?,
            };
            kept.extend(slot.map(|slot| (cx.arena.keep(key), slot)));
        }
        Ok(Some(Slot::Object(kept)).filter(|kept| !kept.look().is_empty()))
    }
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let sort = work.root.sort();
        if sort != Sort::Object {
            return Err(cx.fail("mapping_wrong_sort", &Field::whole(), None, format!("the {} has no fields to keep", sort.word())));
        }
        let root = std::mem::replace(&mut work.root, Slot::Item(Item::Null));
        work.root = self.0.kept(root, cx)?.unwrap_or(Slot::Item(Item::Map(&[])));
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        notes.needs(&shape.root, Sorts::OBJECT, &Field::whole());
        let gone = notes.taken();
        let root = std::mem::replace(&mut shape.root, Type::absent());
        let mut made = self.0.shape(root.clone(), &gone);
        for (name, part) in &self.0.0 {
            if part.is_none() {
                notes.look(&root, &[Word::Name(name.clone())], &format!("$.{name}"));
            }
        }
        made.sorts = Sorts::OBJECT;
        shape.root = made;
    }
}
