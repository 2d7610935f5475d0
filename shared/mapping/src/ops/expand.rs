//! `expand`: a list of lists becomes one list, whose elements know what was around them.

use bumpalo::collections::Vec as List;
use document::{Item, Sort, authored::Node};

use crate::{
    Failure,
    conflict::{self, Conflict},
    context::Cx,
    field::Field,
    level::Level,
    many::Many,
    operation::{Entry, Operation, Verdict, example, may, need},
    place::{Part, Place},
    plan::present,
    reader::Reader,
    types::{Notes, Shape, Sorts, Type},
    work::{Slot, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "expand",
    summary: "Replaces the elements of an array by what is in the arrays inside them, level by level.",
    params: &[
        need("field", "field", "the array"),
        need("expand", "list of paths", "the way down: from an element of the array to the values inside, from each of these to those inside it, and so on"),
        may("keep", "object of names and fields", "what every value takes along: a name, and where an element of the array has it"),
        may("to", "field", "where the values go; in place unless said"),
        may("on_conflict", "`reject`, `keep` or `replace`", "what happens where a value has a member of a name in `keep`: the record is rejected, the member stays, or is replaced; reject unless said"),
    ],
    semantics: &[
        "Absent and null stay as they are; an element without an array inside has nothing to give.",
        "What is kept is taken from the elements of the array itself; to keep something of a level further down, expand twice.",
        "What an element does not have is not kept. With `keep`, the values are objects: `wrap` makes such of others.",
        "At most 8 levels.",
    ],
    examples: &[
        example(
            r#"{"op":"expand","field":"ivrs","expand":["$.menus[*]","$.routes[*]"],"keep":{"ivr_id":"$.id"},"to":"routes"}"#,
            r#"{"ivrs":[{"id":1,"menus":[{"routes":[{"key":"1"},{"key":"2"}]},{"routes":[]}]},{"id":2}]}"#,
            r#"{"ivrs":[{"id":1,"menus":[{"routes":[{"key":"1"},{"key":"2"}]},{"routes":[]}]},{"id":2}],"routes":[{"key":"1","ivr_id":1},{"key":"2","ivr_id":1}]}"#,
        ),
        example(r#"{"op":"expand","field":"pages","expand":["items"]}"#, r#"{"pages":[{"items":[1,2]},{"items":[3]}]}"#, r#"{"pages":[1,2,3]}"#),
        example(r#"{"op":"expand","field":"a","expand":["b"],"keep":{"id":"id"}}"#, r#"{"a":[{"id":1,"b":[{"id":2}]}]}"#, "mapping_collision"),
    ],
    tables: None,
    read,
};

/// Levels of one `expand`.
const DEEPEST: usize = 8;

#[derive(Debug)]
struct Op {
    field: Field,
    to: Field,
    way: Vec<Many>,
    keep: Vec<(Box<str>, Field)>,
    conflict: Conflict,
}

/// What the values of one element take along.
type Kept<'a> = List<'a, (&'a str, Item<'a>)>;

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = cx.field(&node.get("field")?);
    let way = way(cx, &node.get("expand")?);
    let keep = match node.get("keep") {
        Some(keep) => keep.entries(cx).and_then(|entries| {
            let fields: Vec<_> = entries.iter().map(|entry| Some((entry.name().into(), cx.field(entry)?))).collect();
            fields.into_iter().collect::<Option<Vec<(Box<str>, Field)>>>()
        }),
        None => Some(Vec::new()),
    };
    let to = node.get("to").map_or_else(|| field.clone(), |node| cx.field(&node));
    let conflict = conflict::read(cx, node);
    Some(Box::new(Op { field: field?, to: to?, way: way?, keep: keep?, conflict: conflict? }))
}

fn way(cx: &mut Reader, node: &Node<'_>) -> Option<Vec<Many>> {
    let nodes = node.items(cx)?;
    if nodes.is_empty() {
        return node.wrong(cx, "a list of at least one path");
    }
    if nodes.len() > DEEPEST {
        cx.error("mapping_too_large", &node.at, format!("more than {DEEPEST} levels"), "expand twice");
        return None;
    }
    let way: Vec<_> = nodes.iter().map(|node| Many::read(cx, node)).collect();
    way.into_iter().collect()
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some(array) = present(work.get(&self.field, cx.fuel)) else { return Ok(Verdict::Go) };
        cx.array(array, &self.field)?;
        let mut made = List::with_capacity_in(array.len(), cx.arena.bump());
        let around = Place { before: cx.place, part: Part::Field(&self.field) };
        for (index, element) in array.items().enumerate() {
            let place = Place { before: Some(&around), part: Part::Index(index) };
            let mut kept = List::with_capacity_in(self.keep.len(), cx.arena.bump());
            kept.extend(self.keep.iter().filter_map(|(name, field)| Some((&**name, field.of(element)?))));
            self.down(&self.way, element, &kept, &mut made, &cx.below(cx.arena, &place)).map_err(|mut failure| {
                failure.path = self.field.to_string();
                failure
            })?;
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
        let made = Type::array(Type { vague: true, ..Type::unknown().without(Sorts::ABSENT) }.tainted(found.invented_inside()));
        notes.put(shape, &self.to, made, found.is_certain());
    }
}

impl Op {
    fn down<'a>(&'a self, way: &'a [Many], item: Item<'a>, kept: &Kept<'a>, made: &mut List<'a, Item<'a>>, cx: &Cx<'_, 'a>) -> Result<(), Box<Failure>> {
        let Some((many, rest)) = way.split_first() else {
            made.push(self.value(item, kept, cx)?);
            return Ok(());
        };
        let found = if item.is_null() { None } else { many.find(item, cx, &Field::whole())? };
        found.into_iter().flatten().try_for_each(|child| self.down(rest, child, kept, made, cx))
    }

    /// A value with what it takes along.
    fn value<'a>(&'a self, item: Item<'a>, kept: &Kept<'a>, cx: &Cx<'_, 'a>) -> Result<Item<'a>, Box<Failure>> {
        if self.to != self.field || self.way.iter().any(|many| matches!(many, Many::Path(_))) {
            cx.share(item, &Field::whole())?;
        }
        if self.keep.is_empty() {
            return Ok(item);
        }
        if item.sort() != Sort::Object {
            return Err(cx.wrong_sort(&Field::whole(), item, "an object for what is kept"));
        }
        cx.pay(item.len(), &Field::whole())?;
        let mut level = Level::new(cx.arena, item.len() + kept.len());
        for (key, child) in item.entries() {
            let added = level.add(cx.arena.keep(key), Slot::Item(child), Conflict::Replace);
            debug_assert!(added.is_ok(), "the keys of an object are distinct");
        }
        for (name, child) in kept {
            cx.share(*child, &Field::whole())?;
            let added = level.add(name, Slot::Item(*child), self.conflict);
            added.map_err(|_| cx.fail("mapping_collision", &Field::whole(), None, format!("a value has a member of the name `{name}` in `keep`")))?;
        }
        Ok(Slot::Object(level.members).item(cx.arena))
    }
}
