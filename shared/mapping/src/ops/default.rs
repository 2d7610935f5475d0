//! `default`: a value for a place that has none. Only where the definition says so: nothing else in the language invents one.

use document::{Item, Value, authored::Node};

use crate::{
    Failure,
    context::Cx,
    field::Field,
    operation::{Entry, Operation, Verdict, example, may, need},
    reader::Reader,
    types::{Notes, Shape, Sorts, Type},
    work::Work,
};

pub(crate) static ENTRY: Entry = Entry {
    name: "default",
    summary: "Gives a place that has no value a declared one.",
    params: &[
        need("field", "field", "the place"),
        need("value", "any value", "what stands there then, as it is written here"),
        may("if", "`absent`, `null` or `empty`", "what counts as no value: only absent, also null, or also `\"\"`, `[]` and `{}`; absent unless said"),
    ],
    semantics: &[
        "0 and false are values and are never replaced.",
        "Objects appear on the way to the place, elements of arrays do not: a default for `$.lines[0].qty` of a record without lines rejects it.",
        "The value is put as it stands; an expression belongs into `template`.",
    ],
    examples: &[
        example(r#"{"op":"default","field":"currency","value":"SEK"}"#, r#"{"total":1}"#, r#"{"total":1,"currency":"SEK"}"#),
        example(r#"{"op":"default","field":"currency","value":"SEK"}"#, r#"{"currency":null}"#, r#"{"currency":null}"#),
        example(r#"{"op":"default","field":"currency","value":"SEK","if":"null"}"#, r#"{"currency":null}"#, r#"{"currency":"SEK"}"#),
        example(r#"{"op":"default","field":"currency","value":"SEK","if":"empty"}"#, r#"{"currency":""}"#, r#"{"currency":"SEK"}"#),
        example(r#"{"op":"default","field":"discount","value":5,"if":"empty"}"#, r#"{"discount":0}"#, r#"{"discount":0}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    field: Field,
    value: Value,
    lacks: Lacks,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lacks {
    Absent,
    Null,
    Empty,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = cx.field(&node.get("field")?);
    let value = cx.constant(&node.get("value")?);
    let lacks = cx.word_of(node.get("if").as_ref(), &[("absent", Lacks::Absent), ("null", Lacks::Null), ("empty", Lacks::Empty)], Lacks::Absent);
    Some(Box::new(Op { field: field?, value, lacks: lacks? }))
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let lacking = match work.look(&self.field) {
            None => true,
            Some(look) => match self.lacks {
                Lacks::Absent => false,
                Lacks::Null => look.sort() == document::Sort::Null,
                Lacks::Empty => look.is_empty(),
            },
        };
        if lacking {
            cx.share(Item::Tree(&self.value), &self.field)?;
            cx.put(work, &self.field, Item::Tree(&self.value))?;
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = shape.get(&self.field);
        let lacking = match self.lacks {
            Lacks::Absent => Sorts::ABSENT,
            Lacks::Null | Lacks::Empty => Sorts::NOTHING,
        };
        let there = Type { vague: false, ..found.clone().without(lacking) };
        let made = Type::constant(&self.value, &notes.at);
        let made = if found.is_gone() || found.sorts.is(lacking) { made } else { there.or(&made) };
        notes.put(shape, &self.field, made, true);
    }
}
