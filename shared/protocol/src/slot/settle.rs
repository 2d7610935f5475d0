//! Step 3: what follows the call. Always: verify first, then the write, then the acknowledgement.

use canonical::Millis;

use super::{Ask, Held, Limits, Purpose, Slot};

/// What came of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called {
    /// The destination has it.
    Done,
    /// It was not called: it has exactly this already.
    NoOp,
    /// It failed. Ambiguous: the other side may act, now or later.
    Failed {
        /// Sent, and no clear answer.
        ambiguous: bool,
        /// Whether the failure counts against the retry budget.
        burns: bool,
    },
}

/// The write that ends a lease; it holds only while the fence is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// The version is applied.
    Commit {
        /// Dirty until, which may have passed by now; 0 when clean.
        dirty_until: Millis,
    },
    /// The lease is given back.
    Release {
        /// Dirty until, which may have passed by now; 0 when clean.
        dirty_until: Millis,
        /// Failed attempts of this version by now.
        attempts: u32,
    },
}

/// What to do with the message once the write held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is done.
    Ack,
    /// A verify that finds the slot dirty anew comes again after this delay.
    Again(Millis),
    /// The retry schedule decides.
    Retry,
}

/// Everything that follows a call, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Send a verify with this delay, first.
    pub verify_in: Option<Millis>,
    /// Then write.
    pub write: Write,
    /// Then this. When the write did not hold, the lease was lost: deliver again in 1 to 5 seconds, step 1 decides.
    pub next: Next,
}

/// What follows a call.
#[must_use]
pub fn settle(held: &Held, purpose: Purpose, called: Called, now: Millis, limits: &Limits) -> Settlement {
    // Judged by when the lease began: a call made inside the window may have been overwritten even if it ended outside.
    let dirty = held.lease_until - limits.lease_ms < held.dirty_until;
    let pending = dirty.then(|| (held.dirty_until - now).max(0) + 1);
    match called {
        Called::Done | Called::NoOp => Settlement {
            verify_in: pending.filter(|_| purpose != Purpose::Verify),
            write: Write::Commit { dirty_until: if dirty { held.dirty_until } else { 0 } },
            next: match pending {
                Some(delay) if purpose == Purpose::Verify => Next::Again(delay),
                _ => Next::Ack,
            },
        },
        Called::Failed { ambiguous, burns } => {
            // A failure never cleans: only a commit does.
            let dirty_until = if ambiguous { held.dirty_until.max(now + limits.grace_ms) } else { held.dirty_until };
            let attempts = held.attempts + u32::from(burns);
            Settlement { verify_in: None, write: Write::Release { dirty_until, attempts }, next: Next::Retry }
        }
    }
}

/// Applies the write to a slot in memory, as the table does it. False when the fence is no longer ours.
#[must_use]
pub fn apply(slot: &mut Slot, ask: &Ask<'_>, held: &Held, write: &Write) -> bool {
    if slot.fence != held.fence {
        return false;
    }
    slot.owner = None;
    slot.lease_until = 0;
    match write {
        Write::Commit { dirty_until } => {
            slot.applied = Some(ask.version.clone());
            slot.applied_hash = Some(ask.body_hash.to_owned());
            if ask.purpose != Purpose::Verify {
                slot.occurrence = Some(ask.occurrence.to_owned());
            }
            slot.dirty_until = *dirty_until;
            if let Some(mark) = ask.mark {
                slot.recent = held.recent.with(mark);
            }
            slot.attempts = 0;
            slot.attempts_of = None;
        }
        Write::Release { dirty_until, attempts } => {
            slot.dirty_until = *dirty_until;
            slot.attempts = *attempts;
            slot.attempts_of = Some(ask.version.clone());
        }
    }
    true
}
