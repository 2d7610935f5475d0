//! `filter`: only records for which a condition holds go on.

use document::authored::Node;

use crate::{
    Failure,
    context::Cx,
    field::Field,
    formula::Formula,
    operation::{Dropped, Entry, Operation, Verdict, example, may, need},
    reader::Reader,
    types::{Absent, Notes, Shape, condition},
    work::Work,
};

pub(crate) static ENTRY: Entry = Entry {
    name: "filter",
    summary: "Lets only records go on for which a condition holds; inside `each`, only elements.",
    params: &[
        need("where", "expression", "the condition, true or false"),
        may("on_absent", "`reject`, `keep` or `drop`", "what happens where the condition is absent because what it asks for is; the record is rejected unless said"),
    ],
    semantics: &[
        "A record that does not go on ends as `filtered`: it is counted, and it is no failure.",
        "Inside `each` the element leaves its array, and the record goes on.",
        "Anything but true and false is a failure: nothing is taken for true because it is there.",
    ],
    examples: &[
        example(r#"{"op":"filter","where":"{{ record.qty > 0 and record.status in ['active'] }}"}"#, r#"{"qty":1,"status":"active"}"#, r#"{"qty":1,"status":"active"}"#),
        example(r#"{"op":"filter","where":"{{ record.qty > 0 }}"}"#, r#"{"qty":0}"#, "filtered"),
        example(r#"{"op":"filter","where":"{{ record.qty > 0 }}"}"#, r#"{}"#, "mapping_condition"),
        example(r#"{"op":"filter","where":"{{ record.qty > 0 }}","on_absent":"drop"}"#, r#"{}"#, "filtered"),
        example(r#"{"op":"filter","where":"{{ record.qty }}"}"#, r#"{"qty":1}"#, "mapping_condition"),
    ],
    tables: None,
    read,
};

#[derive(Debug)]
struct Op {
    condition: Formula,
    /// What the condition counts as where it is absent.
    absent: Option<bool>,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let condition = cx.condition(&node.get("where")?);
    let absent = cx.word_of(node.get("on_absent").as_ref(), &[("reject", None), ("keep", Some(true)), ("drop", Some(false))], None)?;
    Some(Box::new(Op { condition: condition?, absent }))
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let holds = match cx.holds(&self.condition, work, &Field::whole()) {
            // `and`, `or` and `not` refuse an absent part; where the definition says what absent means, it means that for the whole.
            Err(failure) if failure.code == "expression_absent" && self.absent.is_some() => None,
            holds => holds?,
        };
        match holds.or(self.absent) {
            Some(true) => Ok(Verdict::Go),
            Some(false) => Ok(Verdict::Drop(Dropped::Filtered)),
            None => Err(cx.fail("mapping_condition", &Field::whole(), None, "the condition is absent; say `on_absent`, or `default(…, …)` in it")),
        }
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        condition(&self.condition, shape, if self.absent.is_some() { Absent::Said } else { Absent::Rejects }, notes);
        shape.ends = true;
    }
}
