//! From an answer to its records: every one is shown in order, as a part of the parsed page, or made in the arena of the page.
//!
//! Pure. What a definition and an answer together can make is bounded by the fuel of the page. The filter is not asked here:
//! what it sees belongs to the driver.

mod dedupe;
mod emptied;
mod entries;
mod expand;
mod json_api;
mod place;
mod zip;

#[cfg(test)]
mod tests;

use connector::{Form, Records};
use document::{Arena, Fuel, Item, Sort};
use fault::Simple;

pub(crate) use place::{Named, around, is_null, named};

/// The steps of one page: one for each value that is looked for or put into a new record. A parsed page has at most a million
/// values; no more records than that come out of expanding them.
pub(crate) const STEPS: u32 = 2_000_000;

/// Who is shown records.
type Each<'e, 'a> = &'e mut dyn FnMut(Item<'a>) -> Result<(), Simple>;

/// Where records are made, and what with.
#[derive(Clone, Copy)]
struct Cx<'f, 'a> {
    arena: &'a Arena,
    fuel: &'f Fuel,
}

/// Shows every record of an answer in order. Gives those that stand in the answer, which is what its pages go by: before any is
/// expanded or left out. What was shown before an error is not all of them, and not to be used.
///
/// # Errors
/// `definition_records` where an answer has nothing at the place, or not what the form needs; `fuel_spent`; what `each` says.
pub(crate) fn visit<'a>(answer: Item<'a>, records: &'a Records, named: &[Named<'_>], arena: &'a Arena, fuel: &Fuel, each: Each<'_, 'a>) -> Result<Vec<Item<'a>>, Simple> {
    let cx = Cx { arena, fuel };
    let mut seen = dedupe::Seen::new(&records.dedupe);
    let (mut stood, unfolds) = (Vec::new(), !records.expand.is_empty());
    let mut made = |record: Item<'a>| {
        if unfolds {
            stood.push(record);
        }
        expand::each(records, record, cx, &mut |record| {
            // What is wrapped is one record still, and has its name.
            if !unfolds {
                stood.push(record);
            }
            if seen.is_new(record, cx)? { each(record) } else { Ok(()) }
        })
    };
    let found = place::find(answer, records, named, cx)?;
    match &records.form {
        None => found.iter().try_for_each(|found| found.parts(&mut made))?,
        Some(Form::Entries { key, value }) => found.iter().try_for_each(|found| found.parts(&mut |object| entries::each(object, key, value, cx, &mut made)))?,
        Some(Form::Zip(zip)) => found.iter().try_for_each(|found| found.whole(&mut |place| zip::each(place, zip, cx, &mut made)))?,
        Some(Form::JsonApi) => {
            let included = json_api::included(answer, cx)?;
            found.iter().try_for_each(|found| found.parts(&mut |resource| json_api::each(resource, &included, cx, &mut made)))?;
        }
    }
    Ok(stood)
}

impl<'a> Cx<'_, 'a> {
    /// Pays for steps taken or values made.
    fn pay(self, steps: usize) -> Result<(), Simple> {
        self.fuel.spend(steps).map_err(|spent| Simple::from_fault(&spent))
    }

    /// Pays for a value that stands in one more place: what is shared here is written out twice.
    fn share(self, item: Item<'_>) -> Result<(), Simple> {
        self.pay(item.weight(self.fuel.left() as usize + 1))
    }

    /// An object of these members, and of those of another object whose names are not among them.
    fn joined(self, own: &[(&'a str, Item<'a>)], object: Item<'a>) -> Result<Item<'a>, Simple> {
        // Names are written out with every object they are in, long ones at a cost.
        let names: usize = own.iter().map(|(name, _)| name.len() / 64).sum();
        self.pay((object.len() + own.len()).saturating_mul(1 + own.len() / 16).saturating_add(names))?;
        let mut members = Vec::with_capacity(own.len() + object.len());
        members.extend_from_slice(own);
        let others = object.entries().filter(|(name, _)| !own.iter().any(|(taken, _)| document::same(taken, name)));
        members.extend(others.map(|(name, item)| (self.arena.keep(name), item)));
        Ok(self.arena.map(members))
    }
}

/// The answer does not have what the definition says.
#[cold]
fn lacking(message: impl Into<String>) -> Simple {
    Simple::reject("definition_records", message)
}

/// Something else stands there than the form needs.
#[cold]
fn wrong(needed: &str, found: Sort) -> Simple {
    lacking(format!("{needed} is needed, and there is a {}", found.word()))
}
