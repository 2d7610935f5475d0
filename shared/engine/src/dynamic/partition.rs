//! Which partition a run is at: the values of each level of the fan-out, from lists, parents and trees.
//!
//! A level knows the page of its parents and which value of it is read; the page itself is read again by whoever goes on.

use std::sync::Arc;

use async_trait::async_trait;
use connector::{FanOut, Parent, Read, Values as Listed};
use document::{Arena, Fuel, Item, Limits, Parser, Value, hash_bytes, object};
use fault::Simple;

use super::{Dynamic, fetch::{Kind, Reach}, names::{self, Values}, state::{Level, Part, State}};
use crate::Call;

/// The partition a request is made for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// What requests see as `parent`.
    pub(crate) parents: Option<Value>,
    /// By which its mark is kept; empty where there is only one.
    pub(crate) key: String,
}

/// Values of one page of parents.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Objects with `value` and what is kept.
    values: Vec<Value>,
    /// Where the next page is.
    next: Option<State>,
    /// Where the next run begins, after the last page.
    ended: Option<State>,
}

/// Pages of parents read for one partition; who meets more without a value goes on at the next call.
const MOST_STEPS: usize = 32;
/// Nodes of a tree still to be read.
const MOST_PENDING: usize = 5_000;
/// Values of one list.
const MOST_VALUES: usize = 100_000;

/// What a search for a partition ends with.
pub(crate) enum Found {
    /// This one.
    Scope(Scope),
    /// None yet: the state has moved on, and goes on at the next call.
    NotYet,
    /// There is no other.
    None,
}

/// Reads a page of parents: the reader itself, by another name, so that it can call itself.
#[async_trait]
pub(crate) trait Parents {
    async fn parents(&self, call: Call<'_>, parent: &Parent, at: Option<&State>, reach: Reach) -> Result<Arc<Page>, Simple>;
}

impl Dynamic {
    /// Forgets the parents of earlier runs where one begins.
    pub(crate) fn anew(&self, state: &State) {
        if state.levels.is_empty() {
            self.pages.clear();
        }
    }

    /// The partition a state is at; moves it on to one that has a value.
    pub(crate) async fn partition(&self, call: Call<'_>, read: &Read, state: &mut State, reach: Reach) -> Result<Found, Simple> {
        if read.fan_out.is_empty() {
            return Ok(Found::Scope(Scope::default()));
        }
        // A definition that changed in the middle of a run has other levels: they begin anew.
        if state.levels.len() != read.fan_out.len() {
            (state.levels, state.part) = (vec![Level::default(); read.fan_out.len()], Part::default());
            if let (Some(first), true) = (state.levels.first_mut(), remembers(read) && reach == Reach::Changes) {
                first.at.clone_from(&state.parents);
            }
        }
        for _ in 0..MOST_STEPS {
            match self.descend(call, read, state, reach).await? {
                Step::Found(scope) => return Ok(Found::Scope(scope)),
                Step::Moved => {}
                Step::End => return Ok(Found::None),
            }
        }
        Ok(Found::NotYet)
    }

    /// Goes down the levels; a level without another value moves the one around it on.
    async fn descend(&self, call: Call<'_>, read: &Read, state: &mut State, reach: Reach) -> Result<Step, Simple> {
        let mut parents: Vec<(String, Value)> = Vec::new();
        let mut key = String::new();
        for (depth, level) in read.fan_out.iter().enumerate() {
            let Some(place) = state.levels.get_mut(depth) else { return Ok(Step::End) };
            if level.recursive.is_some()
                && place.node.is_none()
                && let Some(node) = place.pending.pop()
            {
                place.node = Some(node);
            }
            if let Some((value, _)) = &place.node {
                note(&mut parents, &mut key, level, value.clone());
                continue;
            }
            let page = self.values(call, level, place.at.as_deref(), &Value::Object(parents.clone()), reach).await?;
            let moved = place.settle(&page.values, level);
            let left = page.values.get(place.index..).unwrap_or_default();
            if moved {
                state.part = Part::default();
                for below in state.levels.iter_mut().skip(depth + 1) {
                    *below = Level::default();
                }
                return Ok(Step::Moved);
            }
            if left.is_empty() {
                if let Some(next) = &page.next {
                    *place = Level { at: Some(Box::new(next.clone())), ..Level::default() };
                    return Ok(Step::Moved);
                }
                if depth == 0 {
                    if remembers(read) && reach == Reach::Changes {
                        // A page that was read again by whoever went on knows more than those that were read by it: what changed
                        // since the run began is asked for again.
                        let ended = page.ended.clone().map(|ended| Box::new(ended.before(state.began)));
                        state.parents = ended;
                    }
                    return Ok(Step::End);
                }
                for below in state.levels.iter_mut().skip(depth) {
                    *below = Level::default();
                }
                if let Some(around) = state.levels.get_mut(depth - 1) {
                    pass(around, read.fan_out.get(depth - 1));
                }
                return Ok(Step::Moved);
            }
            let value = read_at(&page.values, place.index, level);
            (place.read, place.passed) = (Some(named(&value)), false);
            if level.recursive.is_some() {
                (place.node, place.index, place.passed) = (Some((value.clone(), 1)), place.index + 1, true);
            }
            note(&mut parents, &mut key, level, value);
        }
        if key.len() > 64 {
            key = hex::encode(hash_bytes(key.as_bytes()));
        }
        Ok(Step::Found(Scope { parents: Some(Value::Object(parents)), key }))
    }

