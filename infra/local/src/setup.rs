//! The queues and the key, made once and set right at every start.
//!
//! The settings are those of the deployment's template; [`crate::chain`] calls this before anything is sent. A queue
//! that exists keeps its messages and takes over changed settings.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_kms::error::SdkError;
use aws_sdk_sqs::{operation::get_queue_url::GetQueueUrlError, types::QueueAttributeName};

use crate::Error;

/// What every name on this machine begins with.
pub const PREFIX: &str = "pullpush-local-";

/// The region everything on this machine is in, which is the one the clients sign for.
pub const REGION: &str = "eu-north-1";

/// The alias of the one key.
pub const KEY_ALIAS: &str = "alias/pullpush-local";

const FOUR_DAYS_S: u32 = 345_600;
const FOURTEEN_DAYS_S: u32 = 1_209_600;

/// One queue as it is set up.
#[derive(Debug, Clone, Copy)]
struct Spec {
    name: &'static str,
    visibility_s: u32,
    retention_s: u32,
    /// Where a message goes that was received this often.
    redrive: Option<(&'static str, u32)>,
}

const fn queue(name: &'static str, visibility_s: u32, redrive: (&'static str, u32)) -> Spec {
    Spec { name, visibility_s, retention_s: FOUR_DAYS_S, redrive: Some(redrive) }
}

const fn dead(name: &'static str) -> Spec {
    Spec { name, visibility_s: 360, retention_s: FOURTEEN_DAYS_S, redrive: None }
}

/// Every queue, each after those it redrives to.
const QUEUES: [Spec; 14] = [
    dead("in-dlq"),
    dead("in-strict-dlq.fifo"),
    dead("deliver-dlq"),
    dead("deliver-strict-dlq.fifo"),
    dead("jobs-dlq"),
    queue("in-quarantine", 360, ("in-dlq", 6)),
    queue("deliver-quarantine", 360, ("deliver-dlq", 6)),
    queue("in", 360, ("in-quarantine", 2)),
    queue("in-strict.fifo", 360, ("in-strict-dlq.fifo", 240)),
    queue("deliver", 360, ("deliver-quarantine", 2)),
    queue("deliver-strict.fifo", 360, ("deliver-strict-dlq.fifo", 10)),
    queue("bulk", 360, ("deliver-quarantine", 2)),
    queue("jobs-poll", 960, ("jobs-dlq", 10)),
    queue("jobs-reconcile", 960, ("jobs-dlq", 10)),
];

/// Where a queue is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// For sending and receiving.
    pub url: String,
    /// For naming it in an event.
    pub arn: String,
}

/// Makes or corrects every queue; the answer is by the name after the prefix.
pub(crate) async fn queues(sqs: &aws_sdk_sqs::Client) -> Result<BTreeMap<&'static str, Address>, Error> {
    let mut made: BTreeMap<&'static str, Address> = BTreeMap::new();
    for spec in QUEUES {
        // Invariant: QUEUES lists a target before those that name it.
        let target = spec.redrive.map(|(target, most)| (&made[target].arn, most));
        let settings = settings(&spec, target);
        let url = ensure(sqs, &spec, settings).await?;
        let arn = arn(sqs, &url).await?;
        made.insert(spec.name, Address { url, arn });
    }
    Ok(made)
}

/// The settings as the wire has them, without the type of the queue, which never changes.
fn settings(spec: &Spec, target: Option<(&String, u32)>) -> HashMap<QueueAttributeName, String> {
    let mut settings = HashMap::from([
        (QueueAttributeName::VisibilityTimeout, spec.visibility_s.to_string()),
        (QueueAttributeName::MessageRetentionPeriod, spec.retention_s.to_string()),
    ]);
    if let Some((arn, most)) = target {
        let policy = serde_json::json!({ "deadLetterTargetArn": arn, "maxReceiveCount": most });
        settings.insert(QueueAttributeName::RedrivePolicy, policy.to_string());
    }
    if is_fifo(spec.name) {
        settings.insert(QueueAttributeName::DeduplicationScope, "messageGroup".into());
        settings.insert(QueueAttributeName::FifoThroughputLimit, "perMessageGroupId".into());
    }
    settings
}

async fn ensure(sqs: &aws_sdk_sqs::Client, spec: &Spec, mut settings: HashMap<QueueAttributeName, String>) -> Result<String, Error> {
    let name = format!("{PREFIX}{}", spec.name);
    match Box::pin(sqs.get_queue_url().queue_name(&name).send()).await {
        Ok(found) => {
            let url = found.queue_url.unwrap_or_default();
            let changed = Box::pin(sqs.set_queue_attributes().queue_url(&url).set_attributes(Some(settings)).send()).await;
            changed.map_err(|error| Error::aws(format!("SetQueueAttributes {name}"), error))?;
            Ok(url)
        }
        Err(error) if error.as_service_error().is_some_and(GetQueueUrlError::is_queue_does_not_exist) => {
            if is_fifo(spec.name) {
                settings.insert(QueueAttributeName::FifoQueue, "true".into());
            }
            let made = Box::pin(sqs.create_queue().queue_name(&name).set_attributes(Some(settings)).send()).await;
            Ok(made.map_err(|error| Error::aws(format!("CreateQueue {name}"), error))?.queue_url.unwrap_or_default())
        }
        Err(error) => Err(Error::aws(format!("GetQueueUrl {name}"), error)),
    }
}

async fn arn(sqs: &aws_sdk_sqs::Client, url: &str) -> Result<String, Error> {
    let call = sqs.get_queue_attributes().queue_url(url).attribute_names(QueueAttributeName::QueueArn);
    let answer = Box::pin(call.send()).await.map_err(|error| Error::aws(format!("GetQueueAttributes {url}"), error))?;
    Ok(answer.attributes.and_then(|mut all| all.remove(&QueueAttributeName::QueueArn)).unwrap_or_default())
}

/// Makes the key behind [`KEY_ALIAS`] unless it is there.
pub(crate) async fn key(kms: &aws_sdk_kms::Client) -> Result<(), Error> {
    let listed = Box::pin(kms.list_aliases().send()).await.map_err(|error| Error::aws("ListAliases", error))?;
    if listed.aliases().iter().any(|alias| alias.alias_name() == Some(KEY_ALIAS)) {
        return Ok(());
    }
    let made = Box::pin(kms.create_key().send()).await.map_err(|error| Error::aws("CreateKey", error))?;
    let id = made.key_metadata.map(|metadata| metadata.key_id).unwrap_or_default();
    match Box::pin(kms.create_alias().alias_name(KEY_ALIAS).target_key_id(id).send()).await {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(error)) if error.err().is_already_exists_exception() => Ok(()),
        Err(error) => Err(Error::aws("CreateAlias", error)),
    }
}

/// Whether a queue keeps order within a group.
pub(crate) fn is_fifo(name: &str) -> bool {
    name.ends_with(".fifo")
}
