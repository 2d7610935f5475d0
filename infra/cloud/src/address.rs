//! Names by which AWS calls things: the account, ARNs and queue URLs.
//!
//! There is one account, and a name is unique whatever the region, so the last segment of an address is enough to
//! find what it means.

/// The only account there is.
pub(crate) const ACCOUNT: &str = "000000000000";

/// The ARN of a queue.
pub(crate) fn queue_arn(region: &str, name: &str) -> String {
    format!("arn:aws:sqs:{region}:{ACCOUNT}:{name}")
}

/// The URL of a queue, at the host the caller used.
pub(crate) fn queue_url(host: &str, name: &str) -> String {
    format!("http://{host}/{ACCOUNT}/{name}")
}

/// The ARN of a key.
pub(crate) fn key_arn(region: &str, id: &str) -> String {
    format!("arn:aws:kms:{region}:{ACCOUNT}:key/{id}")
}

/// The ARN of an alias, whose name opens with `alias/`.
pub(crate) fn alias_arn(region: &str, name: &str) -> String {
    format!("arn:aws:kms:{region}:{ACCOUNT}:{name}")
}
