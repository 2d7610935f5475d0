//! What a secret is for; it decides which function may open it.

/// What a secret is for. The key service compares the word with the caller's permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Calls to another system.
    Credentials,
    /// Signatures of what another system sends us.
    Webhook,
}

impl Purpose {
    /// The word in the encryption context.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Purpose::Credentials => "credentials",
            Purpose::Webhook => "webhook",
        }
    }
}
