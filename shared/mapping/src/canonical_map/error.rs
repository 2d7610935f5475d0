//! Why a record cannot be mapped, with the place in the record or in the fields.

use fault::{Disposition, Fault};

/// A record that does not fit its map.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The key's path names nothing, null, an empty text or something that is no scalar.
    #[error("no key at `{path}`")]
    WithoutKey {
        /// Path in the record.
        path: String,
    },
    /// The key is longer than a key may be.
    #[error("the key at `{path}` has {bytes} bytes")]
    KeyTooLong {
        /// Path in the record.
        path: String,
        /// How long it is.
        bytes: usize,
    },
    /// A required field has no value.
    #[error("no value at `{path}` for required `{pointer}`")]
    WithoutPath {
        /// JSON Pointer in the canonical fields.
        pointer: String,
        /// Path in the record.
        path: String,
    },
    /// A value is not of the form the field needs.
    #[error("the {kind} at `{path}` cannot become {cast} for `{pointer}`")]
    Cast {
        /// JSON Pointer in the canonical fields.
        pointer: String,
        /// Path in the record.
        path: String,
        /// What the value is.
        kind: &'static str,
        /// What it should become.
        cast: &'static str,
    },
    /// An element of a list is no object, and its fields are members of one.
    #[error("the {kind} at `{path}` is no object, and the fields of `{pointer}` are members of one: {cure}")]
    Element {
        /// JSON Pointer in the canonical fields.
        pointer: String,
        /// Path in the record.
        path: String,
        /// What the element is.
        kind: &'static str,
        /// What to do about it.
        cure: &'static str,
    },
    /// A value is not in the table of the field.
    #[error("the value at `{path}` is not in the table of `{pointer}`")]
    Miss {
        /// JSON Pointer in the canonical fields.
        pointer: String,
        /// Path in the record.
        path: String,
    },
    /// An expression gives no value.
    #[error("{message} for `{pointer}`")]
    Expression {
        /// JSON Pointer in the canonical fields.
        pointer: String,
        /// The registered code.
        code: &'static str,
        /// What is wrong; nothing of the data.
        message: String,
    },
}

impl Fault for Error {
    fn code(&self) -> &'static str {
        match self {
            Error::WithoutKey { .. } => "record_without_key",
            Error::KeyTooLong { .. } => "key_too_long",
            Error::WithoutPath { .. } => "record_without_path",
            Error::Cast { .. } => "mapping_cast",
            Error::Element { .. } => "mapping_wrong_sort",
            Error::Miss { .. } => "mapping_miss",
            Error::Expression { code, .. } => code,
        }
    }

    fn disposition(&self) -> Disposition {
        match self {
            Error::WithoutKey { .. } | Error::KeyTooLong { .. } | Error::WithoutPath { .. } | Error::Cast { .. } | Error::Element { .. } | Error::Miss { .. } | Error::Expression { .. } => Disposition::Reject,
        }
    }
}
