//! `lookup`: what a table says of a value.

use document::{Item, authored::Node, authored::nearest};

use crate::{
    Failure, Found,
    context::Cx,
    field::Field,
    formula::Formula,
    operation::{Dropped, Entry, Operation, Verdict, example, may, need},
    plan::present,
    reader::Reader,
    table::Declared,
    types::{Notes, Shape, Sorts, Type, formula},
    work::Work,
};

pub(crate) static ENTRY: Entry = Entry {
    name: "lookup",
    summary: "Puts what a table says of a value at a place.",
    params: &[
        need("table", "name of a table", "one of the `tables` of the mapping"),
        need("key", "field or template", "the value that is looked up"),
        need("to", "field", "where the answer goes"),
        may("on_miss", "`error`, `skip`, `passthrough` or `absent`", "what happens where the table does not have the value; the record is rejected unless said"),
        may("on_absent", "`keep` or `miss`", "what happens where the key is absent or null: the target is left as it is, or it counts as a miss; keep unless said"),
    ],
    semantics: &[
        "Keys are texts: the number 7 and the text `7` find the same, and so do true and `true`. A number is looked up as it is written; an array or object is a failure.",
        "`skip` ends the record as `missed`: it is counted, and it is no failure; inside `each` the element leaves its array.",
        "`passthrough` puts the key itself at the target, `absent` leaves nothing there.",
        "A table that is handed in may not have been loaded for the key: the record waits, every other key it needs is asked for with it, and it is mapped from the start.",
    ],
    examples: &[
        example(r#"{"op":"lookup","table":"sku","key":"article","to":"sku"}"#, r#"{"article":100}"#, r#"{"article":100,"sku":"TEE-S"}"#),
        example(r#"{"op":"lookup","table":"status","key":"{{ record.state | lower }}","to":"state"}"#, r#"{"state":"PAID"}"#, r#"{"state":"open"}"#),
        example(r#"{"op":"lookup","table":"sku","key":"article","to":"sku"}"#, r#"{"article":"7"}"#, "mapping_miss"),
        example(r#"{"op":"lookup","table":"sku","key":"article","to":"sku","on_miss":"skip"}"#, r#"{"article":"7"}"#, "missed"),
        example(r#"{"op":"lookup","table":"sku","key":"article","to":"sku","on_miss":"passthrough"}"#, r#"{"article":"7"}"#, r#"{"article":"7","sku":"7"}"#),
        example(r#"{"op":"lookup","table":"sku","key":"article","to":"sku","on_miss":"absent"}"#, r#"{"article":"7","sku":"old"}"#, r#"{"article":"7"}"#),
        example(r#"{"op":"lookup","table":"sku","key":"article","to":"sku"}"#, r#"{}"#, r#"{}"#),
    ],
    tables: Some(r#"{"sku":{"values":{"100":"TEE-S","101":"TEE-M"}},"status":{"values":{"paid":"open"}}}"#),
    read,
};

/// The values of a larger table are not looked at one by one when a mapping is checked.
const FOLLOWED: usize = 1000;

#[derive(Debug)]
struct Op {
    name: Box<str>,
    table: Declared,
    key: Key,
    to: Field,
    on_miss: OnMiss,
    /// Whether a key that is absent counts as a miss.
    absent_misses: bool,
}

#[derive(Debug)]
enum Key {
    Field(Field),
    Made(Formula),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnMiss {
    Error,
    Skip,
    Passthrough,
    Absent,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let table = table(cx, &node.get("table")?);
    let key = node.get("key")?;
    let key = if key.value.as_str().is_some_and(|text| text.contains("{{")) { cx.template(&key).map(Key::Made) } else { cx.field(&key).map(Key::Field) };
    let to = cx.field(&node.get("to")?);
    let words = [("error", OnMiss::Error), ("skip", OnMiss::Skip), ("passthrough", OnMiss::Passthrough), ("absent", OnMiss::Absent)];
    let on_miss = cx.word_of(node.get("on_miss").as_ref(), &words, OnMiss::Error);
    let absent_misses = cx.word_of(node.get("on_absent").as_ref(), &[("keep", false), ("miss", true)], false);
    let (name, table) = table?;
    Some(Box::new(Op { name, table, key: key?, to: to?, on_miss: on_miss?, absent_misses: absent_misses? }))
}

fn table(cx: &mut Reader, node: &Node<'_>) -> Option<(Box<str>, Declared)> {
    let name = node.text(cx)?;
    if let Some((_, table)) = cx.tables.iter().find(|(known, _)| known == name) {
        return Some((name.into(), table.clone()));
    }
    let hint = match nearest(name, cx.tables.iter().map(|(known, _)| known.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "declare it under `tables`".to_owned(),
    };
    cx.error("mapping_unknown_table", &node.at, format!("there is no table `{name}`"), hint);
    None
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let key = match &self.key {
            Key::Field(field) => work.get(field, cx.fuel),
            Key::Made(formula) => cx.value(formula, work, &self.to)?,
        };
        let Some(present) = present(key) else {
            return if self.absent_misses { self.missed(key, work, cx) } else { Ok(Verdict::Go) };
        };
        let Some(text) = present.plain() else { return Err(cx.fail("mapping_key", self.place(), self.shown(key), format!("a key is a text, a number, true or false, not {}", present.sort().word()))) };
        let found = match &self.table {
            Declared::Inline(values) => values.get(&*text).map(Item::Tree),
            Declared::Elsewhere => match cx.run.tables.find(&self.name, &text) {
                Found::Value(item) => Some(item),
                Found::Nothing => None,
                Found::NotLoaded => {
                    cx.want(&self.name, &text);
                    return Ok(Verdict::Go);
                }
            },
        };
        let Some(item) = found else { return self.missed(key, work, cx) };
        cx.share(item, &self.to)?;
        cx.put(work, &self.to, item)?;
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let key = match &self.key {
            Key::Field(field) => notes.read(shape, field),
            Key::Made(made) => formula(made, shape, notes),
        };
        if key.known {
            notes.needs(&key, Sorts::SCALAR, self.place());
        }
        let mut made = match &self.table {
            // What stands in the mapping itself the source did not say.
            Declared::Inline(values) if values.len() <= FOLLOWED => values.values().map(|value| Type::constant(value, &notes.at)).reduce(|left, right| left.or(&right)).unwrap_or_else(Type::absent),
            Declared::Inline(_) => Type::unknown().tainted(Some(notes.at.clone())),
            Declared::Elsewhere => Type { vague: false, ..Type::unknown().without(Sorts::ABSENT) }.tainted(key.invented_inside()),
        };
        if self.on_miss == OnMiss::Passthrough {
            made = made.or(&key.clone().without(Sorts::NOTHING));
        }
        if self.on_miss == OnMiss::Absent {
            made = made.with(Sorts::ABSENT);
        }
        shape.ends |= self.on_miss == OnMiss::Skip;
        notes.put(shape, &self.to, made, key.is_certain() && self.on_miss != OnMiss::Absent);
    }
}

impl Op {
    /// Where the key stands; of a made one, the place it is made for.
    fn place(&self) -> &Field {
        if let Key::Field(field) = &self.key { field } else { &self.to }
    }

    /// What may be repeated of a key: nothing of one that was made, of whatever it was made.
    fn shown<'a>(&self, key: Option<Item<'a>>) -> Option<Item<'a>> {
        key.filter(|_| matches!(self.key, Key::Field(_)))
    }

    #[cold]
    fn missed<'a>(&'a self, key: Option<Item<'a>>, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        match (self.on_miss, key) {
            (OnMiss::Skip, _) => return Ok(Verdict::Drop(Dropped::Missed)),
            (OnMiss::Absent, _) => drop(work.take(&self.to)),
            (OnMiss::Passthrough, None) => {}
            (OnMiss::Passthrough, Some(item)) => {
                cx.share(item, &self.to)?;
                cx.put(work, &self.to, item)?;
            }
            (OnMiss::Error, _) => {
                let what = if present(key).is_some() { "this value" } else { "a value that is absent or null" };
                return Err(cx.fail("mapping_miss", self.place(), self.shown(key), format!("the table `{}` does not have {what}", self.name)));
            }
        }
        Ok(Verdict::Go)
    }
}
