//! How a process of the model touches a table: one step at a time, any of which may be its last.

use std::{cell::RefCell, future::poll_fn, rc::Rc, task::Poll};

use crate::{
    chance::Chance,
    tables::Tables,
    world::{Findings, Regime, Variant},
};

/// A table or a queue did not answer, whether or not it did what was asked.
#[derive(Debug)]
pub(crate) struct Fault;

/// What all processes of a history share.
pub(crate) struct Shared {
    pub(crate) tables: Tables,
    pub(crate) chance: Chance,
    pub(crate) findings: Findings,
    pub(crate) now: i64,
    /// Towards the end of a history nothing fails any more.
    pub(crate) calm: bool,
}

/// One process's way to the tables.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) shared: Rc<RefCell<Shared>>,
    pub(crate) regime: Regime,
    pub(crate) variant: Variant,
}

impl Desk {
    /// Whether this history's dice say so; never once it has calmed down.
    pub(crate) fn happens(&self, per_mille: u64) -> bool {
        let mut shared = self.shared.borrow_mut();
        !shared.calm && shared.chance.happens(per_mille)
    }

    /// One request: others may go first, the process may end before it or after it, the answer may be lost.
    pub(crate) async fn ask<T>(&self, request: impl FnOnce(&mut Tables) -> T) -> Result<T, Fault> {
        let mut first = true;
        poll_fn(move |_| if std::mem::take(&mut first) { Poll::Pending } else { Poll::Ready(()) }).await;
        if self.happens(self.regime.fault) {
            return Err(Fault);
        }
        let answer = request(&mut self.shared.borrow_mut().tables);
        if self.happens(self.regime.lost) { Err(Fault) } else { Ok(answer) }
    }

    pub(crate) fn now(&self) -> i64 {
        self.shared.borrow().now
    }
}
