//! The line of a halted strict key, as deliveries and persons move it.
//!
//! Each step is one request, and whoever dies between two of them leaves a message on its queue, or a timer, that comes
//! back to it; `protocol::line` decides, and its model test takes the steps in this order.

use canonical::{FlowId, Key, Millis, TenantId};
use fault::Simple;
use protocol::line::{Effect, Joined, Next, grave, joined, next, place};
use queue::{Delivery, Message};
use store::{Flow, SlotKey, Tenant};

use crate::{App, known::simple, send::to_delivery_queue};

/// A person's request is over by then, or cut off.
const RESUMED_MS: Millis = 5 * 60_000;

/// One strict key.
pub(super) struct Line<'a> {
    pub(super) app: &'a App,
    pub(super) tenant: TenantId,
    pub(super) flow: Flow,
    pub(super) key: Key,
}

/// The place of a delivery.
pub(super) fn place_of(delivery: &Delivery) -> String {
    place(&delivery.seq, delivery.occ.as_str())
}

/// The delivery of a row.
pub(super) fn opened(body: &str) -> Result<Delivery, Simple> {
    match queue::open(body) {
        Ok(Message::Delivery(delivery)) => Ok(*delivery),
        _ => Err(Simple::reject("internal", "a line holds something that is no delivery")),
    }
}

fn body_of(delivery: Delivery) -> String {
    Message::Delivery(Box::new(delivery)).body()
}

impl Line<'_> {
    pub(super) fn of(&self) -> Tenant<'_> {
        self.app.store.of(&self.tenant)
    }

    pub(super) fn at(&self) -> SlotKey<'_> {
        SlotKey { flow: &self.flow.id, key: &self.key }
    }

    /// What is known of the delivery's event, and whether the key is halted.
    pub(super) async fn known(&self, delivery: &Delivery) -> Result<(Effect, bool), Simple> {
        let effect = self.of().effect(self.at(), delivery.ev.as_str()).await.map_err(|error| simple(&error))?;
        let halted = self.of().halted(self.at()).await.map_err(|error| simple(&error))?;
        Ok((effect, halted))
    }

    pub(super) async fn head(&self) -> Result<Option<store::Line>, Simple> {
        self.of().head_of_line(self.at()).await.map_err(|error| simple(&error))
    }

    /// Announced at the slot, then in line. `None`: the key is no longer halted.
    pub(super) async fn joins(&self, delivery: &Delivery) -> Result<Option<Joined>, Simple> {
        if self.of().announce(self.at(), &delivery.seq).await.map_err(|error| simple(&error))?.is_err() {
            return Ok(None);
        }
        let mine = place_of(delivery);
        self.of().join_line(self.at(), &mine, &body_of(delivery.clone())).await.map_err(|error| simple(&error))?;
        let head = self.head().await?;
        let halted = self.of().halted(self.at()).await.map_err(|error| simple(&error))?;
        let joined = joined(&mine, halted, head.as_ref().map(store::Line::head), self.app.now());
        match joined {
            Joined::Timer(due_ms) => self.timer(due_ms, delivery).await?,
            Joined::Try => self.leave(&mine).await?,
            Joined::Waits => {}
        }
        Ok(Some(joined))
    }

    /// A turn that came while others stand before it: its row is made sure of, and they go on.
    pub(super) async fn behind(&self, delivery: &Delivery) -> Result<(), Simple> {
        self.halt(&delivery.seq).await?;
        self.of().join_line(self.at(), &place_of(delivery), &body_of(delivery.clone())).await.map_err(|error| simple(&error))?;
        self.go_on(&delivery.seq).await
    }

    /// Halted, in line until then, and a timer if it is the head.
    pub(super) async fn waits(&self, delivery: &Delivery, due_ms: Millis) -> Result<(), Simple> {
        let mine = place_of(delivery);
        self.halt(&delivery.seq).await?;
        self.of().keep_in_line(self.at(), &mine, due_ms, &body_of(delivery.clone())).await.map_err(|error| simple(&error))?;
        if delivery.turn {
            // A replay stands where the death stood.
            self.leave(&grave(&delivery.seq)).await?;
        }
        match self.head().await? {
            Some(head) if head.place != mine => self.go_on(&delivery.seq).await,
            _ => self.timer(due_ms, delivery).await,
        }
    }

    /// A timer with which the line is looked at again; the same time is the same timer.
    pub(super) async fn timer(&self, due_ms: Millis, delivery: &Delivery) -> Result<(), Simple> {
        let name = format!("line#{}#{}", self.flow.id, self.key.hash());
        let body = body_of(self.turn(delivery.clone()));
        self.of().park(&self.flow.destination, due_ms, &name, &body).await.map_err(|error| simple(&error))
    }

    /// A delivery with the line's turn; a number of its own keeps the queue from taking it for one it has had.
    fn turn(&self, delivery: Delivery) -> Delivery {
        let number = u32::try_from(self.app.chance.bits() & u128::from(u32::MAX)).unwrap_or_default();
        Delivery { turn: true, met: number, ..delivery }
    }

    pub(super) async fn halt(&self, sequence: &str) -> Result<(), Simple> {
        self.of().halt(self.at(), sequence).await.map_err(|error| simple(&error))
    }

    pub(super) async fn leave(&self, place: &str) -> Result<(), Simple> {
        self.of().leave_line(self.at(), place).await.map_err(|error| simple(&error))
    }

    /// Of what a delivery died whose grave stands, although it is not remembered yet.
    pub(super) async fn died(&self, delivery: &Delivery) -> Result<Option<String>, Simple> {
        let grave = self.of().grave(self.at(), &delivery.seq).await.map_err(|error| simple(&error))?;
        let Some((body, code)) = grave else { return Ok(None) };
        Ok((opened(&body)?.occ == delivery.occ).then_some(code))
    }

    /// A death at which the line stops until a person has seen it.
    pub(super) async fn dig(&self, delivery: &Delivery, code: &str) -> Result<(), Simple> {
        self.halt(&delivery.seq).await?;
        // Who it was; what it carried is in the dead letter.
        let body = body_of(Delivery { p: String::new(), tries: Vec::new(), ..delivery.clone() });
        self.of().dig(self.at(), &delivery.seq, &body, code).await.map_err(|error| simple(&error))
    }

    /// Out of the line, and remembered: what still speaks of it is not tried again.
    pub(super) async fn remember(&self, delivery: &Delivery, code: &str) -> Result<(), Simple> {
        self.leave(&place_of(delivery)).await?;
        self.of().effect_died(self.at(), delivery.ev.as_str(), delivery.occ.as_str(), code, self.app.expires_s()).await.map_err(|error| simple(&error))
    }

    /// The line goes on after this sequence number: its head gets its turn, or the key is free again.
    pub(super) async fn go_on(&self, ended: &str) -> Result<(), Simple> {
        let head = self.head().await?;
        match (next(head.as_ref().map(store::Line::head), self.app.now()), head) {
            // Refused, somebody has announced itself: its message is on the queue, and sees to itself.
            (Next::Resume, _) => self.of().resume(self.at(), ended).await.map(drop).map_err(|error| simple(&error)),
            (Next::Timer(due_ms), Some(head)) => self.timer(due_ms, &opened(&head.body)?).await,
            (Next::Wake, Some(head)) => {
                let turn = self.turn(opened(&head.body)?);
                self.app.queues.send_all(&[to_delivery_queue(turn, false, 0)]).await.map_err(|error| simple(&error))
            }
            (Next::Person | Next::Timer(_) | Next::Wake, _) => Ok(()),
        }
    }
}

