//! Walks through the operations with the types of the record; the check of a mapping begins here.

use fault::Finding;

use super::{Absent, Notes, Shape, Type, condition, judge::judge, stock};
use crate::plan::Step;

/// The two ends of a mapping, as far as they are known.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) from: Option<Type>,
    pub(crate) to: Option<Type>,
    /// Whether stock levels come out: nothing invents their quantity.
    pub(crate) stock: bool,
}

/// Everything the types have to say of a mapping.
pub(crate) fn check(steps: &[Step], known: &Known) -> Vec<Finding> {
    let mut notes = Notes::new();
    let mut shape = Shape::new(known.from.clone().unwrap_or_else(Type::unknown));
    walk(steps, &mut shape, &mut notes);
    if known.stock {
        stock::check(&shape.root, &mut notes);
    }
    if let Some(to) = &known.to {
        judge(&shape.root, to, known.from.is_some(), &mut notes);
    }
    notes.into_findings()
}

/// What steps do to a record, or to an element.
pub(crate) fn walk(steps: &[Step], shape: &mut Shape, notes: &mut Notes) {
    let around = notes.at.clone();
    for step in steps {
        notes.at = step.at.as_str().into();
        let before = step.when.as_ref().map(|when| {
            condition(when, shape, Absent::Rejects, notes);
            shape.root.clone()
        });
        step.operation.shape(shape, notes);
        if let Some(before) = before {
            let after = std::mem::replace(&mut shape.root, Type::absent());
            shape.root = after.or(&before);
        }
    }
    notes.at = around;
}
