//! Events that are called what their records are not: `order.updated` of an entity that is mapped to stock levels.

use document::token;

use crate::{Connector, EventType, check::{Check, Node}};

pub(super) fn check(cx: &mut Check, root: &Node<'_>, connector: &Connector) {
    for entity in &connector.entities {
        let Some(map) = connector.canonical_maps.iter().find(|map| map.entity == entity.name) else { continue };
        let Some(EventType::Fixed(kind)) = &entity.events.event_type else { continue };
        let Some((word, _)) = kind.split_once('.') else { continue };
        // What a source calls its own things is its own word: its contacts may be customers.
        if word == map.kind.name || word == entity.name || canonical::Kind::of(word).is_none() {
            continue;
        }
        let own = root.value.get("entities").and_then(|entities| entities.get(&entity.name)?.get("eventMapping"));
        let (at, hint) = match own {
            Some(_) => (format!("/entities/{}/eventMapping/eventType", token(&entity.name)), format!("call them `{}.updated`, or correct the `type` of its `canonical_map`", map.kind.name)),
            None => ("/eventMapping/eventType".to_owned(), format!("give `{}` an `eventMapping` of its own, or correct the `type` of its `canonical_map`", entity.name)),
        };
        cx.warning("definition_unknown_value", &at, format!("events of `{}` are called `{kind}`, and its records are mapped to `{}`", entity.name, map.kind.name), hint);
    }
}
