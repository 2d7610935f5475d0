//! Retries dead letters: one, a cluster, or all of a flow, as many as one call can finish.
//!
//! A letter that cannot go holds up no other: it stays, and the answer names it with what is wrong.

use canonical::{Millis, TenantId};
use fault::{Disposition, Simple};
use pipeline::App;
use serde_json::{Value, json};

use store::DeadEntry;

use super::{dlq_get::{id, key}, dlq_list::{MOST, open}};
use crate::Arguments;

/// The most one call retries, and the longest it goes on: its function has half a minute.
const AT_ONCE: usize = 200;
const LONGEST_MS: Millis = 20_000;
/// So many failures of ours in a row are no matter of the letters.
const OURS_IN_A_ROW: u32 = 3;

/// Arguments: `id`, or `flowId` (all of it), `force?` (an old value may overwrite a newer one).
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let force = arguments.flag("force")?;
    if arguments.maybe_text("id")?.is_some() {
        let found = pipeline::replay(app, tenant, &key(arguments)?, force).await?;
        return if found { Ok(json!({ "retried": 1, "failed": [], "left": 0 })) } else { Err(Simple::reject("not_found", "there is no such dead letter")) };
    }
    let entries = open(app, tenant, arguments.text("flowId")?, MOST).await?;
    retry(app, tenant, &entries, force).await
}

/// Arguments: `flowId`, `fingerprint`.
pub(crate) async fn cluster(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    retry(app, tenant, &of_cause(app, tenant, arguments).await?, false).await
}

/// The open dead letters of one cause.
pub(crate) async fn of_cause(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Vec<DeadEntry>, Simple> {
    let fingerprint = arguments.text("fingerprint")?;
    let mut entries = open(app, tenant, arguments.text("flowId")?, MOST).await?;
    entries.retain(|entry| entry.fingerprint == fingerprint);
    Ok(entries)
}

/// `left` are those of the letters at hand that were not tried: another call goes on with them.
async fn retry(app: &App, tenant: &TenantId, entries: &[DeadEntry], force: bool) -> Result<Value, Simple> {
    let until = app.clock.now_ms() + LONGEST_MS;
    let (mut retried, mut tried, mut ours, mut failed) = (0, 0, 0, Vec::new());
    for entry in entries {
        if retried == AT_ONCE || ours == OURS_IN_A_ROW || app.clock.now_ms() >= until {
            break;
        }
        tried += 1;
        match pipeline::replay(app, tenant, &entry.key(), force).await {
            Ok(found) => {
                retried += usize::from(found);
                ours = 0;
            }
            Err(fault) => {
                ours = if matches!(fault.disposition, Disposition::Retry { .. }) { ours + 1 } else { 0 };
                if retried == 0 && (ours == OURS_IN_A_ROW || (ours > 0 && tried == entries.len())) {
                    return Err(fault);
                }
                failed.push(json!({ "id": id(&entry.key()), "code": fault.code, "message": fault.message }));
            }
        }
    }
    Ok(json!({ "retried": retried, "failed": failed, "left": entries.len() - tried }))
}
