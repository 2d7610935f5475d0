//! What was read from the tables lately: connections, their connectors, and flows, for half a minute.
//!
//! In a burst this makes looking things up free; a change is seen everywhere within thirty seconds.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use canonical::{ConnectionId, FlowId, Millis, TenantId};
use engine::Connector;
use fault::{Fault, Simple};
use mapping::Mapping;
use store::{ApiKey, Connection, ConnectionState, Flow, Hook};
use vault::Sealed;

use crate::{App, connectors::Connectors};

const FRESH_MS: Millis = 30_000;
/// The most one shelf holds: what strangers ask for, which is nothing, is remembered too.
const MOST: usize = 10_000;
/// From here on what is stale is dropped.
const MANY: usize = 32;
/// The most compiled mappings that are kept.
const MOST_MAPPINGS: usize = 256;

type Shelf<K, V> = Mutex<HashMap<K, (Millis, V)>>;

/// A connection with its connector resolved.
pub struct KnownConnection {
    /// The row.
    pub row: Connection<Sealed>,
    /// What it can do.
    pub connector: Connector,
}

/// The memory.
#[derive(Default)]
pub struct Known {
    connections: Shelf<(TenantId, ConnectionId), Arc<KnownConnection>>,
    flows: Shelf<TenantId, Arc<Vec<Flow>>>,
    hooks: Shelf<ConnectionId, Option<Arc<Hook<Sealed>>>>,
    keys: Shelf<String, Option<ApiKey>>,
    /// Compiled mappings by their text: a text never changes what it means.
    mappings: Mutex<HashMap<String, Arc<Mapping>>>,
    pub(crate) connectors: Connectors,
}

impl Known {
    /// Forgets everything: after a change made here, so that it is seen here at once.
    pub fn forget(&self) {
        lock(&self.connections).clear();
        lock(&self.flows).clear();
        lock(&self.hooks).clear();
        lock(&self.keys).clear();
    }

    pub(crate) fn mapping(&self, text: &str) -> Option<Arc<Mapping>> {
        lock(&self.mappings).get(text).cloned()
    }

    pub(crate) fn keep_mapping(&self, text: &str, mapping: &Arc<Mapping>) {
        let mut mappings = lock(&self.mappings);
        if mappings.len() >= MOST_MAPPINGS {
            mappings.clear();
        }
        mappings.insert(text.to_owned(), Arc::clone(mapping));
    }
}

fn lock<K, V>(shelf: &Mutex<HashMap<K, V>>) -> std::sync::MutexGuard<'_, HashMap<K, V>> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

fn fresh<K: std::hash::Hash + Eq, V: Clone>(shelf: &Shelf<K, V>, key: &K, now: Millis) -> Option<V> {
    lock(shelf).get(key).filter(|(read, _)| (0..FRESH_MS).contains(&(now - read))).map(|(_, value)| value.clone())
}

fn remember<K: std::hash::Hash + Eq, V>(shelf: &Shelf<K, V>, key: K, now: Millis, value: V) {
    let mut shelf = lock(shelf);
    if shelf.len() >= MANY {
        // What is stale holds connectors, and those hold tables.
        shelf.retain(|_, (read, _)| (0..FRESH_MS).contains(&(now - *read)));
    }
    if shelf.len() >= MOST {
        shelf.clear();
    }
    shelf.insert(key, (now, value));
}

impl App {
    /// A connection of a tenant, its connector ready.
    ///
    /// # Errors
    /// When there is none, its connector cannot be resolved, or a table does not answer.
    pub async fn connection(&self, tenant: &TenantId, id: &ConnectionId) -> Result<Arc<KnownConnection>, Simple> {
        let key = (tenant.clone(), id.clone());
        if let Some(known) = fresh(&self.known.connections, &key, self.now()) {
            return Ok(known);
        }
        let row: Option<Connection<Sealed>> = self.store.of(tenant).load(id.as_str()).await.map_err(|error| Simple::from_fault(&error))?;
        let row = row.ok_or_else(|| Simple::park("connection_unknown", format!("connection {id} does not exist")))?;
        let connector = self.connector(tenant, id, &row.connector).await?;
        let known = Arc::new(KnownConnection { row, connector });
        remember(&self.known.connections, key, self.now(), Arc::clone(&known));
        Ok(known)
    }

