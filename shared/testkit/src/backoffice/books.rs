//! What a back office holds: rows, and the history of how they came about. Orders are kept as exact JSON text.

use std::collections::BTreeMap;

use document::{Value, object};
use serde::{Deserialize, Serialize};

use super::BackOffice;

/// Everything a back office holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Books {
    /// By SKU, then by source.
    pub(crate) stock: BTreeMap<String, BTreeMap<String, SourceItem>>,
    /// By increment id.
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) stock_writes: Vec<StockWrite>,
    pub(crate) order_writes: Vec<OrderWrite>,
    /// Answers given, by idempotency key: status and body.
    pub(crate) answered: BTreeMap<String, (u16, String)>,
    /// How many answers were replayed.
    pub(crate) replays: i64,
    /// The number of the last write of any kind.
    pub(crate) last_write: u64,
    pub(crate) last_id: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SourceItem {
    pub(crate) quantity: i64,
    pub(crate) status: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: i64,
    /// JSON text.
    pub(crate) entity: String,
}

/// One row written to stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockWrite {
    /// The place in the order of arrival, over all writes; rows of one request share it.
    pub write: u64,
    /// When it arrived.
    #[serde(default)]
    pub at_ms: i64,
    /// The SKU.
    pub sku: String,
    /// The source.
    pub source: String,
    /// The quantity written.
    pub quantity: i64,
    /// 1 in stock, 0 out of stock.
    pub status: i64,
    /// The key the request carried.
    pub idempotency_key: Option<String>,
}

/// One order written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderWrite {
    /// The place in the order of arrival, over all writes.
    pub write: u64,
    /// The order's number.
    pub number: String,
    /// The method and path.
    pub call: String,
    /// What was sent as the entity, as JSON text.
    pub entity: String,
    /// The key the request carried.
    pub idempotency_key: Option<String>,
}

impl BackOffice {
    /// The quantity at a source; `None` when there is no row.
    #[must_use]
    pub fn stock(&self, sku: &str, source: &str) -> Option<i64> {
        Some(self.books.stock.get(sku)?.get(source)?.quantity)
    }

    /// An order's entity as exact JSON.
    #[must_use]
    pub fn order(&self, number: &str) -> Option<Value> {
        self.books.orders.get(number).map(|order| exact(&order.entity))
    }

    /// The numbers of all orders, sorted.
    #[must_use]
    pub fn order_numbers(&self) -> Vec<String> {
        self.books.orders.keys().cloned().collect()
    }

    /// Every row written for a SKU at a source, in order of arrival.
    #[must_use]
    pub fn stock_writes(&self, sku: &str, source: &str) -> Vec<StockWrite> {
        self.books.stock_writes.iter().filter(|write| write.sku == sku && write.source == source).cloned().collect()
    }

    /// Every row written, in order of arrival.
    #[must_use]
    pub fn all_stock_writes(&self) -> &[StockWrite] {
        &self.books.stock_writes
    }

    /// Every write of an order, in order of arrival.
    #[must_use]
    pub fn order_writes(&self, number: &str) -> Vec<OrderWrite> {
        self.books.order_writes.iter().filter(|write| write.number == number).cloned().collect()
    }

    /// Every write of any order, in order of arrival.
    #[must_use]
    pub fn all_order_writes(&self) -> &[OrderWrite] {
        &self.books.order_writes
    }

    /// How many answers were replayed for a repeated key.
    #[must_use]
    pub fn replays(&self) -> i64 {
        self.books.replays
    }

    /// Puts a row in place without recording a write, as if it had always been there.
    pub fn set_stock(&mut self, sku: &str, source: &str, quantity: i64) {
        let item = SourceItem { quantity, status: i64::from(quantity > 0) };
        self.books.stock.entry(sku.to_owned()).or_default().insert(source.to_owned(), item);
    }

    /// Removes a row without recording a write; false when there was none.
    pub fn remove_stock_record(&mut self, sku: &str, source: &str) -> bool {
        let Some(sources) = self.books.stock.get_mut(sku) else { return false };
        let removed = sources.remove(source).is_some();
        if sources.is_empty() {
            self.books.stock.remove(sku);
        }
        removed
    }

    /// Everything, for a comparison: `stock` per SKU and source, `orders` by number, `stock_writes` per `sku@source`,
    /// `order_writes` by number.
    pub(crate) fn view(&self) -> Value {
        let stock = self.books.stock.iter().map(|(sku, sources)| {
            let sources = sources.iter().map(|(source, item)| (source.clone(), item.quantity.into()));
            (sku.clone(), Value::Object(sources.collect()))
        });
        let orders = self.books.orders.iter().map(|(number, order)| (number.clone(), exact(&order.entity)));
        let mut stock_writes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for write in &self.books.stock_writes {
            stock_writes.entry(format!("{}@{}", write.sku, write.source)).or_default().push(object([
                ("write", Some(number(write.write))),
                ("quantity", Some(write.quantity.into())),
                ("status", Some(write.status.into())),
                ("idempotency_key", write.idempotency_key.as_deref().map(Value::from)),
            ]));
        }
        let mut order_writes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for write in &self.books.order_writes {
            order_writes.entry(write.number.clone()).or_default().push(object([
                ("write", Some(number(write.write))),
                ("call", Some(write.call.as_str().into())),
                ("entity", Some(exact(&write.entity))),
                ("idempotency_key", write.idempotency_key.as_deref().map(Value::from)),
            ]));
        }
        object([
            ("stock", Some(Value::Object(stock.collect()))),
            ("orders", Some(Value::Object(orders.collect()))),
            ("stock_writes", Some(listed(stock_writes))),
            ("order_writes", Some(listed(order_writes))),
            ("replays", Some(self.books.replays.into())),
        ])
    }
}

fn listed(groups: BTreeMap<String, Vec<Value>>) -> Value {
    Value::Object(groups.into_iter().map(|(key, items)| (key, Value::Array(items))).collect())
}

fn number(number: u64) -> Value {
    Value::from(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The value of a text this crate has written itself.
pub(crate) fn exact(text: &str) -> Value {
    document::parse_str(text).expect("kept JSON was parsed before it was kept")
}
