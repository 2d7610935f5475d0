//! `map`: the first of some places that has a value gives it to another, if need be through a table.

use document::{Item, Number, Value, authored::Node};

use crate::{
    Failure,
    context::Cx,
    field::Field,
    operation::{Entry, Operation, Verdict, example, may, need},
    plan::present,
    reader::Reader,
    types::{Notes, Shape, Sorts, Type, Wording, is_blank},
    work::Work,
};

pub(crate) static ENTRY: Entry = Entry {
    name: "map",
    summary: "Puts the first value there is among some places at another place; the source stays.",
    params: &[
        need("to", "field", "where the value goes"),
        need("from", "field or list of fields", "where it comes from: the first that is there and not null"),
        may("required", "true or false", "whether a record without any of them is rejected; false unless said"),
        may("map", "object", "a table from values, as text, to other values"),
        may("on_miss", "`error`, `absent` or `keep`", "what happens to a value the table does not have; the record is rejected unless said"),
    ],
    semantics: &[
        "Where every source is absent or null, the target is left as it is: absent stays absent, and an older value stays.",
        "What stands at the target is replaced; objects appear on the way to it, elements of arrays do not.",
        "The table compares the value as text, `true` and numbers among them; a number also by its value, so `1.0` finds `\"1\"`. An array or object is never in it.",
        "`on_miss`: with `absent` the target is left as it is, with `keep` it gets the value of the source.",
    ],
    examples: &[
        example(
            r#"{"op":"map","to":"customer.email","from":["$.email","$.contact.email"]}"#,
            r#"{"email":null,"contact":{"email":"a@example.com"}}"#,
            r#"{"email":null,"contact":{"email":"a@example.com"},"customer":{"email":"a@example.com"}}"#,
        ),
        example(r#"{"op":"map","to":"status","from":"state","map":{"1":"open","2":"shipped"}}"#, r#"{"state":2}"#, r#"{"state":2,"status":"shipped"}"#),
        example(r#"{"op":"map","to":"status","from":"state","map":{"1":"open"}}"#, r#"{"state":9}"#, "mapping_miss"),
        example(r#"{"op":"map","to":"qty","from":"$.stock.available"}"#, r#"{"stock":{}}"#, r#"{"stock":{}}"#),
        example(r#"{"op":"map","to":"qty","from":"$.stock.available","required":true}"#, r#"{"stock":{}}"#, "mapping_required"),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    to: Field,
    from: Box<[Field]>,
    required: bool,
    table: Option<Table>,
}

/// From values as text to values.
#[derive(Debug)]
struct Table {
    /// Sorted by key.
    rows: Box<[(Box<str>, Value)]>,
    on_miss: OnMiss,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnMiss {
    Error,
    Absent,
    Keep,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let to = cx.field(&node.get("to")?);
    let from = cx.fields(&node.get("from")?);
    let required = node.get("required").map_or(Some(false), |node| node.boolean(cx));
    let table = table(cx, node);
    Some(Box::new(Op { to: to?, from: from?, required: required?, table: table? }))
}

fn table(cx: &mut Reader, node: &Node<'_>) -> Option<Option<Table>> {
    let on_miss = cx.word_of(node.get("on_miss").as_ref(), &[("error", OnMiss::Error), ("absent", OnMiss::Absent), ("keep", OnMiss::Keep)], OnMiss::Error);
    let Some(map) = node.get("map") else {
        if let Some(on_miss) = node.get("on_miss") {
            cx.error("mapping_parameter", &on_miss.at, "`on_miss` speaks of a table, and there is no `map`", "add `map`, or leave `on_miss` out");
        }
        return Some(None).filter(|_| node.get("on_miss").is_none());
    };
    let mut rows: Vec<(Box<str>, Value)> = map.entries(cx)?.iter().map(|row| (row.name().into(), row.value.clone())).collect();
    if rows.is_empty() {
        cx.error("mapping_parameter", &map.at, "the table is empty", "write it as `{\"1\": \"open\", \"2\": \"shipped\"}`");
        return None;
    }
    rows.extend(rows.clone().into_iter().filter_map(|(key, value)| Some((Number::from_text(&key)?.normalised().into(), value))));
    rows.sort_by(|(left, _), (right, _)| left.cmp(right));
    rows.dedup_by(|(later, _), (earlier, _)| later == earlier);
    Some(Some(Table { rows: rows.into(), on_miss: on_miss? }))
}

impl Table {
    fn find(&self, text: &str) -> Option<&Value> {
        self.rows.binary_search_by(|(key, _)| (**key).cmp(text)).ok().map(|at| &self.rows[at].1)
    }

    fn of<'a>(&'a self, item: Item<'a>) -> Option<Item<'a>> {
        let text = item.plain()?;
        let found = self.find(&text).or_else(|| self.find(&Number::from_text(item.number()?)?.normalised()));
        found.map(Item::Tree)
    }
}

impl Table {
    /// What comes out, and whether the table has every value.
    fn shape(&self, found: &Type, notes: &mut Notes) -> Type {
        let inside = found.invented_inside();
        let row = |(key, value): &(Box<str>, Value)| {
            let made = Type::constant(value, &notes.at);
            // What a table says of a value the source has is a translation; what it says of none is made up.
            if is_blank(key) { made } else { made.honest().tainted(inside.clone()) }
        };
        let made = self.rows.iter().map(row).reduce(|left, right| left.or(&right)).unwrap_or_else(Type::unknown);
        let has_all = match &found.text {
            Wording::Words(words) => found.sorts.is(Sorts::TEXT) && words.iter().all(|word| self.find(word).is_some()),
            _ => found.sorts.is(Sorts::BOOL) && self.find("true").is_some() && self.find("false").is_some(),
        };
        match self.on_miss {
            OnMiss::Keep => made.or(found),
            OnMiss::Error if found.known && !has_all => {
                notes.may_fail("a value that is not in the table of `map` rejects the record", "add the values that are lacking, or set `on_miss`");
                made
            }
            OnMiss::Error | OnMiss::Absent => made,
        }
    }
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some((field, item)) = self.from.iter().find_map(|field| Some((field, present(work.get(field, cx.fuel))?))) else {
            if self.required {
                return Err(cx.fail("mapping_required", &self.from[0], None, format!("no source has a value for `{}`, which needs one", self.to)));
            }
            return Ok(Verdict::Go);
        };
        let item = match &self.table {
            None => item,
            Some(table) => match (table.of(item), table.on_miss) {
                (Some(found), _) => found,
                (None, OnMiss::Keep) => item,
                (None, OnMiss::Absent) => return Ok(Verdict::Go),
                (None, OnMiss::Error) => return Err(cx.fail("mapping_miss", field, Some(item), format!("the {} is not in the table of `map`", item.sort().word()))),
            },
        };
        cx.share(item, &self.to)?;
        cx.put(work, &self.to, item)?;
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let mut made: Option<Type> = None;
        let mut surely = self.required;
        for field in &self.from {
            let found = notes.read(shape, field);
            if found.is_gone() {
                continue;
            }
            surely |= found.is_certain();
            let there = Type { vague: false, ..found.without(Sorts::NOTHING) };
            made = Some(match made {
                Some(made) => made.or(&there),
                None => there,
            });
            if surely && !self.required {
                break;
            }
        }
        let Some(mut made) = made else { return };
        if let Some(table) = &self.table {
            surely &= table.on_miss != OnMiss::Absent;
            made = table.shape(&made, notes);
        }
        notes.put(shape, &self.to, made, surely);
    }
}
