//! The door: seals and opens values of a connection.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use canonical::{Clock, ConnectionId, Millis, TenantId};
use engine::{Config, Secret};

use crate::{Error, Purpose, Sealed, binding::Binding, keys::Keys, seal};

/// The longest a plaintext key stays in memory, and the default.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// Seals and opens. Cheap to build: the key service is first called when a key is first needed.
pub struct Vault {
    keys: Keys,
    clock: Arc<dyn Clock>,
}

impl Vault {
    /// A vault whose data keys are wrapped by the named key, kept in memory for five minutes.
    #[must_use]
    pub fn new(kms: aws_sdk_kms::Client, key_id: String, clock: Arc<dyn Clock>) -> Self {
        Self { keys: Keys::new(kms, key_id, millis(LONGEST)), clock }
    }

    /// The same vault, keeping plaintext keys for this long; never longer than five minutes, zero for not at all.
    #[must_use]
    pub fn with_cache(self, keep: Duration) -> Self {
        Self { keys: self.keys.keep(millis(keep)), ..self }
    }

    /// Whether the key service answers and knows our key.
    pub async fn answers(&self) -> bool {
        self.keys.answers().await
    }

    /// Seals a value for one field of one connection; it opens nowhere else.
    ///
    /// # Errors
    /// When the key service does not answer.
    pub async fn seal(&self, tenant: &TenantId, purpose: Purpose, connection: &ConnectionId, field: &str, plaintext: &Secret) -> Result<Sealed, Error> {
        let fresh = self.keys.sealing(tenant, purpose, self.clock.now_ms()).await?;
        let nonce = seal::nonce().map_err(|_| Error::Internal("the machine gives no chance"))?;
        let binding = Binding { tenant, purpose, connection, field };
        let text = seal::seal(&fresh.key, &nonce, &binding, plaintext.expose().as_bytes()).ok_or(Error::Internal("the value is too long"))?;
        Ok(Sealed { key: STANDARD.encode(&fresh.wrapped), nonce: STANDARD.encode(nonce), text: STANDARD.encode(text) })
    }

    /// Opens a value at the place it was sealed for.
    ///
    /// # Errors
    /// When the key service does not answer, or the value was sealed for another place or changed since.
    pub async fn open(&self, tenant: &TenantId, purpose: Purpose, connection: &ConnectionId, field: &str, sealed: &Sealed) -> Result<Secret, Error> {
        let unreadable = || Error::Unreadable { field: field.to_owned() };
        let [wrapped, nonce, text] = [&sealed.key, &sealed.nonce, &sealed.text].map(|part| STANDARD.decode(part).ok());
        let (Some(wrapped), Some(nonce), Some(text)) = (wrapped, nonce, text) else { return Err(unreadable()) };
        let nonce = <[u8; seal::NONCE_BYTES]>::try_from(nonce).map_err(|_| unreadable())?;
        if wrapped.is_empty() {
            return Err(unreadable());
        }
        let key = self.keys.opening(tenant, purpose, &wrapped, field, self.clock.now_ms()).await?;
        let plain = seal::open(&key, &nonce, &Binding { tenant, purpose, connection, field }, &text).ok_or_else(unreadable)?;
        let plain = std::str::from_utf8(&plain).map_err(|_| unreadable())?;
        Ok(Secret::new(plain.to_owned()))
    }

    /// The configuration of a connection with its credentials: the only way to them.
    ///
    /// # Errors
    /// The first value that cannot be opened; a configuration is whole or not at all.
    pub async fn hydrate(&self, tenant: &TenantId, connection: &ConnectionId, sealed: &BTreeMap<String, Sealed>) -> Result<Config, Error> {
        let mut values = Vec::with_capacity(sealed.len());
        for (field, sealed) in sealed {
            values.push((field.clone(), self.open(tenant, Purpose::Credentials, connection, field, sealed).await?));
        }
        Ok(Config::new(values))
    }
}

/// Bounded by [`LONGEST`], so it always fits.
fn millis(keep: Duration) -> Millis {
    Millis::try_from(keep.min(LONGEST).as_millis()).expect("five minutes fit into milliseconds")
}
