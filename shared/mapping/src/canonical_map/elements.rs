//! The elements of `each`: one object a piece. What is none, and is read as one, refuses the record.

use bumpalo::collections::Vec as List;
use document::{Item, Path, Sort, Step};

use super::{Error, Source, source::{Scene, assemble}};
use crate::field::Word;

pub(super) fn each<'a>(path: &'a Path, fields: &'a [(String, Source)], record: Item<'a>, scene: &Scene<'_, 'a>, pointer: &dyn Fn() -> String) -> Result<Option<Item<'a>>, Error> {
    let spent = |spent: document::Spent| Error::Expression { pointer: pointer(), code: "fuel_spent", message: spent.to_string() };
    let found = path.query(record, &scene.fuel).map_err(spent)?;
    let items = match found.as_slice() {
        [item] if path.is_singular() && item.sort() == Sort::Array => item.items().collect(),
        // As some write a list without elements; behind `[*]` it is no list either.
        [item] if path.is_singular() && is_blank(*item) && below(fields) => return Ok(None),
        [] if path.stem(record).is_none_or(|stem| stem.sort() != Sort::Array) => return Ok(None),
        _ => found,
    };
    if let Some((index, item)) = items.iter().enumerate().find(|(_, item)| item.sort() != Sort::Object).filter(|_| below(fields)) {
        return Err(Error::Element { pointer: format!("{}/{index}", pointer()), path: path.to_string(), kind: item.sort().word(), cure: cure(path) });
    }
    let mut made = List::with_capacity_in(items.len(), scene.arena.bump());
    for (index, item) in items.into_iter().enumerate() {
        made.push(assemble(fields, item, Some(item), scene, &|| format!("{}/{index}", pointer()))?);
    }
    Ok(Some(Item::List(made.into_bump_slice())))
}

fn is_blank(item: Item<'_>) -> bool {
    item.is_null() || item.text().is_some_and(|text| text.is_empty())
}

/// Whether fields are read from members of an element, and none from the element itself: then it has to be an object.
fn below(fields: &[(String, Source)]) -> bool {
    let (mut member, mut whole) = (false, false);
    let mut see = |is_member: bool| if is_member { member = true } else { whole = true };
    for (_, source) in fields {
        match source {
            Source::Pick(pick) => see(matches!(pick.path.words().first(), Some(Word::Name(_)))),
            Source::Each { path, .. } => see(matches!(path.steps().first(), Some(Step::Name(_)))),
            Source::Value(template) => template.names().iter().filter(|(root, _)| *root == "item").for_each(|(_, steps)| see(!steps.is_empty())),
            Source::Const(_) => {}
        }
    }
    member && !whole
}

/// What to do about it: behind `[*]` it is most often an object where a list was meant.
fn cure(path: &Path) -> &'static str {
    match path.plain_steps() {
        Some([.., Step::Name(_), Step::Each]) => "if a list of one stands there without the list, name it in `always_list` where it is XML, or leave `[*]` out",
        _ => "correct the path, or read the element itself with `$`",
    }
}
