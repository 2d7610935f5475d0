//! What an operation works with besides its record: the run, the fuel, the record around an element, and the words of failure.

use std::cell::{Cell, RefCell};

use document::{Arena, Fuel, Item, Sort, Spent};
use expr::{Lack, Names};

use crate::{
    Failure, Run,
    field::Field,
    formula::Formula,
    mask,
    place::Place,
    seen::Seen,
    work::{Obstacle, Slot, Work},
};

/// So many keys one record asks for at once; for further ones it is mapped once more.
const MOST_WANTED: usize = 10_000;
/// Levels of a value that operations walk down; documents have fewer.
pub(crate) const DEEPEST: usize = 256;

/// What an operation works with.
pub(crate) struct Cx<'s, 'a> {
    pub(crate) arena: &'a Arena,
    pub(crate) run: &'a Run<'a>,
    pub(crate) fuel: &'s Fuel,
    /// The whole record, inside `each`.
    pub(crate) record: Option<Item<'a>>,
    /// Where in the record the element at hand stands, inside `each`.
    pub(crate) place: Option<&'s Place<'s>>,
    /// What was seen in this run, by the operations that ask.
    pub(crate) seen: &'s RefCell<Seen>,
    /// Keys of tables that are not loaded.
    pub(crate) wanted: &'s RefCell<Vec<(String, String)>>,
    /// Whether anything of the record lies outside of the arena.
    pub(crate) heap: &'s Cell<bool>,
}

impl<'s, 'a> Cx<'s, 'a> {
    /// The same, further down in the record; values are made in an arena that need not live as long.
    pub(crate) fn below<'t, 'b>(&self, arena: &'b Arena, place: &'t Place<'t>) -> Cx<'t, 'b>
    where
        'a: 'b,
        's: 't,
    {
        Cx { arena, run: self.run, fuel: self.fuel, record: self.record, place: Some(place), seen: self.seen, wanted: self.wanted, heap: self.heap }
    }

    /// JSON Pointer to a place of the record.
    pub(crate) fn pointer(&self, field: &Field) -> String {
        let mut pointer = String::new();
        if let Some(place) = self.place {
            place.tell(&mut pointer);
        }
        pointer.push_str(&field.pointer());
        pointer
    }

    /// The value of an expression; `field` is the place it is for.
    pub(crate) fn value(&self, formula: &'a Formula, work: &Work<'a>, field: &Field) -> Result<Option<Item<'a>>, Box<Failure>> {
        let place = if formula.derives { self.pointer(field) } else { String::new() };
        let cx = expr::Cx::new(self.arena, self.fuel, self.run.now).at(self.run.id, &place);
        formula.template.render(&self.scope(work), &cx).map_err(|failure| self.expression(&failure, field))
    }

    /// Whether a condition holds; `None` when it is absent.
    pub(crate) fn holds(&self, condition: &'a Formula, work: &Work<'a>, field: &Field) -> Result<Option<bool>, Box<Failure>> {
        match self.value(condition, work, field)? {
            None => Ok(None),
            Some(item) => match item.bool() {
                Some(holds) => Ok(Some(holds)),
                None => Err(self.fail("mapping_condition", field, None, format!("a condition is true or false, and this one is a {}", item.sort().word()))),
            },
        }
    }

