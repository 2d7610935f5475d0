//! `cast`: one value into another form.

use document::authored::Node;

use crate::{
    Cast, Failure, To,
    context::Cx,
    field::Field,
    operation::{Entry, Operation, Verdict, example, may, need},
    plan::present,
    reader::Reader,
    types::{Converted, Notes, Shape, Sorts, Type, converted},
    work::{Slot, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "cast",
    summary: "Turns one value into another form, exactly or not at all.",
    params: &[
        need("field", "field", "the value"),
        need("to", "`integer`, `decimal`, `string`, `boolean`, `date`, `datetime` or `json`", "its new form"),
        may("scale", "integer", "of numbers: the power of ten the number is multiplied by; -2 reads cents"),
        may("places", "integer", "of numbers: digits behind the point"),
        may("rounding", "`half_even`, `half_up`, `down` or `up`", "what happens to further digits; half_even unless said"),
        may("formats", "format or list of formats", "of date and datetime: how the text may be written; the first that reads it counts"),
        may("zone", "time zone", "of date and datetime: the zone of a text that names none; UTC unless said"),
        may("on_error", "`reject`, `null`, `absent` or `keep`", "what happens to a value that has none in the new form; the record is rejected unless said"),
    ],
    semantics: &[
        "Absent stays absent and null stays null: no cast invents a value.",
        "Numbers are read from text with space around it, a leading plus and leading zeros; nothing else is forgiven: `1,5` and an empty text have no number.",
        "`integer` takes whole numbers only, `7.0` and `1e3` among them; with `rounding` others are rounded.",
        "`decimal` keeps every digit; rounding needs at most 28 significant ones.",
        "`boolean` reads true, yes, y, t, on, 1 and false, no, n, f, off, 0 in any case.",
        "`datetime` gives RFC 3339 in UTC; without `formats` it reads RFC 3339 with or without an offset, and seconds (9 or 10 digits) or milliseconds (13 digits) since 1970; other numbers are no dates.",
        "A local time that the zone skips or has twice is read with the offset from before the change; digits beyond the ninth of a second are dropped.",
        "`json` reads a text as JSON; what is no text stays as it is.",
    ],
    examples: &[
        example(r#"{"op":"cast","field":"qty","to":"integer"}"#, r#"{"qty":" 007 "}"#, r#"{"qty":7}"#),
        example(r#"{"op":"cast","field":"total","to":"decimal","scale":-2}"#, r#"{"total":59894}"#, r#"{"total":598.94}"#),
        example(r#"{"op":"cast","field":"price","to":"decimal","places":2}"#, r#"{"price":"2.345"}"#, r#"{"price":2.34}"#),
        example(r#"{"op":"cast","field":"paid","to":"boolean"}"#, r#"{"paid":"Yes"}"#, r#"{"paid":true}"#),
        example(
            r#"{"op":"cast","field":"created","to":"datetime","formats":["%d/%m/%Y %H:%M"],"zone":"Europe/Stockholm"}"#,
            r#"{"created":"21/11/2026 14:05"}"#,
            r#"{"created":"2026-11-21T13:05:00Z"}"#,
        ),
        example(r#"{"op":"cast","field":"qty","to":"integer"}"#, r#"{"qty":"many"}"#, "mapping_cast"),
        example(r#"{"op":"cast","field":"qty","to":"integer","on_error":"null"}"#, r#"{"qty":"many"}"#, r#"{"qty":null}"#),
        example(r#"{"op":"cast","field":"qty","to":"integer"}"#, r#"{}"#, r#"{}"#),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    field: Field,
    cast: Cast,
    on_error: OnError,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnError {
    Reject,
    Null,
    Absent,
    Keep,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = cx.field(&node.get("field")?);
    let cast = Cast::read(cx, &node.get("to")?, node);
    let words = [("reject", OnError::Reject), ("null", OnError::Null), ("absent", OnError::Absent), ("keep", OnError::Keep)];
    let on_error = cx.word_of(node.get("on_error").as_ref(), &words, OnError::Reject)?;
    Some(Box::new(Op { field: field?, cast: cast?, on_error }))
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let Some(slot) = work.slot_mut(&self.field) else { return Ok(Verdict::Go) };
        let Some(item) = present(slot.paid(cx.arena, cx.fuel)) else { return Ok(Verdict::Go) };
        let made = self.cast.apply(item, cx.arena);
        if let (To::Json, Some(made)) = (self.cast.to, made) {
            cx.share(made, &self.field)?;
        }
        match (made, self.on_error) {
            (Some(made), _) => *slot = Slot::Item(made),
            (None, OnError::Reject) => {
                let message = format!("the {} cannot become {}", item.sort().word(), self.cast.to.word());
                return Err(cx.fail("mapping_cast", &self.field, Some(item), message));
            }
            (None, OnError::Null) => *slot = Slot::Item(document::Item::Null),
            (None, OnError::Absent) => drop(work.take(&self.field)),
            (None, OnError::Keep) => {}
        }
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.field);
        if found.is_gone() {
            return;
        }
        let Converted { mut made, may_fail, fails, loses } = converted(&self.cast, &found);
        if let Some(loses) = loses {
            notes.lossy(format!("of `{}`, {loses}", self.field), "leave it out unless that is meant");
        }
        let form = self.cast.to.word();
        match self.on_error {
            OnError::Reject if may_fail => notes.may_fail(format!("`{}` may not become {form}: {}", self.field, found.sorts.without(Sorts::NOTHING).words()), "say what happens then with `on_error`"),
            OnError::Null | OnError::Absent if may_fail => notes.lossy(format!("a value of `{}` that has none as {form} is dropped", self.field), "keep it elsewhere, or leave it out if that is meant"),
            _ => {}
        }
        made = match self.on_error {
            OnError::Null if fails => made.with(Sorts::NULL),
            OnError::Absent if fails => made.with(Sorts::ABSENT),
            OnError::Keep => made.or(&found),
            _ => made,
        };
        let at = notes.at.clone();
        let vague = found.vague;
        shape.update(&self.field, &mut |_| Type { vague, ..made.clone() }.by(&at));
    }
}
