//! Walks a document along a path: one step of fuel for every value visited, more where a visit reads much.
//!
//! Called by [`Path`](super::Path) and, for the paths inside filters, by `judge`. Keeps its own stack: however deep a tree
//! is, this does not recurse into it.

use std::borrow::Cow;

use super::{
    ast::{Expr, Query, Segment, Selector},
    judge,
};
use crate::{Fuel, Item, Sort, Spent, Step};

/// Entries of an object or array that are skipped for one step.
const SKIPPED: usize = 16;

/// Bytes of a text or a name that are copied for one step, and those that are unescaped.
const COPIED: usize = 64;
const UNESCAPED: usize = 16;

/// What a text costs beyond the visit.
#[expect(clippy::ptr_arg, reason = "whether a text had to be unescaped is what is asked")]
pub(super) fn reading(text: &Cow<'_, str>) -> usize {
    match text {
        Cow::Borrowed(text) => text.len() / COPIED,
        Cow::Owned(text) => text.len() / UNESCAPED,
    }
}

/// What every part of an evaluation sees.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a, 'f> {
    pub(super) root: Item<'a>,
    pub(super) fuel: &'f Fuel,
}

/// How a child is reached.
#[derive(Debug)]
pub(super) enum Key<'a> {
    Name(Cow<'a, str>),
    Index(usize),
}

/// Remembers where values stand, if anybody wants to know.
pub(super) trait Trail {
    /// The mark of a child of the value with this mark.
    fn child(&mut self, parent: u32, key: impl FnOnce() -> Step) -> u32;
}

/// Nobody wants to know.
impl Trail for () {
    fn child(&mut self, _: u32, _: impl FnOnce() -> Step) -> u32 {
        0
    }
}

/// Each value's parent and its own step; the root has no entry and the mark `u32::MAX`.
impl Trail for Vec<(u32, Step)> {
    fn child(&mut self, parent: u32, key: impl FnOnce() -> Step) -> u32 {
        self.push((parent, key()));
        u32::try_from(self.len() - 1).unwrap_or(u32::MAX)
    }
}

type Found<'a> = Vec<(Item<'a>, u32)>;

/// The one value of a singular query.
pub(super) fn one<'a>(query: &Query, view: View<'a, '_>, current: Item<'a>) -> Result<Option<Item<'a>>, Spent> {
    let mut item = if query.current { current } else { view.root };
    for step in &query.steps {
        match child(step, item, view.fuel)? {
            Some((next, _)) => item = next,
            None => return Ok(None),
        }
    }
    Ok(Some(item))
}

/// Every value of a query, with its mark.
pub(super) fn all<'a, T: Trail>(query: &Query, view: View<'a, '_>, current: Item<'a>, trail: &mut T) -> Result<Found<'a>, Spent> {
    let mut found = vec![(if query.current { current } else { view.root }, u32::MAX)];
    for step in &query.steps {
        let mut next = Vec::new();
        for (item, mark) in found {
            select_step(step, view, item, mark, trail, &mut next)?;
        }
        found = next;
    }
    for segment in &query.rest {
        let mut next = Vec::new();
        for (item, mark) in found {
            if segment.descend {
                descend(segment, view, (item, mark), trail, &mut next)?;
            } else {
                select(segment, view, item, mark, trail, &mut next)?;
            }
        }
        found = next;
    }
    Ok(found)
}

/// The value and everything below it, parents first, children in order.
fn descend<'a, T: Trail>(segment: &Segment, view: View<'a, '_>, start: (Item<'a>, u32), trail: &mut T, out: &mut Found<'a>) -> Result<(), Spent> {
    let mut ahead = vec![start];
    while let Some((item, mark)) = ahead.pop() {
        select(segment, view, item, mark, trail, out)?;
        let from = ahead.len();
        children(item, view.fuel, |key, child| {
            if matches!(child.sort(), Sort::Array | Sort::Object) {
                ahead.push((child, trail.child(mark, || key.step())));
            }
            Ok(())
        })?;
        ahead[from..].reverse();
    }
    Ok(())
}

fn select<'a, T: Trail>(segment: &Segment, view: View<'a, '_>, item: Item<'a>, mark: u32, trail: &mut T, out: &mut Found<'a>) -> Result<(), Spent> {
    for selector in &segment.selectors {
        match selector {
            Selector::Step(step) => select_step(step, view, item, mark, trail, out)?,
            Selector::Slice { start, end, step } => slice((*start, *end, *step), view, item, mark, trail, out)?,
            Selector::Filter(filter) => select_by(filter, view, item, mark, trail, out)?,
        }
    }
    Ok(())
}

