//! The control verbs of a shop.

use document::{Value, object};

use super::goods::FIRST_LOCATION;
use super::{OrderLine, Shop, Webhook};

impl Shop {
    /// Carries out one verb: `set_stock`, `remove_stock_record`, `add_product`, `set_price`, `put_order`,
    /// `cancel_order`, `set_order_status`, `webhook`, `refill`.
    pub(crate) fn carry_out(&mut self, verb: &str, arguments: &Value) -> Result<Value, String> {
        let text = |key: &str| arguments.get(key).and_then(Value::as_str).ok_or_else(|| format!("{key} is missing"));
        let number = |key: &str| arguments.get(key).and_then(Value::as_i64).ok_or_else(|| format!("{key} is missing"));
        let known = match verb {
            "set_stock" => {
                let location_id = arguments.get("location_id").and_then(Value::as_i64).unwrap_or(FIRST_LOCATION);
                self.set_stock_at(text("sku")?, location_id, number("quantity")?, number("at_ms")?);
                true
            }
            "remove_stock_record" => self.remove_stock_record(text("sku")?),
            "add_product" => {
                let (sku, title) = (text("sku")?, text("title")?);
                let id = self.add_product(sku, title, text("price")?, number("at_ms")?);
                return Ok(object([("id", Some(id.into()))]));
            }
            "set_price" => self.set_price(text("sku")?, text("price")?, number("at_ms")?),
            "put_order" => {
                let lines = arguments.get("lines").and_then(Value::items).unwrap_or_default().iter().map(line).collect::<Result<Vec<_>, _>>()?;
                self.put_order(text("number")?, text("total")?, number("at_ms")?, &lines);
                true
            }
            "cancel_order" => self.cancel_order(text("number")?, number("at_ms")?),
            "set_order_status" => self.set_order_status(text("number")?, text("financial")?, arguments.get("fulfillment").and_then(Value::as_str), number("at_ms")?),
            "webhook" => {
                let built = match arguments.get("sku").and_then(Value::as_str) {
                    Some(sku) => self.webhook_for_product(sku),
                    None => self.webhook_for_order(text("number")?),
                };
                return Ok(shown(&built.ok_or("there is no such product or order")?));
            }
            "refill" => {
                self.refill_bucket();
                true
            }
            _ => return Err(format!("{verb} is not a verb of this shop")),
        };
        if known { Ok(object([("done", Some(true.into()))])) } else { Err("there is no such product or order".to_owned()) }
    }
}

fn line(value: &Value) -> Result<OrderLine, String> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let quantity = value.get("quantity").and_then(Value::as_i64).ok_or("a line lacks its quantity")?;
    let price = text("price").ok_or("a line lacks its price")?.to_owned();
    let title = text("title").or(text("sku")).unwrap_or("Custom item").to_owned();
    Ok(OrderLine { sku: text("sku").map(str::to_owned), title, quantity, price })
}

/// A webhook as JSON; the body is text.
fn shown(webhook: &Webhook) -> Value {
    let headers = webhook.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
    object([
        ("topic", Some(webhook.topic.as_str().into())),
        ("headers", Some(Value::Object(headers.collect()))),
        ("body", Some(String::from_utf8_lossy(&webhook.body).into_owned().into())),
    ])
}
