//! The clients of AWS, from the settings. Nothing is connected to before the first call.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_credential_types::Credentials;
use aws_smithy_http_client::{Builder, tls::{Provider, rustls_provider::CryptoMode}};

use crate::{Counts, Settings};

/// Attempts of one call, the first included.
const ATTEMPTS: u32 = 3;
const CONNECT: Duration = Duration::from_secs(2);
const ATTEMPT: Duration = Duration::from_secs(5);
const OPERATION: Duration = Duration::from_secs(12);
/// A receive that waits for messages takes up to 20 seconds by design.
const WAIT: Duration = Duration::from_secs(25);

/// The clients of AWS and the count of their requests.
#[derive(Debug, Clone)]
pub struct Clients {
    /// Tables.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Queues.
    pub sqs: aws_sdk_sqs::Client,
    /// Keys.
    pub kms: aws_sdk_kms::Client,
    /// What was asked, by service and operation.
    pub counts: Counts,
}

impl Clients {
    /// Clients for the services the settings name. Region and credentials come from the Lambda environment; in
    /// development they are made up, because the local servers want some.
    pub async fn open(settings: &Settings) -> Self {
        let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts(ATTEMPT, OPERATION));
        if settings.local {
            loader = loader.region(Region::from_static("eu-north-1")).credentials_provider(Credentials::from_keys("local", "local", None));
        }
        Self::with(&Box::pin(loader.load()).await, settings)
    }

    fn with(config: &SdkConfig, settings: &Settings) -> Self {
        let counts = Counts::default();
        let mut dynamodb = aws_sdk_dynamodb::config::Builder::from(config).interceptor(counts.clone());
        dynamodb.set_endpoint_url(settings.endpoints.dynamodb.clone().or_else(|| config.endpoint_url().map(str::to_owned)));
        let mut sqs = aws_sdk_sqs::config::Builder::from(config).interceptor(counts.clone()).timeout_config(timeouts(WAIT, WAIT + OPERATION));
        sqs.set_endpoint_url(settings.endpoints.sqs.clone().or_else(|| config.endpoint_url().map(str::to_owned)));
        let mut kms = aws_sdk_kms::config::Builder::from(config).interceptor(counts.clone());
        kms.set_endpoint_url(settings.endpoints.kms.clone().or_else(|| config.endpoint_url().map(str::to_owned)));
        Self {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb.build()),
            sqs: aws_sdk_sqs::Client::from_conf(sqs.build()),
            kms: aws_sdk_kms::Client::from_conf(kms.build()),
            counts,
        }
    }
}

fn timeouts(attempt: Duration, operation: Duration) -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(attempt).operation_timeout(operation).build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Endpoints;

    #[tokio::test]
    async fn every_attempt_at_a_service_is_counted() {
        // A port that was free a moment ago: each attempt is refused.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Some(format!("http://{}", listener.local_addr().unwrap()));
        drop(listener);
        let settings = Settings { local: true, endpoints: Endpoints { kms: endpoint.clone(), sqs: endpoint.clone(), dynamodb: endpoint }, ..Settings::default() };
        let clients = Clients::open(&settings).await;
        let kms = aws_sdk_kms::Client::from_conf(clients.kms.config().to_builder().retry_config(RetryConfig::disabled()).build());
        assert!(kms.list_keys().send().await.is_err());
        assert!(kms.list_keys().send().await.is_err());
        assert_eq!(clients.counts.snapshot().into_iter().collect::<Vec<_>>(), [("KMS.ListKeys".to_owned(), 2)]);
        clients.counts.reset();
        assert_eq!(clients.counts.total(), 0);
    }
}
