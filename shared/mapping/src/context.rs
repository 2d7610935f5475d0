//! What an operation works with besides its record: the run, the fuel, the record around an element, and the words of failure.

use std::cell::RefCell;

use document::{Arena, Fuel, Hash128, Item};
use expr::{Lack, Names};

use crate::{
    Failure, Run,
    field::Field,
    formula::Formula,
    mask,
    work::{Obstacle, Work},
};

/// What an operation works with.
pub(crate) struct Cx<'s, 'a> {
    pub(crate) arena: &'a Arena,
    pub(crate) run: &'a Run<'a>,
    pub(crate) fuel: &'s Fuel,
    /// The whole record, inside `each`.
    pub(crate) record: Option<&'s Work<'a>>,
    /// What was seen in this run, by the operations that ask.
    pub(crate) seen: &'s RefCell<std::collections::HashSet<(usize, Hash128)>>,
    /// Keys of tables that are not loaded.
    pub(crate) wanted: &'s RefCell<Vec<(String, String)>>,
}

impl<'s, 'a> Cx<'s, 'a> {
    /// The same, for an element of a record.
    pub(crate) fn inside(&self, record: &'s Work<'a>) -> Cx<'s, 'a> {
        Cx { record: Some(self.record.unwrap_or(record)), ..*self }
    }

    /// The value of an expression; `field` is the place it is for.
    pub(crate) fn value(&self, formula: &'a Formula, work: &Work<'a>, field: &Field) -> Result<Option<Item<'a>>, Failure> {
        let place = if formula.derives { field.pointer() } else { String::new() };
        let cx = expr::Cx::new(self.arena, self.fuel, self.run.now).at(self.run.id, &place);
        formula.template.render(&self.scope(work), &cx).map_err(|failure| self.expression(failure, field))
    }

    /// Whether a condition holds; `None` when it is absent.
    pub(crate) fn holds(&self, condition: &'a Formula, work: &Work<'a>, field: &Field) -> Result<Option<bool>, Failure> {
        match self.value(condition, work, field)? {
            None => Ok(None),
            Some(item) => match item.bool() {
                Some(holds) => Ok(Some(holds)),
                None => Err(self.fail("mapping_condition", field, None, format!("a condition is true or false, and this one is a {}", item.sort().word()))),
            },
        }
    }

    fn scope<'w>(&'w self, work: &'w Work<'a>) -> Scope<'w, 'a> {
        match self.record {
            Some(record) => Scope { record, item: Some(work), run: self.run },
            None => Scope { record: work, item: None, run: self.run },
        }
    }

    fn expression(&self, failure: expr::Failure, field: &Field) -> Failure {
        self.fail(failure.code, field, None, format!("{} of the expression at column {}", failure.message, failure.column))
    }

    /// A failure at a place of the record.
    #[cold]
    pub(crate) fn fail(&self, code: &'static str, field: &Field, found: Option<Item<'_>>, message: impl Into<String>) -> Failure {
        let pointer = field.pointer();
        let excerpt = found.and_then(|item| mask::excerpt(item, &pointer, self.run.secrets));
        Failure { code, op: String::new(), name: "", path: field.to_string(), pointer, message: message.into(), excerpt }
    }

    /// Something stands in the way to a place.
    #[cold]
    pub(crate) fn obstacle(&self, obstacle: Obstacle, field: &Field) -> Failure {
        self.fail("mapping_target", field, None, format!("{} is needed on the way, and step {} meets a {}", obstacle.needed, obstacle.steps, obstacle.found.word()))
    }

    /// Pays for a value that stands in one more place: what is shared on the way is written out twice.
    pub(crate) fn share(&self, item: Item<'_>, field: &Field) -> Result<(), Failure> {
        let weight = item.weight(self.fuel.left() as usize + 1);
        self.fuel.spend(weight).map_err(|spent| self.fail("fuel_spent", field, None, spent.to_string()))
    }
}

/// The names expressions see.
struct Scope<'w, 'a> {
    record: &'w Work<'a>,
    item: Option<&'w Work<'a>>,
    run: &'a Run<'a>,
}

impl<'a> Names<'a> for Scope<'_, 'a> {
    fn path(&self, root: &str, steps: &[Box<str>]) -> Result<Option<Item<'a>>, Lack> {
        Ok(match root {
            "record" => self.record.named(steps),
            "item" => self.item.and_then(|item| item.named(steps)),
            "key" => self.run.key,
            "extensions" => self.run.extensions.and_then(|item| expr::descend(item, steps)),
            "run" => Some(Item::Text(self.run.id)).filter(|_| !self.run.id.is_empty()),
            _ => None,
        })
    }
}
