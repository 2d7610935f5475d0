//! `expand`, `wrap` and `keep`: what stands inside a record, level by level, with what it takes along.

use connector::{Expand, Records};
use document::{Item, Sort};
use fault::Simple;

use super::{Cx, Each, lacking, place};

/// Shows what stands inside a record; without anything to do, the record.
pub(super) fn each<'a>(records: &'a Records, record: Item<'a>, cx: Cx<'_, 'a>, each: Each<'_, 'a>) -> Result<(), Simple> {
    match records.wrap.as_deref() {
        None if records.expand.is_empty() => each(record),
        wrap => down(&records.expand, record, &mut Vec::new(), cx, &mut |record, kept| each(made(record, wrap, kept, cx)?)),
    }
}

/// What the records so far take along.
type Kept<'a> = Vec<(&'a str, Item<'a>)>;

/// Who is shown what stands at the end of the way, and what it takes along.
type Last<'e, 'a> = &'e mut dyn FnMut(Item<'a>, &[(&'a str, Item<'a>)]) -> Result<(), Simple>;

fn down<'a>(way: &'a [Expand], record: Item<'a>, kept: &mut Kept<'a>, cx: Cx<'_, 'a>, last: Last<'_, 'a>) -> Result<(), Simple> {
    let Some((step, rest)) = way.split_first() else { return last(record, kept) };
    cx.pay(1)?;
    let Some(found) = place::at(&step.path, record, cx)? else { return Ok(()) };
    let before = kept.len();
    kept.extend(step.keep.iter().filter_map(|(name, path)| Some((name.as_str(), path.at(record)?))));
    found.parts(&mut |record| {
        cx.pay(1)?;
        down(rest, record, kept, cx, last)
    })?;
    kept.truncate(before);
    Ok(())
}

/// A record with its name, where it is no object, and with what it takes along.
fn made<'a>(record: Item<'a>, wrap: Option<&'a str>, kept: &[(&'a str, Item<'a>)], cx: Cx<'_, 'a>) -> Result<Item<'a>, Simple> {
    let record = match wrap {
        Some(name) if record.sort() != Sort::Object => cx.joined(&[(name, record)], Item::Null)?,
        _ => record,
    };
    if kept.is_empty() {
        return Ok(record);
    }
    if record.sort() != Sort::Object {
        return Err(lacking(format!("`keep` needs objects, and there is a {}: name it with `wrap`", record.sort().word())));
    }
    kept.iter().try_for_each(|(_, item)| cx.share(*item))?;
    cx.joined(kept, record)
}
