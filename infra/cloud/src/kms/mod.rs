//! KMS: keys that never leave, data keys that do.
//!
//! `wire` hands over the operation's name and its JSON. Only symmetric keys exist; grants and policies do not.

mod alias;
mod blob;
mod context;
mod crypt;
mod data_key;
mod fault;
mod key;
mod keys;

use rusqlite::Connection;
use serde_json::Value;

use crate::caller::Caller;
use crate::refusal::Refusal;
use crate::world::World;

/// One operation under way: its transaction, its moment, its caller.
pub(crate) struct Call<'a> {
    pub(crate) db: &'a Connection,
    pub(crate) now: i64,
    pub(crate) caller: &'a Caller,
}

/// Answers one request, in one transaction.
pub(crate) fn answer(world: &World, caller: &Caller, operation: &str, body: &[u8]) -> Result<Value, Refusal> {
    let mut db = world.db();
    let transaction = db.transaction()?;
    let call = Call { db: &transaction, now: world.now_ms(), caller };
    let answer = match operation {
        "CreateKey" => keys::create(&call, body),
        "DescribeKey" => keys::describe(&call, body),
        "EnableKey" => keys::switch(&call, body, true),
        "DisableKey" => keys::switch(&call, body, false),
        "CreateAlias" => alias::create(&call, body),
        "ListAliases" => alias::list(&call, body),
        "GenerateDataKey" => data_key::generate(&call, body, true),
        "GenerateDataKeyWithoutPlaintext" => data_key::generate(&call, body, false),
        "Encrypt" => crypt::encrypt(&call, body),
        "Decrypt" => crypt::decrypt(&call, body),
        "ReEncrypt" => crypt::re_encrypt(&call, body),
        _ => Err(Refusal::new("UnknownOperationException", format!("{operation} is not served here"))),
    }?;
    transaction.commit()?;
    Ok(answer)
}
