//! A page of the values a level goes through: of another entity whose records are parents, or of a list.

use std::sync::Arc;

use async_trait::async_trait;
use connector::{FanOut, Parent, Values as Listed};
use document::{Arena, Fuel, Item, Parser, Value, hash_bytes, object};
use fault::Simple;

use super::{Dynamic, entries::{Entry, Found, entries}, fetch::{Kind, Reach}, level::Level, names::{self, Values}, noticed::Noticed, state::State};
use crate::Call;

/// Values of one page of parents.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) values: Vec<Entry>,
    /// Where the next page is.
    pub(crate) next: Option<State>,
    /// The source held something back.
    pub(crate) partial: bool,
    /// What whoever reads the children is told.
    pub(crate) noticed: Noticed,
    /// Where the next run begins, after the last page of a parent.
    pub(crate) ended: Option<State>,
}

/// Values of one list.
const MOST_VALUES: usize = 100_000;

/// Reads a page of parents: the reader itself, by another name, so that it can call itself.
#[async_trait]
pub(crate) trait Parents {
    async fn parents(&self, call: Call<'_>, parent: &Parent, at: Option<&State>, reach: Reach, marked: bool) -> Result<Arc<Page>, Simple>;
}

#[async_trait]
impl Parents for Dynamic {
    async fn parents(&self, call: Call<'_>, parent: &Parent, at: Option<&State>, reach: Reach, marked: bool) -> Result<Arc<Page>, Simple> {
        let state = at.cloned().unwrap_or_default();
        // Another level takes other values of the same page.
        let taken = std::ptr::from_ref(parent).addr();
        let id = hash_bytes(format!("{taken}\n{reach:?} {marked}\n{}\n{}", state.text(), hex::encode(super::token::whole(call.config))).as_bytes());
        if let Some(page) = self.pages.get(id, call.now_ms) {
            return Ok(page);
        }
        let lacking = || Simple::reject("definition_entity", format!("`{}` cannot be read", parent.entity));
        let entity = self.connector.entity(&parent.entity).ok_or_else(lacking)?;
        let read = entity.read.as_ref().ok_or_else(lacking)?;
        // A parent that was passed over takes its children along.
        let reach = match reach {
            Reach::Whole | Reach::Every => reach,
            // Children that are asked for what changed are told of by their mark: that of one that was not asked lies behind what it has.
            Reach::Changes if !parent.incremental && marked => Reach::Every,
            _ if parent.incremental => reach,
            _ => Reach::All,
        };
        let fetched = self.fetch(call, read, state, reach, &[], None).await?;
        let digest = || -> Result<Page, Simple> {
            let (arena, mut parser) = (Arena::new(), Parser::new(crate::decode::limits()));
            let doc = match fetched.kind {
                Kind::Records => Some(fetched.parsed(&mut parser)?),
                _ => None,
            };
            let digest = self.digest(call, read, &entity.events, &fetched, doc.as_ref().map(document::Doc::root), &arena)?;
            let mut values = Vec::new();
            for record in &digest.records {
                collect(self, call, parent, *record, fetched.scope.parents.as_ref(), &mut values)?;
                // A change of what is read already is read as well, where only changes are: the page is known to be read as it is now.
                let version = read.incremental.as_ref().filter(|_| reach == Reach::Changes).and_then(|incremental| incremental.cursor.at(*record)?.plain());
                values.iter_mut().rev().take_while(|value| value.version.is_none()).for_each(|value| value.version = Some(version.as_deref().unwrap_or_default().to_owned()));
            }
            let (partial, noticed) = (digest.partial, digest.noticed);
            let (ended, next) = if digest.done { (Some(digest.state), None) } else { (None, Some(digest.state)) };
            Ok(Page { values: entries(values), next, partial, noticed, ended })
        };
        let page = Arc::new(digest()?);
        self.pages.keep(id, Arc::clone(&page), call.now_ms);
        Ok(page)
    }
}

impl Dynamic {
    /// The values of a level at its place; `start` is where a parent is read from that tells what changed, `marked` whether its children are asked for what changed.
    #[expect(clippy::too_many_arguments, reason = "where a level stands, and who asks")]
    pub(crate) async fn values(&self, call: Call<'_>, level: &FanOut, place: &Level, start: Option<&State>, around: &Value, reach: Reach, marked: bool) -> Result<Arc<Page>, Simple> {
        if let Some(listed) = &level.values
            && (place.at.is_none() && place.parent == 0)
        {
            let page = self.listed(call, listed, around)?;
            if !page.values.is_empty() || level.from.is_empty() {
                return Ok(page);
            }
        }
        match level.from.get(place.parent) {
            Some(parent) => self.parents(call, parent, place.at.as_deref().or(start), reach, marked).await,
            None => Ok(Arc::default()),
        }
    }

