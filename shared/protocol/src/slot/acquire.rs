//! Step 1: may this message call now, and if not, why not?

use canonical::{Millis, Version};

use super::{Limits, Marks, Slot};

/// Why the destination is to be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An event on its way.
    Deliver,
    /// The newest value once more, after the grace window.
    Verify,
    /// The destination drifted: equal versions apply, and nothing is suppressed as a no-op.
    Repair,
    /// A person insists: any version applies.
    Force,
}

/// What a message asks of a slot.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// This receipt, new every time; it ends with `#` and the occurrence.
    pub me: &'a str,
    /// The version to be applied.
    pub version: &'a Version,
    /// Why.
    pub purpose: Purpose,
    /// The occurrence, so that a redelivery recognises its own work.
    pub occurrence: &'a str,
    /// Hash of what would be sent, hex.
    pub body_hash: &'a str,
    /// The mark of the event, where the source names its deliveries: it is applied once, however often it is received.
    pub mark: Option<&'a str>,
}

/// A lease that is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Our fence: a commit holds only while the slot still shows it.
    pub fence: u64,
    /// When the lease runs out.
    pub lease_until: Millis,
    /// Until when the slot is dirty, as far as we know now; written with the commit or the release.
    pub dirty_until: Millis,
    /// Failed attempts of this version so far.
    pub attempts: u32,
    /// The destination has exactly this already: commit without calling.
    pub no_op: bool,
    /// This very occurrence held the slot before and never gave it back: its call may have been made.
    pub repeats: bool,
    /// The events seen lately, as the slot had them.
    pub recent: Marks,
}

/// Why there is no lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A newer version is applied. `remember`: what the slot remembers, where this event received once more could pass
    /// for newer, so that it has to be remembered too.
    Superseded {
        /// The marks to add it to.
        remember: Option<Marks>,
    },
    /// This version, or this very event, is applied. `mine`: by this very occurrence. `verify_in`: the slot is dirty, send a verify first.
    Duplicate {
        /// This occurrence applied it; a redelivery keeps its outcome.
        mine: bool,
        /// Send a verify with this delay before acknowledging.
        verify_in: Option<Millis>,
    },
    /// Somebody else is calling.
    Leased,
    /// A verify came before its time: deliver it again after this delay.
    TooEarly(Millis),
    /// A verify whose version is no longer the newest has nothing left to do.
    VerifyObsolete,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acquired {
    /// Call, or commit a no-op.
    Held(Held),
    /// Do not call.
    Refused(Refusal),
}

/// The condition of the conditional write: `store` states the same in DynamoDB's words, and a test compares the two.
#[must_use]
pub fn accepts(slot: &Slot, ask: &Ask<'_>, now: Millis) -> bool {
    let free = slot.owner.is_none() || slot.lease_until < now;
    let newer = match (&slot.applied, ask.purpose) {
        (Some(applied), Purpose::Verify) => applied == ask.version && slot.dirty_until <= now,
        (None, Purpose::Verify) => false,
        (None, _) | (_, Purpose::Force) => true,
        // Equal versions of different content: nobody can say which is newer, and dropping one could lose the newer.
        (Some(applied), Purpose::Deliver) => !known(slot, ask) && (applied < ask.version || (applied == ask.version && differs(slot, ask))),
        (Some(applied), Purpose::Repair) => applied <= ask.version,
    };
    free && newer
}

/// Whether what is applied is known to be something else than what is asked.
fn differs(slot: &Slot, ask: &Ask<'_>) -> bool {
    slot.applied_hash.as_deref().is_some_and(|applied| applied != ask.body_hash)
}

/// Whether the event was applied before, or overtaken, under another receipt.
fn known(slot: &Slot, ask: &Ask<'_>) -> bool {
    ask.mark.is_some_and(|mark| slot.recent.holds(mark))
}

/// The lease a successful write gives, seen from the item as it was before.
#[must_use]
pub fn held(old: &Slot, ask: &Ask<'_>, now: Millis, limits: &Limits) -> Held {
    // A lease that ran out unreleased means a call may be under way that nobody waits for.
    let abandoned = old.owner.is_some();
    let dirty_until = if abandoned { old.dirty_until.max(now + limits.grace_ms) } else { old.dirty_until };
    let same = old.applied.is_some() && old.applied_hash.as_deref() == Some(ask.body_hash);
    Held {
        fence: old.fence + 1,
        lease_until: now + limits.lease_ms,
        dirty_until,
        attempts: if old.attempts_of.as_ref() == Some(ask.version) { old.attempts } else { 0 },
        // Clean means cleaned, not waited out: until a call made after the window has been committed, a late write may
        // be what the destination holds.
        no_op: same && ask.purpose == Purpose::Deliver && dirty_until == 0,
        repeats: old.owner.as_deref().and_then(|owner| owner.rsplit_once('#')).is_some_and(|(_, occurrence)| occurrence == ask.occurrence),
        recent: old.recent.clone(),
    }
}

/// What a failed condition means, seen from the item that failed it.
#[must_use]
pub fn refused(old: &Slot, ask: &Ask<'_>, now: Millis, limits: &Limits) -> Acquired {
    if old.owner.as_deref() == Some(ask.me) {
        // The write went through and its answer was lost; what it replaced is unknown, so the worst is assumed.
        let before = Slot { fence: old.fence.saturating_sub(1), ..old.clone() };
        return Acquired::Held(Held { no_op: false, repeats: false, lease_until: old.lease_until, ..held(&before, ask, now, limits) });
    }
    let Some(applied) = &old.applied else {
        // Whoever sent a verify and died before its commit sends another when it commits; this one must not wait for a
        // version that may never come.
        let obsolete = ask.purpose == Purpose::Verify;
        return Acquired::Refused(if obsolete { Refusal::VerifyObsolete } else { Refusal::Leased });
    };
    Acquired::Refused(match ask.purpose {
        Purpose::Verify if applied != ask.version => Refusal::VerifyObsolete,
        Purpose::Verify if now < old.dirty_until => Refusal::TooEarly(old.dirty_until - now + 1),
        Purpose::Verify | Purpose::Force => Refusal::Leased,
        Purpose::Deliver | Purpose::Repair if applied > ask.version => {
            let volatile = applied.ties(ask.version) || !ask.version.has_source_time();
            Refusal::Superseded { remember: (ask.mark.is_some() && volatile && !known(old, ask)).then(|| old.recent.clone()) }
        }
        Purpose::Deliver if known(old, ask) || (applied == ask.version && !differs(old, ask)) => Refusal::Duplicate {
            mine: old.occurrence.as_deref() == Some(ask.occurrence),
            verify_in: (now < old.dirty_until).then(|| old.dirty_until - now + 1),
        },
        Purpose::Deliver | Purpose::Repair => Refusal::Leased,
    })
}

/// Asks a slot in memory, as the table does it: the form the model runs.
#[must_use]
pub fn acquire(slot: &mut Slot, ask: &Ask<'_>, now: Millis, limits: &Limits) -> Acquired {
    if !accepts(slot, ask, now) {
        return refused(slot, ask, now, limits);
    }
    let held = held(slot, ask, now, limits);
    slot.owner = Some(ask.me.to_owned());
    slot.lease_until = held.lease_until;
    slot.fence = held.fence;
    Acquired::Held(held)
}
