//! `flatten`: what is in an object comes up to the level the object stands on.

use bumpalo::collections::String as Text;
use document::{Item, Sort, authored::Node};

use crate::{
    Failure,
    conflict::{self, Conflict},
    context::Cx,
    field::{Field, Word},
    level::Level,
    operation::{Entry, Operation, Verdict, example, may, need},
    reader::Reader,
    types::{At, Notes, Shape, Sorts, Type},
    work::{Members, Slot, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "flatten",
    summary: "Brings the members of an object up to the level it stands on, under names made of both.",
    params: &[
        need("field", "field", "the object; `$` takes apart every object in the record"),
        may("separator", "text", "what stands between the names; `_` unless said"),
        may("prefix", "text", "what the names begin with; the name of the field unless said, nothing where it is empty"),
        may("depth", "integer above 0", "how many levels of objects are taken apart; all unless said"),
        may("arrays", "`keep`, `index` or `json`", "what happens to arrays: they stay, are taken apart by index, or become one text; keep unless said"),
        may("on_conflict", "`reject`, `keep` or `replace`", "what happens where a name is taken: the record is rejected, what stands there stays, or is replaced; reject unless said"),
    ],
    semantics: &[
        "The members stand where the object stood, in their order.",
        "Absent stays absent and null stays null. An empty object or array has nothing to bring up and stays under its name; so does a text, number or boolean.",
        "With `depth`, objects further down come up whole.",
    ],
    examples: &[
        example(
            r#"{"op":"flatten","field":"$.address","separator":"_","depth":1,"arrays":"keep"}"#,
            r#"{"id":1,"address":{"street":"Storgatan 1","geo":{"lat":59.3}},"paid":true}"#,
            r#"{"id":1,"address_street":"Storgatan 1","address_geo":{"lat":59.3},"paid":true}"#,
        ),
        example(r#"{"op":"flatten","field":"address"}"#, r#"{"address":{"geo":{"lat":59.3}}}"#, r#"{"address_geo_lat":59.3}"#),
        example(r#"{"op":"flatten","field":"$","separator":"."}"#, r#"{"id":1,"a":{"b":{"c":2}}}"#, r#"{"id":1,"a.b.c":2}"#),
        example(r#"{"op":"flatten","field":"meta","prefix":""}"#, r#"{"meta":{"page":1}}"#, r#"{"page":1}"#),
        example(r#"{"op":"flatten","field":"tags","arrays":"index"}"#, r#"{"tags":["a","b"]}"#, r#"{"tags_0":"a","tags_1":"b"}"#),
        example(r#"{"op":"flatten","field":"a","arrays":"json"}"#, r#"{"a":{"tags":["x",1]}}"#, r#"{"a_tags":"[\"x\",1]"}"#),
        example(r#"{"op":"flatten","field":"a"}"#, r#"{"a":{"b":1},"a_b":2}"#, "mapping_collision"),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    field: Field,
    /// The level, and the name on it; the whole record has none.
    above: Option<(Field, Box<str>)>,
    prefix: Box<str>,
    separator: Box<str>,
    depth: usize,
    arrays: Arrays,
    conflict: Conflict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrays {
    Keep,
    Index,
    Json,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let place = node.get("field")?;
    let field = cx.field(&place);
    let above = field.as_ref().and_then(|field| above(cx, &place, field));
    let mut said = |key: &str| node.get(key).map(|node| node.text(cx));
    let (separator, prefix) = (said("separator"), said("prefix"));
    let depth = match node.get("depth") {
        Some(depth) => depth.count(cx).map(|depth| usize::try_from(depth).unwrap_or(usize::MAX)),
        None => Some(usize::MAX),
    };
    let arrays = cx.word_of(node.get("arrays").as_ref(), &[("keep", Arrays::Keep), ("index", Arrays::Index), ("json", Arrays::Json)], Arrays::Keep);
    let conflict = conflict::read(cx, node);
    let (above, separator) = (above?, separator.unwrap_or(Some("_"))?);
    let prefix = match prefix {
        Some(prefix) => prefix?.into(),
        None => above.as_ref().map_or_else(Box::default, |(_, name)| name.clone()),
    };
    Some(Box::new(Op { field: field?, above, prefix, separator: separator.into(), depth: depth?, arrays: arrays?, conflict: conflict? }))
}

/// The level a field stands on and its name there.
fn above(cx: &mut Reader, node: &Node<'_>, field: &Field) -> Option<Option<(Field, Box<str>)>> {
    match field.words().split_last() {
        None => Some(None),
        Some((Word::Name(name), way)) => Some(Some((Field::of_words(way.iter().cloned()), name.clone()))),
        Some((Word::Index(_), _)) => {
            cx.error("mapping_field", &node.at, "an element of an array has no name for its members to join", "use `each` and flatten `$`, or a field inside it");
            None
        }
    }
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        match &self.above {
            Some((level, name)) => self.member(level, name, work, cx)?,
            None => self.whole(work, cx)?,
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.field);
        let rest_may = Sorts::OBJECT | if self.arrays == Arrays::Keep { Sorts::NONE } else { Sorts::ARRAY };
        if found.is_gone() || found.known && !found.sorts.may(rest_may) {
            return;
        }
        let mut parts = Vec::new();
        let all = self.parts_of(&found, &self.prefix, self.depth.saturating_add(usize::from(self.above.is_none())), &mut parts);
        let level = self.above.as_ref().map_or_else(Field::whole, |(level, _)| level.clone());
        if let Some((_, name)) = &self.above {
            let left = if comes_apart(&found) { Type::absent() } else { found.clone().with(Sorts::ABSENT) };
            shape.take(&level.member(name), left);
        } else if found.sorts.may(Sorts::OBJECT) {
            shape.root = Type::object([]);
        }
        for (name, part) in parts {
            notes.put(shape, &level.member(&name), part.with(Sorts::ABSENT), false);
        }
        if let Err(invented) = all {
            shape.update(&level, &mut |found| found.any_names(self.conflict == Conflict::Replace, invented.clone()));
        }
    }
}

/// Whether it is an object that has something in it: an empty one stays.
fn comes_apart(found: &Type) -> bool {
    let any = |found: &Type| found.members.as_ref().is_some_and(|members| members.list.iter().any(|(_, part)| !part.sorts.may(Sorts::ABSENT)));
    found.known && found.sorts.is(Sorts::OBJECT | Sorts::ABSENT) && any(found)
}

impl Op {
    /// The names what is in a value gets, as far as they are known; else who made up what is in it.
    fn parts_of(&self, found: &Type, prefix: &str, levels: usize, made: &mut Vec<(String, Type)>) -> Result<(), Option<At>> {
        let Some(members) = found.members.as_ref().filter(|_| self.arrays == Arrays::Keep) else { return Err(found.invented_inside()) };
        let mut all = if !members.is_loose() { Ok(()) } else { Err(members.invented.clone()) };
        for (key, part) in &members.list {
            let name = if prefix.is_empty() { key.to_string() } else { format!("{prefix}{}{key}", self.separator) };
            if levels > 1 && part.sorts.may(Sorts::OBJECT) {
                all = all.and(self.parts_of(part, &name, levels - 1, made));
            }
            if !part.is_gone() && (levels <= 1 || !comes_apart(part)) {
                made.push((name, part.clone()));
            }
        }
        all
    }

    /// Takes a member apart; what comes of it stands in its place.
    fn member<'a>(&'a self, above: &Field, name: &'a str, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<(), Box<Failure>> {
        if !work.get(&self.field, cx.fuel).is_some_and(|item| self.concerns(item)) {
            return Ok(());
        }
        let Some(members) = work.members(above) else { return Ok(()) };
        let mut level = Level::of(std::mem::replace(members, Members::new_in(cx.arena.bump())));
        let Some(place) = level.find(name) else { return Ok(()) };
        let slot = std::mem::replace(&mut level.members[place].1, Slot::Item(Item::Null));
        let mut made = Level::new(cx.arena, 8);
        if self.comes_apart(slot.sort()) { self.parts(&self.prefix, slot, self.depth - 1, &mut made, cx)? } else { self.bring(name, slot, 0, &mut made, cx)? }
        let mut all = Members::with_capacity_in(level.members.len() + made.members.len(), cx.arena.bump());
        let mut came = Members::with_capacity_in(made.members.len(), cx.arena.bump());
        for (name, slot) in made.members {
            match (level.find(name).filter(|at| *at != place), self.conflict) {
                (None, _) => came.push((name, slot)),
                (Some(_), Conflict::Keep) => {}
                (Some(at), Conflict::Replace) => level.members[at].1 = slot,
                (Some(_), Conflict::Reject) => return Err(self.taken(name, cx)),
            }
        }
        for (at, member) in level.members.into_iter().enumerate() {
            if at == place { all.extend(came.drain(..)) } else { all.push(member) }
        }
        if let Some(members) = work.members(above) {
            *members = all;
        }
        Ok(())
    }

    /// Takes apart what is in the record, or in the element.
    fn whole<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<(), Box<Failure>> {
        if work.root.sort() != Sort::Object {
            return Ok(());
        }
        let root = std::mem::replace(&mut work.root, Slot::Item(Item::Null));
        let mut made = Level::new(cx.arena, 16);
        self.parts(&self.prefix, root, self.depth, &mut made, cx)?;
        work.root = Slot::Object(made.members);
        Ok(())
    }

    /// Whether there is anything to do.
    fn concerns(&self, item: Item<'_>) -> bool {
        match item.sort() {
            Sort::Object => item.len() > 0,
            Sort::Array => item.len() > 0 && self.arrays != Arrays::Keep || self.arrays == Arrays::Json,
            _ => false,
        }
    }

    fn comes_apart(&self, sort: Sort) -> bool {
        sort == Sort::Object || sort == Sort::Array && self.arrays == Arrays::Index
    }

    /// Adds a value under a name, or what is in it.
    fn bring<'a>(&'a self, name: &'a str, slot: Slot<'a>, levels: usize, made: &mut Level<'a>, cx: &Cx<'_, 'a>) -> Result<(), Box<Failure>> {
        let sort = slot.sort();
        if sort == Sort::Array && self.arrays == Arrays::Json {
            let mut text = Vec::new();
            slot.write(&mut text, true);
            cx.pay(text.len() / 64, &self.field)?;
            let text = cx.arena.text(std::str::from_utf8(&text).expect("what is written is UTF-8"));
            return self.add(name, Slot::Item(Item::Text(text)), made, cx);
        }
        if levels == 0 || !self.comes_apart(sort) {
            return self.add(name, slot, made, cx);
        }
        let slot = if let Slot::Written(written) = &slot { Slot::Item(written.item(cx.arena)) } else { slot };
        let empty = match &slot {
            Slot::Item(item) => item.len() == 0,
            Slot::Object(members) => members.is_empty(),
            Slot::Array(items) => items.is_empty(),
            Slot::Written(_) => false,
        };
        if empty { self.add(name, slot, made, cx) } else { self.parts(name, slot, levels - 1, made, cx) }
    }

    /// Adds what is in an object or array.
    fn parts<'a>(&'a self, prefix: &str, slot: Slot<'a>, levels: usize, made: &mut Level<'a>, cx: &Cx<'_, 'a>) -> Result<(), Box<Failure>> {
        match slot {
            Slot::Item(item) if item.sort() == Sort::Object => item.entries().try_for_each(|(key, child)| {
                self.bring(self.joined(prefix, &key, cx)?, Slot::Item(child), levels, made, cx)
            }),
            Slot::Item(item) => item.items().enumerate().try_for_each(|(index, child)| self.bring(self.counted(prefix, index, cx)?, Slot::Item(child), levels, made, cx)),
            Slot::Object(members) => members.into_iter().try_for_each(|(key, child)| self.bring(self.joined(prefix, key, cx)?, child, levels, made, cx)),
            Slot::Written(written) => self.parts(prefix, Slot::Item(written.item(cx.arena)), levels, made, cx),
            Slot::Array(items) => items.into_iter().enumerate().try_for_each(|(index, child)| self.bring(self.counted(prefix, index, cx)?, child, levels, made, cx)),
        }
    }

    fn joined<'a>(&self, prefix: &str, key: &str, cx: &Cx<'_, 'a>) -> Result<&'a str, Box<Failure>> {
        let mut name = Text::with_capacity_in(prefix.len() + self.separator.len() + key.len(), cx.arena.bump());
        if !prefix.is_empty() {
            name.push_str(prefix);
            name.push_str(&self.separator);
        }
        name.push_str(key);
        cx.pay(1 + name.len() / 64, &self.field)?;
        Ok(name.into_bump_str())
    }

    /// The name of an element: its index.
    fn counted<'a>(&self, prefix: &str, index: usize, cx: &Cx<'_, 'a>) -> Result<&'a str, Box<Failure>> {
        self.joined(prefix, &index.to_string(), cx)
    }

    fn add<'a>(&'a self, name: &'a str, slot: Slot<'a>, made: &mut Level<'a>, cx: &Cx<'_, 'a>) -> Result<(), Box<Failure>> {
        made.add(name, slot, self.conflict).map_err(|_| self.taken(name, cx))
    }

    #[cold]
    fn taken(&self, name: &str, cx: &Cx<'_, '_>) -> Box<Failure> {
        let level = self.above.as_ref().map_or_else(Field::whole, |(level, _)| level.clone());
        cx.fail("mapping_collision", &level.member(name), None, "a flattened member wants a name that is taken")
    }
}