    /// The values of a level at a page.
    async fn values(&self, call: Call<'_>, level: &FanOut, at: Option<&State>, around: &Value, reach: Reach) -> Result<Arc<Page>, Simple> {
        if let Some(listed) = &level.values
            && at.is_none()
        {
            let values = self.listed(call, listed, around)?;
            if !values.is_empty() || level.from.is_none() {
                return Ok(Arc::new(Page { values, ..Page::default() }));
            }
        }
        match &level.from {
            Some(parent) => self.parents(call, parent, at, reach).await,
            None => Ok(Arc::default()),
        }
    }

    fn listed(&self, call: Call<'_>, listed: &Listed, around: &Value) -> Result<Vec<Value>, Simple> {
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
        Ok(values.into_iter().filter(|value| *value != Value::Null).map(|value| object([("value", Some(value))])).collect())
    }
}

/// Whether a condition holds; one that is neither true nor false is a mistake.
pub(crate) fn truth(values: &Values<'_>, filter: &expr::Template, now_ms: i64) -> Result<bool, Simple> {
    let (arena, fuel) = (Arena::new(), Fuel::default());
    let value = values.scene(&arena, &fuel, now_ms).value(filter).map_err(|error| Simple::from_fault(&error))?;
    match value {
        Some(Item::Bool(truth)) => Ok(truth),
        _ => Err(Simple::reject("definition_records", "a condition on a record is neither true nor false")),
    }
}

enum Step {
    Found(Scope),
    Moved,
    End,
}

#[async_trait]
impl Parents for Dynamic {
    async fn parents(&self, call: Call<'_>, parent: &Parent, at: Option<&State>, reach: Reach) -> Result<Arc<Page>, Simple> {
        let state = at.cloned().unwrap_or_default();
        // Another level takes other values of the same page.
        let taken = std::ptr::from_ref(parent).addr();
        let id = hash_bytes(format!("{taken}\n{reach:?}\n{}\n{}", state.text(), hex::encode(super::token::whole(call.config))).as_bytes());
        if let Some(page) = self.pages.get(id, call.now_ms) {
            return Ok(page);
        }
        let lacking = || Simple::reject("definition_entity", format!("`{}` cannot be read", parent.entity));
        let entity = self.connector.entity(&parent.entity).ok_or_else(lacking)?;
        let read = entity.read.as_ref().ok_or_else(lacking)?;
        let reach = if parent.incremental { reach } else { Reach::All };
        let fetched = self.fetch(call, read, state, reach, &[], None).await?;
        let mut page = Page::default();
        let digest = |page: &mut Page| -> Result<(), Simple> {
            let (arena, mut parser) = (Arena::new(), Parser::new(Limits::default()));
            let doc = match fetched.kind {
                Kind::Records => Some(fetched.parsed(&mut parser)?),
                _ => None,
            };
            let digest = self.digest(call, read, &entity.events, &fetched, doc.as_ref().map(document::Doc::root), &arena)?;
            for record in &digest.records {
                collect(self, call, parent, *record, fetched.scope.parents.as_ref(), &mut page.values)?;
            }
            if digest.done { page.ended = Some(digest.state) } else { page.next = Some(digest.state) }
            Ok(())
        };
        digest(&mut page)?;
        let page = Arc::new(page);
        self.pages.keep(id, Arc::clone(&page), call.now_ms);
        Ok(page)
    }
}

/// The parents a record holds.
fn collect(dynamic: &Dynamic, call: Call<'_>, parent: &Parent, record: Item<'_>, around: Option<&Value>, out: &mut Vec<Value>) -> Result<(), Simple> {
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
        out.push(Value::Object(std::iter::once(("value".to_owned(), value.to_value())).chain(kept).collect()));
        if out.len() > MOST_VALUES {
            return Err(Simple::reject("definition_records", format!("a page of `{}` has more than {MOST_VALUES} parents", parent.entity)));
        }
    }
    Ok(())
}

