//! `entries`: an object keyed by id or date becomes a list of its members.

use bumpalo::collections::Vec as List;
use document::{Item, Sort, authored::Node};

use crate::{
    Failure,
    context::Cx,
    field::Field,
    operation::{Entry, Operation, Verdict, example, may, need},
    plan::present,
    reader::Reader,
    types::{Notes, Shape, Sorts, Type},
    work::Work,
};

pub(crate) static ENTRY: Entry = Entry {
    name: "entries",
    summary: "Turns an object into an array with one object for each member, which knows its key.",
    params: &[
        need("field", "field", "the object"),
        need("key_as", "name", "the name the key gets"),
        may("value_as", "name", "the name the value gets; unless said, values are objects and their members follow the key"),
        may("to", "field", "where the array goes; in place unless said"),
    ],
    semantics: &[
        "Absent and null stay as they are; an empty object becomes an empty array.",
        "The elements stand in the order of the members; the key comes first.",
        "A value that has a member of the name in `key_as` is a failure: one of the two would be lost.",
    ],
    examples: &[
        example(
            r#"{"op":"entries","field":"$['Time Series']","key_as":"date","to":"days"}"#,
            r#"{"Time Series":{"2026-11-20":{"close":"1.50"},"2026-11-21":{"close":"1.60"}}}"#,
            r#"{"Time Series":{"2026-11-20":{"close":"1.50"},"2026-11-21":{"close":"1.60"}},"days":[{"date":"2026-11-20","close":"1.50"},{"date":"2026-11-21","close":"1.60"}]}"#,
        ),
        example(r#"{"op":"entries","field":"stock","key_as":"sku","value_as":"quantity"}"#, r#"{"stock":{"A":1,"B":null}}"#, r#"{"stock":[{"sku":"A","quantity":1},{"sku":"B","quantity":null}]}"#),
        example(r#"{"op":"entries","field":"stock","key_as":"sku"}"#, r#"{"stock":{"A":1}}"#, "mapping_wrong_sort"),
        example(r#"{"op":"entries","field":"stock","key_as":"sku"}"#, r#"{}"#, r#"{}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    field: Field,
    to: Field,
    key_as: Box<str>,
    value_as: Option<Box<str>>,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = cx.field(&node.get("field")?);
    let key_as = node.get("key_as")?.text(cx);
    let value_as = node.get("value_as").map(|node| node.text(cx));
    let to = node.get("to").map(|node| cx.field(&node));
    if let (Some(key), Some(Some(value)), Some(place)) = (key_as, value_as, node.get("value_as"))
        && key == value
    {
        cx.error("mapping_collision", &place.at, "`key_as` and `value_as` are the same name", "give them two names");
        return None;
    }
    let value_as = value_as.map_or(Some(None), |name| name.map(|name| Some(name.into())));
    let to = to.unwrap_or_else(|| field.clone());
    Some(Box::new(Op { field: field?, to: to?, key_as: key_as?.into(), value_as: value_as? }))
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some(object) = present(work.get(&self.field, cx.fuel)) else { return Ok(Verdict::Go) };
        if object.sort() != Sort::Object {
            return Err(cx.wrong_sort(&self.field, object, "an object"));
        }
        if self.to != self.field {
            cx.share(object, &self.to)?;
        }
        let mut made = List::with_capacity_in(object.len(), cx.arena.bump());
        for (key, value) in object.entries() {
            made.push(self.element(cx.arena.keep(key), value, cx)?);
        }
        cx.put(work, &self.to, Item::List(made.into_bump_slice()))?;
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.field);
        notes.needs(&found, Sorts::OBJECT, &self.field);
        if found.known && !found.sorts.may(Sorts::OBJECT) {
            return;
        }
        let key = (self.key_as.clone(), Type::of(Sorts::TEXT));
        let value = Type { vague: true, ..Type::unknown().without(Sorts::ABSENT) }.tainted(found.invented_inside());
        let element = match &self.value_as {
            Some(name) => Type::object([key, (name.clone(), value)]),
            None => Type::of(Sorts::OBJECT).tainted(found.invented_inside()),
        };
        notes.put(shape, &self.to, Type::array(element), found.is_certain());
    }
}

impl Op {
    fn element<'a>(&'a self, key: &'a str, value: Item<'a>, cx: &Cx<'_, 'a>) -> Result<Item<'a>, Box<Failure>> {
        cx.pay(1 + self.key_as.len() / 64, &self.to)?;
        let first = (&*self.key_as, Item::Text(key));
        if let Some(name) = &self.value_as {
            return Ok(Item::Map(cx.arena.bump().alloc_slice_copy(&[first, (&**name, value)])));
        }
        if value.sort() != Sort::Object {
            return Err(cx.wrong_sort(&self.field, value, "an object, or `value_as` for its name,").below(key));
        }
        if value.get(&self.key_as).is_some() {
            return Err(cx.fail("mapping_collision", &self.field, None, "a value has a member of the name in `key_as`").below(key).below(&self.key_as));
        }
        cx.pay(value.len(), &self.to)?;
        let mut members = List::with_capacity_in(value.len() + 1, cx.arena.bump());
        members.push(first);
        members.extend(value.entries().map(|(key, item)| (cx.arena.keep(key), item)));
        Ok(Item::Map(members.into_bump_slice()))
    }
}
