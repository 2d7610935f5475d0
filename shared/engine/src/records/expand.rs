//! `expand`, `wrap` and `keep`: what stands inside a record, level by level, with what it takes along.

use connector::{Expand, Records};
use document::{Item, Sort};
use fault::Simple;

use super::{Cx, Each, lacking, place};

/// Shows what stands inside a record; without anything to do, the record.
pub(super) fn each<'a>(records: &'a Records, record: Item<'a>, cx: Cx<'_, 'a>, each: Each<'_, 'a>) -> Result<(), Simple> {
    if records.expand.is_empty() && records.wrap.is_none() {
        return each(record);
    }
    down(&records.expand, record, &mut Vec::new(), &mut |record, kept| {
        let wrapped = records.wrap.as_deref().filter(|_| record.sort() != Sort::Object);
        let record = match wrapped {
            Some(name) => cx.joined(&[(name, record)], Item::Null)?,
            None => record,
        };
        if kept.is_empty() {
            return each(record);
        }
        if record.sort() != Sort::Object {
            return Err(lacking(format!("`keep` needs objects, and there is a {}: name it with `wrap`", record.sort().word())));
        }
        kept.iter().try_for_each(|(_, item)| cx.share(*item))?;
        each(cx.joined(kept, record)?)
    }, cx)
}

/// What the records so far take along.
type Kept<'a> = Vec<(&'a str, Item<'a>)>;

fn down<'a>(way: &'a [Expand], record: Item<'a>, kept: &mut Kept<'a>, last: &mut dyn FnMut(Item<'a>, &[(&'a str, Item<'a>)]) -> Result<(), Simple>, cx: Cx<'_, 'a>) -> Result<(), Simple> {
    let Some((step, rest)) = way.split_first() else { return last(record, kept) };
    cx.pay(1)?;
    let Some(found) = place::at(&step.path, record, cx)? else { return Ok(()) };
    let before = kept.len();
    kept.extend(step.keep.iter().filter_map(|(name, path)| Some((name.as_str(), path.at(record)?))));
    found.parts(&mut |record| {
        cx.pay(1)?;
        down(rest, record, kept, last, cx)
    })?;
    kept.truncate(before);
    Ok(())
}
