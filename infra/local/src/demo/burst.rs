//! The bill of a burst: AWS requests and capacity units per event, counted by us, by service and operation.

use std::{collections::BTreeMap, sync::Arc};

use comfy_table::{Table, presets};
use pullpush::{Error, World, world::BACKOFFICE};

use crate::say::say;

/// Sends so many webhooks at once, lets the chain drain, and prints what it took.
pub(crate) async fn run(count: u32) -> Result<(), Error> {
    // The sample's own rate limit would spread the burst over minutes; here the chain is what is measured.
    let unhurried = BACKOFFICE.replace(r#""requests_per_second": 10"#, r#""requests_per_second": 1000000"#);
    let world = Box::pin(World::with(Arc::new(runtime::SystemChance), &unhurried)).await?;
    let warm = send(&world, 0..1).await?;
    world.drain().await?;
    let before = (world.chain.counts(), world.chain.app().store.units().halves());
    let sent = send(&world, 1..count + 1).await?;
    world.drain().await?;
    let after = (world.chain.counts(), world.chain.app().store.units().halves());
    let account = world.account("stock").await?;
    say!("{sent} webhooks at once, after {warm} to warm up; applied {}, open {}\n", account["applied"], account["open"]);
    let calls = difference(&after.0, &before.0);
    let units = difference(&after.1, &before.1);
    print_calls(&calls, sent);
    print_units(&units, sent);
    let applied = account["applied"].as_u64().unwrap_or_default();
    let whole = account["balances"] == serde_json::Value::Bool(true) && applied == u64::from(sent + warm);
    if whole { Ok(()) } else { Err(Error::Refused { code: "internal", reason: "not every event was applied".into() }) }
}

async fn send(world: &World, range: std::ops::Range<u32>) -> Result<u32, Error> {
    let mut sent = 0;
    for index in range {
        let sku = format!("SKU-{index:05}");
        world.shop.shop().set_stock(&sku, i64::from(index % 90), world.now());
        let webhook = world.shop.shop().webhook_for_product(&sku).ok_or_else(|| Error::Outbound("the shop knows no such product".into()))?;
        let answer = world.webhook(&webhook).await;
        if answer.status != 200 {
            return Err(Error::Outbound(format!("a webhook was answered {}: {}", answer.status, answer.body)));
        }
        sent += 1;
    }
    Ok(sent)
}

fn difference(after: &BTreeMap<String, u64>, before: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let more = |(name, count): (&String, &u64)| (name.clone(), count - before.get(name).copied().unwrap_or(0));
    after.iter().map(more).filter(|(_, count)| *count > 0).collect()
}

/// Thousandths as a decimal: exact, and printed alike everywhere.
fn per_event(count: u64, events: u32) -> String {
    let thousandths = count * 1000 / u64::from(events.max(1));
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

fn print_calls(calls: &BTreeMap<String, u64>, events: u32) {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_header(["AWS request", "count", "per event"]);
    for (name, count) in calls {
        table.add_row([name.clone(), count.to_string(), per_event(*count, events)]);
    }
    let total: u64 = calls.values().sum();
    let kms: u64 = calls.iter().filter(|(name, _)| name.starts_with("KMS.")).map(|(_, count)| count).sum();
    table.add_row(["all".to_owned(), total.to_string(), per_event(total, events)]);
    table.add_row(["of these KMS".to_owned(), kms.to_string(), per_event(kms, events)]);
    say!("{table}\n");
}

fn print_units(halves: &BTreeMap<String, u64>, events: u32) {
    let writes = |name: &str| !(name.ends_with(".get") || name.ends_with(".query"));
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_header(["capacity", "units", "per event", ""]);
    let mut total = 0;
    for (name, count) in halves {
        let kind = if writes(name) { "write" } else { "read" };
        total += if writes(name) { *count } else { 0 };
        table.add_row([name.clone(), per_event(*count, 2), per_event(*count, events * 2), kind.to_owned()]);
    }
    table.add_row(["all writes".to_owned(), per_event(total, 2), per_event(total, events * 2), String::new()]);
    say!("{table}");
}
