//! Jobs: work that is to be started, by a schedule, by a person or by a job before. Who carries them out is not known here.

use canonical::Millis;
use serde::{Deserialize, Serialize};

use crate::{Message, Name, Outgoing};

/// Work to be started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Read an entity of a connection.
    Poll(PollJob),
    /// Compare both ends of a flow.
    Reconcile(ReconcileJob),
    /// Let parked messages of a connection go.
    Release(ReleaseJob),
    /// Try the credentials of a connection.
    Test(TestJob),
}

/// Read an entity of a connection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PollJob {
    /// Whose.
    pub tenant: String,
    /// Which connection.
    pub conn: String,
    /// Which entity.
    pub ent: String,
    /// Pages read by the run so far.
    #[serde(default)]
    pub pages: u32,
    /// Records read by the run so far.
    #[serde(default)]
    pub records: u64,
    /// Empty pages in a row.
    #[serde(default)]
    pub empty: u32,
    /// Hash of the page before, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// How often it failed in a row.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tries: u32,
    /// The fence of the cursor when it failed: where another run has read since, this one has nothing left to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<u64>,
}

/// Compare both ends of a flow.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReconcileJob {
    /// Whose.
    pub tenant: String,
    /// Which flow.
    pub flow: String,
    /// Names the run, so that a second copy of the job sends the same occurrences. Empty where a schedule starts it:
    /// then it is named before anything is compared.
    #[serde(default)]
    pub run: String,
    /// When it was named, in ms: a repetition counts in the same hour.
    #[serde(default, skip_serializing_if = "is_zero_ms")]
    pub at: Millis,
    /// How often it failed in a row.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tries: u32,
}

/// Let parked messages of a connection go.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReleaseJob {
    /// Whose.
    pub tenant: String,
    /// Which connection.
    pub conn: String,
    /// How often it failed in a row.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tries: u32,
    /// The notes it stands for, by minute and mark: struck out when it succeeds, and until then every minute starts it anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub due: Vec<(i64, String)>,
}

/// Try the credentials of a connection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TestJob {
    /// Whose.
    pub tenant: String,
    /// Which connection.
    pub conn: String,
    /// Names the test, so that its result is found again.
    pub test: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
pub(crate) fn is_zero_ms(at: &Millis) -> bool {
    *at == 0
}

impl Job {
    /// Whose it is, as the message says.
    #[must_use]
    pub fn tenant(&self) -> &str {
        match self {
            Job::Poll(job) => &job.tenant,
            Job::Reconcile(job) => &job.tenant,
            Job::Release(job) => &job.tenant,
            Job::Test(job) => &job.tenant,
        }
    }

    /// The same work, as if it had never failed.
    #[must_use]
    pub fn anew(self) -> Self {
        match self {
            Job::Poll(job) => Job::Poll(PollJob { tries: 0, fence: None, ..job }),
            Job::Release(job) => Job::Release(ReleaseJob { tries: 0, ..job }),
            Job::Reconcile(job) => Job::Reconcile(ReconcileJob { tries: 0, ..job }),
            Job::Test(_) => self,
        }
    }

    /// The message that starts it on its own queue after a delay.
    #[must_use]
    pub fn outgoing(self, delay_ms: Millis) -> Outgoing {
        let (queue, group) = match &self {
            Job::Poll(job) => (Name::JobsPoll, job.conn.clone()),
            Job::Reconcile(job) => (Name::JobsReconcile, job.flow.clone()),
            Job::Release(job) => (Name::JobsPoll, job.conn.clone()),
            Job::Test(job) => (Name::JobsPoll, job.conn.clone()),
        };
        Outgoing { queue, group, dedup: None, delay_ms, message: Message::Job(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open;

    /// Bodies as they were first sent: messages live two weeks, dead letters longer.
    #[test]
    fn jobs_of_every_shape_ever_sent_are_understood() {
        let shop = || ("t".to_owned(), "shop".to_owned());
        let (tenant, conn) = shop();
        let poll = PollJob { tenant, conn, ent: "order".into(), ..PollJob::default() };
        let (tenant, conn) = shop();
        let release = ReleaseJob { tenant, conn, tries: 0, due: Vec::new() };
        let (tenant, conn) = shop();
        let test = TestJob { tenant, conn, test: "tst_1".into() };
        for (body, job) in [
            (r#"{"v":1,"k":"job","job":"poll","tenant":"t","conn":"shop","ent":"order","pages":0,"records":0,"empty":0}"#, Job::Poll(poll.clone())),
            (r#"{"v":1,"k":"job","job":"poll","tenant":"t","conn":"shop","ent":"order","pages":0,"records":0,"empty":0,"tries":2,"fence":7}"#, Job::Poll(PollJob { tries: 2, fence: Some(7), ..poll })),
            (r#"{"v":1,"k":"job","job":"release","tenant":"t","conn":"shop"}"#, Job::Release(release.clone())),
            (r#"{"v":1,"k":"job","job":"release","tenant":"t","conn":"shop","tries":3}"#, Job::Release(ReleaseJob { tries: 3, ..release.clone() })),
            (r#"{"v":1,"k":"job","job":"release","tenant":"t","conn":"shop","due":[[29497500,"a1b2c3d4"]]}"#, Job::Release(ReleaseJob { due: vec![(29_497_500, "a1b2c3d4".into())], ..release })),
            (r#"{"v":1,"k":"job","job":"test","tenant":"t","conn":"shop","test":"tst_1"}"#, Job::Test(test)),
            (r#"{"v":1,"k":"job","job":"reconcile","tenant":"t","flow":"stock","run":""}"#, Job::Reconcile(ReconcileJob { tenant: "t".into(), flow: "stock".into(), ..ReconcileJob::default() })),
        ] {
            assert_eq!(open(body).unwrap(), Message::Job(job.clone()), "{body}");
            assert_eq!(Message::Job(job).body(), body);
        }
    }
}
