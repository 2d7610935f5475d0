//! Source items: listed, written absolutely per SKU and source, all rows of a request or none.

use document::{Value, object};

use super::BackOffice;
use super::answers::{refused, wrapped};
use super::books::{SourceItem, StockWrite};
use crate::{Answer, Request};

/// One row understood.
struct Row {
    sku: String,
    source: String,
    quantity: i64,
    status: i64,
}

impl BackOffice {
    /// Every row as the list gives it.
    pub(crate) fn source_items(&self) -> Vec<Value> {
        let rows = self.books.stock.iter().flat_map(|(sku, sources)| sources.iter().map(move |(source, item)| (sku, source, item)));
        rows.map(|(sku, source, item)| {
            object([
                ("sku", Some(sku.as_str().into())),
                ("source_code", Some(source.as_str().into())),
                ("quantity", Some(item.quantity.into())),
                ("status", Some(item.status.into())),
            ])
        })
        .collect()
    }

    /// `POST inventory/source-items`.
    pub(crate) fn write_source_items(&mut self, request: &Request) -> Answer {
        let rows = match self.rows(request) {
            Ok(rows) => rows,
            Err(answer) => return answer,
        };
        self.books.last_write += 1;
        let at_ms = self.options.clock.now_ms();
        for row in rows {
            self.books.stock_writes.push(StockWrite {
                write: self.books.last_write,
                at_ms,
                sku: row.sku.clone(),
                source: row.source.clone(),
                quantity: row.quantity,
                status: row.status,
                idempotency_key: request.header("idempotency-key").map(str::to_owned),
            });
            self.books.stock.entry(row.sku).or_default().insert(row.source, SourceItem { quantity: row.quantity, status: row.status });
        }
        Answer::json(200, &Value::Array(Vec::new()))
    }

    /// `POST inventory/source-items-delete`.
    pub(crate) fn delete_source_items(&mut self, request: &Request) -> Answer {
        let items = match wrapped(request, "sourceItems") {
            Ok(items) => items,
            Err(answer) => return answer,
        };
        for item in items.items().unwrap_or_default() {
            if let (Some(sku), Some(source)) = (item.get("sku").and_then(Value::as_str), item.get("source_code").and_then(Value::as_str)) {
                self.remove_stock_record(sku, source);
            }
        }
        Answer::json(200, &Value::Array(Vec::new()))
    }

    /// The rows of a request, or the 400 that refuses all of them.
    fn rows(&self, request: &Request) -> Result<Vec<Row>, Answer> {
        let wrapped = wrapped(request, "sourceItems")?;
        let items = wrapped.items().filter(|items| !items.is_empty()).ok_or_else(|| refused(400, "input data is empty", None))?;
        if let Some(most) = self.options.max_source_items.filter(|most| items.len() > *most) {
            return Err(refused(400, "at most %1 items are allowed", Some(Value::Array(vec![i64::try_from(most).unwrap_or(i64::MAX).into()]))));
        }
        let mut faults = Vec::new();
        let rows: Vec<Row> = items.iter().filter_map(|item| read(item, &mut faults)).collect();
        if !faults.is_empty() {
            return Err(Answer::json(400, &object([("message", Some("validation failed".into())), ("errors", Some(Value::Array(faults)))])));
        }
        for row in &rows {
            let unknown_sku = self.options.skus.as_ref().is_some_and(|skus| !skus.contains(&row.sku));
            if unknown_sku || !self.options.sources.contains(&row.source) {
                return Err(refused(400, "could not save the source item", None));
            }
        }
        Ok(rows)
    }
}

/// Reads one row; each thing wrong with it is added to the faults.
fn read(item: &Value, faults: &mut Vec<Value>) -> Option<Row> {
    let before = faults.len();
    let mut fault = |message: &str, field: &str| faults.push(object([("message", Some(message.into())), ("parameters", Some(object([("field", Some(field.into()))])))]));
    let mut text = |field: &str| {
        let value = item.get(field).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        if value.is_none() {
            fault("%field is empty", field);
        }
        value.map(str::to_owned)
    };
    let (sku, source) = (text("sku"), text("source_code"));
    let quantity = item.get("quantity").and_then(whole);
    if quantity.is_none() {
        fault("%field is not a number", "quantity");
    }
    let status = match item.get("status") {
        None => Some(1),
        Some(given) => given.plain().and_then(|text| text.parse().ok()),
    };
    match status {
        None => fault("%field is not a number", "status"),
        Some(0 | 1) => {}
        Some(_) => fault("%field is not a known value", "status"),
    }
    if faults.len() > before {
        return None;
    }
    Some(Row { sku: sku?, source: source?, quantity: quantity?, status: status? })
}

/// A whole number, as a number or numeric text; this sample counts in whole pieces.
fn whole(value: &Value) -> Option<i64> {
    let text = value.plain()?;
    let (digits, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if fraction.bytes().any(|digit| digit != b'0') { None } else { digits.parse().ok() }
}
