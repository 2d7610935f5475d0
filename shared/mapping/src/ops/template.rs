//! `template`: a value from an expression, or a text with expressions in it.

use document::authored::Node;

use crate::{
    Failure,
    context::Cx,
    field::Field,
    formula::Formula,
    operation::{Entry, Operation, Verdict, example, need},
    reader::Reader,
    types::{Notes, Shape, Sorts, Type, formula},
    work::Work,
};

pub(crate) static ENTRY: Entry = Entry {
    name: "template",
    summary: "Puts the value of an expression, or a text with expressions in it, at a place.",
    params: &[need("to", "field", "where the value goes"), need("value", "template", "the text; one whole `{{ … }}` gives a value with its type, else the parts become text")],
    semantics: &[
        "Where the expression is absent, or any part of a text is absent or null, the target is left as it is.",
        "Expressions see `record`, inside `each` also `item`, `key`, `extensions`, `run.id` and the functions of the language.",
    ],
    examples: &[
        example(r#"{"op":"template","to":"name","value":"{{ record.first }} {{ record.last }}"}"#, r#"{"first":"Åsa","last":"Lind"}"#, r#"{"first":"Åsa","last":"Lind","name":"Åsa Lind"}"#),
        example(r#"{"op":"template","to":"large","value":"{{ record.total > 100 }}"}"#, r#"{"total":598.94}"#, r#"{"total":598.94,"large":true}"#),
        example(r#"{"op":"template","to":"email","value":"{{ record.email | lower }}"}"#, r#"{"email":"A@Example.COM"}"#, r#"{"email":"a@example.com"}"#),
        example(r#"{"op":"template","to":"name","value":"{{ record.first }} {{ record.last }}"}"#, r#"{"first":"Åsa"}"#, r#"{"first":"Åsa"}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    to: Field,
    value: Formula,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let to = cx.field(&node.get("to")?);
    let value = cx.template(&node.get("value")?);
    Some(Box::new(Op { to: to?, value: value? }))
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        if let Some(item) = cx.value(&self.value, work, &self.to)? {
            cx.share(item, &self.to)?;
            cx.put(work, &self.to, item)?;
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let made = formula(&self.value, shape, notes);
        if made.is_gone() {
            return;
        }
        let surely = made.known && !made.sorts.may(Sorts::ABSENT);
        notes.put(shape, &self.to, Type { vague: false, ..made.without(Sorts::ABSENT) }, surely);
    }
}
