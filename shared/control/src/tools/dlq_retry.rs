//! Retries dead letters: one, a cluster, or all of a flow.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::DeadEntry;

use super::{dlq_get::key, dlq_list::open};
use crate::Arguments;

/// Arguments: `id`, or `flowId` (all of it), `force?` (an old value may overwrite a newer one).
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let force = arguments.flag("force")?;
    if arguments.maybe_text("id")?.is_some() {
        let found = pipeline::replay(app, tenant, &key(arguments)?, force).await?;
        return if found { Ok(json!({ "retried": 1 })) } else { Err(Simple::reject("not_found", "there is no such dead letter")) };
    }
    let entries = open(app, tenant, arguments.text("flowId")?, 1000).await?;
    retry(app, tenant, &entries, force).await
}

/// Arguments: `flowId`, `fingerprint`.
pub(crate) async fn cluster(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let fingerprint = arguments.text("fingerprint")?;
    let entries = open(app, tenant, arguments.text("flowId")?, 1000).await?;
    let entries: Vec<_> = entries.into_iter().filter(|entry| entry.fingerprint == fingerprint).collect();
    retry(app, tenant, &entries, false).await
}

async fn retry(app: &App, tenant: &TenantId, entries: &[DeadEntry], force: bool) -> Result<Value, Simple> {
    let mut retried = 0;
    for entry in entries {
        retried += u64::from(pipeline::replay(app, tenant, &entry.key(), force).await?);
    }
    Ok(json!({ "retried": retried }))
}
