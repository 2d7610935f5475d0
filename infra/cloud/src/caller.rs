//! What is known of who called: the host they reached us at and the region they signed for.
//!
//! Queue URLs repeat the host and ARNs repeat the region, so that an answer fits the client's own settings. The
//! signature itself is not checked: the servers listen on loopback only.

use axum::http::{HeaderMap, header};

/// The origin of one request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The value of `Host`.
    pub(crate) host: String,
    /// The region in the signature's scope.
    pub(crate) region: String,
}

impl Caller {
    /// Reads the headers; a caller without a signature is in `us-east-1`.
    pub(crate) fn of(headers: &HeaderMap) -> Caller {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST).unwrap_or("127.0.0.1").to_owned();
        let region = text(header::AUTHORIZATION).and_then(signed_region).unwrap_or("us-east-1").to_owned();
        Caller { host, region }
    }
}

/// The region in `… Credential=KEY/20260101/REGION/sqs/aws4_request, …`.
fn signed_region(authorization: &str) -> Option<&str> {
    let (_, credential) = authorization.split_once("Credential=")?;
    credential.split('/').nth(2).filter(|region| !region.is_empty() && region.len() < 32)
}
