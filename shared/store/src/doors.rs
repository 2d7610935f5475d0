//! The look-ups that find the tenant: API keys by their hash, webhook doors by their connection.

use canonical::{ConnectionId, TenantId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Error, Store, attribute::{row, s, text}};

const TABLE: &str = "core";
/// How often a change is begun anew because somebody else's came first.
const ROUNDS: u32 = 16;

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
    /// A mark for each of them, by which it is known again; rows of before had none.
    #[serde(default = "Vec::new")]
    pub marks: Vec<Option<u16>>,
}

impl<S> Hook<S> {
    /// A door without secrets: it is claimed, and nothing comes through it. A connection is named where the door has
    /// not its name.
    #[must_use]
    pub fn new(tenant: TenantId, connection: Option<ConnectionId>) -> Self {
        Self { tenant, connection, secrets: Vec::new(), marks: Vec::new() }
    }

    /// Takes a secret in as the newest. One of the same mark is it, and goes; of the others the newest stays.
    pub fn renew(&mut self, secret: S, mark: u16) {
        let marks = std::mem::take(&mut self.marks).into_iter().chain(std::iter::repeat(None));
        let before = self.secrets.drain(..).zip(marks).find(|(_, before)| *before != Some(mark));
        (self.secrets, self.marks) = std::iter::once((secret, Some(mark))).chain(before).unzip();
    }
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

    /// Changes what a webhook door needs, or `begins` it where nobody has it; where somebody writes it meanwhile, the
    /// change is made anew over theirs. False: the door is another tenant's, and stays as it is.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn change_hook<S: Serialize + DeserializeOwned>(&self, door: &ConnectionId, begins: impl Fn() -> Hook<S>, change: impl Fn(&mut Hook<S>)) -> Result<bool, Error> {
        for _ in 0..ROUNDS {
            let there = self.get(TABLE, format!("hook#{door}"), ".").await?;
            let seen = there.as_ref().map(|row| text(row, "d").ok_or_else(|| Error::unreadable(TABLE, "no document"))).transpose()?;
            let mut hook = seen.map_or_else(|| Ok(begins()), read)?;
            if hook.tenant != begins().tenant {
                return Ok(false);
            }
            change(&mut hook);
            match self.write_hook(door, &hook, seen).await {
                Err(Error::Conflict { .. }) => {}
                written => return written.map(|()| true),
            }
        }
        Err(Error::Conflict { table: TABLE })
    }

    /// On the condition that what is there is still the text that was read.
    async fn write_hook<S: Serialize>(&self, door: &ConnectionId, hook: &Hook<S>, seen: Option<&str>) -> Result<(), Error> {
        let text = serde_json::to_string(hook).map_err(|error| Error::unreadable(TABLE, error.to_string()))?;
        let row = row(format!("hook#{door}"), ".", [("d", Some(s(text))), ("t", Some(s(hook.tenant.as_str())))]);
        let call = self.client.put_item().table_name(self.table(TABLE)).set_item(Some(row));
        let call = match seen {
            Some(seen) => call.condition_expression("d = :seen").expression_attribute_values(":seen", s(seen)),
            None => call.condition_expression("attribute_not_exists(pk)"),
        };
        call.send().await.map(drop).map_err(|error| Error::call(TABLE, &error))
    }

    async fn door<T: DeserializeOwned>(&self, pk: String) -> Result<Option<T>, Error> {
        let Some(row) = self.get(TABLE, pk, ".").await? else { return Ok(None) };
        let text = text(&row, "d").ok_or_else(|| Error::unreadable(TABLE, "no document"))?;
        read(text).map(Some)
    }

    async fn save_door<T: Serialize>(&self, pk: String, door: &T) -> Result<(), Error> {
        let text = serde_json::to_string(door).map_err(|error| Error::unreadable(TABLE, error.to_string()))?;
        self.put(TABLE, row(pk, ".", [("d", Some(s(text)))])).await
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::unreadable(TABLE, format!("column {}", error.column())))
}

#[cfg(test)]
mod tests {
    use canonical::TenantId;

    use super::Hook;

    #[test]
    fn the_newest_two_secrets_stay_and_one_put_again_is_one() {
        let mut hook = Hook::new(TenantId::parse("ten_1").unwrap(), None);
        for (secret, mark, live) in [("a", 1, vec!["a"]), ("b", 2, vec!["b", "a"]), ("B", 2, vec!["B", "a"]), ("A", 1, vec!["A", "B"]), ("c", 3, vec!["c", "A"])] {
            hook.renew(secret.to_owned(), mark);
            assert_eq!(hook.secrets, live, "{secret}");
            assert_eq!(hook.marks.len(), hook.secrets.len());
        }
    }

    #[test]
    fn a_row_of_before_has_no_marks_and_keeps_its_newest_secret() {
        let mut hook: Hook<String> = serde_json::from_str(r#"{"tenant":"ten_1","secrets":["b","a"]}"#).unwrap();
        hook.renew("c".to_owned(), 3);
        assert_eq!((hook.secrets, hook.marks), (vec!["c".to_owned(), "b".to_owned()], vec![Some(3), None]));
    }
}
