//! The accounting of a flow.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use crate::Arguments;

/// Arguments: `flowId`, `hours?` (24).
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let flow = arguments.flow("flowId")?;
    let hours = i64::try_from(arguments.number("hours", 24, 1..=24 * 30)?).unwrap_or(24);
    app.flow(tenant, &flow).await?;
    let account = pipeline::accounting(app, tenant, &flow, app.clock.now_ms() - hours * 3_600_000).await?;
    let mut shown = json!({ "flowId": flow, "hours": hours, "received": account.received });
    for (outcome, count) in account.ended {
        shown[outcome.word()] = json!(count);
    }
    shown["open"] = json!(account.open.len());
    shown["openOccurrences"] = json!(account.open.iter().take(100).collect::<Vec<_>>());
    shown["balances"] = json!(account.balances());
    Ok(shown)
}