    /// Every flow of a tenant.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn flows(&self, tenant: &TenantId) -> Result<Arc<Vec<Flow>>, Simple> {
        if let Some(flows) = fresh(&self.known.flows, tenant, self.now()) {
            return Ok(flows);
        }
        let flows: Vec<Flow> = self.store.of(tenant).list().await.map_err(|error| Simple::from_fault(&error))?;
        let flows = Arc::new(flows);
        remember(&self.known.flows, tenant.clone(), self.now(), Arc::clone(&flows));
        Ok(flows)
    }

    /// Every flow of a tenant as it is now: for a change that no flow wants, one may just have been made. Reads at most
    /// once a second.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn flows_now(&self, tenant: &TenantId) -> Result<Arc<Vec<Flow>>, Simple> {
        let young = |read: Millis| (0..1_000).contains(&(self.now() - read));
        if !lock(&self.known.flows).get(tenant).is_some_and(|(read, _)| young(*read)) {
            lock(&self.known.flows).remove(tenant);
        }
        self.flows(tenant).await
    }

    /// One flow of a tenant.
    ///
    /// # Errors
    /// When there is none, or the table does not answer.
    pub async fn flow(&self, tenant: &TenantId, id: &FlowId) -> Result<Flow, Simple> {
        let flows = self.flows(tenant).await?;
        flows.iter().find(|flow| flow.id == *id).cloned().ok_or_else(|| Simple::park("flow_unknown", format!("flow {id} does not exist")))
    }

    /// What the webhook door of a connection needs.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn hook(&self, connection: &ConnectionId) -> Result<Option<Arc<Hook<Sealed>>>, Simple> {
        if let Some(hook) = fresh(&self.known.hooks, connection, self.now()) {
            return Ok(hook);
        }
        let hook = self.store.hook(connection).await.map_err(|error| Simple::from_fault(&error))?.map(Arc::new);
        remember(&self.known.hooks, connection.clone(), self.now(), hook.clone());
        Ok(hook)
    }

    /// What an API key (its SHA-256, hex) may do.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn api_key(&self, hash: &str) -> Result<Option<ApiKey>, Simple> {
        if let Some(key) = fresh(&self.known.keys, &hash.to_owned(), self.now()) {
            return Ok(key);
        }
        let key = self.store.api_key(hash).await.map_err(|error| Simple::from_fault(&error))?;
        remember(&self.known.keys, hash.to_owned(), self.now(), key.clone());
        Ok(key)
    }
}

/// A fault as it leaves a room.
pub(crate) fn simple(error: &dyn Fault) -> Simple {
    Simple::from_fault(error)
}

impl App {
    /// Notes that a connection cannot work until a person acts. Work for it is parked meanwhile. Nothing is noted where a
    /// person was faster: it is paused, or was given other values than those that were refused.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn break_connection(&self, tenant: &TenantId, id: &ConnectionId, reason: &'static str) -> Result<(), Simple> {
        let refused = self.connection(tenant, id).await?;
        let broken = |row: &mut Connection<Sealed>| {
            let works = matches!(row.state, ConnectionState::Active | ConnectionState::Shadow);
            let breaks = works && row.sealed == refused.row.sealed;
            if breaks {
                row.state = ConnectionState::Error;
                row.reason = Some(reason.to_owned());
            }
            Ok::<_, Simple>(breaks)
        };
        let changed = Box::pin(self.store.of(tenant).change(id.as_str(), broken)).await.map_err(|error| simple(&error))?;
        self.known.forget();
        changed.transpose().map(drop)
    }
}
