//! `remove`: what is not wanted further on.

use document::authored::Node;

use super::each::{Turn, way};
use crate::{
    Failure,
    context::Cx,
    field::{Field, Word},
    operation::{Entry, Operation, Verdict, example, need},
    reader::Reader,
    types::{Notes, Shape, Sorts, Type},
    work::{Slot, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "remove",
    summary: "Takes values out of the record.",
    params: &[need("paths", "field or path with `[*]`, or a list of such", "what is taken out, one after the other")],
    semantics: &[
        "What is absent already is no failure; null is taken out like any value.",
        "An object or array that has nothing left stays, empty.",
        "Elements behind one that is taken out move up before the next path is looked at.",
    ],
    examples: &[
        example(r#"{"op":"remove","paths":["$.secret","customer.note"]}"#, r#"{"secret":1,"customer":{"note":null,"id":2}}"#, r#"{"customer":{"id":2}}"#),
        example(r#"{"op":"remove","paths":"$.lines[*].cost"}"#, r#"{"lines":[{"sku":"A","cost":1},{"sku":"B"}]}"#, r#"{"lines":[{"sku":"A"},{"sku":"B"}]}"#),
        example(r#"{"op":"remove","paths":["gone"]}"#, r#"{"id":1}"#, r#"{"id":1}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op(Box<[Place]>);

#[derive(Debug)]
enum Place {
    One(Field),
    /// The way as far as it names one place, and the turns from there.
    Many(Field, Box<[Turn]>),
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let paths = node.get("paths")?;
    let nodes = if paths.value.items().is_some() { paths.items(cx)? } else { vec![paths.clone()] };
    if nodes.is_empty() {
        cx.error("mapping_parameter", &paths.at, "the list is empty", "name at least one field");
    }
    let places: Vec<_> = nodes.iter().map(|node| place(cx, node)).collect();
    let places: Box<[Place]> = places.into_iter().collect::<Option<_>>()?;
    Some(Box::new(Op(places)))
}

fn place(cx: &mut Reader, node: &Node<'_>) -> Option<Place> {
    let text = node.text(cx)?;
    if !text.starts_with('$') {
        return cx.field(node).map(Place::One);
    }
    let mut way = way(cx, node)?;
    let rest = way.split_off(way.iter().take_while(|turn| matches!(turn, Turn::Word(_))).count());
    let field = Field::of_words(way.into_iter().filter_map(|turn| if let Turn::Word(word) = turn { Some(word) } else { None }));
    if rest.is_empty() && field.words().is_empty() {
        cx.error("mapping_field", &node.at, "the whole record cannot be taken out of itself", "use `filter` to end a record");
        return None;
    }
    Some(if rest.is_empty() { Place::One(field) } else { Place::Many(field, rest.into()) })
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        for place in &self.0 {
            match place {
                Place::One(field) => drop(work.take(field)),
                Place::Many(field, way) => {
                    if let Some(slot) = work.slot_mut(field) {
                        strip(slot, way, cx, field)?;
                    }
                }
            }
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        for place in &self.0 {
            let (Place::One(field) | Place::Many(field, _)) = place;
            notes.read(shape, field);
            let gone = notes.taken();
            match place {
                Place::One(field) => shape.take(field, gone),
                Place::Many(field, way) => shape.update(field, &mut |found| stripped(found, way, &gone)),
            }
        }
    }
}

/// What is left of a type without what a way leads to.
fn stripped(found: Type, way: &[Turn], gone: &Type) -> Type {
    let Some((turn, rest)) = way.split_first() else { return gone.clone() };
    match turn {
        Turn::Word(word) => {
            let field = Field::of_words([word.clone()]);
            let mut inner = Shape::new(found);
            match (rest.is_empty(), word) {
                (true, Word::Name(_)) => inner.take(&field, gone.clone()),
                (true, Word::Index(_)) => {}
                (false, _) => inner.update(&field, &mut |found| stripped(found, rest, gone)),
            }
            inner.root
        }
        Turn::Every => found.each(&mut |part| if rest.is_empty() { part.with(Sorts::ABSENT) } else { stripped(part, rest, gone) }),
    }
}

/// Takes what a way leads to out of a value.
fn strip<'a>(slot: &mut Slot<'a>, way: &[Turn], cx: &Cx<'_, 'a>, field: &Field) -> Result<(), Box<Failure>> {
    let Some((turn, rest)) = way.split_first() else { return Ok(()) };
    slot.settle(cx.arena);
    let parts = match slot {
        Slot::Item(item) => item.len(),
        Slot::Object(members) => members.len(),
        Slot::Array(items) => items.len(),
        Slot::Written(_) => 0,
    };
    if parts == 0 {
        return Ok(());
    }
    cx.pay(1 + parts / 4, field)?;
    match turn {
        Turn::Word(word) => {
            if let Slot::Item(item) = slot && word.of(*item).is_none() {
                return Ok(());
            }
            slot.open(cx.arena);
            if rest.is_empty() {
                drop(slot.take_child(word));
                return Ok(());
            }
            slot.child_mut(word).map_or(Ok(()), |child| strip(child, rest, cx, field))
        }
        Turn::Every => {
            slot.open(cx.arena);
            match slot {
                Slot::Object(members) if rest.is_empty() => members.clear(),
                Slot::Array(items) if rest.is_empty() => items.clear(),
                Slot::Object(members) => members.iter_mut().try_for_each(|(_, child)| strip(child, rest, cx, field))?,
                Slot::Array(items) => items.iter_mut().try_for_each(|child| strip(child, rest, cx, field))?,
                Slot::Item(_) | Slot::Written(_) => {}
            }
            Ok(())
        }
    }
}
