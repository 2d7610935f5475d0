//! What a deployment decides, read once at start. The only place that reads the environment.
//!
//! The local chain builds the same plain structs in code. Nothing here is a secret.

use std::collections::HashMap;

/// What a deployment decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Where the services are, when not at their usual addresses (`PULLPUSH_DYNAMODB_ENDPOINT`, …).
    pub endpoints: Endpoints,
    /// Which deployment this is, a dimension of every metric (`PULLPUSH_STAGE`).
    pub stage: String,
    /// What the names of the tables begin with (`PULLPUSH_TABLE_PREFIX`).
    pub table_prefix: String,
    /// The key that wraps data keys (`PULLPUSH_KEY_ID`); absent where nothing is sealed or opened.
    pub key_id: Option<String>,
    /// Addresses of the queues (`QUEUE_…`).
    pub queues: Queues,
    /// The address by which the world knows us, without a slash at its end (`PUBLIC_BASE_URL`).
    pub public_base_url: Option<String>,
    /// Development: loopback and plain http are permitted, and AWS needs no credentials (`PULLPUSH_LOCAL`).
    pub local: bool,
    /// One of this many events that went well gets a log line; zero for none (`PULLPUSH_LOG_SAMPLE`).
    pub log_sample: u32,
}

/// Addresses of services, where they are not the usual ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Endpoints {
    /// DynamoDB.
    pub dynamodb: Option<String>,
    /// SQS.
    pub sqs: Option<String>,
    /// KMS.
    pub kms: Option<String>,
}

/// Addresses of queues; each function has those it sends to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queues {
    /// `QUEUE_IN`.
    pub r#in: Option<String>,
    /// `QUEUE_IN_STRICT`.
    pub in_strict: Option<String>,
    /// `QUEUE_DELIVER`.
    pub deliver: Option<String>,
    /// `QUEUE_DELIVER_STRICT`.
    pub deliver_strict: Option<String>,
    /// `QUEUE_BULK`.
    pub bulk: Option<String>,
    /// `QUEUE_JOBS_POLL`.
    pub jobs_poll: Option<String>,
    /// `QUEUE_JOBS_RECONCILE`.
    pub jobs_reconcile: Option<String>,
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the setting {name} is not {expected}")]
pub struct SettingsError {
    /// Its name.
    pub name: &'static str,
    /// What it has to be.
    pub expected: &'static str,
}

impl Settings {
    /// The settings of this process.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn from_env() -> Result<Self, SettingsError> {
        // Texts that are not Unicode are of others: none of our settings may hold one.
        let values: HashMap<String, String> = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect();
        Self::from_map(&values)
    }

    /// The settings in a map of names to values. An empty value is an absent one.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn from_map(values: &HashMap<String, String>) -> Result<Self, SettingsError> {
        let text = |name: &str| values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty()).map(str::to_owned);
        let address = |name| match text(name) {
            Some(value) if !value.starts_with("http://") && !value.starts_with("https://") => Err(SettingsError { name, expected: "an http or https address" }),
            value => Ok(value.map(|value| value.trim_end_matches('/').to_owned())),
        };
        let queues = Queues {
            r#in: address("QUEUE_IN")?,
            in_strict: address("QUEUE_IN_STRICT")?,
            deliver: address("QUEUE_DELIVER")?,
            deliver_strict: address("QUEUE_DELIVER_STRICT")?,
            bulk: address("QUEUE_BULK")?,
            jobs_poll: address("QUEUE_JOBS_POLL")?,
            jobs_reconcile: address("QUEUE_JOBS_RECONCILE")?,
        };
        Ok(Self {
            endpoints: Endpoints { dynamodb: address("PULLPUSH_DYNAMODB_ENDPOINT")?, sqs: address("PULLPUSH_SQS_ENDPOINT")?, kms: address("PULLPUSH_KMS_ENDPOINT")? },
            stage: text("PULLPUSH_STAGE").unwrap_or_default(),
            table_prefix: text("PULLPUSH_TABLE_PREFIX").unwrap_or_default(),
            key_id: text("PULLPUSH_KEY_ID"),
            queues,
            public_base_url: address("PUBLIC_BASE_URL")?,
            local: flag("PULLPUSH_LOCAL", text("PULLPUSH_LOCAL").as_deref())?,
            log_sample: number("PULLPUSH_LOG_SAMPLE", text("PULLPUSH_LOG_SAMPLE").as_deref())?,
        })
    }
}

