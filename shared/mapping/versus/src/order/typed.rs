//! Orders through typed structs: borrowed texts, raw values for what nobody maps, exact decimals.
//!
//! The best that is reasonable by hand. It knows every field of an order in advance, which a mapping does not.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::shape::{Line, Mapped, MappedCustomer, MappedLine, Order};
use crate::{contender::{Contender, Refusal}, exact::{Exact, Utc}};

/// Orders by typed structs.
pub(super) struct Typed {
    zone: TimeZone,
    warehouses: HashMap<String, String>,
}

impl Typed {
    pub(super) fn new() -> Self {
        Self { zone: TimeZone::get("Europe/Stockholm").expect("the zones travel along"), warehouses: super::warehouses() }
    }
}

impl Contender for Typed {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let order: Order<'_> = serde_json::from_slice(record)?;
        let (customer, address) = (&order.customer, &order.address);
        let total = Exact::of(&order.total)?;
        let mapped = Mapped {
            id: order.id,
            number: &order.order_number,
            status: order.status,
            created: Utc::on_wall("%d/%m/%Y %H:%M", &order.created, &self.zone)?,
            updated_at: Utc::of(&order.updated_at)?,
            item_count: order.item_count.parse()?,
            weight_grams: order.weight_grams.parse()?,
            total,
            shipping: Exact::of(&order.shipping)?,
            currency: order.currency.as_deref().unwrap_or("SEK"),
            channel: order.channel.as_deref().unwrap_or("web"),
            name: format!("{} {}", customer.first, customer.last),
            customer: MappedCustomer { id: customer.id, first: &customer.first, last: &customer.last, email: customer.email.to_lowercase(), phone: customer.phone },
            address_street: address.street,
            address_zip: address.zip,
            address_city: address.city,
            address_region: address.region,
            address_country: address.country,
            warehouse: &order.warehouse,
            warehouse_name: self.warehouses.get(order.warehouse.as_ref()).map(String::as_str),
            large: total.0 > Decimal::ONE_HUNDRED,
            tags: order.tags.split(',').collect(),
            lines: order.lines.iter().filter_map(|line| mapped(line).transpose()).collect::<Result<_, _>>()?,
            note: order.note,
            gateway: order.gateway,
            token: order.token,
            risk: order.risk,
            landing: order.landing,
            client: order.client,
            taxes_included: order.taxes_included,
            cancelled_at: order.cancelled_at,
            attributes: order.attributes,
        };
        Ok(serde_json::to_writer(out, &mapped)?)
    }
}

/// A line with a quantity; nothing for one that was cancelled.
fn mapped<'a>(line: &'a Line<'a>) -> Result<Option<MappedLine<'a>>, Refusal> {
    let qty: i64 = line.qty.parse()?;
    if qty <= 0 {
        return Ok(None);
    }
    Ok(Some(MappedLine { sku: line.sku, name: line.title, qty, price: Exact::of(&line.price)?, tax: line.tax }))
}
