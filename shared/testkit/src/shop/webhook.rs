//! The webhook a change would send: raw bytes, signed, with the documented headers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use document::Value;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use super::Shop;
use crate::moment::rfc3339;

/// A webhook ready to be posted. The same change gives the same ids and bytes each time it is built, like a retry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The topic, such as `orders/updated`.
    pub topic: String,
    /// Every header, the content type included.
    pub headers: Vec<(String, String)>,
    /// The raw body.
    pub body: Vec<u8>,
}

impl Webhook {
    /// A header's value, by its name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value.as_str()))
    }

    /// The same webhook with a header replaced or added.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same webhook signed with another secret.
    #[must_use]
    pub fn signed_with(self, secret: &str) -> Self {
        let signature = sign(secret, &self.body);
        self.with("X-Shopify-Hmac-Sha256", &signature)
    }
}

impl Shop {
    /// The `products/update` webhook of the product with this SKU, as it stands.
    #[must_use]
    pub fn webhook_for_product(&self, sku: &str) -> Option<Webhook> {
        let (product, _) = self.goods.find(sku)?;
        Some(self.webhook("products/update", product.id, product.revision, product.updated_ms, &self.product(product)))
    }

    /// The webhook of an order as it stands: `orders/create`, or `orders/updated` once it changed.
    #[must_use]
    pub fn webhook_for_order(&self, number: &str) -> Option<Webhook> {
        let order = self.goods.orders.get(number.trim_start_matches('#'))?;
        let topic = if order.revision == 1 { "orders/create" } else { "orders/updated" };
        Some(self.webhook(topic, order.id, order.revision, order.updated_ms, &self.order(order)))
    }

    fn webhook(&self, topic: &str, id: i64, revision: i64, at_ms: i64, payload: &Value) -> Webhook {
        let body = payload.to_string().into_bytes();
        let change = format!("{}|{topic}|{id}|{revision}", self.options.domain);
        let headers = [
            ("Content-Type", "application/json".to_owned()),
            ("X-Shopify-Topic", topic.to_owned()),
            ("X-Shopify-Hmac-Sha256", sign(&self.options.secret, &body)),
            ("X-Shopify-Shop-Domain", self.options.domain.clone()),
            ("X-Shopify-API-Version", "2026-01".to_owned()),
            ("X-Shopify-Webhook-Id", identity(&format!("webhook|{change}"))),
            ("X-Shopify-Event-Id", identity(&format!("event|{change}"))),
            ("X-Shopify-Triggered-At", rfc3339(at_ms, 0).replace("+00:00", "Z")),
        ];
        Webhook { topic: topic.to_owned(), headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(), body }
    }
}

fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// An id in the shape of a UUID, always the same for the same seed.
fn identity(seed: &str) -> String {
    let hex: String = Sha256::digest(seed.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn the_signature_is_base64_of_hmac_sha256() {
        // RFC 4231, case 2.
        assert_eq!(sign("Jefe", b"what do ya want for nothing?"), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }
}
