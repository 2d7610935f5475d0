//! Packing: many changes into few messages.

use crate::{Envelope, Item};

/// What SQS bills as one request.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// Splits an envelope's items into envelopes of at most 64 KB; an item above that travels alone. Ids and indexes stay.
#[must_use]
pub fn pack(envelope: Envelope) -> Vec<Envelope> {
    let Envelope { id, tenant, conn, acc, hop, flow, items } = envelope;
    let with = |items| Envelope { id: id.clone(), tenant: tenant.clone(), conn: conn.clone(), acc, hop, flow: flow.clone(), items };
    let mut packed = Vec::new();
    let mut open: Vec<Item> = Vec::new();
    let mut size = 0;
    for item in items {
        let weight = weight(&item);
        if !open.is_empty() && size + weight > CHUNK_BYTES - 512 {
            packed.push(with(std::mem::take(&mut open)));
            size = 0;
        }
        size += weight;
        open.push(item);
    }
    if !open.is_empty() {
        packed.push(with(open));
    }
    packed
}

/// An upper bound of the bytes an item takes inside a body: every quote and backslash of the payload is escaped, and so are
/// the two characters SQS refuses, which begin with 0xEF.
fn weight(item: &Item) -> usize {
    let escaped = |text: &str| text.len() + text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | 0xef) || *byte < 0x20).count() * 5;
    160 + item.ev.as_str().len() + escaped(&item.ty) + escaped(&item.ent) + escaped(&item.x) + text_weight(&item.p)
}

fn text_weight(text: &str) -> usize {
    text.bytes().map(|byte| match byte {
        b'"' | b'\\' => 2,
        0xef => 4,
        _ => 1,
    }).sum()
}

#[cfg(test)]
mod tests {
    use canonical::{ConnectionId, EnvelopeId, EventId, TenantId};
    use proptest::prelude::*;

    use super::*;
    use crate::Message;

    proptest! {
        #[test]
        fn packing_keeps_every_item_in_order_and_every_message_within_a_chunk(sizes in proptest::collection::vec(0..20_000_usize, 1..30)) {
            let items: Vec<_> = sizes.iter().enumerate().map(|(i, size)| Item {
                i: u32::try_from(i).unwrap(), ev: EventId::parse("evt_1").unwrap(), ty: "t".into(), ent: "e".into(), x: "x".into(), at: Some(1), named: false, refused: None, p: "\"".repeat(*size),
            }).collect();
            let envelope = Envelope { id: EnvelopeId::parse("env").unwrap(), tenant: TenantId::parse("t").unwrap(), conn: ConnectionId::parse("c").unwrap(), acc: 1, hop: 0, flow: None, items };
            let packed = pack(envelope.clone());
            prop_assert!(packed.iter().all(|one| Message::Changes(one.clone()).body().len() <= CHUNK_BYTES));
            let all: Vec<_> = packed.into_iter().flat_map(|one| one.items).collect();
            prop_assert_eq!(all, envelope.items);
        }
    }
}
