//! A sealed value, as it lies in a table.

use serde::{Deserialize, Serialize};

/// A sealed value with the wrapped key that opens it. Every part is base64; none is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The data key, wrapped by the key service.
    pub key: String,
    /// The 96-bit nonce.
    pub nonce: String,
    /// The ciphertext and its tag.
    pub text: String,
}
