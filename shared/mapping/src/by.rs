//! The values that make two things the same: `by`. Read and compared here for every operation that asks.

use document::{Arena, Hash128, Item, authored::Node, hash_item};

use crate::{field::Field, plan::present, reader::Reader};

/// Places whose values are compared, together.
#[derive(Debug)]
pub(crate) struct By(pub(crate) Box<[Field]>);

impl By {
    /// Reads a field or a list of fields.
    pub(crate) fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Self> {
        if node.value.as_str().is_some() {
            return Some(Self(Box::new([cx.field(node)?])));
        }
        let nodes = node.items(cx)?;
        if nodes.is_empty() {
            return node.wrong(cx, "a list of at least one field");
        }
        let fields: Vec<_> = nodes.iter().map(|node| cx.field(node)).collect();
        fields.into_iter().collect::<Option<Box<[Field]>>>().map(Self)
    }

    /// A hash of the values, equal where they are: `1` and `1.0` are, absent and null are not.
    pub(crate) fn hash<'a>(&self, arena: &'a Arena, find: impl Fn(&Field) -> Option<Item<'a>>) -> Hash128 {
        if let [field] = &*self.0 {
            return match find(field) {
                Some(item) => hash_item(Item::List(&[item])),
                None => hash_item(Item::List(&[])),
            };
        }
        let values = arena.bump().alloc_slice_fill_iter(self.0.iter().map(|field| Item::List(match find(field) {
            Some(item) => arena.bump().alloc_slice_copy(&[item]),
            None => &[],
        })));
        hash_item(Item::List(values))
    }

    /// The same, but nothing where every value is absent or null: nothing is known then that could be the same.
    pub(crate) fn known<'a>(&self, arena: &'a Arena, find: impl Fn(&Field) -> Option<Item<'a>>) -> Option<Hash128> {
        self.0.iter().any(|field| present(find(field)).is_some()).then(|| self.hash(arena, find))
    }
}
