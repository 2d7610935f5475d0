//! A checked mapping: its operations in order.

use document::Item;

use crate::{
    Failure,
    context::Cx,
    field::Field,
    formula::Formula,
    operation::{Dropped, Operation, Verdict},
    work::{Slot, Work},
};

/// One operation with its condition.
#[derive(Debug)]
pub(crate) struct Step {
    /// JSON Pointer to it in the mapping.
    pub(crate) at: String,
    pub(crate) name: &'static str,
    pub(crate) when: Option<Formula>,
    pub(crate) operation: Box<dyn Operation>,
}

/// Runs steps over a record; `after` is told of every one that ran.
pub(crate) fn run<'a>(steps: &'a [Step], work: &mut Work<'a>, cx: &Cx<'_, 'a>, after: &mut dyn FnMut(&'a Step, &Work<'a>, Verdict)) -> Result<Option<Dropped>, Box<Failure>> {
    for step in steps {
        // What an operation saw once the fuel was spent means nothing, whatever it says.
        if let Slot::Object(members) = &work.root
            && members.len() >= 64
        {
            // What an operation finds by name in a wide record it looks through.
            cx.pay(members.len() / 64, &Field::whole()).map_err(|failure| failure.of(&step.at, step.name))?;
        }
        let verdict = step.run(work, cx);
        let verdict = match verdict {
            Err(failure) if failure.code == "fuel_spent" => Err(failure),
            verdict if cx.fuel.left() == 0 => cx.pay(1, &Field::whole()).and(verdict),
            verdict => verdict,
        };
        let verdict = verdict.map_err(|failure| failure.of(&step.at, step.name))?;
        after(step, work, verdict);
        if let Verdict::Drop(dropped) = verdict {
            return Ok(Some(dropped));
        }
    }
    Ok(None)
}

impl Step {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        if let Some(when) = &self.when {
            match cx.holds(when, work, &Field::whole())? {
                Some(true) => {}
                Some(false) => return Ok(Verdict::Go),
                None => return Err(cx.fail("mapping_condition", &Field::whole(), None, "the condition of `when` is absent; say what absent means with `default(…, false)` or `is_absent(…)`")),
            }
        }
        self.operation.run(work, cx)
    }
}

/// Whether a value counts as nothing for operations that ask: absent or null.
pub(crate) fn present(item: Option<Item<'_>>) -> Option<Item<'_>> {
    item.filter(|item| !item.is_null())
}
