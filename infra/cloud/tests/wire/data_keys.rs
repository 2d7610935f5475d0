//! Keys, contexts and blobs.

use cloud::Place;
use serde_json::{Value, json};

use crate::server::Server;

fn key(server: &Server) -> String {
    server.kms("CreateKey", &json!({}))["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
}

fn sealed(server: &Server, key: &str, context: &Value) -> Value {
    let request = json!({ "KeyId": key, "Plaintext": "c2VjcmV0", "EncryptionContext": context });
    server.kms("Encrypt", &request)["CiphertextBlob"].clone()
}

#[test]
fn only_the_same_context_opens_a_blob() {
    let server = Server::start(Place::Memory);
    let blob = sealed(&server, &key(&server), &json!({ "tenant": "a", "purpose": "webhook" }));
    let same = json!({ "CiphertextBlob": blob, "EncryptionContext": { "purpose": "webhook", "tenant": "a" } });
    assert_eq!(server.kms("Decrypt", &same)["Plaintext"], "c2VjcmV0");
    for context in [json!({}), json!({ "tenant": "a" }), json!({ "tenant": "awebhook", "purpose": "" })] {
        let other = json!({ "CiphertextBlob": blob, "EncryptionContext": context });
        assert_eq!(server.refused("TrentService", "Decrypt", &other), "InvalidCiphertextException", "{context}");
    }
}

#[test]
fn no_byte_of_a_blob_may_change() {
    let server = Server::start(Place::Memory);
    let blob = sealed(&server, &key(&server), &json!({}));
    let blob = blob.as_str().unwrap();
    for at in [0, 4, 24, 36, 44, blob.len() - 4] {
        let mut damaged = blob.as_bytes().to_vec();
        damaged[at] = if damaged[at] == b'A' { b'B' } else { b'A' };
        let damaged = json!({ "CiphertextBlob": String::from_utf8(damaged).unwrap() });
        assert_eq!(server.refused("TrentService", "Decrypt", &damaged), "InvalidCiphertextException", "at {at}");
    }
}

#[test]
fn a_disabled_key_does_nothing_until_it_is_enabled() {
    let server = Server::start(Place::Memory);
    let key = key(&server);
    let decrypt = json!({ "CiphertextBlob": sealed(&server, &key, &json!({})) });
    let generate = json!({ "KeyId": key, "KeySpec": "AES_256" });
    server.kms("DisableKey", &json!({ "KeyId": key }));
    for (operation, request) in [("Decrypt", &decrypt), ("GenerateDataKey", &generate)] {
        assert_eq!(server.refused("TrentService", operation, request), "DisabledException");
    }
    server.kms("EnableKey", &json!({ "KeyId": key }));
    server.kms("Decrypt", &decrypt);
}

#[test]
fn an_unknown_name_is_not_found() {
    let server = Server::start(Place::Memory);
    for name in ["alias/none", "00000000-0000-4000-8000-000000000000", "arn:aws:kms:eu-north-1:000000000000:alias/none"]
    {
        let generate = json!({ "KeyId": name, "KeySpec": "AES_256" });
        assert_eq!(server.refused("TrentService", "GenerateDataKey", &generate), "NotFoundException", "{name}");
    }
}
