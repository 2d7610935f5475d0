//! Where records stand: what a path names, told from a place that is not there.

use std::borrow::Cow;

use connector::{Form, Places, Records, RenderError};
use document::{Item, Path, Sort, Step};
use expr::Template;
use fault::Simple;

use super::{Cx, Each, emptied, lacking};

/// What stands at a place.
pub(super) enum Found<'a> {
    /// The value of a path that names one.
    One(Item<'a>),
    /// The values of a path that may name many.
    Many(Vec<Item<'a>>),
}

impl<'a> Found<'a> {
    /// Shows what it has: an array at one place is its elements; null, and what has nothing in it, is nothing. An array of PHP that
    /// is empty is written as an object, and an element of XML without children as a text.
    pub(super) fn parts(&self, each: Each<'_, 'a>) -> Result<(), Simple> {
        match self {
            Found::One(item) if item.sort() == Sort::Array => item.items().try_for_each(each),
            Found::One(item) if is_nothing(*item) => Ok(()),
            Found::One(_) | Found::Many(_) => self.whole(each),
        }
    }

    /// Shows every value as it stands.
    pub(super) fn whole(&self, each: Each<'_, 'a>) -> Result<(), Simple> {
        match self {
            Found::One(item) => each(*item),
            Found::Many(items) => items.iter().copied().try_for_each(each),
        }
    }

    /// The values, for who needs all of them at once; of one that is neither an array nor nothing the sort.
    pub(super) fn values(self) -> Result<Vec<Item<'a>>, Sort> {
        match self {
            Found::One(item) => match item.sort() {
                Sort::Array => Ok(item.items().collect()),
                _ if is_nothing(item) => Ok(Vec::new()),
                other => Err(other),
            },
            Found::Many(items) => Ok(items),
        }
    }
}

/// Whether a value stands for a list without elements.
fn is_nothing(item: Item<'_>) -> bool {
    match item.sort() {
        Sort::Null => true,
        Sort::Object => item.entries().next().is_none(),
        Sort::Text => item.text().is_some_and(|text| text.is_empty()),
        _ => false,
    }
}

/// What stands at a path; `None` where the place is not there. A path that may name many is there when what it starts from
/// can have parts, or is null.
pub(super) fn at<'a>(path: &Path, item: Item<'a>, cx: Cx<'_, 'a>) -> Result<Option<Found<'a>>, Simple> {
    if path.is_singular() {
        return Ok(path.at(item).map(Found::One));
    }
    if !matches!(path.stem(item).map(Item::sort), Some(Sort::Array | Sort::Object | Sort::Null)) {
        return Ok(None);
    }
    let found = path.query(item, cx.fuel).map_err(|spent| Simple::from_fault(&spent))?;
    if path.plain_steps().is_none() {
        // Only names, indices and `[*]` are sure to name nothing twice.
        found.iter().try_for_each(|item| cx.share(*item))?;
    }
    Ok(Some(Found::Many(found)))
}

/// A path of `records.path`, made for one page.
pub(crate) struct Named<'r> {
    /// As it is written: what a connection holds is told to nobody.
    text: &'r str,
    /// None where a name in it is absent.
    path: Option<Cow<'r, Path>>,
}

/// The paths of the records of a page, of names that are asked for.
pub(crate) fn named<'r>(records: &'r Records, mut name: impl FnMut(&Template) -> Result<Option<String>, RenderError>) -> Result<Vec<Named<'r>>, Simple> {
    let places = match &records.at {
        Places::Alone => &[],
        Places::First(places) | Places::Union(places) => places.as_slice(),
    };
    places.iter().map(|place| Ok(Named { text: place.text(), path: place.path(&mut name).map_err(|error| Simple::from_fault(&error))? })).collect()
}

impl Named<'_> {
    /// What lies around what stands there, from the answer down.
    fn around<'a>(&self, answer: Item<'a>) -> Vec<Item<'a>> {
        let steps = self.path.as_deref().and_then(|path| path.steps().split(|step| *step == Step::Each).next()).unwrap_or_default();
        let Some((_, around)) = steps.split_last() else { return Vec::new() };
        let mut found = vec![answer];
        for step in around {
            let inner = found.last().and_then(|item| match step {
                Step::Name(name) => item.get(name),
                Step::Index(index) => item.index(usize::try_from(*index).ok()?),
                Step::Each => None,
            });
            let Some(inner) = inner else { break };
            found.push(inner);
        }
        found
    }
}

