//! Identifiers: each its own type, with a face a person recognises in a log.

use std::fmt;

/// A text that cannot be an id of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to 64 characters of a-z, A-Z, 0-9, `_` and `-`")]
pub struct IdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text that can be an id. The separator of keys (`#`) can never be part of one.
            ///
            /// # Errors
            /// When a character or the length is not allowed.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let fits = !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
                if fits { Ok(Self(text.to_owned())) } else { Err(IdError) }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

id!(
    /// A customer of the platform.
    TenantId
);
id!(
    /// A tenant's use of a connector.
    ConnectionId
);
id!(
    /// Source connection to destination connection for one canonical type.
    FlowId
);
id!(
    /// One change at a source, however often it is told (`evt_…`).
    EventId
);
id!(
    /// One receipt of changes, minted before the first send and carried by every copy (`env_…`).
    EnvelopeId
);

impl EventId {
    /// The id of a change: from what the source says identifies it, else from what it is. Nothing of our clock is in
    /// it, so a second receipt has the same id; the connection is, so tenants never share one.
    #[must_use]
    pub fn derive(connection: &ConnectionId, parts: &[&[u8]]) -> Self {
        let mut bytes = connection.as_str().as_bytes().to_vec();
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        Self(format!("evt_{}", hex::encode(document::hash_bytes(&bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_of_keys_is_never_part_of_an_id() {
        for (text, fits) in [("t_1", true), ("A-b", true), ("", false), ("a#b", false), ("å", false), ("a b", false)] {
            assert_eq!(TenantId::parse(text).is_ok(), fits, "{text}");
        }
        assert!(TenantId::parse(&"x".repeat(65)).is_err());
    }

    #[test]
    fn an_event_id_depends_on_every_part_and_its_border() {
        let connection = ConnectionId::parse("con_1").unwrap();
        let id = |parts: &[&[u8]]| EventId::derive(&connection, parts);
        assert_eq!(id(&[b"a", b"b"]), id(&[b"a", b"b"]));
        assert_ne!(id(&[b"a", b"b"]), id(&[b"ab", b""]));
        assert_ne!(id(&[b"a"]), EventId::derive(&ConnectionId::parse("con_2").unwrap(), &[b"a"]));
    }
}
