//! When a failed message comes again, or that it does not: the budget of a message in the model.

use protocol::Schedule;
use protocol::slot::{Held, Settlement, Write};

use crate::regimes::Variant;
use crate::worker::Step;
use crate::world::World;

impl World {
    /// What becomes of a message whose lease was released.
    pub(crate) fn retry(&mut self, worker: usize, held: &Held, settlement: &Settlement) -> Step {
        let Write::Release { attempts, .. } = settlement.write else { return Step::Acknowledge };
        let message = &mut self.messages[self.workers[worker].message];
        message.tries += attempts - held.attempts;
        if !self.regime.patient {
            // The schedule that ships waits for minutes; here a retry comes in time to meet what it races with.
            return Step::Again(self.chance.between(5_000, 25_000));
        }
        // The slot counts for the version it saw last: two versions that fail in turn would reset each other for ever.
        let attempts = if self.variant == Variant::BudgetInSlotAlone { attempts } else { attempts.max(message.tries) };
        match Schedule::STANDARD.delay_ms(attempts, None, self.chance.unit()) {
            Some(delay) => Step::Again(delay),
            None => {
                self.count.dead += 1;
                Step::Acknowledge
            }
        }
    }
}
