//! `Encrypt`, `Decrypt` and `ReEncrypt`.
//!
//! A blob that names no key of ours, was cut, changed, or sealed under another context is an invalid ciphertext, and
//! the answer does not say which.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::blob::{self, Blob};
use super::context::Context;
use super::key::Key;
use super::{Call, fault};
use crate::refusal::Refusal;
use crate::wire::read;

const ALGORITHM: &str = "SYMMETRIC_DEFAULT";
const LONGEST_PLAINTEXT: usize = 4096;
const LONGEST_BLOB: usize = 6144;

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Encrypt {
    key_id: String,
    plaintext: String,
    encryption_context: Context,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Decrypt {
    ciphertext_blob: String,
    encryption_context: Context,
    key_id: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct ReEncrypt {
    ciphertext_blob: String,
    source_encryption_context: Context,
    source_key_id: Option<String>,
    destination_key_id: String,
    destination_encryption_context: Context,
}

/// `Encrypt`.
pub(crate) fn encrypt(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Encrypt { key_id, plaintext, encryption_context } = read(body)?;
    let plaintext = decoded(&plaintext, "plaintext", LONGEST_PLAINTEXT)?;
    let key = Key::ready(call, &key_id)?;
    let sealed = blob::seal(&key, &encryption_context, &plaintext);
    Ok(json!({ "CiphertextBlob": STANDARD.encode(sealed), "KeyId": key.arn(), "EncryptionAlgorithm": ALGORITHM }))
}

/// `Decrypt`.
pub(crate) fn decrypt(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Decrypt { ciphertext_blob, encryption_context, key_id } = read(body)?;
    let (key, plaintext) = opened(call, &ciphertext_blob, &encryption_context, key_id.as_deref())?;
    Ok(json!({ "Plaintext": STANDARD.encode(plaintext), "KeyId": key.arn(), "EncryptionAlgorithm": ALGORITHM }))
}

/// `ReEncrypt`: from one key or context to another, the plaintext staying here.
pub(crate) fn re_encrypt(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let request: ReEncrypt = read(body)?;
    let (source, plaintext) = opened(
        call,
        &request.ciphertext_blob,
        &request.source_encryption_context,
        request.source_key_id.as_deref(),
    )?;
    let destination = Key::ready(call, &request.destination_key_id)?;
    let sealed = blob::seal(&destination, &request.destination_encryption_context, &plaintext);
    Ok(json!({
        "CiphertextBlob": STANDARD.encode(sealed),
        "SourceKeyId": source.arn(),
        "KeyId": destination.arn(),
        "SourceEncryptionAlgorithm": ALGORITHM,
        "DestinationEncryptionAlgorithm": ALGORITHM,
    }))
}

fn opened(
    call: &Call<'_>,
    blob: &str,
    context: &Context,
    named: Option<&str>,
) -> Result<(Key, Vec<u8>), Refusal> {
    let bytes = decoded(blob, "ciphertextBlob", LONGEST_BLOB)?;
    let named = named.map(|name| Key::ready(call, name)).transpose()?;
    let blob = Blob::parse(&bytes)?;
    if named.is_some_and(|named| named.id != blob.key) {
        return Err(fault::incorrect_key());
    }
    let key = Key::with_id(call, &blob.key)?.ok_or_else(fault::invalid_ciphertext)?.if_enabled()?;
    let plaintext = blob.open(&key, context)?;
    Ok((key, plaintext))
}

fn decoded(text: &str, name: &str, most: usize) -> Result<Vec<u8>, Refusal> {
    let bytes = STANDARD
        .decode(text)
        .map_err(|_| Refusal::new("SerializationException", format!("{name} is not base64")))?;
    if (1..=most).contains(&bytes.len()) {
        return Ok(bytes);
    }
    Err(fault::validation(format!("{name} must have a length between 1 and {most}")))
}
