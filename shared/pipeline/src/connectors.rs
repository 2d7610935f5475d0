//! Connectors of connections, compiled once: as long as a definition says the same, what its connector has learnt, such as
//! tables it looked up and sessions, stays good for as long as it says itself.

use std::{collections::VecDeque, sync::{Arc, Mutex, PoisonError}};

use canonical::{ConnectionId, TenantId};
use document::{Hash128, hash_bytes};
use engine::Connector;
use fault::Simple;
use store::{Definition, DefinitionState};

use crate::{App, known::simple};

/// The most that are kept, those used last; each may hold tables.
const MOST: usize = 16;

/// Compiled connectors by connection, each with the text it was made of, those used last behind. Connections share none:
/// what was looked up with one account is nothing another may see.
#[derive(Default)]
pub(crate) struct Connectors(Mutex<VecDeque<Made>>);

/// A connector, of which connection and of which text.
struct Made {
    of: (TenantId, ConnectionId),
    text: Hash128,
    connector: Connector,
}

impl Connectors {
    fn made_of(&self, of: &(TenantId, ConnectionId), text: &Hash128) -> Option<Connector> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|made| made.of == *of && made.text == *text)?;
        let made = kept.remove(at)?;
        let connector = made.connector.clone();
        kept.push_back(made);
        Some(connector)
    }

    fn keep(&self, made: Made) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| other.of != made.of);
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back(made);
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
        let (of, text) = ((tenant.clone(), connection.clone()), hash_bytes(definition.text.as_bytes()));
        if let Some(connector) = self.known.connectors.made_of(&of, &text) {
            return Ok(connector);
        }
        let invalid = || Simple::park("definition_invalid", format!("definition {name} has errors"));
        let draft = connector::Draft::parse(&definition.text).map_err(|_| invalid())?;
        let checked = draft.check().into_checked().map_err(|_| invalid())?;
        let connector = engine::dynamic(Arc::new(checked))?;
        self.known.connectors.keep(Made { of, text, connector: connector.clone() });
        Ok(connector)
    }
}
