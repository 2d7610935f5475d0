//! Fuel: the steps one evaluation may take. What definitions and records ask for is bounded by it, whatever they are.

use std::cell::Cell;

use fault::{Disposition, Fault};

/// A tank that only gets emptier; shared by everything one evaluation calls.
#[derive(Debug)]
pub struct Fuel(Cell<u32>);

/// The tank is empty: the work costs more steps than one evaluation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more steps than one evaluation may take")]
pub struct Spent;

impl Fuel {
    /// What a path or a record gets unless its caller says otherwise.
    pub const DEFAULT: u32 = 100_000;

    /// A tank of so many steps.
    #[must_use]
    pub fn new(steps: u32) -> Self {
        Self(Cell::new(steps))
    }

    /// Takes steps out.
    ///
    /// # Errors
    /// When fewer are left; the tank is empty then.
    pub fn spend(&self, steps: usize) -> Result<(), Spent> {
        let left = u32::try_from(steps).ok().and_then(|steps| self.0.get().checked_sub(steps));
        self.0.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(Spent)
    }

    /// How many steps are left.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.0.get()
    }
}

impl Default for Fuel {
    fn default() -> Self {
        Self::new(Self::DEFAULT)
    }
}

impl Fault for Spent {
    fn code(&self) -> &'static str {
        "fuel_spent"
    }

    fn disposition(&self) -> Disposition {
        Disposition::Reject
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_tank_stays_empty() {
        let fuel = Fuel::new(3);
        assert_eq!(fuel.spend(2), Ok(()));
        assert_eq!(fuel.spend(2), Err(Spent));
        assert_eq!(fuel.spend(1), Err(Spent));
        assert_eq!(Fuel::new(1).spend(usize::MAX), Err(Spent));
    }
}
