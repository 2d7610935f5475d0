//! The rules of `stop`: whether one of them says that a page was the last.

use connector::Pagination;
use document::{Arena, Fuel, Item, Value};
use expr::Template;
use fault::Simple;

use super::{blank, position::{Ahead, Seen}};

/// How a rule says that this was the last page, if one does.
pub(crate) fn stops(pagination: &Pagination, seen: &Seen<'_>) -> Result<Option<Ahead>, Simple> {
    let stop = &pagination.stop;
    if seen.count == 0 && blank::ends(pagination, seen) {
        return Ok(Some(Ahead::Over));
    }
    if stop.short && pagination.size.is_some_and(|size| seen.count < usize::try_from(size).unwrap_or(usize::MAX)) {
        return Ok(Some(Ahead::Over));
    }
    let integer = |path| integer(path, seen.answer);
    // A total below what this very page holds is none.
    let on_page = i64::try_from(seen.count).unwrap_or(i64::MAX);
    if stop.total.as_ref().and_then(integer).is_some_and(|total| total >= on_page && seen.so_far >= total) || stop.pages.as_ref().and_then(integer).is_some_and(|pages| seen.pages >= pages) {
        return Ok(Some(Ahead::Over));
    }
    if let Some(more) = &stop.more
        && !says_more(more, seen.answer)
    {
        return Ok(Some(if more.at(seen.answer).is_some() { Ahead::Over } else { Ahead::Nowhere }));
    }
    let until = stop.until.as_ref().map_or(Ok(false), |until| truth(until, seen))?;
    Ok(until.then_some(Ahead::Over))
}

/// A whole number of an answer.
pub(crate) fn integer(path: &document::Path, answer: Item<'_>) -> Option<i64> {
    path.at(answer)?.plain()?.split('.').next()?.parse().ok()
}

/// Whether a flag says that there is more; a flag that is not there says no.
pub(crate) fn says_more(path: &document::Path, answer: Item<'_>) -> bool {
    match path.at(answer).map(Item::to_value) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(value) => !matches!(value.plain().unwrap_or_default().as_str(), "" | "0" | "false" | "no" | "False" | "N"),
    }
}

fn truth(template: &Template, seen: &Seen<'_>) -> Result<bool, Simple> {
    let (arena, fuel) = (Arena::new(), Fuel::default());
    let value = { seen.values.scene(&arena, &fuel, seen.now_ms).condition(template).map_err(|error| Simple::from_fault(&error))?.map(Item::to_value) };
    match value {
        Some(Value::Bool(truth)) => Ok(truth),
        None | Some(Value::Null) => Ok(false),
        Some(_) => Err(Simple::reject("definition_records", "`stop.until` is neither true nor false")),
    }
}
