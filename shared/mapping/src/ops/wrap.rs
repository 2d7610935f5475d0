//! `wrap`: a list of plain values becomes a list of objects.

use bumpalo::collections::Vec as List;
use document::{Item, authored::Node};

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
    name: "wrap",
    summary: "Turns an array of values into an array of objects that hold them under one name.",
    params: &[need("field", "field", "the array"), need("as", "name", "the name"), may("to", "field", "where the array goes; in place unless said")],
    semantics: &["Absent and null stay as they are; an empty array stays empty.", "Every element is wrapped, null, arrays and objects too."],
    examples: &[
        example(r#"{"op":"wrap","field":"labels","as":"label"}"#, r#"{"labels":["new","red"]}"#, r#"{"labels":[{"label":"new"},{"label":"red"}]}"#),
        example(r#"{"op":"wrap","field":"labels","as":"label"}"#, r#"{"labels":"new"}"#, "mapping_wrong_sort"),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    field: Field,
    to: Field,
    name: Box<str>,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = cx.field(&node.get("field")?);
    let name = node.get("as")?.text(cx);
    let to = node.get("to").map_or_else(|| field.clone(), |node| cx.field(&node));
    Some(Box::new(Op { field: field?, to: to?, name: name?.into() }))
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some(array) = present(work.get(&self.field, cx.fuel)) else { return Ok(Verdict::Go) };
        cx.array(array, &self.field)?;
        cx.pay(array.len().saturating_mul(1 + self.name.len() / 64), &self.to)?;
        if self.to != self.field {
            cx.share(array, &self.to)?;
        }
        let bump = cx.arena.bump();
        let made = List::from_iter_in(array.items().map(|item| Item::Map(bump.alloc_slice_copy(&[(&*self.name, item)]))), bump);
        cx.put(work, &self.to, Item::List(made.into_bump_slice()))?;
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.field);
        notes.needs(&found, Sorts::ARRAY, &self.field);
        if found.known && !found.sorts.may(Sorts::ARRAY) {
            return;
        }
        let made = Type::array(Type::object([(self.name.clone(), found.element())]));
        notes.put(shape, &self.to, made, found.is_certain());
    }
}
