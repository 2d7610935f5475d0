//! The ciphertext blob: which key, which nonce, and what AES-256-GCM made of the plaintext.
//!
//! Layout: a version byte, the sixteen bytes of the key's id, a twelve-byte nonce, ciphertext and tag. The id inside is
//! why Decrypt needs no key named; key id and context are authenticated.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key as Material, Nonce};

use super::context::{Context, bound};
use super::fault;
use super::key::Key;
use crate::chance;
use crate::refusal::Refusal;

const VERSION: u8 = 1;
const OPENING: usize = 1 + 16 + 12;

/// A blob taken apart.
pub(crate) struct Blob<'a> {
    /// The id of the key it names; nothing is proven until it is opened.
    pub(crate) key: String,
    nonce: &'a [u8],
    sealed: &'a [u8],
}

impl<'a> Blob<'a> {
    /// Takes the bytes apart.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Blob<'a>, Refusal> {
        let (opening, sealed) = bytes.split_at_checked(OPENING).ok_or_else(fault::invalid_ciphertext)?;
        let id: [u8; 16] = opening[1..17].try_into().expect("the opening holds sixteen bytes of id");
        if opening[0] != VERSION {
            return Err(fault::invalid_ciphertext());
        }
        Ok(Blob { key: chance::spelled(&id), nonce: &opening[17..], sealed })
    }

    /// The plaintext, if key, context and every byte are right.
    pub(crate) fn open(&self, key: &Key, context: &Context) -> Result<Vec<u8>, Refusal> {
        let payload = Payload { msg: self.sealed, aad: &bound(&key.id, context) };
        cipher(key).decrypt(Nonce::from_slice(self.nonce), payload).map_err(|_| fault::invalid_ciphertext())
    }
}

/// Seals `plaintext` under a fresh nonce.
pub(crate) fn seal(key: &Key, context: &Context, plaintext: &[u8]) -> Vec<u8> {
    let nonce: [u8; 12] = chance::bytes();
    let payload = Payload { msg: plaintext, aad: &bound(&key.id, context) };
    let sealed = cipher(key)
        .encrypt(Nonce::from_slice(&nonce), payload)
        .expect("AES-GCM takes plaintexts far longer than KMS does");
    let id = hex::decode(key.id.replace('-', "")).expect("a key's id is a UUID");
    [&[VERSION], id.as_slice(), &nonce, &sealed].concat()
}

fn cipher(key: &Key) -> Aes256Gcm {
    Aes256Gcm::new(Material::<Aes256Gcm>::from_slice(&key.material))
}