fn flag(name: &'static str, value: Option<&str>) -> Result<bool, SettingsError> {
    match value {
        Some("1" | "true") => Ok(true),
        None | Some("0" | "false") => Ok(false),
        Some(_) => Err(SettingsError { name, expected: "1, 0, true or false" }),
    }
}

fn number(name: &'static str, value: Option<&str>) -> Result<u32, SettingsError> {
    value.map_or(Ok(0), |value| value.parse().map_err(|_| SettingsError { name, expected: "a whole number" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::from_map(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn nothing_set_is_a_deployment_with_the_usual_addresses() {
        assert_eq!(read(&[]), Ok(Settings::default()));
        assert_eq!(read(&[("QUEUE_IN", ""), ("PULLPUSH_LOCAL", " "), ("PULLPUSH_LOG_SAMPLE", "")]), Ok(Settings::default()));
    }

    #[test]
    fn every_setting_is_read() {
        let settings = read(&[
            ("PULLPUSH_DYNAMODB_ENDPOINT", "http://127.0.0.1:8000/"), ("PULLPUSH_SQS_ENDPOINT", "http://127.0.0.1:9324"), ("PULLPUSH_KMS_ENDPOINT", "http://127.0.0.1:9325"),
            ("PULLPUSH_STAGE", "prod"), ("PULLPUSH_TABLE_PREFIX", "pp-"), ("PULLPUSH_KEY_ID", "alias/pullpush"), ("PUBLIC_BASE_URL", "https://pullpush.example/"), ("PULLPUSH_LOCAL", "1"), ("PULLPUSH_LOG_SAMPLE", "100"),
            ("QUEUE_IN", "https://q/in"), ("QUEUE_IN_STRICT", "https://q/in.fifo"), ("QUEUE_DELIVER", "https://q/d"), ("QUEUE_DELIVER_STRICT", "https://q/d.fifo"), ("QUEUE_BULK", "https://q/b"),
            ("QUEUE_JOBS_POLL", "https://q/p"), ("QUEUE_JOBS_RECONCILE", "https://q/r"),
        ]);
        let some = |text: &str| Some(text.to_owned());
        let queues = Queues {
            r#in: some("https://q/in"), in_strict: some("https://q/in.fifo"), deliver: some("https://q/d"), deliver_strict: some("https://q/d.fifo"), bulk: some("https://q/b"),
            jobs_poll: some("https://q/p"), jobs_reconcile: some("https://q/r"),
        };
        let endpoints = Endpoints { dynamodb: some("http://127.0.0.1:8000"), sqs: some("http://127.0.0.1:9324"), kms: some("http://127.0.0.1:9325") };
        let expected = Settings { stage: "prod".into(), endpoints, table_prefix: "pp-".into(), key_id: some("alias/pullpush"), queues, public_base_url: some("https://pullpush.example"), local: true, log_sample: 100 };
        assert_eq!(settings, Ok(expected));
    }

    #[test]
    fn a_setting_that_cannot_be_used_is_named() {
        for (name, value) in [("QUEUE_IN", "in"), ("PUBLIC_BASE_URL", "pullpush.example"), ("PULLPUSH_LOCAL", "yes please"), ("PULLPUSH_LOG_SAMPLE", "-1")] {
            assert_eq!(read(&[(name, value)]).unwrap_err().name, name);
        }
    }
}
