//! One key, and the four ways to name it: id, ARN, alias name, alias ARN.

use rusqlite::{OptionalExtension, Row};
use serde_json::{Value, json};

use super::{Call, fault};
use crate::address::{self, ACCOUNT};
use crate::refusal::Refusal;

/// A symmetric key.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) region: String,
    pub(crate) description: String,
    pub(crate) material: [u8; 32],
    pub(crate) enabled: bool,
    pub(crate) created_ms: i64,
}

impl Key {
    /// The key a caller means, whatever its state.
    pub(crate) fn named(call: &Call<'_>, name: &str) -> Result<Key, Refusal> {
        if name.is_empty() {
            return Err(fault::validation("Value at 'keyId' failed to satisfy constraint: Member must not be null"));
        }
        let local = if name.starts_with("arn:") { name.splitn(6, ':').nth(5).unwrap_or_default() } else { name };
        let id = if local.starts_with("alias/") {
            let target = call
                .db
                .prepare_cached("SELECT key FROM alias WHERE name = ?1")?
                .query_row([local], |row| row.get::<_, String>(0))
                .optional()?;
            target.ok_or_else(|| alias_not_found(call, local))?
        } else {
            local.strip_prefix("key/").unwrap_or(local).to_owned()
        };
        Key::with_id(call, &id)?.ok_or_else(|| fault::not_found(&address::key_arn(&call.caller.region, &id)))
    }

    /// The key a caller means, ready to work.
    pub(crate) fn ready(call: &Call<'_>, name: &str) -> Result<Key, Refusal> {
        Key::named(call, name)?.if_enabled()
    }

    /// The key of that id.
    pub(crate) fn with_id(call: &Call<'_>, id: &str) -> Result<Option<Key>, Refusal> {
        let key = call
            .db
            .prepare_cached("SELECT id, region, description, material, enabled, created_ms FROM key WHERE id = ?1")?
            .query_row([id], Key::from_row)
            .optional()?;
        Ok(key)
    }

    /// Refuses a disabled key.
    pub(crate) fn if_enabled(self) -> Result<Key, Refusal> {
        if self.enabled { Ok(self) } else { Err(fault::disabled(&self.arn())) }
    }

    /// The ARN.
    pub(crate) fn arn(&self) -> String {
        address::key_arn(&self.region, &self.id)
    }

    /// What `DescribeKey` says.
    pub(crate) fn metadata(&self) -> Value {
        json!({
            "AWSAccountId": ACCOUNT,
            "KeyId": self.id,
            "Arn": self.arn(),
            "CreationDate": self.created_ms / 1000,
            "Enabled": self.enabled,
            "Description": self.description,
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": if self.enabled { "Enabled" } else { "Disabled" },
            "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER",
            "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
            "MultiRegion": false,
        })
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Key> {
        Ok(Key {
            id: row.get(0)?,
            region: row.get(1)?,
            description: row.get(2)?,
            material: row.get(3)?,
            enabled: row.get(4)?,
            created_ms: row.get(5)?,
        })
    }
}

fn alias_not_found(call: &Call<'_>, name: &str) -> Refusal {
    Refusal::new("NotFoundException", format!("Alias {} is not found.", address::alias_arn(&call.caller.region, name)))
}