    fn listed(&self, call: Call<'_>, listed: &Listed, around: &Value) -> Result<Arc<Page>, Simple> {
        // What is written out does not change.
        let written = !matches!(listed, Listed::Template(_));
        let id = hash_bytes(format!("listed {}", std::ptr::from_ref(listed).addr()).as_bytes());
        if let Some(page) = self.pages.get(id, call.now_ms).filter(|_| written) {
            return Ok(page);
        }
        let values = match listed {
            Listed::List(values) => values.clone(),
            Listed::Range(from, to, step) => (*from..=*to).step_by(usize::try_from(*step).unwrap_or(1).max(1)).take(MOST_VALUES + 1).map(Value::from).collect(),
            Listed::Template(template) => {
                let lists = names::lists(self.connector.config(), call.config);
                let values = Values { parent: Some(around), lists: lists.as_ref(), ..Values::of(self.connector.config(), call.config) };
                let (arena, fuel) = (Arena::new(), Fuel::default());
                let value = { values.scene(&arena, &fuel, call.now_ms).value(template).map_err(|error| Simple::from_fault(&error))?.map(Item::to_value) };
                match value {
                    Some(Value::Array(values)) => values,
                    None | Some(Value::Null) => Vec::new(),
                    Some(value) => vec![value],
                }
            }
        };
        if values.len() > MOST_VALUES {
            return Err(Simple::reject("definition_records", format!("a list of `fan_out` has more than {MOST_VALUES} values")));
        }
        let values = values.into_iter().filter(|value| *value != Value::Null).map(|value| Found { value: object([("value", Some(value))]), page: None, version: None }).collect();
        let page = Arc::new(Page { values: entries(values), ..Page::default() });
        if written {
            self.pages.keep(id, Arc::clone(&page), call.now_ms);
        }
        Ok(page)
    }
}

/// The parents a record holds.
fn collect(dynamic: &Dynamic, call: Call<'_>, parent: &Parent, record: Item<'_>, around: Option<&Value>, out: &mut Vec<Found>) -> Result<(), Simple> {
    if let Some(filter) = &parent.filter
        && !dynamic.holds(call, filter, record, around)?
    {
        return Ok(());
    }
    let elements = match &parent.each {
        Some(each) => each.query(record, &Fuel::default()).map_err(|spent| Simple::from_fault(&spent))?,
        None => vec![record],
    };
    // A path that ends at an array means its elements.
    let elements = elements.into_iter().flat_map(|element| if parent.each.is_some() && element.sort() == document::Sort::Array { element.items().collect() } else { vec![element] });
    for element in elements {
        let Some(value) = parent.value.at(element).filter(|value| !value.is_null()) else { continue };
        let kept = parent.keep.iter().filter_map(|(name, path)| Some((name.clone(), path.at(element).or_else(|| path.at(record))?.to_value())));
        let page = parent.first_page.as_ref().and_then(|place| place.at(element)).filter(|page| !page.is_null()).map(Item::to_value);
        out.push(Found { value: Value::Object(std::iter::once(("value".to_owned(), value.to_value())).chain(kept).collect()), page, version: None });
        if out.len() > MOST_VALUES {
            return Err(Simple::reject("definition_records", format!("a page of `{}` has more than {MOST_VALUES} parents", parent.entity)));
        }
    }
    Ok(())
}