/// Lets the line of a halted key go on; the answer tells whether anybody stood in it. Deaths at its head are left behind.
///
/// # Errors
/// When a table or a queue does not answer; what was begun goes on by itself, and may be asked for again.
pub async fn resume_line(app: &App, tenant: &TenantId, flow: &FlowId, key: &Key) -> Result<bool, Simple> {
    let line = Line { app, tenant: tenant.clone(), flow: app.flow(tenant, flow).await?, key: key.clone() };
    let mut ended = String::new();
    while let Some(head) = line.head().await? {
        if !head.head().is_grave() {
            line.go_on(&ended).await?;
            return Ok(true);
        }
        let dead = opened(&head.body)?;
        // First: cut off behind the next line, the key still goes on.
        line.timer(app.now() + RESUMED_MS, &dead).await?;
        line.leave(&head.place).await?;
        ended = dead.seq;
    }
    line.go_on(&ended).await?;
    Ok(false)
}

/// A timer of a line that rests, and its head with it, fall due at `at_ms` instead: what stood in it goes on then.
///
/// # Errors
/// When a table does not answer; a second time is the same.
pub async fn hasten_line(app: &App, delivery: Delivery, flow: &Flow, at_ms: Millis) -> Result<(), Simple> {
    let Some(key) = Key::new(delivery.key.clone()) else { return Ok(()) };
    let line = Line { app, tenant: delivery.tenant.clone(), flow: flow.clone(), key };
    // First: cut off behind it, the line still goes on.
    line.timer(at_ms, &delivery).await?;
    match line.head().await? {
        Some(head) if head.due_ms > at_ms => line.of().hasten(line.at(), &head, at_ms).await.map_err(|error| simple(&error)),
        _ => Ok(()),
    }
}