impl Dynamic {
    /// Whether a condition on a record holds.
    pub(crate) fn holds(&self, call: Call<'_>, filter: &expr::Template, record: Item<'_>, parents: Option<&Value>) -> Result<bool, Simple> {
        let lists = names::lists(self.connector.config(), call.config);
        let values = Values { lists: lists.as_ref(), record: Some(record), parent: parents, ..Values::of(self.connector.config(), call.config) };
        truth(&values, filter, call.now_ms)
    }

    /// Remembers the children a record of a tree has.
    pub(crate) fn branch(&self, call: Call<'_>, read: &Read, state: &mut State, record: Item<'_>, parents: Option<&Value>) -> Result<(), Simple> {
        let Some((recursive, level)) = read.fan_out.last().and_then(|level| level.recursive.as_ref()).zip(state.levels.last_mut()) else { return Ok(()) };
        let depth = level.node.as_ref().map_or(1, |(_, depth)| *depth);
        if let Some(filter) = &recursive.filter
            && !self.holds(call, filter, record, parents)?
        {
            return Ok(());
        }
        let Some(value) = recursive.value.at(record).filter(|value| !value.is_null()) else { return Ok(()) };
        if depth >= i64::from(recursive.max_depth) {
            // Who says which records have children says that these are lost; who does not asks every leaf.
            return if recursive.filter.is_some() { Err(Simple::reject("definition_records", format!("the tree is deeper than {} levels", recursive.max_depth))) } else { Ok(()) };
        }
        if level.pending.len() >= MOST_PENDING {
            return Err(Simple::reject("definition_records", format!("the tree has more than {MOST_PENDING} nodes still to be read")));
        }
        level.pending.push((object([("value", Some(value.to_value()))]), depth + 1));
        Ok(())
    }
}

/// Whether only changed parents are read.
pub(crate) fn remembers(read: &Read) -> bool {
    read.fan_out.first().and_then(|level| level.from.as_ref()).is_some_and(|parent| parent.incremental)
}

fn note(parents: &mut Vec<(String, Value)>, key: &mut String, level: &FanOut, value: Value) {
    if !parents.is_empty() {
        key.push('/');
    }
    // `a/b` and `c` are others than `a` and `b/c`.
    key.push_str(&named(&value).replace('~', "~0").replace('/', "~1"));
    parents.push((level.name.clone(), value));
}

/// A value as a short text.
fn named(value: &Value) -> String {
    let text = value.get("value").and_then(Value::plain).unwrap_or_else(|| value.get("value").map(Value::to_string).unwrap_or_default());
    if text.len() > 64 { hex::encode(hash_bytes(text.as_bytes())) } else { text }
}

/// The value at a place of a list; a batch is joined.
fn read_at(values: &[Value], index: usize, level: &FanOut) -> Value {
    let left = values.get(index..).unwrap_or_default();
    match level.batch {
        Some(_) => {
            let texts: Vec<String> = left.iter().take(step(Some(level))).filter_map(|value| value.get("value")?.plain()).collect();
            object([("value", Some(texts.join(&level.join).into()))])
        }
        None => left.first().cloned().unwrap_or(Value::Null),
    }
}

/// How many values of a list are read at once.
fn step(level: Option<&FanOut>) -> usize {
    level.and_then(|level| level.batch).and_then(|batch| usize::try_from(batch).ok()).unwrap_or(1).max(1)
}

impl Level {
    /// Finds its place in a list that may have changed since it was left; true where what was being read is no longer there.
    fn settle(&mut self, values: &[Value], level: &FanOut) -> bool {
        let Some(read) = &self.read else { return false };
        let step = step(Some(level));
        let at = if self.passed { self.index.saturating_sub(step) } else { self.index };
        let is_there = |index: &usize| *index < values.len() && named(&read_at(values, *index, level)) == *read;
        let found = if is_there(&at) { Some(at) } else { (0..values.len()).find(is_there) };
        match found {
            Some(found) => self.index = if self.passed { found + step } else { found },
            // Who stood behind it stands in its place now.
            None => (self.index, self.read) = (at, None),
        }
        found.is_none() && !self.passed
    }
}

/// Moves a level on to its next value.
fn pass(place: &mut Level, level: Option<&FanOut>) {
    if place.node.take().is_none() {
        (place.index, place.passed) = (place.index + step(level), true);
    }
}

/// Ends the present partition: the innermost level goes on.
pub(crate) fn over(read: &Read, state: &mut State) {
    state.part = Part::default();
    if let Some(place) = state.levels.last_mut() {
        pass(place, read.fan_out.last());
    }
}

