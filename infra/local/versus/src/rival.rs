//! What a good engineer writes by hand in an hour: reqwest and `serde_json::Value`, page after page, ten fields a record.
//!
//! It stops at the first record that is not as expected, as its author would have it.

use std::{error::Error, io::{self, BufWriter, Write as _}};

use jiff::Timestamp;
use reqwest::Client;
use serde_json::{Map, Value};

/// Reads everything, or so many records.
pub async fn run(address: &str, token: &str, limit: Option<u64>) -> Result<(), Box<dyn Error>> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder().build()?;
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    let (mut cursor, mut printed) = (None::<String>, 0);
    loop {
        let mut query = vec![("limit", "100")];
        query.extend(cursor.as_deref().map(|cursor| ("after", cursor)));
        let body = client.get(format!("{address}/orders")).query(&query).bearer_auth(token).send().await?.error_for_status()?.bytes().await?;
        let page: Value = serde_json::from_slice(&body)?;
        for record in page["data"].as_array().ok_or("no records")? {
            serde_json::to_writer(&mut out, &order(record)?)?;
            out.write_all(b"\n")?;
            printed += 1;
            if limit == Some(printed) {
                return Ok(out.flush()?);
            }
        }
        out.flush()?;
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return Ok(()),
        }
    }
}

fn order(record: &Value) -> Result<Value, Box<dyn Error>> {
    let mut order = Map::new();
    order.insert("orderId".to_owned(), record["order_number"].as_str().ok_or("no order number")?.into());
    order.insert("externalId".to_owned(), record["id"].to_string().into());
    let status = match record["status"].as_str().ok_or("no status")? {
        "paid" => "paid",
        "pending" => "open",
        "refunded" => "refunded",
        "partially_paid" => "partially_paid",
        other => return Err(format!("an unknown status: {other}").into()),
    };
    order.insert("status".to_owned(), status.into());
    order.insert("currency".to_owned(), record["currency"].clone());
    order.insert("totalAmount".to_owned(), number(&record["total"])?);
    order.insert("shippingAmount".to_owned(), number(&record["shipping"])?);
    let mut customer = Map::new();
    customer.insert("email".to_owned(), record["customer"]["email"].clone());
    order.insert("customer".to_owned(), customer.into());
    let mut address = Map::new();
    address.insert("postalCode".to_owned(), record["address"]["zip"].clone());
    order.insert("shippingAddress".to_owned(), address.into());
    let updated: Timestamp = record["updated_at"].as_str().ok_or("no time")?.parse()?;
    order.insert("updatedAt".to_owned(), updated.to_string().into());
    let lines: Result<Vec<Value>, Box<dyn Error>> = record["lines"].as_array().ok_or("no lines")?.iter().map(line).collect();
    order.insert("lineItems".to_owned(), lines?.into());
    Ok(order.into())
}

fn line(line: &Value) -> Result<Value, Box<dyn Error>> {
    let mut made = Map::new();
    made.insert("sku".to_owned(), line["sku"].clone());
    made.insert("quantity".to_owned(), line["qty"].as_str().ok_or("no quantity")?.parse::<i64>()?.into());
    made.insert("price".to_owned(), number(&line["price"])?);
    Ok(made.into())
}

/// A decimal that comes as text; a float, so digits beyond seventeen are lost.
fn number(value: &Value) -> Result<Value, Box<dyn Error>> {
    Ok(value.as_str().ok_or("no amount")?.parse::<f64>()?.into())
}
