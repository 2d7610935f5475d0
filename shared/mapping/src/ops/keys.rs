//! `keys`: how keys are written, in one object or in all below it.

use std::borrow::Cow;

use bumpalo::collections::Vec as List;
use document::{Arena, Item, Sort, authored::Node};

use crate::{
    Failure,
    context::Cx,
    field::Field,
    key_case::Case,
    operation::{Entry, Operation, Verdict, example, may},
    reader::Reader,
    renaming::{ON_CONFLICT, OnConflict, rename},
    types::{At, Notes, Shape, Type},
    work::{Members, Slot, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "keys",
    summary: "Writes keys another way: in one case, or with a text replaced.",
    params: &[
        may("case", "`snake`, `camel`, `kebab` or `lower`", "`unit_price`, `unitPrice`, `unit-price`, or small letters and nothing else changed"),
        may("replace", "object of `from` and `to`", "a text and what stands in its stead; done before `case` if both are set"),
        may("field", "field", "the object whose keys are meant; the whole record unless said"),
        may("deep", "true or false", "whether the keys of all objects below are meant, too; false unless said"),
        ON_CONFLICT,
    ],
    semantics: &[
        "Words end where a small letter or digit meets a capital one (`unitPrice`), before the last capital of several (`HTTPServer` is `http_server`), and at everything that is no letter or digit. Underscores at the start stay: `_id` is `_id`.",
        "A key that would be empty stays as it is. The order of members stays.",
        "Only keys change, no value does. What is no object is left as it is.",
    ],
    examples: &[
        example(r#"{"op":"keys","case":"snake"}"#, r#"{"unitPrice":1,"SKU":"A","Order ID":{"innerKey":1}}"#, r#"{"unit_price":1,"sku":"A","order_id":{"innerKey":1}}"#),
        example(r#"{"op":"keys","case":"camel","deep":true}"#, r#"{"line_items":[{"unit_price":1}]}"#, r#"{"lineItems":[{"unitPrice":1}]}"#),
        example(r#"{"op":"keys","replace":{"from":"fields.","to":""},"field":"row"}"#, r#"{"row":{"fields.id":1}}"#, r#"{"row":{"id":1}}"#),
        example(r#"{"op":"keys","case":"lower"}"#, r#"{"ID":1,"id":2}"#, "mapping_collision"),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    field: Field,
    replace: Option<(Box<str>, Box<str>)>,
    case: Option<Case>,
    deep: bool,
    on_conflict: OnConflict,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = node.get("field").map_or(Some(Field::whole()), |field| cx.field(&field));
    let deep = node.get("deep").map_or(Some(false), |node| node.boolean(cx));
    let on_conflict = OnConflict::read(cx, node);
    let cases = [("snake", Some(Case::Snake)), ("camel", Some(Case::Camel)), ("kebab", Some(Case::Kebab)), ("lower", Some(Case::Lower))];
    let case = cx.word_of(node.get("case").as_ref(), &cases, None);
    let replace = node.get("replace").map_or(Some(None), |replace| read_replace(cx, &replace).map(Some));
    if node.get("case").is_none() && node.get("replace").is_none() {
        cx.error("mapping_parameter", &node.at, "nothing says how the keys are written", "add `\"case\": \"snake\"`, or `\"replace\": {\"from\": \" \", \"to\": \"_\"}`");
        return None;
    }
    Some(Box::new(Op { field: field?, replace: replace?, case: case?, deep: deep?, on_conflict: on_conflict? }))
}

fn read_replace(cx: &mut Reader, node: &Node<'_>) -> Option<(Box<str>, Box<str>)> {
    node.object(cx, &["from", "to"])?;
    let (from, to) = (node.need(cx, "from"), node.need(cx, "to"));
    let (from, to) = (from?, to?);
    let (old, new) = (from.text(cx), to.text(cx));
    if old == Some("") {
        cx.error("mapping_parameter", &from.at, "an empty text stands everywhere", "name the text that is replaced");
        return None;
    }
    Some((old?.into(), new?.into()))
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        if let Some(slot) = work.slot_mut(&self.field) {
            self.rewrite(slot, cx, 0)?;
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.field);
        if !found.is_gone() {
            shape.update(&self.field, &mut |found| self.shape_of(found, &notes.at));
        }
    }
}

impl Op {
    /// The type of a value whose keys are rewritten.
    fn shape_of(&self, found: Type, at: &At) -> Type {
        let arena = Arena::new();
        let found = if self.deep && found.is_followed() { found.each(&mut |part| self.shape_of(part, at)) } else { found };
        found.renamed(self.on_conflict == OnConflict::Keep, at, &mut |name| {
            let replaced = self.replace.as_ref().map_or(Cow::Borrowed(name), |(from, to)| Cow::Owned(name.replace(&**from, to)));
            let made = self.case.and_then(|case| case.of(&replaced, &arena)).unwrap_or(&replaced);
            (!made.is_empty() && made != name).then(|| made.into())
        })
    }

    /// How a key is written now; the same text where nothing changes.
    fn name<'a>(&'a self, key: &'a str, cx: &Cx<'_, 'a>) -> Result<&'a str, Box<Failure>> {
        if self.replace.is_none() && self.case.is_some_and(|case| case.has(key)) {
            return Ok(key);
        }
        let mut name = Cow::Borrowed(key);
        if let Some((from, to)) = &self.replace && key.contains(&**from) {
            name = Cow::Owned(key.replace(&**from, to));
        }
        cx.pay(name.len() / 16, &self.field)?;
        if let Some(case) = self.case
            && let Some(made) = case.of(&name, cx.arena)
        {
            return Ok(made);
        }
        Ok(if name.is_empty() { key } else { cx.arena.keep(name) })
    }

    /// Rewrites the keys of a value, and below it if that is wanted.
    fn rewrite<'a>(&'a self, slot: &mut Slot<'a>, cx: &Cx<'_, 'a>, level: usize) -> Result<(), Box<Failure>> {
        slot.settle(cx.arena);
        match slot {
            Slot::Item(item) => {
                if let Some(made) = self.rewritten(*item, cx, level)? {
                    *slot = made;
                }
            }
            Slot::Object(members) => {
                let level = cx.descend(level, &self.field)?;
                if self.deep {
                    members.iter_mut().try_for_each(|(_, slot)| self.rewrite(slot, cx, level))?;
                }
                self.members(members, cx)?;
            }
            Slot::Array(items) if self.deep => {
                let level = cx.descend(level, &self.field)?;
                cx.pay(1 + items.len() / 4, &self.field)?;
                items.iter_mut().try_for_each(|slot| self.rewrite(slot, cx, level))?;
            }
            Slot::Array(_) | Slot::Written(_) => {}
        }
        Ok(())
    }

    fn members<'a>(&'a self, members: &mut Members<'a>, cx: &Cx<'_, 'a>) -> Result<(), Box<Failure>> {
        cx.pay(1 + members.len(), &self.field)?;
        let mut names = List::with_capacity_in(members.len(), cx.arena.bump());
        for (key, _) in members.iter() {
            names.push(self.name(key, cx)?);
        }
        if members.iter().zip(&names).all(|((key, _), name)| key == name) {
            return Ok(());
        }
        rename(members, names, self.on_conflict).map_err(|at| {
            let place = self.field.member(members[at].0);
            cx.fail("mapping_collision", &place, None, "another key is written the same")
        })
    }

    /// An untouched value with its keys rewritten; nothing where it stays as it is.
    fn rewritten<'a>(&'a self, item: Item<'a>, cx: &Cx<'_, 'a>, level: usize) -> Result<Option<Slot<'a>>, Box<Failure>> {
        match item.sort() {
            Sort::Object => {
                let level = cx.descend(level, &self.field)?;
                let mut members = crate::work::opened(item, cx.arena);
                if self.deep {
                    members.iter_mut().try_for_each(|(_, slot)| self.rewrite(slot, cx, level))?;
                }
                self.members(&mut members, cx)?;
                Ok(Some(Slot::Object(members)))
            }
            Sort::Array if self.deep => {
                let level = cx.descend(level, &self.field)?;
                cx.pay(1 + item.len() / 4, &self.field)?;
                let mut items = List::from_iter_in(item.items().map(Slot::Item), cx.arena.bump());
                items.iter_mut().try_for_each(|slot| self.rewrite(slot, cx, level))?;
                Ok(Some(Slot::Array(items)))
            }
            Sort::Null | Sort::Bool | Sort::Number | Sort::Text | Sort::Array => Ok(None),
        }
    }
}
