//! Cold start: everything a function needs, built once, nothing connected to before it is used.

use std::{collections::BTreeMap, sync::Arc};

use outbound::Client;
use pipeline::{App, Meter};
use queue::{Name, Queues};
use store::Store;
use vault::Vault;

use crate::{Clients, Settings, Stop, SystemChance, SystemClock, log, shell};

/// The app of this process, from its environment.
///
/// # Errors
/// When a setting cannot be used, or the way out cannot be built.
pub async fn start(name: &'static str) -> Result<Arc<App>, Stop> {
    log::init(name);
    let settings = Settings::from_env()?;
    let clients = Clients::open(&settings).await;
    shell::set_up(name, settings.stage.clone(), clients.counts.clone());
    let clock = Arc::new(SystemClock);
    let exchange = if settings.local { Client::local() } else { Client::guarded() }.map_err(Stop::start)?;
    let vault = Vault::new(clients.kms, settings.key_id.unwrap_or_default(), clock.clone());
    let queues = Queues::new(clients.sqs, urls(settings.queues));
    let store = Store::new(clients.dynamodb, settings.table_prefix);
    let mut app = App::new(store, queues, vault, Arc::new(exchange), clock, Arc::new(SystemChance), settings.public_base_url.unwrap_or_default());
    app.meter = Meter::on(settings.log_sample);
    Ok(Arc::new(app))
}

fn urls(queues: crate::Queues) -> BTreeMap<Name, String> {
    let named = [
        (Name::In, queues.r#in),
        (Name::InStrict, queues.in_strict),
        (Name::Deliver, queues.deliver),
        (Name::DeliverStrict, queues.deliver_strict),
        (Name::Bulk, queues.bulk),
        (Name::JobsPoll, queues.jobs_poll),
        (Name::JobsReconcile, queues.jobs_reconcile),
    ];
    named.into_iter().filter_map(|(name, url)| Some((name, url?))).collect()
}