    fn scope<'w>(&'w self, work: &'w Work<'a>) -> Scope<'w, 'a> {
        Scope { record: self.record, work, run: self.run, fuel: self.fuel }
    }

    fn expression(&self, failure: &expr::Failure, field: &Field) -> Box<Failure> {
        self.fail(failure.code, field, None, format!("{} of the expression at column {}", failure.message, failure.column))
    }

    /// A failure at a place of the record.
    #[cold]
    pub(crate) fn fail(&self, code: &'static str, field: &Field, found: Option<Item<'_>>, message: impl Into<String>) -> Box<Failure> {
        let pointer = self.pointer(field);
        let excerpt = found.and_then(|item| mask::excerpt(item, &pointer, self.run.secrets));
        Box::new(Failure { code, op: String::new(), name: "", path: field.to_string(), pointer, message: message.into(), excerpt })
    }

    /// Something stands in the way to a place.
    #[cold]
    pub(crate) fn obstacle(&self, obstacle: Obstacle, field: &Field) -> Box<Failure> {
        self.fail("mapping_target", field, None, format!("{} is needed on the way, and step {} meets a {}", obstacle.needed, obstacle.steps, obstacle.found.word()))
    }

    /// Puts a value at a place of the record; one that nests too deeply stands nowhere.
    pub(crate) fn put(&self, work: &mut Work<'a>, field: &'a Field, value: impl Into<Slot<'a>>) -> Result<(), Box<Failure>> {
        let value = value.into();
        self.shallow(&value, field.words().len(), field)?;
        work.put(field, value).map_err(|obstacle| self.obstacle(obstacle, field))
    }

    /// Makes sure that a value has no more levels than may stand so far down.
    pub(crate) fn shallow(&self, value: &Slot<'a>, above: usize, field: &Field) -> Result<(), Box<Failure>> {
        let mut seen = 0;
        let deep = value.is_deeper(DEEPEST - above.min(DEEPEST), &mut seen);
        if seen > 1 {
            self.pay(seen, field)?;
        }
        if deep { Err(self.too_deep(field)) } else { Ok(()) }
    }

    #[cold]
    pub(crate) fn too_deep(&self, field: &Field) -> Box<Failure> {
        self.fail("mapping_too_deep", field, None, format!("more than {DEEPEST} levels of arrays and objects"))
    }

    /// What stands there is of another sort than the operation works on.
    #[cold]
    pub(crate) fn wrong_sort(&self, field: &Field, found: Item<'_>, needed: &str) -> Box<Failure> {
        self.fail("mapping_wrong_sort", field, Some(found), format!("{needed} is needed here, not {}", found.sort().word()))
    }

    /// Makes sure that a value is an array.
    pub(crate) fn array(&self, item: Item<'a>, field: &Field) -> Result<Item<'a>, Box<Failure>> {
        if item.sort() == Sort::Array { Ok(item) } else { Err(self.wrong_sort(field, item, "an array")) }
    }

    /// Pays for steps taken or values made.
    pub(crate) fn pay(&self, steps: usize, field: &Field) -> Result<(), Box<Failure>> {
        self.fuel.spend(steps).map_err(|spent| self.fail("fuel_spent", field, None, spent.to_string()))
    }

    /// Asks for a key of a table that is not loaded; the record is mapped again once it is.
    pub(crate) fn want(&self, table: &str, key: &str) {
        let mut wanted = self.wanted.borrow_mut();
        if wanted.len() < MOST_WANTED && wanted.last().is_none_or(|last| last.1 != key || last.0 != table) {
            wanted.push((table.to_owned(), key.to_owned()));
        }
    }

    /// Levels below a place are walked only so far down.
    pub(crate) fn descend(&self, level: usize, field: &Field) -> Result<usize, Box<Failure>> {
        if level >= DEEPEST {
            return Err(self.too_deep(field));
        }
        Ok(level + 1)
    }

    /// Pays for a value that stands in one more place: what is shared on the way is written out twice.
    pub(crate) fn share(&self, item: Item<'_>, field: &Field) -> Result<(), Box<Failure>> {
        let weight = item.weight(self.fuel.left() as usize + 1);
        self.fuel.spend(weight).map_err(|spent| self.fail("fuel_spent", field, None, spent.to_string()))
    }
}

/// The names expressions see.
struct Scope<'w, 'a> {
    /// The whole record, where `work` is an element of it.
    record: Option<Item<'a>>,
    work: &'w Work<'a>,
    run: &'a Run<'a>,
    fuel: &'w Fuel,
}

impl<'a> Names<'a> for Scope<'_, 'a> {
    fn path(&self, root: &str, steps: &[Box<str>]) -> Result<Option<Item<'a>>, Lack> {
        let found = match root {
            "record" => match self.record {
                Some(record) => expr::descend(record, steps),
                None => self.work.named(steps, self.fuel),
            },
            "item" => self.record.and_then(|_| self.work.named(steps, self.fuel)),
            "key" => self.run.key,
            "extensions" => self.run.extensions.and_then(|item| expr::descend(item, steps)),
            "run" => Some(Item::Text(self.run.id)).filter(|_| !self.run.id.is_empty()),
            _ => None,
        };
        // What could not be paid for is not absent.
        if self.fuel.left() == 0 { Err(Lack::from_fault(&Spent)) } else { Ok(found) }
    }
}
