//! Which records of a page count: not those a filter leaves out, nor those that were read before.

use connector::{EventMapping, Read};
use document::{Arena, Item};
use fault::Simple;

use super::{Dynamic, adding, around::Around, change, condition, fetch::{self, Fetched, Reach}, lone, names::Values, state::{Point, State}, window::{self, Sight}};
use crate::Call;

/// What is kept of a page.
pub(super) struct Kept<'p> {
    pub(super) end: bool,
    pub(super) known: usize,
    pub(super) filtered: usize,
    pub(super) points: Vec<(window::Both<'p>, Point)>,
    pub(super) records: Vec<Item<'p>>,
}

impl Dynamic {
    /// Keeps the records that count, with their values.
    #[expect(clippy::too_many_arguments, reason = "one pass over the records, which needs all that is known")]
    pub(super) fn sift<'p>(&'p self, call: Call<'_>, read: &'p Read, events: &EventMapping, fetched: &'p Fetched, around: &Around, state: &mut State, all: &[Item<'p>], kept: &mut Kept<'p>, arena: &'p Arena) -> Result<(), Simple> {
        let recursive = read.fan_out.last().is_some_and(|level| level.recursive.is_some());
        let changes = fetched.reach == Reach::Changes;
        let mark = fetch::mark(read, &fetched.state, &fetched.scope.key).filter(|_| changes);
        // Whoever reads everything leaves out what comes again where a listing began anew.
        let incremental = read.incremental.as_ref().filter(|_| changes || fetched.state.part.from.is_some());
        let timed = read.incremental.is_some() || read.request.uses("cursor");
        let around = around.values(self, call, fetched);
        let (mut passed, mut values) = (false, Vec::new());
        for record in all.iter().copied() {
            // What is added may tell the time of a record; what makes it known is the record as it was answered.
            let whole = if read.records.add.is_empty() { record } else { adding::with(read, record, around, call.now_ms, arena)? };
            let point = match &read.incremental {
                Some(incremental) => window::point(incremental, whole),
                None if timed => change::occurred(whole, events, None).map(|(value, text)| Point { value, text }),
                None => None,
            };
            let counts = match &read.records.filter {
                Some(filter) => condition::truth(&Values { record: Some(record), ..around }, filter, call.now_ms)?,
                None => true,
            };
            if counts {
                lone::checked(read, events, record)?;
            }
            values.extend(point.as_ref().map(|point| point.value));
            passed &= point.is_none();
            if recursive && counts {
                self.branch(call, read, state, record, fetched.scope.parents.as_ref())?;
            }
            if let Some(incremental) = incremental {
                match window::sight(incremental, fetched.lengths, &fetched.state.part, mark, || window::print(read, events, record, whole), point.as_ref()) {
                    Sight::New => {}
                    Sight::Known => {
                        kept.known += usize::from(counts);
                        kept.points.extend(point.map(|point| ((record, whole), point)));
                        continue;
                    }
                    Sight::End => {
                        passed = true;
                        continue;
                    }
                }
            }
            // What is left out has been read all the same.
            kept.points.extend(point.map(|point| ((record, whole), point)));
            if counts {
                kept.records.push(whole);
            } else {
                kept.filtered += 1;
            }
        }
        // One that is kept on top says nothing of those behind it; and where the oldest come first, against what is declared, the newest are last.
        let ascending = values.is_sorted() && values.first() < values.last();
        kept.end = passed && !ascending;
        Ok(())
    }
}
