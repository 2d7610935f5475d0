//! Data keys from the key service: fresh ones for sealing, wrapped ones unwrapped for opening.
//!
//! The only file that calls the key service. The encryption context names tenant and purpose, so that permissions can
//! be granted per purpose and a wrapped key of one tenant never unwraps for another.

use std::{collections::HashMap, sync::Arc};

use aws_sdk_kms::{error::SdkError, operation::decrypt::DecryptError, primitives::Blob, types::DataKeySpec};
use canonical::{Millis, TenantId};
use zeroize::Zeroizing;

use crate::{Error, Purpose, cache::Cache, seal::{DataKey, KEY_BYTES}};

/// A fresh data key and its wrapped form.
pub(crate) struct Fresh {
    pub(crate) key: DataKey,
    pub(crate) wrapped: Vec<u8>,
}

type Owner = (TenantId, Purpose);

/// Data keys, fetched when first needed.
pub(crate) struct Keys {
    kms: aws_sdk_kms::Client,
    key_id: String,
    sealing: Cache<Owner, Fresh>,
    opening: Cache<(Owner, Vec<u8>), DataKey>,
}

impl Keys {
    /// Whether the key service answers and our key may be used.
    pub(crate) async fn answers(&self) -> bool {
        let described = self.kms.describe_key().key_id(&self.key_id).send().await;
        described.is_ok_and(|answer| answer.key_metadata.is_some_and(|key| key.enabled))
    }

    pub(crate) fn new(kms: aws_sdk_kms::Client, key_id: String, keep_ms: Millis) -> Self {
        Self { kms, key_id, sealing: Cache::new(keep_ms), opening: Cache::new(keep_ms) }
    }

    pub(crate) fn keep(self, keep_ms: Millis) -> Self {
        Self::new(self.kms, self.key_id, keep_ms)
    }

    /// The key that seals for a tenant and purpose now.
    pub(crate) async fn sealing(&self, tenant: &TenantId, purpose: Purpose, now_ms: Millis) -> Result<Arc<Fresh>, Error> {
        self.sealing.get((tenant.clone(), purpose), now_ms, async || self.generate(tenant, purpose).await).await
    }

    /// The key a value of this tenant and purpose was sealed with. The owner is part of the cached name: without it, a
    /// key at hand would be given to whoever copies its wrapped form.
    pub(crate) async fn opening(&self, tenant: &TenantId, purpose: Purpose, wrapped: &[u8], field: &str, now_ms: Millis) -> Result<Arc<DataKey>, Error> {
        let name = ((tenant.clone(), purpose), wrapped.to_vec());
        self.opening.get(name, now_ms, async || self.unwrap(tenant, purpose, wrapped, field).await).await
    }

    async fn generate(&self, tenant: &TenantId, purpose: Purpose) -> Result<Fresh, Error> {
        let request = self.kms.generate_data_key().key_id(&self.key_id).key_spec(DataKeySpec::Aes256);
        let answer = Box::pin(request.set_encryption_context(Some(context(tenant, purpose))).send()).await.map_err(unavailable)?;
        let key = data_key(answer.plaintext).ok_or(Error::Internal("the data key has another length"))?;
        let wrapped = answer.ciphertext_blob.ok_or(Error::Internal("the data key came without its wrapped form"))?;
        Ok(Fresh { key, wrapped: wrapped.into_inner() })
    }

    /// The key id is not sent: a wrapped key names its own, which permissions restrict, and the key may be replaced
    /// while values under the former one are still there.
    async fn unwrap(&self, tenant: &TenantId, purpose: Purpose, wrapped: &[u8], field: &str) -> Result<DataKey, Error> {
        let request = self.kms.decrypt().ciphertext_blob(Blob::new(wrapped));
        let answer = Box::pin(request.set_encryption_context(Some(context(tenant, purpose))).send()).await;
        let unreadable = || Error::Unreadable { field: field.to_owned() };
        match answer {
            Ok(answer) => data_key(answer.plaintext).ok_or_else(unreadable),
            Err(error) if is_foreign(&error) => Err(unreadable()),
            Err(error) => Err(unavailable(error)),
        }
    }
}

fn context(tenant: &TenantId, purpose: Purpose) -> HashMap<String, String> {
    HashMap::from([("tenant".to_owned(), tenant.to_string()), ("purpose".to_owned(), purpose.word().to_owned())])
}

/// Whether the key service looked at the wrapped key and it was not one for this context.
fn is_foreign(error: &SdkError<DecryptError>) -> bool {
    error.as_service_error().is_some_and(|error| error.is_invalid_ciphertext_exception() || error.is_incorrect_key_exception())
}

fn unavailable<E>(error: SdkError<E>) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    Error::KmsUnavailable { source: Box::new(error) }
}

fn data_key(plaintext: Option<Blob>) -> Option<DataKey> {
    let bytes = Zeroizing::new(plaintext?.into_inner());
    let key = <&[u8; KEY_BYTES]>::try_from(bytes.as_slice()).ok()?;
    Some(DataKey::new(*key))
}
