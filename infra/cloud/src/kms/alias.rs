//! `CreateAlias` and `ListAliases`.

use rusqlite::params;
use serde::Deserialize;
use serde_json::{Value, json};

use super::key::Key;
use super::{Call, fault};
use crate::address;
use crate::refusal::Refusal;
use crate::wire::read;

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Create {
    alias_name: String,
    target_key_id: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct List {
    key_id: Option<String>,
    limit: Option<usize>,
    marker: Option<String>,
}

/// `CreateAlias`.
pub(crate) fn create(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Create { alias_name, target_key_id } = read(body)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte);
    let stem = alias_name.strip_prefix("alias/").unwrap_or_default();
    if stem.is_empty() || alias_name.len() > 256 || stem.starts_with("aws/") || !stem.bytes().all(allowed) {
        return Err(Refusal::new("InvalidAliasNameException", format!("{alias_name} is not a valid alias name")));
    }
    let key = Key::named(call, &target_key_id)?;
    let region = &call.caller.region;
    let added = call
        .db
        .prepare_cached("INSERT OR IGNORE INTO alias (name, key, region, created_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![alias_name, key.id, region, call.now])?;
    if added == 0 { Err(fault::alias_exists(&address::alias_arn(region, &alias_name))) } else { Ok(json!({})) }
}

/// `ListAliases`: by name; the marker is the last name shown.
pub(crate) fn list(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let List { key_id, limit, marker } = read(body)?;
    let key = key_id.map(|name| Key::named(call, &name)).transpose()?.map(|key| key.id);
    let limit = limit.unwrap_or(50).clamp(1, 100);
    let mut statement = call.db.prepare_cached(
        "SELECT name, key, region, created_ms FROM alias
         WHERE name > ?1 AND (?2 IS NULL OR key = ?2) ORDER BY name LIMIT ?3",
    )?;
    let one_more = i64::try_from(limit + 1).unwrap_or(101);
    let rows = statement.query_map(params![marker.unwrap_or_default(), key, one_more], |row| {
        let (name, key, region): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let created = row.get::<_, i64>(3)? / 1000;
        Ok(json!({
            "AliasName": name,
            "AliasArn": address::alias_arn(&region, &name),
            "TargetKeyId": key,
            "CreationDate": created,
            "LastUpdatedDate": created,
        }))
    })?;
    let mut aliases: Vec<Value> = rows.collect::<Result<_, _>>()?;
    let truncated = aliases.len() > limit;
    aliases.truncate(limit);
    let mut answer = json!({ "Truncated": truncated });
    if truncated {
        answer["NextMarker"] = aliases[limit - 1]["AliasName"].clone();
    }
    answer["Aliases"] = Value::Array(aliases);
    Ok(answer)
}
