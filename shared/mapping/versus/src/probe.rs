//! What becomes of numbers that no float holds: the price of speed is not to be paid in digits.
//!
//! The workloads hold only numbers on which everyone can agree. These do not; the table says what each contender makes of them.

use std::collections::HashMap;

use serde_json::value::RawValue;

use crate::{contender::{Contender, Workload}, floor, records::Records, same};

/// A field, its text in order number zero with and without quotes, and what is meant.
const CASES: [(&str, &str, &str); 6] = [
    ("risk", "19.990", "`19.990`, not mapped"),
    ("risk", "12345678901234567890123", "an integer of 23 digits, not mapped"),
    ("risk", "0.1234567890123456789", "a decimal of 19 digits, not mapped"),
    ("risk", "1E400", "`1E400`, not mapped"),
    ("total", "19.990", "`\"19.990\"`, cast to a decimal"),
    ("total", "12345678901234567.89", "`\"12345678901234567.89\"`, cast to a decimal"),
];

/// Prints what each contender makes of each case.
///
/// # Panics
/// Order number zero is no JSON, which it is.
pub fn table(orders: &Workload) {
    println!("## Numbers that no float holds\n\nThe workloads above hold only numbers on which all agree: their outputs were compared by value, digit for digit.\n");
    println!("| |{}", orders.entries.iter().map(|entry| format!(" {} |", entry.name)).collect::<String>());
    println!("|---|{}", "---|".repeat(orders.entries.len()));
    let records = Records::make(1, orders.make);
    let order = records.iter().next().expect("one was made");
    for (field, number, says) in CASES {
        let cells = orders.entries.iter().map(|entry| {
            let cast = field == "total" && entry.name != floor::NAME;
            if field == "total" && !cast { " – |".to_owned() } else { format!(" {} |", outcome(&mut *(entry.prepare)(), &with(order, field, number), field, number)) }
        });
        println!("| {says} |{}", cells.collect::<String>());
    }
    println!();
}

/// The order with another value in a field; quotes stay where they were.
fn with(order: &[u8], field: &str, number: &str) -> Vec<u8> {
    let fields: HashMap<&str, &RawValue> = serde_json::from_slice(order).expect("an order is JSON");
    let old = fields[field].get();
    let new = if old.starts_with('"') { format!("\"{number}\"") } else { number.to_owned() };
    String::from_utf8_lossy(order).replacen(&format!("\"{field}\":{old}"), &format!("\"{field}\":{new}"), 1).into_bytes()
}

fn outcome(contender: &mut dyn Contender, order: &[u8], field: &str, number: &str) -> String {
    let mut out = Vec::new();
    if contender.run(order, &mut out).is_err() {
        return "refused".into();
    }
    let Ok(fields) = serde_json::from_slice::<HashMap<String, &RawValue>>(&out) else { return "no JSON".into() };
    match fields.get(field).map(|value| value.get()) {
        None => "lost".into(),
        Some(text) if text == number => "kept".into(),
        Some(text) if matches!(same::difference(text, number), Ok(None)) => format!("`{text}`"),
        Some(text) => format!("**changed** to `{text}`"),
    }
}
