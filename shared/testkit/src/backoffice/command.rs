//! The control verbs of a back office.

use document::{Value, object};

use super::BackOffice;

impl BackOffice {
    /// Carries out one verb: `set_stock`, `remove_stock_record`, `put_order`, `idempotency`. None of them counts as a
    /// write in the history.
    pub(crate) fn carry_out(&mut self, verb: &str, arguments: &Value) -> Result<Value, String> {
        let text = |key: &str| arguments.get(key).and_then(Value::as_str).ok_or_else(|| format!("{key} is missing"));
        let source = arguments.get("source_code").and_then(Value::as_str).unwrap_or("default");
        match verb {
            "set_stock" => {
                let quantity = arguments.get("quantity").and_then(Value::as_i64).ok_or("quantity is missing")?;
                self.set_stock(text("sku")?, source, quantity);
            }
            "remove_stock_record" => {
                if !self.remove_stock_record(text("sku")?, source) {
                    return Err("there is no such row".to_owned());
                }
            }
            "put_order" => {
                let entity = arguments.get("entity").filter(|entity| entity.entries().is_some()).ok_or("entity is missing")?;
                self.put_order(text("number")?, entity);
            }
            "idempotency" => self.options.honours_idempotency_key = arguments.get("on").and_then(Value::as_bool).ok_or("on is missing")?,
            _ => return Err(format!("{verb} is not a verb of this back office")),
        }
        Ok(object([("done", Some(true.into()))]))
    }
}
