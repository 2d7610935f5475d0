//! The look-ups that find the tenant: API keys by their hash, webhook doors by their connection.

use canonical::{ConnectionId, TenantId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Error, Store, attribute::{row, s, text}};

const TABLE: &str = "core";

/// What an API key may do. Only its hash is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// The one tenant it belongs to.
    pub tenant: TenantId,
    /// `ingest`, `read`, `operate`, `author`, `admin`.
    pub scopes: Vec<String>,
    /// The connection its events come from.
    pub connection: ConnectionId,
}

/// What the door of a webhook needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook<S> {
    /// Whose.
    pub tenant: TenantId,
    /// Which connection; absent where the door has the connection's own name.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionId>,
    /// The sealed live secrets, newest first, at most two.
    pub secrets: Vec<S>,
}

impl Store {
    /// What the key with this hash (hex) may do.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn api_key(&self, hash: &str) -> Result<Option<ApiKey>, Error> {
        self.door(format!("key#{hash}")).await
    }

    /// Stores what a key may do, under its hash.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn save_api_key(&self, hash: &str, key: &ApiKey) -> Result<(), Error> {
        self.save_door(format!("key#{hash}"), key).await
    }

    /// What a webhook door needs, by the name of the door.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn hook<S: DeserializeOwned>(&self, door: &ConnectionId) -> Result<Option<Hook<S>>, Error> {
        self.door(format!("hook#{door}")).await
    }

    /// Stores what a webhook door needs. False: the door is another tenant's, and stays as it is.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn save_hook<S: Serialize>(&self, door: &ConnectionId, hook: &Hook<S>) -> Result<bool, Error> {
        let text = serde_json::to_string(hook).map_err(|error| Error::unreadable(TABLE, error.to_string()))?;
        let row = row(format!("hook#{door}"), ".", [("d", Some(s(text))), ("t", Some(s(hook.tenant.as_str())))]);
        let call = self.client.put_item().table_name(self.table(TABLE)).set_item(Some(row));
        let call = call.condition_expression("attribute_not_exists(pk) OR t = :t").expression_attribute_values(":t", s(hook.tenant.as_str()));
        match call.send().await.map_err(|error| Error::call(TABLE, &error)) {
            Ok(_) => Ok(true),
            Err(Error::Conflict { .. }) => Ok(false),
            Err(other) => Err(other),
        }
    }

    async fn door<T: DeserializeOwned>(&self, pk: String) -> Result<Option<T>, Error> {
        let Some(row) = self.get(TABLE, pk, ".").await? else { return Ok(None) };
        let text = text(&row, "d").ok_or_else(|| Error::unreadable(TABLE, "no document"))?;
        serde_json::from_str(text).map(Some).map_err(|error| Error::unreadable(TABLE, format!("column {}", error.column())))
    }

    async fn save_door<T: Serialize>(&self, pk: String, door: &T) -> Result<(), Error> {
        let text = serde_json::to_string(door).map_err(|error| Error::unreadable(TABLE, error.to_string()))?;
        self.put(TABLE, row(pk, ".", [("d", Some(s(text)))])).await
    }
}
