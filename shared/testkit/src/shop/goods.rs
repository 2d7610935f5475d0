//! What a shop holds. Plain rows that serde can keep; money is text and ids are integers throughout.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Everything a shop holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Goods {
    pub(crate) next_id: i64,
    pub(crate) products: BTreeMap<i64, Product>,
    /// By number, without the `#`.
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) locations: BTreeMap<i64, String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Product {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    /// How often it changed.
    pub(crate) revision: i64,
    pub(crate) variants: Vec<Variant>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Variant {
    pub(crate) id: i64,
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) price: String,
    pub(crate) inventory_item_id: i64,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    /// By location; no row is no data. A variant without rows is not tracked.
    pub(crate) levels: BTreeMap<i64, Level>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Level {
    pub(crate) available: i64,
    pub(crate) updated_ms: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: i64,
    pub(crate) number: String,
    pub(crate) total: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    pub(crate) cancelled_ms: Option<i64>,
    pub(crate) financial: String,
    pub(crate) fulfillment: Option<String>,
    pub(crate) email: String,
    pub(crate) revision: i64,
    pub(crate) lines: Vec<Line>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) id: i64,
    pub(crate) sku: Option<String>,
    pub(crate) title: String,
    pub(crate) quantity: i64,
    pub(crate) price: String,
}

/// The location stock goes to when none is named.
pub(crate) const FIRST_LOCATION: i64 = 655_441_491;

impl Default for Goods {
    fn default() -> Self {
        // Ids begin beyond 2^53, where a float would lose the last digit.
        Self {
            next_id: 9_007_199_254_740_993,
            products: BTreeMap::new(),
            orders: BTreeMap::new(),
            locations: BTreeMap::from([(FIRST_LOCATION, "Main".to_owned())]),
        }
    }
}

impl Goods {
    /// An id nobody has yet.
    pub(crate) fn id(&mut self) -> i64 {
        self.next_id += 2;
        self.next_id - 2
    }

    /// The first product with a variant of this SKU, and the variant's place in it.
    pub(crate) fn find(&self, sku: &str) -> Option<(&Product, &Variant)> {
        self.products.values().find_map(|product| Some((product, product.variants.iter().find(|variant| variant.sku == sku)?)))
    }

    /// Changes the first variant of this SKU and marks it and its product.
    pub(crate) fn change(&mut self, sku: &str, at_ms: i64, change: impl FnOnce(&mut Variant)) -> bool {
        for product in self.products.values_mut() {
            if let Some(variant) = product.variants.iter_mut().find(|variant| variant.sku == sku) {
                change(variant);
                variant.updated_ms = at_ms;
                product.updated_ms = at_ms;
                product.revision += 1;
                return true;
            }
        }
        false
    }
}

impl Variant {
    /// The sum over locations; nothing when there is no row.
    pub(crate) fn quantity(&self) -> Option<i64> {
        (!self.levels.is_empty()).then(|| self.levels.values().map(|level| level.available).sum())
    }
}
