//! `each`: the same operations on every element of an array, in place.

use bumpalo::collections::Vec as List;
use document::{Arena, Item, Path, Sort, Step as PathStep, authored::Node};

use crate::{
    Failure,
    context::{Cx, DEEPEST},
    field::{Field, Word},
    operation::{Entry, Operation, Verdict, example, need},
    place::{Part, Place},
    plan::{self, Step},
    reader::Reader,
    types::{Notes, Shape, Sorts, Type, walk},
    work::{Slot, Work, member, opened},
    written::Writing,
};

pub(crate) static ENTRY: Entry = Entry {
    name: "each",
    summary: "Does the same operations on every element a path names, in place.",
    params: &[need("path", "path of names, indices and `[*]`", "the elements"), need("ops", "list of operations", "what is done to each")],
    semantics: &[
        "Inside, fields and paths start at the element; expressions see it as `item`, and as `record` the whole record as it was before `each`.",
        "An element that a `filter` does not let pass leaves its array; so does one a `lookup` skips.",
        "A path that names nothing changes nothing: an absent array stays absent, an empty one empty.",
        "A failure names the element: `/lines/2/qty`.",
        "A large array is written out element by element: however many there are, only one is worked on at a time.",
    ],
    examples: &[
        example(
            r#"{"op":"each","path":"$.lines[*]","ops":[{"op":"cast","field":"qty","to":"integer"},{"op":"filter","where":"{{ item.qty > 0 }}"}]}"#,
            r#"{"lines":[{"qty":"2"},{"qty":"0"}]}"#,
            r#"{"lines":[{"qty":2}]}"#,
        ),
        example(
            r#"{"op":"each","path":"$.lines[*]","ops":[{"op":"template","to":"currency","value":"{{ record.currency }}"}]}"#,
            r#"{"currency":"SEK","lines":[{"sku":"A"}]}"#,
            r#"{"currency":"SEK","lines":[{"sku":"A","currency":"SEK"}]}"#,
        ),
        example(r#"{"op":"each","path":"$.tags[*]","ops":[{"op":"cast","field":"$","to":"string"}]}"#, r#"{"tags":[1,"b"]}"#, r#"{"tags":["1","b"]}"#),
        example(r#"{"op":"each","path":"$.lines[*]","ops":[]}"#, r#"{}"#, r#"{}"#),
    ],
    tables: None,
    read,
};

/// A value of this weight is written out piece by piece.
const LARGE: usize = 4096;

#[derive(Debug)]
struct Op {
    /// The way as far as it names one place: as a rule the array.
    array: Field,
    way: Vec<Turn>,
    steps: Vec<Step>,
    /// Whether they may look at the record around the element.
    outer: bool,
}

/// One step of the way to the elements.
#[derive(Debug)]
pub(super) enum Turn {
    Word(Word),
    Every,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let path = node.get("path")?;
    let way = way(cx, &path).filter(|way| {
        if way.is_empty() {
            cx.error("mapping_each_path", &path.at, "the whole record is not an element of anything", "name the elements, as in `$.lines[*]`, or write the operations without `each`");
        }
        !way.is_empty()
    });
    let ops = node.get("ops")?;
    let outer = ops.value.to_string().contains("record");
    let steps = cx.inner(&ops);
    let mut way = way?;
    let rest = way.split_off(way.iter().take_while(|turn| matches!(turn, Turn::Word(_))).count());
    let array = Field::of_words(way.into_iter().filter_map(|turn| if let Turn::Word(word) = turn { Some(word) } else { None }));
    Some(Box::new(Op { array, way: rest, steps: steps?, outer }))
}

pub(super) fn way(cx: &mut Reader, node: &Node<'_>) -> Option<Vec<Turn>> {
    let path = match Path::parse(node.text(cx)?) {
        Ok(path) => path,
        Err(error) => {
            cx.error("path_invalid", &node.at, error.to_string(), "write it as `$.lines[*]`");
            return None;
        }
    };
    let turns: Option<Vec<_>> = path.plain_steps().map(|steps| steps.iter().map(|step| match step {
        PathStep::Name(name) => Turn::Word(Word::Name(name.as_str().into())),
        PathStep::Index(index) => Turn::Word(Word::Index(*index)),
        PathStep::Each => Turn::Every,
    }).collect());
    if turns.is_none() {
        cx.error("mapping_each_path", &node.at, "elements are changed in place, and this path does not say where each stands", "use names, indices and `[*]`, and a `filter` inside");
    }
    turns
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some(item) = work.get(&self.array, cx.fuel) else { return Ok(Verdict::Go) };
        let record = cx.record.unwrap_or_else(|| if self.outer { work.item(cx.fuel) } else { Item::Null });
        let place = Place { before: cx.place, part: Part::Field(&self.array) };
        let made = self.rebuilt(&self.way, item, &Cx { record: Some(record), ..cx.below(cx.arena, &place) })?;
        match made {
            Some(slot) => cx.put(work, &self.array, slot)?,
            None => drop(work.take(&self.array)),
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.array);
        if found.is_gone() {
            return;
        }
        let record = shape.record.clone().unwrap_or_else(|| shape.root.clone());
        let made = self.shape_of(found.without(Sorts::ABSENT), &self.way, &record, notes);
        shape.update(&self.array, &mut |_| made.clone());
    }
}

impl Op {
    /// The type of a value with the elements below it changed.
    fn shape_of(&self, found: Type, way: &[Turn], record: &Type, notes: &mut Notes) -> Type {
        match way.split_first() {
            None => {
                let mut element = Shape { record: Some(record.clone()), ..Shape::new(found) };
                walk(&self.steps, &mut element, notes);
                if element.ends { element.root.with(Sorts::ABSENT) } else { element.root }
            }
            Some((Turn::Word(word), rest)) => {
                let field = Field::of_words([word.clone()]);
                let mut inner = Shape::new(found);
                let changed = self.shape_of(inner.get(&field).without(Sorts::ABSENT), rest, record, notes);
                inner.update(&field, &mut |_| changed.clone());
                inner.root
            }
            Some((Turn::Every, rest)) => found.each(&mut |part| self.shape_of(part, rest, record, notes)),
        }
    }

    /// The value with the elements below it changed; nothing when the path names none.
    fn rebuilt<'a>(&'a self, way: &'a [Turn], item: Item<'a>, cx: &Cx<'_, 'a>) -> Result<Option<Slot<'a>>, Box<Failure>> {
        let Some((turn, rest)) = way.split_first() else { return self.element(item, cx) };
        let below = |part| Place { before: cx.place, part };
        match turn {
            Turn::Word(word) => {
                let Some(child) = word.of(item) else { return Ok(Some(Slot::Item(item))) };
                let made = self.rebuilt(rest, child, &cx.below(cx.arena, &below(Part::Word(word))))?;
                Ok(Some(replaced(item, word, made, cx)))
            }
            Turn::Every if item.len() > 0 && item.weight(LARGE) >= LARGE => self.written(rest, item, cx).map(Some),
            Turn::Every if item.sort() == Sort::Array => {
                let mut items = List::with_capacity_in(item.len(), cx.arena.bump());
                for (index, child) in item.items().enumerate() {
                    items.extend(self.rebuilt(rest, child, &cx.below(cx.arena, &below(Part::Index(index))))?);
                }
                Ok(Some(Slot::Array(items)))
            }
            Turn::Every if item.sort() == Sort::Object => {
                let mut members = List::with_capacity_in(item.len(), cx.arena.bump());
                for (key, child) in item.entries() {
                    let key = cx.arena.keep(key);
                    members.extend(self.rebuilt(rest, child, &cx.below(cx.arena, &below(Part::Name(key))))?.map(|slot| (key, slot)));
                }
                Ok(Some(Slot::Object(members)))
            }
            Turn::Every => Ok(Some(Slot::Item(item))),
        }
    }

    /// A large array or object with its elements changed, written out at once: what one element needs is given back before
    /// the next.
    fn written<'a>(&'a self, way: &'a [Turn], item: Item<'a>, cx: &Cx<'_, 'a>) -> Result<Slot<'a>, Box<Failure>> {
        // What was written before is read again: by how much it holds by now, not by how much the record held.
        cx.pay(item.weight(usize::MAX) / 4, &Field::whole())?;
        let mut arena = Arena::new();
        let mut writing = Writing::new(item.sort() == Sort::Object);
        for (index, child) in item.items().enumerate() {
            let place = Place { before: cx.place, part: Part::Index(index) };
            self.piece(way, child, None, &mut writing, &cx.below(&arena, &place))?;
            arena.reset();
        }
        for (key, child) in item.entries() {
            let place = Place { before: cx.place, part: Part::Name(&key) };
            self.piece(way, child, Some(&key), &mut writing, &cx.below(&arena, &place))?;
            arena.reset();
        }
        let written = writing.end().map_err(|_| too_large(cx))?;
        cx.heap.set(true);
        Ok(Slot::Written(Box::new(written)))
    }

    fn piece<'a>(&'a self, way: &'a [Turn], item: Item<'a>, key: Option<&str>, writing: &mut Writing, cx: &Cx<'_, 'a>) -> Result<(), Box<Failure>> {
        let Some(slot) = self.rebuilt(way, item, cx)? else { return Ok(()) };
        let mut seen = 0;
        while slot.is_deeper(writing.levels, &mut seen) {
            writing.levels += 1;
            if writing.levels > DEEPEST {
                return Err(cx.too_deep(&Field::whole()));
            }
        }
        cx.pay(seen / 4, &Field::whole())?;
        let out = writing.next(key).map_err(|_| too_large(cx))?;
        slot.write(out, true);
        Ok(())
    }

    /// One element after the operations; nothing when one of them dropped it.
    fn element<'a>(&'a self, item: Item<'a>, cx: &Cx<'_, 'a>) -> Result<Option<Slot<'a>>, Box<Failure>> {
        cx.pay(1, &Field::whole())?;
        let mut work = Work::new(cx.arena, item);
        let dropped = plan::run(&self.steps, &mut work, cx, &mut |_, _, _| {})?;
        Ok(dropped.is_none().then_some(work.root))
    }
}

#[cold]
fn too_large(cx: &Cx<'_, '_>) -> Box<Failure> {
    cx.fail("mapping_output_too_large", &Field::whole(), None, "the elements become larger than a record may be")
}

/// An object or array with one child changed, or left out.
fn replaced<'a>(item: Item<'a>, word: &'a Word, made: Option<Slot<'a>>, cx: &Cx<'_, 'a>) -> Slot<'a> {
    match (word, made) {
        (Word::Name(name), Some(slot)) => {
            let mut members = opened(item, cx.arena);
            *member(&mut members, name, cx.arena) = slot;
            Slot::Object(members)
        }
        (Word::Name(name), None) => Slot::Object(List::from_iter_in(opened(item, cx.arena).into_iter().filter(|(key, _)| *key != &**name), cx.arena.bump())),
        (Word::Index(index), made) => {
            let mut items = List::from_iter_in(item.items().map(Slot::Item), cx.arena.bump());
            let place = crate::field::at(*index, items.len());
            match (place, made) {
                (Some(place), Some(slot)) => items[place] = slot,
                (Some(place), None) => drop(items.remove(place)),
                (None, _) => {}
            }
            Slot::Array(items)
        }
    }
}