/// What lies around the records of an answer, from the answer down; nothing where the answer may be one of them.
pub(crate) fn around<'a>(answer: Item<'a>, records: &Records, named: &[Named<'_>]) -> Vec<Item<'a>> {
    match &records.at {
        Places::Alone if matches!(records.form, Some(Form::Entries { .. } | Form::Zip(_))) => Vec::new(),
        Places::Alone => vec![answer],
        Places::First(_) | Places::Union(_) => named.iter().flat_map(|named| named.around(answer)).collect(),
    }
}

/// What stands where the records of an answer are.
pub(super) fn find<'a>(answer: Item<'a>, records: &Records, named: &[Named<'_>], cx: Cx<'_, 'a>) -> Result<Vec<Found<'a>>, Simple> {
    let paths = named.iter().filter_map(|named| named.path.as_deref());
    match &records.at {
        Places::Alone => alone(answer, records.form.as_ref()).map(|item| vec![Found::One(item)]),
        Places::First(_) => {
            let mut null: Option<(&Path, Found<'_>)> = None;
            for path in paths {
                // What a null stands in is no other place of the same list.
                if null.as_ref().is_some_and(|(null, _)| null.steps().starts_with(path.steps())) {
                    continue;
                }
                match at(path, answer, cx)?.or_else(|| emptied::list(path, answer, records)) {
                    Some(found) if is_null_at(path, answer) => _ = null.get_or_insert((path, found)),
                    Some(found) => return Ok(vec![found]),
                    None => {}
                }
            }
            null.map(|(_, found)| vec![found]).ok_or_else(|| absent(named))
        }
        Places::Union(_) => {
            let mut all = Vec::with_capacity(named.len());
            for path in paths {
                let Some(found) = at(path, answer, cx)?.or_else(|| emptied::list(path, answer, records)) else { continue };
                found.whole(&mut |item| cx.share(item))?;
                all.push(found);
            }
            if all.is_empty() { Err(absent(named)) } else { Ok(all) }
        }
    }
}

/// Whether null stands where records of an answer are: at the place they are taken from, or at any of those that are put together.
pub(crate) fn is_null(answer: Item<'_>, records: &Records, named: &[Named<'_>]) -> bool {
    let paths = || named.iter().filter_map(|named| named.path.as_deref());
    match &records.at {
        Places::Alone => alone(answer, records.form.as_ref()).is_ok_and(Item::is_null),
        Places::First(_) => {
            let null = paths().find(|path| is_null_at(path, answer));
            let is_other = |path: &&Path| null.is_none_or(|null| !null.steps().starts_with(path.steps()));
            null.is_some() && !paths().filter(is_other).any(|path| path.stem(answer).is_some_and(|item| !item.is_null()))
        }
        Places::Union(_) => paths().any(|path| is_null_at(path, answer)),
    }
}

fn is_null_at(path: &Path, answer: Item<'_>) -> bool {
    path.stem(answer).is_some_and(Item::is_null)
}

fn alone<'a>(answer: Item<'a>, form: Option<&Form>) -> Result<Item<'a>, Simple> {
    match form {
        Some(Form::Entries { .. } | Form::Zip(_)) => Ok(answer),
        Some(Form::JsonApi) => answer.get("data").ok_or_else(|| lacking("the answer has no `data`")),
        None if answer.sort() == Sort::Array => Ok(answer),
        None => {
            let mut arrays = answer.entries().map(|(_, item)| item).filter(|item| item.sort() == Sort::Array);
            match (arrays.next(), arrays.count()) {
                (Some(only), 0) => Ok(only),
                (first, more) => Err(lacking(format!("the answer is no array and has {} of them at its top", more + usize::from(first.is_some())))),
            }
        }
    }
}

/// A wrong path must not look like an empty answer.
fn absent(named: &[Named<'_>]) -> Simple {
    let texts: Vec<_> = named.iter().map(|named| format!("`{}`", named.text)).collect();
    lacking(format!("the answer has nothing at {}", texts.join(" or ")))
}