fn select_step<'a, T: Trail>(step: &Step, view: View<'a, '_>, item: Item<'a>, mark: u32, trail: &mut T, out: &mut Found<'a>) -> Result<(), Spent> {
    if *step == Step::Each {
        return children(item, view.fuel, |key, child| {
            out.push((child, trail.child(mark, || key.step())));
            Ok(())
        });
    }
    if let Some((child, at)) = child(step, item, view.fuel)? {
        let key = || match step {
            Step::Name(name) => Step::Name(name.clone()),
            Step::Index(_) | Step::Each => Key::Index(at).step(),
        };
        out.push((child, trail.child(mark, key)));
    }
    Ok(())
}

fn select_by<'a, T: Trail>(filter: &Expr, view: View<'a, '_>, item: Item<'a>, mark: u32, trail: &mut T, out: &mut Found<'a>) -> Result<(), Spent> {
    children(item, view.fuel, |key, child| {
        if judge::holds(filter, view, child)? {
            out.push((child, trail.child(mark, || key.step())));
        }
        Ok(())
    })
}

/// The child of a name or an index, and the place of an element.
fn child<'a>(step: &Step, item: Item<'a>, fuel: &Fuel) -> Result<Option<(Item<'a>, usize)>, Spent> {
    match step {
        Step::Name(name) => {
            fuel.spend(1 + item.len() / SKIPPED)?;
            Ok(item.get(name).map(|child| (child, 0)))
        }
        Step::Index(index) => {
            let at = place(item, *index);
            fuel.spend(1 + at.unwrap_or(0) / SKIPPED)?;
            Ok(at.and_then(|at| Some((item.index(at)?, at))))
        }
        Step::Each => Ok(None),
    }
}

/// The place of an element that is there, from the end where the index is negative.
pub(super) fn place(item: Item<'_>, index: i64) -> Option<usize> {
    let (len, far) = (item.len(), usize::try_from(index.unsigned_abs()).ok()?);
    if index < 0 { len.checked_sub(far) } else { Some(far).filter(|at| *at < len) }
}

/// Every child with its key, for one step each.
fn children<'a>(item: Item<'a>, fuel: &Fuel, mut each: impl FnMut(Key<'a>, Item<'a>) -> Result<(), Spent>) -> Result<(), Spent> {
    for (at, child) in item.items().enumerate() {
        fuel.spend(1)?;
        each(Key::Index(at), child)?;
    }
    for (name, child) in item.entries() {
        fuel.spend(1 + reading(&name))?;
        each(Key::Name(name), child)?;
    }
    Ok(())
}

/// The elements `start:end:step` names, by the bounds of RFC 9535 §2.3.4.2.2.
fn slice<'a, T: Trail>((start, end, step): (Option<i64>, Option<i64>, i64), view: View<'a, '_>, item: Item<'a>, mark: u32, trail: &mut T, out: &mut Found<'a>) -> Result<(), Spent> {
    let Ok(len) = i64::try_from(item.len()) else { return Ok(()) };
    if item.sort() != Sort::Array || step == 0 {
        return Ok(());
    }
    let from_end = |index: i64| if index < 0 { len + index } else { index };
    let (low, high) = if step > 0 {
        (from_end(start.unwrap_or(0)).clamp(0, len), from_end(end.unwrap_or(len)).clamp(0, len))
    } else {
        (end.map_or(-1, from_end).clamp(-1, len - 1) + 1, start.map_or(len - 1, from_end).clamp(-1, len - 1) + 1)
    };
    let (Ok(low), Ok(high), Ok(stride)) = (usize::try_from(low), usize::try_from(high), usize::try_from(step.unsigned_abs())) else { return Ok(()) };
    view.fuel.spend(1 + high / SKIPPED)?;
    let span = high.saturating_sub(low);
    // Behind the last whole stride before `high`: where counting from the end begins.
    let first = if step > 0 { 0 } else { span.saturating_sub(1) % stride };
    let from = out.len();
    for (at, child) in item.items().enumerate().take(high).skip(low + first).step_by(stride) {
        view.fuel.spend(1)?;
        out.push((child, trail.child(mark, || Key::Index(at).step())));
    }
    if step < 0 {
        out[from..].reverse();
    }
    Ok(())
}

impl Key<'_> {
    fn step(self) -> Step {
        match self {
            Key::Name(name) => Step::Name(name.into_owned()),
            Key::Index(at) => Step::Index(i64::try_from(at).unwrap_or(i64::MAX)),
        }
    }
}
