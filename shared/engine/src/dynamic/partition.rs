//! Which partition a run is at: the values of each level of the fan-out, from lists, parents and trees.

use connector::{FanOut, Read};
use document::{Value, hash_bytes, object};
use fault::Simple;

use super::{Dynamic, entries::Entry, fetch::Reach, joined::joined, level::Level, parents::Page, remember, state::{Part, State}};
use crate::Call;

/// The partition a request is made for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// What requests see as `parent`.
    pub(crate) parents: Option<Value>,
    /// By which its mark is kept; empty where there is only one.
    pub(crate) key: String,
    /// Its first page, where that stands in its parent.
    pub(crate) page: Option<Value>,
}

/// Pages of parents read for one partition; who meets more without a value goes on at the next call.
const MOST_STEPS: usize = 32;

/// What a search for a partition ends with.
pub(crate) enum Found {
    /// This one.
    Scope(Scope),
    /// None yet: the state has moved on, and goes on at the next call.
    NotYet,
    /// There is no other.
    None,
}

enum Step {
    Found(Scope),
    Moved,
    End,
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
        let fits = |(place, level): (&Level, &FanOut)| place.parent < level.from.len().max(1);
        if state.levels.len() != read.fan_out.len() || !state.levels.iter().zip(&read.fan_out).all(fits) {
            (state.levels, state.part) = (vec![Level::default(); read.fan_out.len()], Part::default());
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
        let (mut key, mut first_page) = (String::new(), None);
        for (depth, level) in read.fan_out.iter().enumerate() {
            let start = remember::start(level, state, depth, reach);
            let Some((place, inner)) = state.levels.get_mut(depth..).and_then(<[Level]>::split_first_mut) else { return Ok(Step::End) };
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
            let page = self.values(call, level, place, start.as_ref(), &Value::Object(parents.clone()), reach, read.incremental.is_some()).await?;
            state.partial |= page.partial && reach != Reach::Changes;
            let values = match place.held(&page) {
                Some(held) if held.is_empty() => {
                    let taken = place.take(&page, level)?;
                    // What is still in progress, of a cursor that does not say whose it is, is that of none of them.
                    state.part = Part::default();
                    inner.fill(Level::default());
                    taken
                }
                Some(held) => held,
                None => {
                    // What was being read is there no more.
                    place.drop();
                    state.part = Part::default();
                    inner.fill(Level::default());
                    return Ok(Step::Moved);
                }
            };
            if values.is_empty() {
                return Ok(turn(level, state, depth, &page, reach));
            }
            let value = value_of(call, &values, level)?;
            first_page = values.first().filter(|_| depth + 1 == read.fan_out.len() && state.part.at.is_none()).and_then(|entry| entry.page.clone());
            if level.recursive.is_some() {
                place.root(value.clone());
            }
            note(&mut parents, &mut key, level, value);
        }
        if key.len() > 64 {
            key = hex::encode(hash_bytes(key.as_bytes()));
        }
        Ok(Step::Found(Scope { parents: Some(Value::Object(parents)), key, page: first_page }))
    }
}

/// Moves a level on that has no value left on its page: to the next one, to its next parent, or the level around it to its next value.
fn turn(level: &FanOut, state: &mut State, depth: usize, page: &Page, reach: Reach) -> Step {
    let Some(place) = state.levels.get_mut(depth) else { return Step::End };
    if place.turn_part() {
        return Step::Moved;
    }
    state.noticed = state.noticed.and(page.noticed);
    if let Some(next) = &page.next {
        place.turn_page(next.clone());
        return Step::Moved;
    }
    // A list has no parent behind it.
    let (parent, moved) = (place.parent, page.ended.is_some() && place.turn_parent(level));
    if depth == 0 && reach == Reach::Changes {
        remember::keep(level, state, parent, page.ended.as_ref());
    }
    if moved {
        return Step::Moved;
    }
    if depth == 0 {
        return Step::End;
    }
    below(state, depth);
    if let Some(around) = state.levels.get_mut(depth - 1) {
        around.pass();
    }
    Step::Moved
}

/// Begins the levels from one on anew.
fn below(state: &mut State, from: usize) {
    state.levels.iter_mut().skip(from).for_each(|level| *level = Level::default());
}

fn note(parents: &mut Vec<(String, Value)>, key: &mut String, level: &FanOut, value: Value) {
    if !parents.is_empty() {
        key.push('/');
    }
    // `a/b` and `c` are others than `a` and `b/c`.
    key.push_str(&named(&value).replace('~', "~0").replace('/', "~1"));
    parents.push((level.name.clone(), value));
}

/// A value as text.
pub(crate) fn plain(value: &Value) -> String {
    value.get("value").and_then(Value::plain).unwrap_or_else(|| value.get("value").map(Value::to_string).unwrap_or_default())
}

/// A value as a short text.
fn named(value: &Value) -> String {
    let text = plain(value);
    if text.len() > 64 { hex::encode(hash_bytes(text.as_bytes())) } else { text }
}

/// The value of a request; a batch is joined.
fn value_of(call: Call<'_>, values: &[&Entry], level: &FanOut) -> Result<Value, Simple> {
    let Some(batch) = level.batch else { return Ok(values.first().map_or(Value::Null, |entry| entry.value.clone())) };
    let texts: Vec<String> = values.iter().filter_map(|entry| entry.value.get("value")?.plain()).collect();
    let text = match texts.as_slice() {
        [one] if batch <= 1 => one.clone(),
        texts => joined(call, &format!("the level `{}`", level.name), &texts.iter().map(String::as_str).collect::<Vec<_>>(), &level.join, "give the level another `join`, or no `batch`")?,
    };
    Ok(object([("value", Some(text.into()))]))
}

/// Ends the present partition: the innermost level goes on.
pub(crate) fn over(state: &mut State) {
    state.part = Part::default();
    if let Some(place) = state.levels.last_mut() {
        place.pass();
    }
}
