//! `GenerateDataKey`, with and without the plaintext.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::context::Context;
use super::key::Key;
use super::{Call, blob, fault};
use crate::chance;
use crate::refusal::Refusal;
use crate::wire::read;

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Generate {
    key_id: String,
    key_spec: Option<String>,
    number_of_bytes: Option<usize>,
    encryption_context: Context,
}

/// Both operations; `plaintext` says which.
pub(crate) fn generate(call: &Call<'_>, body: &[u8], plaintext: bool) -> Result<Value, Refusal> {
    let request: Generate = read(body)?;
    let key = Key::ready(call, &request.key_id)?;
    let mut data_key = vec![0; length(&request)?];
    chance::fill(&mut data_key);
    let sealed = blob::seal(&key, &request.encryption_context, &data_key);
    let mut answer = json!({ "CiphertextBlob": STANDARD.encode(sealed), "KeyId": key.arn() });
    if plaintext {
        answer["Plaintext"] = json!(STANDARD.encode(data_key));
    }
    Ok(answer)
}

fn length(request: &Generate) -> Result<usize, Refusal> {
    match (request.key_spec.as_deref(), request.number_of_bytes) {
        (Some("AES_256"), None) => Ok(32),
        (Some("AES_128"), None) => Ok(16),
        (None, Some(count @ 1..=1024)) => Ok(count),
        (None, Some(_)) => Err(fault::validation("numberOfBytes must be between 1 and 1024")),
        (Some(_), None) => Err(fault::validation("keySpec must be one of AES_256, AES_128")),
        _ => Err(fault::validation("Please specify either number of bytes or key spec.")),
    }
}
