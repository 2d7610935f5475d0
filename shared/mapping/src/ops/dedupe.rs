//! `dedupe`: what was there before does not come again, in an array or in a run.

use std::collections::HashSet;

use bumpalo::collections::Vec as List;
use document::{Item, authored::Node};

use crate::{
    Failure,
    by::By,
    context::Cx,
    field::Field,
    operation::{Dropped, Entry, Operation, Verdict, example, may, need},
    plan::present,
    reader::Reader,
    seen::Met,
    types::{Notes, Shape, Sorts},
    work::Work,
};

pub(crate) static ENTRY: Entry = Entry {
    name: "dedupe",
    summary: "Leaves out records of a run, or elements of an array, that have the same values as one before.",
    params: &[
        need("by", "field or list of fields", "the values that make two the same; `$` is the whole"),
        may("field", "field", "the array; unless said, records are compared with those before them in the run"),
        may("keep", "`first` or `last`", "of an array: which element stays; the first unless said"),
    ],
    semantics: &[
        "Equality is by value: 1 and 1.0 are the same, 1 and \"1\" are not, nor are null and absent.",
        "Where all of the values are absent or null, nothing is known to be the same, and nothing is left out.",
        "A record that is left out ends as `duplicate`: it is counted, and it is no failure. One that fails, or waits for a table, does not count as having been there.",
        "At most 100,000 records of a run are remembered; one more is a failure. Inside `each` only arrays can be deduplicated.",
    ],
    examples: &[
        example(r#"{"op":"dedupe","field":"lines","by":"sku"}"#, r#"{"lines":[{"sku":"A","n":1},{"sku":"B"},{"sku":"A","n":2}]}"#, r#"{"lines":[{"sku":"A","n":1},{"sku":"B"}]}"#),
        example(r#"{"op":"dedupe","field":"lines","by":["sku"],"keep":"last"}"#, r#"{"lines":[{"sku":"A","n":1},{"sku":"B"},{"sku":"A","n":2}]}"#, r#"{"lines":[{"sku":"B"},{"sku":"A","n":2}]}"#),
        example(r#"{"op":"dedupe","field":"tags","by":"$"}"#, r#"{"tags":["a","b","a",1,1.0]}"#, r#"{"tags":["a","b",1]}"#),
        example(r#"{"op":"dedupe","by":["$.id"]}"#, r#"{"id":1}"#, r#"{"id":1}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Elements {
    field: Field,
    by: By,
    keep_last: bool,
}

#[derive(Debug)]
struct Records {
    /// What tells it from other operations of the mapping.
    number: usize,
    by: By,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let by = By::read(cx, &node.get("by")?);
    let keep_last = cx.word_of(node.get("keep").as_ref(), &[("first", false), ("last", true)], false);
    if let Some(field) = node.get("field") {
        let field = cx.field(&field);
        return Some(Box::new(Elements { field: field?, by: by?, keep_last: keep_last? }));
    }
    let keep = node.get("keep");
    if let Some(keep) = &keep {
        cx.error("mapping_not_here", &keep.at, "of the records of a run the first stays", "remove it, or say the `field` of an array");
    }
    if cx.in_each() {
        cx.error("mapping_not_here", &node.at, "inside `each` there are no records of a run", "say the `field` of an array, or put it outside");
        return None;
    }
    if cx.ends.flow {
        cx.error("mapping_not_here", &node.at, "a flow remembers nothing from record to record", "say the `field` of an array, or leave it out: a flow knows its duplicates");
    }
    if keep.is_some() {
        return None;
    }
    Some(Box::new(Records { number: cx.number(), by: by? }))
}

impl Operation for Records {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some(hash) = self.by.known(cx.arena, |field| work.get(field, cx.fuel)) else { return Ok(Verdict::Go) };
        match cx.seen.borrow_mut().meet(self.number, hash) {
            Met::New => Ok(Verdict::Go),
            Met::Before => Ok(Verdict::Drop(Dropped::Duplicate)),
            Met::TooMany => Err(cx.fail("mapping_too_many", &self.by.0[0], None, "more different records in one run than are remembered")),
        }
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        for field in &self.by.0 {
            notes.read(shape, field);
        }
    }
}

impl Operation for Elements {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some(array) = present(work.get(&self.field, cx.fuel)) else { return Ok(Verdict::Go) };
        cx.array(array, &self.field)?;
        cx.pay(array.len(), &self.field)?;
        let mut seen = HashSet::new();
        let mut new = |element: &Item<'a>| self.by.known(cx.arena, |field| field.of(*element)).is_none_or(|hash| seen.insert(hash));
        let mut made = List::from_iter_in(array.items(), cx.arena.bump());
        if self.keep_last {
            made.reverse();
            made.retain(&mut new);
            made.reverse();
        } else {
            made.retain(&mut new);
        }
        if made.len() < array.len() {
            cx.put(work, &self.field, Item::List(made.into_bump_slice()))?;
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.field);
        notes.needs(&found, Sorts::ARRAY, &self.field);
    }
}
