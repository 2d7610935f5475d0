//! Connectors of connections, compiled once: as long as a definition says the same, what its connector has learnt, such as
//! tables it looked up and sessions, stays good for as long as it says itself.

use std::{collections::HashMap, sync::{Mutex, PoisonError}};

use canonical::{ConnectionId, TenantId};
use document::{Hash128, hash_bytes};
use engine::Connector;
use fault::Simple;
use store::{Definition, DefinitionState};

use crate::{App, known::simple};

/// The most that are kept; each may hold tables.
const MOST: usize = 64;

/// Compiled connectors by connection, each with the text it was made of. Connections share none: what was looked up with
/// one account is nothing another may see.
#[derive(Default)]
pub(crate) struct Connectors(Mutex<HashMap<(TenantId, ConnectionId), (Hash128, Connector)>>);

impl Connectors {
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn made_of(&self, key: &(TenantId, ConnectionId), text: &Hash128) -> Option<Connector> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).filter(|(known, _)| known == text).map(|(_, connector)| connector.clone())
    }

    fn keep(&self, key: (TenantId, ConnectionId), text: Hash128, connector: &Connector) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, (text, connector.clone()));
    }
}

impl App {
    /// The connector of a connection, by its name: one of ours, or a definition of the tenant.
    pub(crate) async fn connector(&self, tenant: &TenantId, connection: &ConnectionId, name: &str) -> Result<Connector, Simple> {
        if let Some(connector) = self.registry.resolve(name) {
            return Ok(connector);
        }
        let definition: Option<Definition> = self.store.of(tenant).load(name).await.map_err(|error| simple(&error))?;
        let definition = definition.filter(|definition| definition.state == DefinitionState::Active);
        let definition = definition.ok_or_else(|| Simple::park("connector_unknown", format!("no active connector is named {name}")))?;
        let (key, text) = ((tenant.clone(), connection.clone()), hash_bytes(definition.text.as_bytes()));
        if let Some(connector) = self.known.connectors.made_of(&key, &text) {
            return Ok(connector);
        }
        let invalid = || Simple::park("definition_invalid", format!("definition {name} has errors"));
        let draft = connector::Draft::parse(&definition.text).map_err(|_| invalid())?;
        let checked = draft.check().into_checked().map_err(|_| invalid())?;
        let connector = engine::dynamic(std::sync::Arc::new(checked))?;
        self.known.connectors.keep(key, text, &connector);
        Ok(connector)
    }
}
