//! `set`: constants, whatever stood there before.

use document::{Item, Value, authored::Node};

use crate::{
    Failure,
    context::Cx,
    field::Field,
    operation::{Entry, Operation, Verdict, example, may},
    reader::Reader,
    types::{Notes, Shape, Type},
    work::Work,
};

pub(crate) static ENTRY: Entry = Entry {
    name: "set",
    summary: "Puts constants at places, whatever stood there.",
    params: &[
        may("field", "field", "the place, together with `value`"),
        may("value", "any value", "what stands there afterwards, as it is written here"),
        may("values", "object", "instead of the two: places and what stands there afterwards"),
    ],
    semantics: &[
        "What stands there is replaced in its place; what is new comes last, in the order written here.",
        "Objects appear on the way to the place, also instead of null; elements of arrays do not.",
        "Null is a value like any other: `remove` makes a place absent.",
        "The values are put as they stand; an expression belongs into `template`.",
    ],
    examples: &[
        example(r#"{"op":"set","field":"source","value":"shop"}"#, r#"{"id":1}"#, r#"{"id":1,"source":"shop"}"#),
        example(r#"{"op":"set","values":{"source":"shop","meta.version":2}}"#, r#"{"source":"old","id":1}"#, r#"{"source":"shop","id":1,"meta":{"version":2}}"#),
        example(r#"{"op":"set","field":"meta.version","value":2}"#, r#"{"meta":"none"}"#, "mapping_target"),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op(Box<[(Field, Value)]>);

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let values = match (node.get("field"), node.get("value"), node.get("values")) {
        (Some(field), Some(value), None) => {
            let field = cx.field(&field);
            let value = cx.constant(&value);
            vec![Some((field?, value))]
        }
        (None, None, Some(values)) => values.entries(cx)?.iter().map(|entry| named(cx, entry)).collect(),
        _ => {
            cx.error("mapping_parameter", &node.at, "either `field` and `value` are set, or `values`", "write `\"field\": \"a\", \"value\": 1`, or `\"values\": {\"a\": 1, \"b\": 2}`");
            return None;
        }
    };
    values.into_iter().collect::<Option<_>>().map(|values| Box::new(Op(values)) as Box<dyn Operation>)
}

fn named(cx: &mut Reader, entry: &Node<'_>) -> Option<(Field, Value)> {
    let value = cx.constant(entry);
    match Field::parse(&entry.name()) {
        Ok(field) => Some((field, value)),
        Err(error) => {
            cx.error("mapping_field", &entry.at, error.to_string(), "write it as `customer.email` or `$.lines[0].sku`");
            None
        }
    }
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        for (field, value) in &self.0 {
            cx.share(Item::Tree(value), field)?;
            cx.put(work, field, Item::Tree(value))?;
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        for (field, value) in &self.0 {
            let made = Type::constant(value, &notes.at);
            notes.put(shape, field, made, true);
        }
    }
}
