//! `zip`: a row of names and rows of values, or parallel arrays, as one object a row.

use std::collections::HashSet;

use connector::{Rows, Zip};
use document::{Item, Path, Sort};
use fault::Simple;

use super::{Cx, Each, lacking, place, wrong};

/// Shows an object of each row.
pub(super) fn each<'a>(item: Item<'a>, zip: &'a Zip, cx: Cx<'_, 'a>, each: Each<'_, 'a>) -> Result<(), Simple> {
    // Nothing was found, and so there is no row of names either.
    if item.is_null() || item.sort() == Sort::Array && item.len() == 0 {
        return Ok(());
    }
    match zip {
        Zip::Rows(rows) => rowed(item, rows, cx, each),
        Zip::Arrays(arrays) => parallel(item, arrays, cx, each),
    }
}

fn rowed<'a>(item: Item<'a>, zip: &'a Rows, cx: Cx<'_, 'a>, each: Each<'_, 'a>) -> Result<(), Simple> {
    let names = names(needed(&zip.columns, item, cx)?, cx)?;
    for (index, row) in needed(&zip.rows, item, cx)?.into_iter().enumerate() {
        let values = match &zip.values {
            Some(path) => needed(path, row, cx)?,
            None if row.sort() == Sort::Array => row.items().collect(),
            None => return Err(wrong(&format!("an array for row {index}"), row.sort())),
        };
        if !values.is_empty() {
            each(object(names.iter().copied().zip(values), cx)?)?;
        }
    }
    Ok(())
}

fn parallel<'a>(item: Item<'a>, arrays: &'a [(String, Path)], cx: Cx<'_, 'a>, each: Each<'_, 'a>) -> Result<(), Simple> {
    let mut columns = Vec::with_capacity(arrays.len());
    let mut there = false;
    for (name, path) in arrays {
        let Some(found) = place::at(path, item, cx)? else { continue };
        there = true;
        if !matches!(found, place::Found::One(item) if item.is_null()) {
            columns.push((name.as_str(), listed(found, path)?));
        }
    }
    if !there {
        return Err(lacking("none of the arrays of `zip` is there"));
    }
    let rows = columns.first().map_or(0, |(_, values)| values.len());
    if let Some((name, values)) = columns.iter().find(|(_, values)| values.len() != rows) {
        return Err(lacking(format!("`{name}` has {} values and `{}` has {rows}: they belong to no common rows", values.len(), columns[0].0)));
    }
    (0..rows).try_for_each(|row| each(object(columns.iter().map(|(name, values)| (Some(*name), values[row])), cx)?))
}

/// The object of a row; a value whose column has no name is left out.
fn object<'a>(row: impl Iterator<Item = (Option<&'a str>, Item<'a>)>, cx: Cx<'_, 'a>) -> Result<Item<'a>, Simple> {
    let members: Vec<_> = row.filter_map(|(name, item)| Some((name?, item))).collect();
    cx.joined(&members, Item::Null)
}

/// The names of the columns, which are distinct; none for a column that nobody named.
fn names<'a>(columns: Vec<Item<'a>>, cx: Cx<'_, 'a>) -> Result<Vec<Option<&'a str>>, Simple> {
    cx.pay(columns.len())?;
    let mut taken = HashSet::new();
    let names = columns.into_iter().enumerate().map(|(index, column)| {
        if column.is_null() {
            return Ok(None);
        }
        let name = column.plain().ok_or_else(|| wrong(&format!("a name for column {index}"), column.sort()))?;
        let name = Some(cx.arena.keep(name)).filter(|name| !name.is_empty());
        if name.is_some_and(|name| !taken.insert(name)) { Err(lacking(format!("column {index} has the name of one before"))) } else { Ok(name) }
    });
    names.collect()
}

/// The values at a path that must be there.
fn needed<'a>(path: &Path, item: Item<'a>, cx: Cx<'_, 'a>) -> Result<Vec<Item<'a>>, Simple> {
    let found = place::at(path, item, cx)?.ok_or_else(|| lacking(format!("there is nothing at `{path}` of `zip`")))?;
    listed(found, path)
}

fn listed<'a>(found: place::Found<'a>, path: &Path) -> Result<Vec<Item<'a>>, Simple> {
    found.values().map_err(|sort| wrong(&format!("an array at `{path}` of `zip`"), sort))
}
