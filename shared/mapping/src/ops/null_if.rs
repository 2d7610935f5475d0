//! `null_if`: values by which other systems say that there is none.

use document::{Item, Sort, Value, authored::Node};

use crate::{
    Failure,
    context::Cx,
    field::Field,
    operation::{Entry, Operation, Verdict, example, need},
    reader::Reader,
    types::{Notes, Shape, Sorts, Type},
    work::{Look, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "null_if",
    summary: "Turns values that stand for none into null.",
    params: &[need("field", "field", "the value"), need("values", "list of texts, numbers and booleans", "which values become null")],
    semantics: &[
        "Compared by value: 0 is 0.0, and `\"0\"` is not 0; texts letter by letter, spaces included.",
        "Absent stays absent, null stays null, and so does everything that is not in the list.",
    ],
    examples: &[
        example(r#"{"op":"null_if","field":"sold_at","values":["0000-00-00","-",""]}"#, r#"{"sold_at":"-"}"#, r#"{"sold_at":null}"#),
        example(r#"{"op":"null_if","field":"qty","values":[-1]}"#, r#"{"qty":-1.0}"#, r#"{"qty":null}"#),
        example(r#"{"op":"null_if","field":"qty","values":[-1]}"#, r#"{"qty":"-1"}"#, r#"{"qty":"-1"}"#),
        example(r#"{"op":"null_if","field":"qty","values":[-1]}"#, r#"{}"#, r#"{}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    field: Field,
    values: Box<[Value]>,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = cx.field(&node.get("field")?);
    let list = node.get("values")?;
    let nodes = list.items(cx);
    if nodes.as_ref().is_some_and(Vec::is_empty) {
        cx.error("mapping_parameter", &list.at, "the list is empty", "name at least one value");
    }
    let values: Vec<Option<Value>> = nodes?.iter().map(|node| match node.value {
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(node.value.clone()),
        Value::Null | Value::Array(_) | Value::Object(_) => node.wrong(cx, "a text, a number, true or false"),
    }).collect();
    Some(Box::new(Op { field: field?, values: values.into_iter().collect::<Option<_>>()? }))
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some(Look::Whole(item)) = work.look(&self.field) else { return Ok(Verdict::Go) };
        if matches!(item.sort(), Sort::Bool | Sort::Number | Sort::Text) && self.values.iter().any(|value| Item::Tree(value) == item) {
            cx.put(work, &self.field, Item::Null)?;
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        if !notes.read(shape, &self.field).is_gone() {
            shape.update(&self.field, &mut |found| Type { vague: false, ..found.with(Sorts::NULL) });
        }
    }
}
