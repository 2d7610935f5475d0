//! Webhook signatures: over the raw body, in constant time, against every live secret, failing closed.
//!
//! Used by dynamic connectors, and by anyone who holds a [`connector::Verify`] without a definition around it.

use base64::Engine as _;
use connector::{Algorithm, Encoding, SignedPart, Verify};
use fault::Simple;
use hmac::{Hmac, Mac};
use subtle::{Choice, ConstantTimeEq};

use crate::{Headers, Secret};

/// Checks signatures of one scheme.
#[derive(Debug, Clone)]
pub struct Verifier(Verify);

impl Verifier {
    /// A verifier of a scheme.
    #[must_use]
    pub fn new(verify: Verify) -> Self {
        Self(verify)
    }

    /// HMAC-SHA256 over the body, in hexadecimal, in this header, after this prefix (`sha256=`, or nothing).
    #[must_use]
    pub fn hmac_sha256(header: &str, prefix: &str) -> Self {
        let prefix = Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty());
        Self(Verify { algorithm: Algorithm::HmacSha256, header: header.to_owned(), encoding: Encoding::Hex, prefix, timestamp: None, parts: vec![SignedPart::Body] })
    }

    /// Checks one delivery.
    ///
    /// # Errors
    /// `signature_missing`, `signature_invalid`, `timestamp_missing` or `timestamp_stale`.
    pub fn verify(&self, body: &[u8], headers: &Headers, secrets: &[Secret], now_ms: i64) -> Result<(), Simple> {
        let verify = &self.0;
        let sent = header(headers, &verify.header).filter(|text| !text.trim().is_empty());
        let sent = sent.ok_or_else(|| Simple::reject("signature_missing", format!("the header `{}` is absent", verify.header)))?;
        let timestamp = match &verify.timestamp {
            Some(timestamp) => Some(fresh(timestamp, headers, now_ms)?),
            None => None,
        };
        let invalid = || Simple::reject("signature_invalid", "the signature does not match");
        let signature = self.decoded(sent).ok_or_else(invalid)?;
        let message = self.message(body, timestamp.unwrap_or_default());
        // Every secret is tried, so that time tells nothing about which one matched.
        let matched = secrets.iter().filter(|secret| !secret.expose().is_empty()).fold(Choice::from(0), |matched, secret| {
            matched | hmac(verify.algorithm, secret.expose().as_bytes(), &message).ct_eq(&signature)
        });
        if bool::from(matched) { Ok(()) } else { Err(invalid()) }
    }

    fn decoded(&self, sent: &str) -> Option<Vec<u8>> {
        let text = match &self.0.prefix {
            Some(prefix) => sent.trim().strip_prefix(prefix.as_str())?,
            None => sent.trim(),
        };
        match self.0.encoding {
            Encoding::Hex => hex::decode(text).ok(),
            Encoding::Base64 => base64::engine::general_purpose::STANDARD.decode(text).ok(),
        }
    }

    fn message(&self, body: &[u8], timestamp: &str) -> Vec<u8> {
        let part = |part: &SignedPart| match part {
            SignedPart::Timestamp => timestamp.as_bytes().to_vec(),
            SignedPart::Body => body.to_vec(),
            SignedPart::Text(text) => text.as_bytes().to_vec(),
        };
        self.0.parts.iter().flat_map(part).collect()
    }
}

/// The first header of a name, in any case.
pub(crate) fn header<'h>(headers: &'h Headers, name: &str) -> Option<&'h str> {
    headers.iter().find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value.as_str()))
}

fn fresh<'h>(timestamp: &connector::Timestamp, headers: &'h Headers, now_ms: i64) -> Result<&'h str, Simple> {
    let missing = || Simple::reject("timestamp_missing", format!("the header `{}` holds no timestamp", timestamp.header));
    let text = header(headers, &timestamp.header).map(str::trim).ok_or_else(missing)?;
    let number: i64 = text.parse().map_err(|_| missing())?;
    let ms = if timestamp.millis { Some(number) } else { number.checked_mul(1000) };
    let age = ms.and_then(|ms| now_ms.checked_sub(ms)).ok_or_else(missing)?;
    if age.unsigned_abs() > timestamp.tolerance_ms.unsigned_abs() {
        return Err(Simple::reject("timestamp_stale", "the timestamp is outside the tolerance"));
    }
    Ok(text)
}

fn hmac(algorithm: Algorithm, key: &[u8], message: &[u8]) -> Vec<u8> {
    macro_rules! digest {
        ($hash:ty) => {{
            let mut mac = Hmac::<$hash>::new_from_slice(key).expect("HMAC takes a key of any length");
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        }};
    }
    match algorithm {
        Algorithm::HmacSha256 => digest!(sha2::Sha256),
        Algorithm::HmacSha512 => digest!(sha2::Sha512),
        Algorithm::HmacSha1 => digest!(sha1::Sha1),
    }
}
