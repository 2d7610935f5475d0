//! A function as the Lambda service sees it: text in, text out, a deadline, and a process that may die.
//!
//! [`crate::mapping`] and [`crate::chain`] invoke functions through this. A panic or a passed deadline fails the one
//! invocation; nothing is decided here about what becomes of the messages.

use std::{pin::Pin, sync::Arc, time::Duration};

use canonical::{Chance, Clock};
use lambda_runtime::{Context, Error as HandlerError};

/// What a handler returns.
pub type Answer = Pin<Box<dyn Future<Output = Result<String, HandlerError>> + Send>>;

/// A handler behind its payloads as JSON text.
pub type Handler = Arc<dyn Fn(String, Context) -> Answer + Send + Sync>;

/// A function that can be invoked.
#[derive(Clone)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// How long one invocation may take.
    pub timeout: Duration,
    handler: Handler,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl Function {
    /// A function over a handler; request ids and deadlines come from what is handed in.
    #[must_use]
    pub fn new(name: &'static str, timeout: Duration, handler: Handler, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self { name, timeout, handler, clock, chance }
    }

    /// Invokes it once, in a task of its own.
    ///
    /// # Errors
    /// What the handler answered, that it panicked, or that its time was over.
    pub async fn invoke(&self, payload: String) -> Result<String, String> {
        let context = context(self.name, self.timeout, &*self.clock, &*self.chance);
        finished(tokio::spawn((self.handler)(payload, context)), self.timeout).await
    }
}

/// The context of a new invocation.
pub(crate) fn context(name: &str, timeout: Duration, clock: &dyn Clock, chance: &dyn Chance) -> Context {
    let mut context = Context::default();
    context.request_id = request_id(chance.bits());
    context.deadline = u64::try_from(clock.now_ms()).unwrap_or_default() + u64::try_from(timeout.as_millis()).unwrap_or_default();
    context.invoked_function_arn = format!("arn:aws:lambda:{}:000000000000:function:{}{name}", crate::setup::REGION, crate::setup::PREFIX);
    context
}

/// Waits for an invocation; one that takes too long is ended, as the service would.
pub(crate) async fn finished<T>(mut task: tokio::task::JoinHandle<Result<T, HandlerError>>, timeout: Duration) -> Result<T, String> {
    match tokio::time::timeout(timeout, &mut task).await {
        Ok(Ok(answer)) => answer.map_err(|error| error.to_string()),
        Ok(Err(error)) => Err(format!("the invocation ended without an answer: {error}")),
        Err(_) => {
            task.abort();
            Err(format!("task timed out after {} seconds", timeout.as_secs()))
        }
    }
}

/// A version 4 UUID.
fn request_id(bits: u128) -> String {
    let bits = (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::request_id;

    #[test]
    fn request_ids_are_version_4_uuids() {
        assert_eq!(request_id(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(request_id(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
