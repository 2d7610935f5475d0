//! Orders through `serde_json::Value`, changed by hand.
//!
//! Decimals become floats, because the tree holds no others; that is what a program written this way does.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::{contender::{Contender, Refusal}, exact::Utc, tree::{moved, part, put_float, put_integer, text}};

/// Orders by a tree.
pub(super) struct Tree {
    zone: TimeZone,
    warehouses: HashMap<String, String>,
}

impl Tree {
    pub(super) fn new() -> Self {
        Self { zone: TimeZone::get("Europe/Stockholm").expect("the zones travel along"), warehouses: super::warehouses() }
    }

    fn map(&self, order: &mut Map<String, Value>) -> Result<(), Refusal> {
        moved(order, "order_number", "number");
        put_integer(order, "item_count")?;
        put_integer(order, "weight_grams")?;
        let total = put_float(order, "total")?;
        put_float(order, "shipping")?;
        let created = Utc::on_wall("%d/%m/%Y %H:%M", text(order, "created")?, &self.zone)?;
        order.insert("created".into(), created.0.to_string().into());
        let updated = Utc::of(text(order, "updated_at")?)?;
        order.insert("updated_at".into(), updated.0.to_string().into());
        order.entry("currency").or_insert_with(|| "SEK".into());
        order.entry("channel").or_insert_with(|| "web".into());
        let customer = part(order, "customer")?;
        let name = format!("{} {}", text(customer, "first")?, text(customer, "last")?);
        let email = text(customer, "email")?.to_lowercase();
        customer.insert("email".into(), email.into());
        order.insert("name".into(), name.into());
        if let Some(found) = self.warehouses.get(text(order, "warehouse")?) {
            order.insert("warehouse_name".into(), found.as_str().into());
        }
        if let Some(Value::Object(address)) = order.swap_remove("address") {
            order.extend(address.into_iter().map(|(key, value)| (format!("address_{key}"), value)));
        }
        order.insert("large".into(), (total > 100.0).into());
        let tags = text(order, "tags")?.split(',').map(Value::from).collect::<Vec<_>>();
        order.insert("tags".into(), tags.into());
        lines(order)
    }
}

impl Contender for Tree {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut value: Value = serde_json::from_slice(record)?;
        self.map(value.as_object_mut().ok_or("an order is an object")?)?;
        Ok(serde_json::to_writer(out, &value)?)
    }
}

/// Casts and renames in every line, and drops those without a quantity.
fn lines(order: &mut Map<String, Value>) -> Result<(), Refusal> {
    let lines = order.get_mut("lines").and_then(Value::as_array_mut).ok_or("an order has lines")?;
    for line in lines.iter_mut().filter_map(Value::as_object_mut) {
        put_integer(line, "qty")?;
        put_float(line, "price")?;
        moved(line, "title", "name");
    }
    lines.retain(|line| line["qty"].as_i64() > Some(0));
    Ok(())
}
