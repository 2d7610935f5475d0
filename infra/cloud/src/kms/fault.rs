//! The errors of KMS, in its own words.

use crate::refusal::Refusal;

/// No key or alias answers to that name.
pub(crate) fn not_found(name: &str) -> Refusal {
    Refusal::new("NotFoundException", format!("Key '{name}' does not exist"))
}

/// The key is switched off.
pub(crate) fn disabled(arn: &str) -> Refusal {
    Refusal::new("DisabledException", format!("{arn} is disabled."))
}

/// A ciphertext that was tampered with, cut, or sealed under another context. KMS does not say which.
pub(crate) fn invalid_ciphertext() -> Refusal {
    Refusal::new("InvalidCiphertextException", "")
}

/// A ciphertext of another key than the one named.
pub(crate) fn incorrect_key() -> Refusal {
    let message = "The key ID in the request does not identify a CMK that can perform this operation.";
    Refusal::new("IncorrectKeyException", message)
}

/// A parameter outside what KMS takes.
pub(crate) fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message.into())
}

/// A kind of key that is not made here.
pub(crate) fn unsupported(what: &str) -> Refusal {
    Refusal::new("UnsupportedOperationException", format!("{what} is not supported"))
}

/// The alias is taken.
pub(crate) fn alias_exists(arn: &str) -> Refusal {
    Refusal::new("AlreadyExistsException", format!("An alias with the name {arn} already exists"))
}
