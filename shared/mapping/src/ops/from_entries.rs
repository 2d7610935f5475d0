//! `from_entries`: a list of keys and values becomes an object.

use std::rc::Rc;

use document::{Item, authored::Node};

use crate::{
    Failure,
    conflict::{self, Conflict},
    context::Cx,
    field::Field,
    level::Level,
    operation::{Entry, Operation, Verdict, example, may, need},
    plan::present,
    reader::Reader,
    types::{Members, Notes, Shape, Sorts, Type},
    work::{Slot, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "from_entries",
    summary: "Turns an array of keys and values into an object.",
    params: &[
        need("field", "field", "the array"),
        may("key", "field of an element", "where an element has its key; `key` unless said"),
        may("value", "field of an element", "where an element has its value; `value` unless said, `$` is the whole element"),
        may("to", "field", "where the object goes; in place unless said"),
        may("on_conflict", "`reject`, `keep` or `replace`", "what happens where a key comes twice: the record is rejected, the first stays, or the last stands in its place; reject unless said"),
    ],
    semantics: &[
        "Absent and null stay as they are; an empty array becomes an empty object.",
        "A key is a text, a number, true or false; an element without one is a failure.",
        "An element without a value has no member; one with null has null.",
    ],
    examples: &[
        example(r#"{"op":"from_entries","field":"attributes"}"#, r#"{"attributes":[{"key":"size","value":"M"},{"key":"rank","value":1}]}"#, r#"{"attributes":{"size":"M","rank":1}}"#),
        example(r#"{"op":"from_entries","field":"fields","key":"name","value":"text.plain"}"#, r#"{"fields":[{"name":"note","text":{"plain":"hi"}}]}"#, r#"{"fields":{"note":"hi"}}"#),
        example(r#"{"op":"from_entries","field":"a"}"#, r#"{"a":[{"key":1,"value":1},{"key":"1","value":2}]}"#, "mapping_collision"),
        example(r#"{"op":"from_entries","field":"a","on_conflict":"replace"}"#, r#"{"a":[{"key":1,"value":1},{"key":"1","value":2}]}"#, r#"{"a":{"1":2}}"#),
        example(r#"{"op":"from_entries","field":"a"}"#, r#"{"a":[{"value":1}]}"#, "mapping_key"),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    field: Field,
    to: Field,
    key: Field,
    value: Field,
    conflict: Conflict,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = cx.field(&node.get("field")?);
    let mut said = |name: &str| node.get(name).map(|node| cx.field(&node));
    let (key, value, to) = (said("key"), said("value"), said("to"));
    let conflict = conflict::read(cx, node);
    let to = to.unwrap_or_else(|| field.clone());
    let key = key.unwrap_or_else(|| Some(Field::whole().member("key")));
    let value = value.unwrap_or_else(|| Some(Field::whole().member("value")));
    Some(Box::new(Op { field: field?, to: to?, key: key?, value: value?, conflict: conflict? }))
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some(array) = present(work.get(&self.field, cx.fuel)) else { return Ok(Verdict::Go) };
        cx.array(array, &self.field)?;
        let mut made = Level::new(cx.arena, array.len());
        for (index, element) in array.items().enumerate() {
            let key = self.key.of(element);
            let Some(name) = present(key).and_then(Item::plain) else {
                let what = key.map_or("absent", |key| key.sort().word());
                return Err(cx.fail("mapping_key", &self.field, None, format!("a key is a text, a number, true or false, not {what}")).below(index));
            };
            if let Some(value) = self.value.of(element) {
                cx.share(value, &self.to)?;
                let added = made.add(cx.arena.keep(name), Slot::Item(value), self.conflict);
                added.map_err(|_| cx.fail("mapping_collision", &self.field, key, "the key of this element stands in one before").below(index))?;
            }
        }
        cx.put(work, &self.to, Slot::Object(made.members))?;
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.field);
        notes.needs(&found, Sorts::ARRAY, &self.field);
        if found.known && !found.sorts.may(Sorts::ARRAY) {
            return;
        }
        let element = Shape::new(found.element());
        let invented = element.get(&self.value).invented_inside();
        let made = Type { members: Some(Rc::new(Members { invented, ..Members::open() })), ..Type::of(Sorts::OBJECT) }.sealed();
        notes.put(shape, &self.to, made, found.is_certain());
    }
}
