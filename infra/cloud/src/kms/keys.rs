//! `CreateKey`, `DescribeKey`, `EnableKey`, `DisableKey`.

use rusqlite::params;
use serde::Deserialize;
use serde_json::{Value, json};

use super::key::Key;
use super::{Call, fault};
use crate::chance;
use crate::refusal::Refusal;
use crate::wire::read;

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Create {
    description: String,
    key_usage: Option<String>,
    key_spec: Option<String>,
    customer_master_key_spec: Option<String>,
    origin: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Named {
    key_id: String,
}

/// `CreateKey`: a new symmetric key, enabled.
pub(crate) fn create(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Create { description, key_usage, key_spec, customer_master_key_spec, origin } = read(body)?;
    for (asked, only) in [
        (key_usage, "ENCRYPT_DECRYPT"),
        (key_spec, "SYMMETRIC_DEFAULT"),
        (customer_master_key_spec, "SYMMETRIC_DEFAULT"),
        (origin, "AWS_KMS"),
    ] {
        if let Some(asked) = asked.filter(|asked| asked != only) {
            return Err(fault::unsupported(&asked));
        }
    }
    let key = Key {
        id: chance::uuid(),
        region: call.caller.region.clone(),
        description,
        material: chance::bytes(),
        enabled: true,
        created_ms: call.now,
    };
    call.db
        .prepare_cached(
            "INSERT INTO key (id, region, description, material, enabled, created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![key.id, key.region, key.description, key.material, key.enabled, key.created_ms])?;
    Ok(json!({ "KeyMetadata": key.metadata() }))
}

/// `DescribeKey`.
pub(crate) fn describe(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Named { key_id } = read(body)?;
    Ok(json!({ "KeyMetadata": Key::named(call, &key_id)?.metadata() }))
}

/// `EnableKey` and `DisableKey`.
pub(crate) fn switch(call: &Call<'_>, body: &[u8], enabled: bool) -> Result<Value, Refusal> {
    let Named { key_id } = read(body)?;
    let key = Key::named(call, &key_id)?;
    call.db.prepare_cached("UPDATE key SET enabled = ?2 WHERE id = ?1")?.execute(params![key.id, enabled])?;
    Ok(json!({}))
}
