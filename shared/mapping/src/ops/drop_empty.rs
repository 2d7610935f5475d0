//! `drop_empty`: members that say nothing are left out, for systems that take null or an empty text for a wish to clear.

use std::rc::Rc;

use bumpalo::collections::Vec as List;
use document::{Item, Sort, authored::Node};

use crate::{
    Failure,
    context::Cx,
    field::Field,
    operation::{Entry, Operation, Verdict, example, may},
    reader::Reader,
    types::{Notes, Shape, Sorts, Type},
    work::{Look, Slot, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "drop_empty",
    summary: "Takes out members that are null, an empty text, an empty array or an empty object.",
    params: &[
        may("field", "field", "the object whose members are meant; the whole record unless said"),
        may("what", "list of `null`, `text`, `array` and `object`", "which of the four go; all unless said"),
        may("deep", "true or false", "whether it is done in all objects below, too, from the inside out; false unless said"),
    ],
    semantics: &[
        "0 and false are values: they stay.",
        "With `deep` an object that has nothing left goes, too. Elements of arrays stay where they are, empty or not; the objects among them are looked through.",
        "The record itself stays, also when it is empty; so does what `field` names.",
    ],
    examples: &[
        example(r#"{"op":"drop_empty"}"#, r#"{"a":null,"b":"","c":[],"d":{},"e":0,"f":false,"g":" "}"#, r#"{"e":0,"f":false,"g":" "}"#),
        example(r#"{"op":"drop_empty","deep":true}"#, r#"{"a":{"b":{"c":null}},"lines":[{"note":""},null]}"#, r#"{"lines":[{},null]}"#),
        example(r#"{"op":"drop_empty","field":"customer","what":["text"]}"#, r#"{"note":"","customer":{"name":"","phone":null}}"#, r#"{"note":"","customer":{"phone":null}}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    field: Field,
    what: What,
    deep: bool,
}

/// Which empty values go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct What {
    null: bool,
    text: bool,
    array: bool,
    object: bool,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = node.get("field").map_or(Some(Field::whole()), |field| cx.field(&field));
    let deep = node.get("deep").map_or(Some(false), |node| node.boolean(cx));
    let what = match node.get("what") {
        None => Some(What { null: true, text: true, array: true, object: true }),
        Some(list) => what(cx, &list),
    };
    Some(Box::new(Op { field: field?, what: what?, deep: deep? }))
}

fn what(cx: &mut Reader, list: &Node<'_>) -> Option<What> {
    let mut what = What { null: false, text: false, array: false, object: false };
    let words = list.items(cx)?;
    if words.is_empty() {
        cx.error("mapping_parameter", &list.at, "the list is empty", "name at least one of null, text, array, object");
        return None;
    }
    let mut known = true;
    for word in words {
        match word.word(cx, &["null", "text", "array", "object"]) {
            Some("null") => what.null = true,
            Some("text") => what.text = true,
            Some("array") => what.array = true,
            Some(_) => what.object = true,
            None => known = false,
        }
    }
    Some(what).filter(|_| known)
}

impl What {
    fn goes(self, look: Look<'_>) -> bool {
        let meant = match look.sort() {
            Sort::Null => self.null,
            Sort::Text => self.text,
            Sort::Array => self.array,
            Sort::Object => self.object,
            Sort::Bool | Sort::Number => false,
        };
        meant && look.is_empty()
    }
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        if let Some(slot) = work.slot_mut(&self.field) {
            self.sweep(slot, cx, 0)?;
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        if !notes.read(shape, &self.field).is_gone() {
            shape.update(&self.field, &mut |found| self.shape_of(found));
        }
    }
}

impl Op {
    /// The type of an object whose empty members may be gone.
    fn shape_of(&self, found: Type) -> Type {
        let emptied = |part: Type| {
            let empties = [(self.what.null, Sorts::NULL), (self.what.text, Sorts::TEXT), (self.what.array, Sorts::ARRAY), (self.what.object, Sorts::OBJECT)];
            let goes = empties.into_iter().any(|(meant, sorts)| meant && part.sorts.may(sorts));
            let part = if self.what.null { part.without(Sorts::NULL) } else { part };
            if goes { part.with(Sorts::ABSENT) } else { part }
        };
        let items = found.items.as_ref().filter(|_| self.deep).map(|items| Rc::new(self.shape_of((**items).clone())));
        let found = if items.is_some() { Type { items, ..found }.sealed() } else { found };
        if found.members.is_some() { found.each_member(&mut |part| emptied(if self.deep { self.shape_of(part) } else { part })) } else { found }
    }

    /// Leaves out what is empty below a value.
    fn sweep<'a>(&self, slot: &mut Slot<'a>, cx: &Cx<'_, 'a>, level: usize) -> Result<(), Box<Failure>> {
        slot.settle(cx.arena);
        match slot {
            Slot::Item(item) => {
                if let Some(swept) = self.swept(*item, cx, level)? {
                    *slot = swept;
                }
            }
            Slot::Object(members) => {
                let level = cx.descend(level, &self.field)?;
                cx.pay(1 + members.len() / 4, &self.field)?;
                if self.deep {
                    members.iter_mut().try_for_each(|(_, slot)| self.sweep(slot, cx, level))?;
                }
                members.retain(|(_, slot)| !self.what.goes(slot.look()));
            }
            Slot::Array(items) if self.deep => {
                let level = cx.descend(level, &self.field)?;
                cx.pay(1 + items.len() / 4, &self.field)?;
                items.iter_mut().try_for_each(|slot| self.sweep(slot, cx, level))?;
            }
            Slot::Array(_) | Slot::Written(_) => {}
        }
        Ok(())
    }

    /// An untouched value without what is empty below it; nothing where it stays as it is.
    fn swept<'a>(&self, item: Item<'a>, cx: &Cx<'_, 'a>, level: usize) -> Result<Option<Slot<'a>>, Box<Failure>> {
        match item.sort() {
            Sort::Object => self.swept_object(item, cx, level),
            Sort::Array if self.deep => self.swept_array(item, cx, level),
            Sort::Null | Sort::Bool | Sort::Number | Sort::Text | Sort::Array => Ok(None),
        }
    }

    fn swept_object<'a>(&self, item: Item<'a>, cx: &Cx<'_, 'a>, level: usize) -> Result<Option<Slot<'a>>, Box<Failure>> {
        let level = cx.descend(level, &self.field)?;
        cx.pay(1 + item.len() / 4, &self.field)?;
        let mut made: Option<List<'a, _>> = None;
        for (at, (key, child)) in item.entries().enumerate() {
            let swept = if self.deep { self.swept(child, cx, level)? } else { None };
            let goes = self.what.goes(swept.as_ref().map_or(Look::Whole(child), Slot::look));
            if made.is_none() && (goes || swept.is_some()) {
                let mut members = List::with_capacity_in(item.len(), cx.arena.bump());
                members.extend(item.entries().take(at).map(|(key, item)| (cx.arena.keep(key), Slot::Item(item))));
                made = Some(members);
            }
            if let Some(members) = &mut made && !goes {
                members.push((cx.arena.keep(key), swept.unwrap_or(Slot::Item(child))));
            }
        }
        Ok(made.map(Slot::Object))
    }

    fn swept_array<'a>(&self, item: Item<'a>, cx: &Cx<'_, 'a>, level: usize) -> Result<Option<Slot<'a>>, Box<Failure>> {
        let level = cx.descend(level, &self.field)?;
        cx.pay(1 + item.len() / 4, &self.field)?;
        let mut made: Option<List<'a, _>> = None;
        for (at, child) in item.items().enumerate() {
            let swept = self.swept(child, cx, level)?;
            if made.is_none() && swept.is_some() {
                let mut items = List::with_capacity_in(item.len(), cx.arena.bump());
                items.extend(item.items().take(at).map(Slot::Item));
                made = Some(items);
            }
            if let Some(items) = &mut made {
                items.push(swept.unwrap_or(Slot::Item(child)));
            }
        }
        Ok(made.map(Slot::Array))
    }
}
