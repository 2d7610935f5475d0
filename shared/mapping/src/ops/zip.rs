//! `zip`: a row of names and rows of values become objects.

use std::rc::Rc;

use bumpalo::collections::Vec as List;
use document::{Item, authored::Node};

use crate::{
    Failure,
    context::Cx,
    field::Field,
    level::Level,
    many::Many,
    operation::{Entry, Operation, Verdict, example, may, need},
    conflict::Conflict,
    reader::Reader,
    types::{Members, Notes, Shape, Sorts, Type},
    work::{Slot, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "zip",
    summary: "Makes one object of each row, with the columns for names.",
    params: &[
        need("columns", "field, or path to texts", "the names: the elements of an array, or what a path names"),
        need("rows", "field, or path to arrays", "the rows: the elements of an array, or what a path names"),
        need("to", "field", "where the array of objects goes"),
        may("on_short", "`reject`, `absent` or `null`", "what stands for the values a short row does not have; the record is rejected unless said"),
    ],
    semantics: &[
        "Where the columns or the rows are absent or null, nothing is done.",
        "A row with more values than there are columns is a failure: they would be lost.",
        "Two columns of one name are a failure.",
    ],
    examples: &[
        example(
            r#"{"op":"zip","columns":"$.report[0]","rows":"$.report[1:]","to":"rows"}"#,
            r#"{"report":[["sku","sold"],["A",1],["B",2]]}"#,
            r#"{"report":[["sku","sold"],["A",1],["B",2]],"rows":[{"sku":"A","sold":1},{"sku":"B","sold":2}]}"#,
        ),
        example(
            r#"{"op":"zip","columns":"$.headers[*].name","rows":"rows","to":"rows"}"#,
            r#"{"headers":[{"name":"sku"},{"name":"sold"}],"rows":[["A",1]]}"#,
            r#"{"headers":[{"name":"sku"},{"name":"sold"}],"rows":[{"sku":"A","sold":1}]}"#,
        ),
        example(r#"{"op":"zip","columns":"c","rows":"r","to":"r"}"#, r#"{"c":["a","b"],"r":[[1]]}"#, "mapping_zip"),
        example(r#"{"op":"zip","columns":"c","rows":"r","to":"r","on_short":"absent"}"#, r#"{"c":["a","b"],"r":[[1]]}"#, r#"{"c":["a","b"],"r":[{"a":1}]}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    columns: Many,
    rows: Many,
    to: Field,
    on_short: Short,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Short {
    Reject,
    Absent,
    Null,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let columns = Many::read(cx, &node.get("columns")?);
    let rows = Many::read(cx, &node.get("rows")?);
    let to = cx.field(&node.get("to")?);
    let on_short = cx.word_of(node.get("on_short").as_ref(), &[("reject", Short::Reject), ("absent", Short::Absent), ("null", Short::Null)], Short::Reject);
    Some(Box::new(Op { columns: columns?, rows: rows?, to: to?, on_short: on_short? }))
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let record = work.item(cx.fuel);
        let (Some(columns), Some(rows)) = (self.columns.find(record, cx, &self.to)?, self.rows.find(record, cx, &self.to)?) else { return Ok(Verdict::Go) };
        let mut names = Level::new(cx.arena, columns.len());
        let mut width = columns.len();
        for (index, column) in columns.iter().enumerate() {
            let name = if column.is_null() { None } else { column.plain() };
            let Some(name) = name else { return Err(cx.fail("mapping_key", &self.to, None, format!("column {index} has no name: a name is a text, a number, true or false"))) };
            width += name.len() / 64;
            let added = names.add(cx.arena.keep(name), Slot::Item(Item::Null), Conflict::Reject);
            added.map_err(|_| cx.fail("mapping_collision", &self.to, Some(*column), format!("column {index} has the name of one before")))?;
        }
        let mut made = List::with_capacity_in(rows.len(), cx.arena.bump());
        for (index, row) in rows.into_iter().enumerate() {
            cx.array(row, &self.to)?;
            cx.pay(width, &self.to)?;
            cx.share(row, &self.to)?;
            made.push(self.object(&names, index, row, cx)?);
        }
        cx.put(work, &self.to, Item::List(made.into_bump_slice()))?;
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let invented = self.rows.shape(shape, notes).invented_inside();
        self.columns.shape(shape, notes);
        let row = Type { members: Some(Rc::new(Members { invented, ..Members::open() })), ..Type::of(Sorts::OBJECT) }.sealed();
        notes.put(shape, &self.to, Type::array(row), false);
    }
}

impl Op {
    fn object<'a>(&self, names: &Level<'a>, index: usize, row: Item<'a>, cx: &Cx<'_, 'a>) -> Result<Item<'a>, Box<Failure>> {
        let (columns, values) = (names.members.len(), row.len());
        if values > columns || values < columns && self.on_short == Short::Reject {
            return Err(cx.fail("mapping_zip", &self.to, None, format!("row {index} has {values} values for {columns} columns")));
        }
        let mut members = List::with_capacity_in(columns, cx.arena.bump());
        members.extend(names.members.iter().map(|(name, _)| *name).zip(row.items()));
        if self.on_short == Short::Null {
            members.extend(names.members.iter().skip(values).map(|(name, _)| (*name, Item::Null)));
        }
        Ok(Item::Map(members.into_bump_slice()))
    }
}
