//! What a connector asks of its connections: entities that can be polled, names of values, whether it takes webhooks.
//!
//! Called when a connection is created, given a secret or resumed: what does not exist is refused there, with the name
//! that was most likely meant, and not found out by an event.

use canonical::TenantId;
use connector::{ConfigEntry, nearest};
use fault::Simple;
use pipeline::App;
use store::{Definition, DefinitionState};

use crate::tools::simple;

/// What a connector asks for.
pub(crate) struct Asks {
    name: String,
    entities: Vec<String>,
    config: Vec<ConfigEntry>,
    webhook: bool,
}

/// The connector of a name: one of ours, or an active definition of the tenant.
pub(crate) async fn asks(app: &App, tenant: &TenantId, name: &str) -> Result<Asks, Simple> {
    if let Some(connector) = app.registry.resolve(name) {
        let source = connector.source.as_ref();
        let entities = source.map(|source| source.entities()).unwrap_or_default();
        return Ok(Asks { name: name.to_owned(), entities, config: Vec::new(), webhook: source.is_some_and(|source| source.webhook().is_some()) });
    }
    let definition: Option<Definition> = app.store.of(tenant).load(name).await.map_err(|error| simple(&error))?;
    let Some(definition) = definition else { return Err(unknown(app, tenant, name).await?) };
    if definition.state != DefinitionState::Active {
        return Err(Simple::reject("connector_unknown", format!("/connector: definition {name} is not active")));
    }
    let invalid = || Simple::reject("definition_invalid", format!("definition {name} has errors"));
    let draft = connector::Draft::parse(&definition.text).map_err(|_| invalid())?;
    let connector = draft.check().into_checked().map_err(|_| invalid())?;
    let entities = connector.entities().iter().filter(|entity| entity.read.is_some()).map(|entity| entity.name.clone()).collect();
    Ok(Asks { name: name.to_owned(), entities, config: connector.config().to_vec(), webhook: connector.webhook().is_some() })
}

async fn unknown(app: &App, tenant: &TenantId, name: &str) -> Result<Simple, Simple> {
    let definitions: Vec<Definition> = app.store.of(tenant).list().await.map_err(|error| simple(&error))?;
    let known: Vec<String> = definitions.into_iter().map(|definition| definition.id).chain(app.registry.names().map(str::to_owned)).collect();
    let hint = nearest(name, known.iter().map(String::as_str)).map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
    Ok(Simple::reject("connector_unknown", format!("/connector: no connector is named {name}{hint}")))
}

impl Asks {
    /// Whether an entity can be polled.
    pub(crate) fn polled(&self, entity: &str) -> Result<(), Simple> {
        self.among(&self.entities, entity, &format!("/polls/{entity}: connector {} cannot poll {entity}", self.name))
    }

    /// Whether a value of this name is asked for; `webhook_secret` where there are webhooks.
    pub(crate) fn value(&self, name: &str) -> Result<(), Simple> {
        let mut names: Vec<String> = self.config.iter().filter(|entry| entry.derive.is_none()).map(|entry| entry.name.clone()).collect();
        if self.webhook {
            names.push("webhook_secret".to_owned());
        }
        self.among(&names, name, &format!("/secret: connector {} knows no value {name}", self.name))
    }

    /// Names of values that are missing, of those that have to be there.
    pub(crate) fn missing(&self, given: impl Fn(&str) -> bool) -> Vec<&str> {
        let needed = self.config.iter().filter(|entry| entry.is_needed());
        needed.map(|entry| entry.name.as_str()).filter(|name| !given(name)).collect()
    }

    fn among(&self, names: &[String], name: &str, wrong: &str) -> Result<(), Simple> {
        if names.iter().any(|known| known == name) {
            return Ok(());
        }
        let hint = match nearest(name, names.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean {meant}?"),
            None if names.is_empty() => "it knows none".to_owned(),
            None => format!("it knows {}", names.join(", ")),
        };
        Err(Simple::reject("argument_invalid", format!("{wrong}; {hint}")))
    }
}
