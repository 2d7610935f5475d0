#![doc = include_str!("README.md")]

mod ast;
mod error;
mod filter;
mod function;
mod iregexp;
mod judge;
mod location;
mod pattern;
mod read;
mod scan;
mod walk;

use std::fmt;

use crate::{Fuel, Item, Spent, Value};
use ast::Query;
use walk::View;

pub use error::{Complaint, PathError};
pub use location::Location;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A member of an object.
    Name(String),
    /// An element of an array; negative counts from the end.
    Index(i64),
    /// Every child of an array or object.
    Each,
}

/// A compiled path. Equal when written the same.
#[derive(Clone)]
pub struct Path {
    text: Box<str>,
    query: Query,
    singular: bool,
}

impl Path {
    /// Reads a path, checks the types of its filters and compiles their patterns.
    ///
    /// # Errors
    /// What is wrong or too costly, at which column, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let query = read::path(text)?;
        Ok(Self { text: text.into(), singular: query.is_singular(), query })
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the path names at most one value: names and indices only.
    #[must_use]
    pub fn is_singular(&self) -> bool {
        self.singular
    }

    /// The steps up to the first that is more than a name, an index or `[*]`; of a singular path all.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.query.steps
    }

    /// The steps, if they are all there is to the path: it says where each value stands.
    #[must_use]
    pub fn plain_steps(&self) -> Option<&[Step]> {
        self.query.rest.is_empty().then_some(&self.query.steps)
    }

    /// The value of a singular path. A path that may name many gives none here.
    #[must_use]
    pub fn at<'a>(&self, item: Item<'a>) -> Option<Item<'a>> {
        if self.singular { down(&self.query.steps, item) } else { None }
    }

    /// What stands where the path begins to name many: the list of `$.list[*].id`; of a singular path its value. Tells an
    /// empty list from one that is not there.
    #[must_use]
    pub fn stem<'a>(&self, item: Item<'a>) -> Option<Item<'a>> {
        let steps = &self.query.steps;
        down(steps.split(|step| *step == Step::Each).next().unwrap_or_default(), item)
    }

    /// Every value the path names, in the order of RFC 9535: arrays in order, parents before what is below them.
    ///
    /// # Errors
    /// When the fuel is spent. What was found until then is not given: it would look like all.
    pub fn query<'a>(&self, item: Item<'a>, fuel: &Fuel) -> Result<Vec<Item<'a>>, Spent> {
        let found = walk::all(&self.query, View { root: item, fuel }, item, &mut ())?;
        Ok(found.into_iter().map(|(item, _)| item).collect())
    }

    /// The same with the place of each.
    ///
    /// # Errors
    /// When the fuel is spent.
    pub fn locate<'a>(&self, item: Item<'a>, fuel: &Fuel) -> Result<Vec<(Location, Item<'a>)>, Spent> {
        let mut trail: Vec<(u32, Step)> = Vec::new();
        let found = walk::all(&self.query, View { root: item, fuel }, item, &mut trail)?;
        let located = found.into_iter().map(|(item, mut mark)| {
            let mut steps = Vec::new();
            while let Some((parent, step)) = usize::try_from(mark).ok().and_then(|mark| trail.get(mark)) {
                fuel.spend(1 + if let Step::Name(name) = step { walk::reading(&name.as_str().into()) } else { 0 })?;
                steps.push(step.clone());
                mark = *parent;
            }
            steps.reverse();
            Ok((Location::of(steps), item))
        });
        located.collect()
    }

    /// The value of a singular path in a tree. A path that may name many gives none here.
    #[must_use]
    pub fn one<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.at(Item::Tree(value)).and_then(tree)
    }

    /// Every value the path names in a tree, for [`Fuel::DEFAULT`] steps.
    ///
    /// # Errors
    /// When the fuel is spent.
    pub fn all<'v>(&self, value: &'v Value) -> Result<Vec<&'v Value>, Spent> {
        let found = self.query(Item::Tree(value), &Fuel::default())?;
        Ok(found.into_iter().filter_map(tree).collect())
    }
}

/// What is below a tree is a tree.
fn tree(item: Item<'_>) -> Option<&Value> {
    match item {
        Item::Tree(value) => Some(value),
        _ => None,
    }
}

fn down<'a>(steps: &[Step], mut item: Item<'a>) -> Option<Item<'a>> {
    for step in steps {
        item = match step {
            Step::Name(name) => item.get(name)?,
            Step::Index(index) => item.index(walk::place(item, *index)?)?,
            Step::Each => return None,
        };
    }
    Some(item)
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Path {}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Path").field(&self.text).finish()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
