//! The slot protocol twice: the conditional writes of the table against the model in memory, over every combination of
//! slot and question.

use canonical::{FlowId, Key, Millis, Version};
use protocol::slot::{self, Acquired, Ask, Held, Limits, Marks, Purpose, Slot, Write};
use pullpush::World;
use store::{SlotKey, Tenant};

use crate::Counting;

const NOW: Millis = 1_769_850_000_000;
const ME: &str = "me";
const PURPOSES: [Purpose; 4] = [Purpose::Deliver, Purpose::Verify, Purpose::Repair, Purpose::Force];

fn version(ms: Millis) -> Version {
    Version::of(0, Some(ms), Some(1), NOW)
}

/// Every slot a handler could have left, told apart by what the conditions look at, up to the exact millisecond.
fn slots() -> Vec<Slot> {
    let mut slots = vec![Slot::default()];
    for applied in [None, Some(NOW - 2), Some(NOW - 1), Some(NOW)] {
        for (owner, lease_until) in [(None, 0), (Some("other"), NOW + 1), (Some("other"), NOW), (Some("other"), NOW - 1), (Some(ME), NOW + 40_000), (Some(ME), NOW - 1), (Some("other#occ_1"), NOW - 1)] {
            for dirty_until in [0, NOW - 1, NOW, NOW + 1_000] {
                let applied = applied.map(version);
                // The same hash and occurrence where the question's own version is applied, and a failed attempt of it
                // where an older one is.
                let same = applied == Some(version(NOW - 1));
                let failed = applied == Some(version(NOW - 2));
                slots.push(Slot {
                    applied_hash: applied.is_some().then(|| if dirty_until == 0 { "aa" } else { "bb" }.into()),
                    occurrence: applied.is_some().then(|| if same && owner.is_none() { "occ_1" } else { "occ_0" }.into()),
                    applied,
                    fence: 7,
                    owner: owner.map(str::to_owned),
                    lease_until,
                    dirty_until,
                    attempts: if failed { 2 } else { 0 },
                    attempts_of: failed.then(|| version(NOW - 1)),
                    recent: Marks::default(),
                });
            }
        }
    }
    let remembered = |slot: &Slot| {
        let marks = [MARK, ",00000000000b"].map(|mark| Marks::default().with(",00000000000a").with(mark));
        marks.map(|recent| Slot { recent, ..slot.clone() })
    };
    // What is remembered matters to what has been applied, whether or not it is dirty.
    let marked: Vec<_> = slots.iter().filter(|slot| slot.applied.is_some() && slot.dirty_until == 0).flat_map(remembered).collect();
    slots.extend(marked);
    slots
}

const MARK: &str = ",0123456789ab";

const WRITES: [Write; 4] = [
    Write::Commit { dirty_until: 0 },
    Write::Commit { dirty_until: NOW + 300_000 },
    Write::Release { dirty_until: 0, attempts: 1 },
    Write::Release { dirty_until: NOW + 300_000, attempts: 3 },
];

/// A key nothing else uses: a slot that does not exist has to be one that never did.
struct Fresh(u32);

impl Fresh {
    fn key(&mut self) -> Key {
        self.0 += 1;
        Key::new(format!("SKU-{}", self.0)).unwrap()
    }
}

/// Puts the slot, asks the table, and answers with both slots beside each other.
async fn asked(tenant: &Tenant<'_>, at: SlotKey<'_>, before: &Slot, ask: &Ask<'_>) -> (Acquired, Slot) {
    if *before != Slot::default() {
        tenant.put_slot(at, before).await.unwrap();
    }
    let limits = Limits::default();
    let mut model = before.clone();
    let expected = slot::acquire(&mut model, ask, NOW, &limits);
    let answered = tenant.acquire(at, ask, NOW, &limits).await.unwrap();
    assert_eq!(answered, expected, "{ask:?} of {before:?}");
    assert_eq!(tenant.slot(at).await.unwrap(), model, "after {ask:?} of {before:?}");
    (answered, model)
}

async fn ended(tenant: &Tenant<'_>, at: SlotKey<'_>, mut model: Slot, ask: &Ask<'_>, held: &Held, write: &Write) {
    // A worker whose lease was taken over changes nothing.
    let late = Held { fence: held.fence - 1, ..held.clone() };
    assert!(!slot::apply(&mut model, ask, &late, write));
    assert!(tenant.end_lease(at, ask, &late, write).await.unwrap().is_err(), "a passed fence holds: {write:?}");
    assert_eq!(tenant.slot(at).await.unwrap(), model, "a late {write:?} left a trace");
    assert!(slot::apply(&mut model, ask, held, write));
    assert!(tenant.end_lease(at, ask, held, write).await.unwrap().is_ok());
    assert_eq!(tenant.slot(at).await.unwrap(), model, "after {write:?} of {ask:?}");
}

#[tokio::test]
async fn the_table_accepts_what_the_decision_accepts() {
    let world = Box::pin(World::start(Counting::new())).await.unwrap();
    let store = world.chain.app().store.clone();
    let tenant = store.of(&world.tenant);
    let flow = FlowId::parse("stock").unwrap();
    let wanted = version(NOW - 1);
    let mut fresh = Fresh(0);
    let (mut combinations, mut leases) = (0, 0);
    for before in slots() {
        for (purpose, mark) in PURPOSES.map(|purpose| (purpose, None)).into_iter().chain([(Purpose::Deliver, Some(MARK)), (Purpose::Repair, Some(MARK))]) {
            let ask = Ask { me: ME, version: &wanted, purpose, occurrence: "occ_1", body_hash: "aa", mark };
            combinations += 1;
            for write in &WRITES {
                let key = fresh.key();
                let at = SlotKey { flow: &flow, key: &key };
                let (answered, model) = asked(&tenant, at, &before, &ask).await;
                let Acquired::Held(held) = answered else { break };
                leases += 1;
                ended(&tenant, at, model, &ask, &held, write).await;
            }
        }
    }
    assert_eq!(combinations, (113 + 21 * 2) * 6);
    assert!(leases > 400, "{leases} leases are too few to prove anything");
}
