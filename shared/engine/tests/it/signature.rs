//! Signatures: known vectors, and everything that must not pass.

use connector::{Algorithm, Encoding, SignedPart, Timestamp, Verify};
use engine::{Secret, Verifier};

use crate::script::NOW;

const SECRET: &str = "It's a Secret to Everybody";
const BODY: &[u8] = b"Hello, World!";
const GITHUB: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

fn outcome(verifier: &Verifier, body: &[u8], headers: &[(&str, &str)], secrets: &[&str]) -> &'static str {
    let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let secrets: Vec<_> = secrets.iter().map(|secret| Secret::new((*secret).to_owned())).collect();
    verifier.verify(body, &headers, &secrets, NOW).map_or_else(|fault| fault.code, |()| "ok")
}

#[test]
fn the_vector_of_github_passes_under_any_live_secret_and_nothing_else_does() {
    let verifier = Verifier::hmac_sha256("X-Hub-Signature-256", "sha256=");
    for (body, header, value, secrets, expected) in [
        (BODY, "x-hub-signature-256", GITHUB, vec![SECRET], "ok"),
        (BODY, "X-Hub-Signature-256", GITHUB, vec!["old", SECRET], "ok"),
        (BODY, "X-Hub-Signature-256", GITHUB, vec![SECRET, "new"], "ok"),
        (BODY, "X-Hub-Signature-256", GITHUB, vec!["other"], "signature_invalid"),
        (BODY, "X-Hub-Signature-256", GITHUB, vec![], "signature_invalid"),
        (BODY, "X-Hub-Signature-256", GITHUB, vec![""], "signature_invalid"),
        (b"Hello, World?", "X-Hub-Signature-256", GITHUB, vec![SECRET], "signature_invalid"),
        (BODY, "X-Hub-Signature-256", &GITHUB[7..], vec![SECRET], "signature_invalid"),
        (BODY, "X-Hub-Signature-256", "sha256=", vec![SECRET], "signature_invalid"),
        (BODY, "X-Hub-Signature-256", &GITHUB[..69], vec![SECRET], "signature_invalid"),
        (BODY, "X-Hub-Signature-256", "", vec![SECRET], "signature_missing"),
        (BODY, "X-Other", GITHUB, vec![SECRET], "signature_missing"),
    ] {
        assert_eq!(outcome(&verifier, body, &[(header, value)], &secrets), expected, "{header} {value}");
    }
}

#[test]
fn every_flipped_bit_of_a_signature_is_noticed() {
    let verifier = Verifier::hmac_sha256("s", "");
    let good = hex::decode(&GITHUB[7..]).unwrap();
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(outcome(&verifier, BODY, &[("s", &hex::encode(bad))], &[SECRET]), "signature_invalid", "{bit}");
    }
}

#[test]
fn other_hashes_and_base64_pass_their_vectors() {
    // RFC 2202 case 2, RFC 4231 case 2.
    for (algorithm, encoding, signature) in [
        (Algorithm::HmacSha1, Encoding::Hex, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (Algorithm::HmacSha512, Encoding::Hex, "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"),
        (Algorithm::HmacSha256, Encoding::Base64, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="),
    ] {
        let verifier = Verifier::new(Verify { algorithm, header: "s".into(), encoding, prefix: None, timestamp: None, parts: vec![SignedPart::Body] });
        assert_eq!(outcome(&verifier, b"what do ya want for nothing?", &[("s", signature)], &["Jefe"]), "ok");
        assert_eq!(outcome(&verifier, b"what do ya want for nothing!", &[("s", signature)], &["Jefe"]), "signature_invalid");
    }
}

#[test]
fn a_signed_timestamp_must_be_there_and_near_either_way() {
    use hmac::Mac as _;
    let timestamp = Timestamp { header: "t".into(), tolerance_ms: 300_000, millis: false };
    let parts = vec![SignedPart::Timestamp, SignedPart::Text(".".into()), SignedPart::Body];
    let verifier = Verifier::new(Verify { algorithm: Algorithm::HmacSha256, header: "s".into(), encoding: Encoding::Hex, prefix: None, timestamp: Some(timestamp), parts });
    for (offset, expected) in [(0, "ok"), (300, "ok"), (-300, "ok"), (301, "timestamp_stale"), (-301, "timestamp_stale")] {
        let at = (NOW / 1000 + offset).to_string();
        let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(b"secret").unwrap();
        mac.update(format!("{at}.body").as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        assert_eq!(outcome(&verifier, b"body", &[("s", &signature), ("t", &at)], &["secret"]), expected, "{offset}");
        let later = (NOW / 1000 + 7).to_string();
        assert_eq!(outcome(&verifier, b"body", &[("s", &signature), ("t", &later)], &["secret"]), "signature_invalid", "{offset}");
    }
    for (value, expected) in [("", "timestamp_missing"), ("yesterday", "timestamp_missing"), ("9223372036854775807", "timestamp_missing")] {
        assert_eq!(outcome(&verifier, b"body", &[("s", "00"), ("t", value)], &["secret"]), expected, "{value}");
    }
}
