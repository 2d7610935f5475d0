//! `rename`: one value to another place, or many keys by a pattern.

use document::{Item, Sort, authored::Node};

use crate::{
    Failure,
    context::Cx,
    field::{Field, Word},
    key_pattern::KeyPattern,
    operation::{Entry, Operation, Verdict, example, may},
    reader::Reader,
    renaming::{ON_CONFLICT, OnConflict},
    types::{Notes, Shape, Sorts, Type},
    work::{Look, Slot, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "rename",
    summary: "Moves a value to another place, or gives many keys new names by a pattern.",
    params: &[
        may("from", "field", "where the value stands, together with `to`"),
        may("to", "field", "where it goes"),
        may("keys", "object of `match` and `to`", "instead of the two: a pattern, and the new names of the keys it finds"),
        may("field", "field", "with `keys`: the object whose keys are meant; the whole record unless said"),
        ON_CONFLICT,
    ],
    semantics: &[
        "Absent stays absent, and null moves as null. A new name in the same object keeps the place of the old one.",
        "`match` is a regular expression without look-around and back references, found anywhere in the key unless it has `^` and `$`; it has at most 256 characters.",
        "The whole key is replaced by `to`, in which `$1` or `${name}` stands for what a group found and `$$` for the character. Points in `to` nest, points in what was found do not.",
        "With `keys` the values move in the order of the record; a key whose new name would have an empty part stays.",
    ],
    examples: &[
        example(r#"{"op":"rename","from":"$.a","to":"b"}"#, r#"{"a":1,"c":2}"#, r#"{"b":1,"c":2}"#),
        example(r#"{"op":"rename","from":"mail","to":"customer.email"}"#, r#"{"mail":null}"#, r#"{"customer":{"email":null}}"#),
        example(r#"{"op":"rename","from":"a","to":"b"}"#, r#"{"a":1,"b":2}"#, "mapping_collision"),
        example(r#"{"op":"rename","from":"a","to":"b","on_conflict":"keep"}"#, r#"{"a":1,"b":2}"#, r#"{"a":1,"b":2}"#),
        example(r#"{"op":"rename","keys":{"match":"^cf_(.*)$","to":"custom.$1"}}"#, r#"{"id":1,"cf_color":"red","cf_size":"M"}"#, r#"{"id":1,"custom":{"color":"red","size":"M"}}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Move {
    from: Field,
    to: Field,
    /// The object both stand in, the old and the new name, if it is one object.
    within: Option<(Field, Box<str>, Box<str>)>,
    /// Whether the new place is below the old one: then nothing can stand there.
    below: bool,
    on_conflict: OnConflict,
}

#[derive(Debug)]
struct Keys {
    field: Field,
    pattern: KeyPattern,
    on_conflict: OnConflict,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let on_conflict = OnConflict::read(cx, node);
    match (node.get("from"), node.get("to"), node.get("keys")) {
        (Some(from), Some(to), None) => {
            if let Some(field) = node.get("field") {
                cx.error("mapping_parameter", &field.at, "`field` belongs to `keys`", "leave it out: `from` and `to` name whole places");
            }
            let (from, to_field) = (cx.field(&from), cx.field(&to));
            let (from, to_field) = (from?, to_field?);
            if from == to_field {
                cx.error("mapping_parameter", &to.at, "the new place is the old one", "name another place");
                return None;
            }
            Some(Box::new(Move::new(from, to_field, on_conflict?)))
        }
        (None, None, Some(keys)) => {
            let field = node.get("field").map_or(Some(Field::whole()), |field| cx.field(&field));
            let pattern = KeyPattern::read(cx, &keys);
            Some(Box::new(Keys { field: field?, pattern: pattern?, on_conflict: on_conflict? }))
        }
        _ => {
            cx.error("mapping_parameter", &node.at, "either `from` and `to` are set, or `keys`", "write `\"from\": \"a\", \"to\": \"b\"`, or `\"keys\": {\"match\": \"^cf_(.*)$\", \"to\": \"custom.$1\"}`");
            None
        }
    }
}

impl Move {
    fn new(from: Field, to: Field, on_conflict: OnConflict) -> Self {
        let within = match (from.words().split_last(), to.words().split_last()) {
            (Some((Word::Name(old), way)), Some((Word::Name(new), same))) if way == same => Some((Field::of_words(way.iter().cloned()), old.clone(), new.clone())),
            _ => None,
        };
        let below = to.words().starts_with(from.words());
        Self { from, to, within, below, on_conflict }
    }

    /// Renames within one object; the value keeps its place.
    fn within<'a>(&self, object: &Field, old: &str, new: &'a str, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<(), Box<Failure>> {
        let Some(members) = work.members(object) else { return Ok(()) };
        let Some(at) = members.iter().position(|(key, _)| *key == old) else { return Ok(()) };
        match (members.iter().position(|(key, _)| *key == new), self.on_conflict) {
            (None, _) => members[at].0 = new,
            (Some(_), OnConflict::Keep) => {}
            (Some(_), OnConflict::Error) => return Err(self.collision(cx)),
            (Some(there), OnConflict::Replace) => {
                members[there].1 = std::mem::replace(&mut members[at].1, Slot::Item(Item::Null));
                members.remove(at);
            }
        }
        Ok(())
    }

    #[cold]
    fn collision(&self, cx: &Cx<'_, '_>) -> Box<Failure> {
        cx.fail("mapping_collision", &self.to, None, format!("something stands already where `{}` would go", self.from))
    }
}

impl Operation for Move {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        if !work.has(&self.from) {
            return Ok(Verdict::Go);
        }
        if let Some((object, old, new)) = &self.within {
            return self.within(object, old, new, work, cx).map(|()| Verdict::Go);
        }
        if !self.below && work.has(&self.to) {
            match self.on_conflict {
                OnConflict::Keep => return Ok(Verdict::Go),
                OnConflict::Error => return Err(self.collision(cx)),
                OnConflict::Replace => {}
            }
        }
        if let Some(slot) = work.take(&self.from) {
            cx.put(work, &self.to, slot)?;
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.from);
        if found.is_gone() {
            return;
        }
        let there = shape.get(&self.to);
        if self.on_conflict == OnConflict::Error && !self.below && there.known && !there.is_gone() {
            notes.may_fail(format!("something may stand at `{}` already", self.to), "say what happens then with `on_conflict`");
        }
        let surely = found.known && !found.sorts.may(Sorts::ABSENT) && (self.on_conflict != OnConflict::Keep || there.is_gone());
        let stays = self.on_conflict == OnConflict::Keep && !there.is_gone();
        shape.take(&self.from, if stays { Type::absent().or(&found) } else { Type::absent() });
        let moved = if found.vague { found } else { found.without(Sorts::ABSENT) };
        notes.put(shape, &self.to, moved, surely);
    }
}

impl Operation for Keys {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        match work.look(&self.field).map(Look::sort) {
            None | Some(Sort::Null) => return Ok(Verdict::Go),
            Some(Sort::Object) => {}
            Some(sort) => return Err(cx.fail("mapping_wrong_sort", &self.field, None, format!("the {} has no keys", sort.word()))),
        }
        if let Some(members) = work.members(&self.field) {
            self.pattern.apply(members, self.on_conflict, cx, &self.field)?;
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.field);
        notes.needs(&found, Sorts::OBJECT, &self.field);
        let Some(members) = &found.members else { return };
        if !self.pattern.nests() {
            let (keep, at) = (self.on_conflict == OnConflict::Keep, notes.at.clone());
            shape.update(&self.field, &mut |found| found.renamed(keep, &at, &mut |name| self.pattern.names_of(name).map(|names| names.concat().into())));
            return;
        }
        let renamed: Vec<(Box<str>, Vec<String>)> = members.list.iter().filter_map(|(name, _)| Some((name.clone(), self.pattern.names_of(name)?))).collect();
        let loose = members.is_loose().then(|| members.invented.clone());
        for (name, names) in &renamed {
            let from = self.field.member(name);
            let to = names.iter().fold(self.field.clone(), |field, name| field.member(name));
            let moved = shape.get(&from);
            if from != to && !moved.is_gone() {
                let claimed = !shape.get(&to).is_gone() || renamed.iter().filter(|(_, others)| others == names).count() > 1;
                let stays = self.on_conflict == OnConflict::Keep && (claimed || loose.is_some());
                shape.take(&from, if stays { Type::absent().or(&moved) } else { Type::absent() });
                notes.put(shape, &to, moved, false);
            }
        }
        if let Some(invented) = loose {
            shape.update(&self.field, &mut |found| found.any_names(true, invented.clone()));
        }
    }
}
