//! `group`: the elements of an array that have values in common, together.

use std::collections::HashMap;

use bumpalo::collections::Vec as List;
use document::{Item, authored::Node};

use crate::{
    Failure,
    by::By,
    context::Cx,
    field::Field,
    operation::{Entry, Operation, Verdict, example, may, need},
    plan::present,
    reader::Reader,
    types::{Notes, Shape, Sorts, Type},
    work::Work,
};

pub(crate) static ENTRY: Entry = Entry {
    name: "group",
    summary: "Brings the elements of an array together that have the same values at some places.",
    params: &[
        need("field", "field", "the array"),
        need("by", "field or list of fields of an element", "the values in common; they stand in the group under the last name of their field"),
        may("items", "name", "the name the elements get in their group; `items` unless said"),
        may("to", "field", "where the groups go; in place unless said"),
    ],
    semantics: &[
        "Absent and null stay as they are; an empty array stays empty.",
        "Groups stand in the order of their first elements, and elements in a group in theirs. The elements stay whole.",
        "Equality is by value: 1 and 1.0 are one group, 1 and \"1\" are two, null and absent are two.",
    ],
    examples: &[
        example(
            r#"{"op":"group","field":"lines","by":"order_id","to":"orders","items":"lines"}"#,
            r#"{"lines":[{"order_id":1,"sku":"A"},{"order_id":2,"sku":"B"},{"order_id":1,"sku":"C"}]}"#,
            r#"{"lines":[{"order_id":1,"sku":"A"},{"order_id":2,"sku":"B"},{"order_id":1,"sku":"C"}],"orders":[{"order_id":1,"lines":[{"order_id":1,"sku":"A"},{"order_id":1,"sku":"C"}]},{"order_id":2,"lines":[{"order_id":2,"sku":"B"}]}]}"#,
        ),
        example(r#"{"op":"group","field":"a","by":["x.k"]}"#, r#"{"a":[{"x":{"k":1}},{"x":{"k":1.0}},{}]}"#, r#"{"a":[{"k":1,"items":[{"x":{"k":1}},{"x":{"k":1.0}}]},{"items":[{}]}]}"#),
        example(r#"{"op":"group","field":"a","by":"k"}"#, r#"{"a":{"k":1}}"#, "mapping_wrong_sort"),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    field: Field,
    to: Field,
    by: By,
    /// The names of the values in a group, then that of its elements.
    names: Vec<Box<str>>,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = cx.field(&node.get("field")?);
    let place = node.get("by")?;
    let by = By::read(cx, &place);
    let items = node.get("items").map_or(Some("items"), |node| node.text(cx));
    let to = node.get("to").map_or_else(|| field.clone(), |node| cx.field(&node));
    let names = names(cx, &place, by.as_ref(), items);
    Some(Box::new(Op { field: field?, to: to?, by: by?, names: names? }))
}

fn names(cx: &mut Reader, node: &Node<'_>, by: Option<&By>, items: Option<&str>) -> Option<Vec<Box<str>>> {
    let (by, items) = (by?, items?);
    let mut names: Vec<Box<str>> = Vec::new();
    for field in &by.0 {
        match field.name() {
            None => cx.error("mapping_field", &node.at, format!("`{field}` has no name for its value in the group"), "group by fields with names"),
            Some(name) if name == items || names.iter().any(|known| **known == *name) => {
                cx.error("mapping_collision", &node.at, format!("two things in a group have the name `{name}`"), "say another name with `items`, or rename first");
            }
            Some(name) => names.push(name.into()),
        }
    }
    let complete = names.len() == by.0.len();
    names.push(items.into());
    complete.then_some(names)
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some(array) = present(work.get(&self.field, cx.fuel)) else { return Ok(Verdict::Go) };
        cx.array(array, &self.field)?;
        cx.pay(array.len(), &self.field)?;
        if self.to != self.field {
            cx.share(array, &self.to)?;
        }
        let bump = cx.arena.bump();
        let mut places = HashMap::new();
        let mut groups: List<'a, List<'a, Item<'a>>> = List::new_in(bump);
        for element in array.items() {
            let place = *places.entry(self.by.hash(cx.arena, |field| field.of(element))).or_insert(groups.len());
            if place == groups.len() {
                groups.push(List::new_in(bump));
            }
            groups[place].push(element);
        }
        let mut made = List::with_capacity_in(groups.len(), bump);
        for elements in groups {
            made.push(self.group(elements, cx)?);
        }
        cx.put(work, &self.to, Item::List(made.into_bump_slice()))?;
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.field);
        notes.needs(&found, Sorts::ARRAY, &self.field);
        if found.known && !found.sorts.may(Sorts::ARRAY) {
            return;
        }
        let element = Shape::new(found.element());
        let mut members: Vec<(Box<str>, Type)> = self.names.iter().cloned().zip(self.by.0.iter().map(|field| element.get(field))).collect();
        members.extend(self.names.last().map(|name| (name.clone(), Type::array(element.root))));
        notes.put(shape, &self.to, Type::array(Type::object(members)), found.is_certain());
    }
}

impl Op {
    fn group<'a>(&'a self, elements: List<'a, Item<'a>>, cx: &Cx<'_, 'a>) -> Result<Item<'a>, Box<Failure>> {
        let mut members = List::with_capacity_in(self.names.len(), cx.arena.bump());
        let elements = elements.into_bump_slice();
        for (name, field) in self.names.iter().zip(&self.by.0) {
            if let Some(value) = elements.first().and_then(|first| field.of(*first)) {
                cx.share(value, &self.to)?;
                members.push((&**name, value));
            }
        }
        members.extend(self.names.last().map(|name| (&**name, Item::List(elements))));
        Ok(Item::Map(members.into_bump_slice()))
    }
}
