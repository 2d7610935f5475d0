//! The server in front of a system: counts, misbehaves as scripted, then asks the system.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use document::{Value, object};

use crate::calls::Calls;
use crate::control;
use crate::cut::Cut;
use crate::exchange::Ending;
use crate::faults::{Fault, Faults, Garbage};
use crate::sent::sent;
use crate::{Answer, Request, System};

/// More than any sample exchange needs.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// A system with all that surrounds it.
pub(crate) struct Site<S> {
    system: Mutex<S>,
    /// The thread of a test that holds the system.
    holder: Mutex<Option<ThreadId>>,
    pub(crate) calls: Mutex<Calls>,
    pub(crate) faults: Faults,
    pub(crate) base: &'static str,
    pub(crate) data: Option<PathBuf>,
}

impl<S: System> Site<S> {
    /// A site where nothing has happened yet.
    pub(crate) fn new(system: S, data: Option<PathBuf>) -> Self {
        let base = system.base();
        Self { system: Mutex::new(system), holder: Mutex::default(), calls: Mutex::default(), faults: Faults::default(), base, data }
    }

    /// Locks the system.
    ///
    /// # Panics
    /// This thread holds it already, which would otherwise wait for ever.
    pub(crate) fn enter(&self) -> MutexGuard<'_, S> {
        let held_here = *locked(&self.holder) == Some(thread::current().id());
        assert!(!held_here, "this thread holds the sample system already: let the first hold go, in a statement of its own");
        locked(&self.system)
    }

    /// Notes which thread of a test holds the system, if any.
    pub(crate) fn held_by(&self, thread: Option<ThreadId>) {
        *locked(&self.holder) = thread;
    }

    /// Carries a request out and keeps the state if it may have changed.
    pub(crate) fn execute(&self, request: &Request) -> Answer {
        locked(&self.calls).executed(&request.method, &request.path);
        let mut system = self.enter();
        let answer = system.answer(request);
        if request.method != "GET"
            && let Err(error) = self.save(&system)
        {
            return Answer::json(500, &object([("message", Some(Value::from(format!("the state was not kept: {error}"))))]));
        }
        answer
    }

    /// Carries out the requests kept for later, oldest first.
    pub(crate) fn land(&self) -> usize {
        let mut landed = 0;
        while let Some(request) = self.faults.take_late() {
            self.execute(&request);
            landed += 1;
        }
        landed
    }

    /// Writes the state beside its file, then moves it into place.
    pub(crate) fn save(&self, system: &S) -> io::Result<()> {
        let Some(path) = &self.data else { return Ok(()) };
        let beside: &Path = &path.with_extension("new");
        std::fs::write(beside, system.saved())?;
        std::fs::rename(beside, path)
    }
}

/// A lock that a panicking test does not spoil for the next.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Every request of a sample server comes here.
pub(crate) async fn serve<S: System>(State(site): State<Arc<Site<S>>>, ConnectInfo(cut): ConnectInfo<Cut>, request: axum::extract::Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut request = Request::head(&parts);
    let is_control = request.path.starts_with(control::PREFIX);
    let fault = if is_control {
        None
    } else {
        locked(&site.calls).arrived(&request.method, &request.path);
        site.faults.next(&request.method, &request.path, site.base)
    };
    if fault == Some(Fault::Drop { executes: false }) {
        cut.cut();
        return Response::default();
    }
    let Ok(bytes) = to_bytes(body, BODY_LIMIT).await else {
        return sent(Answer::text(400, "text/plain", "the body did not arrive"));
    };
    request.body = bytes.into();
    let answer = match fault {
        None if is_control => Some(control::answer(&site, &request)),
        None => Some(site.execute(&request)),
        Some(fault) => misbehave(&site, request, fault).await,
    };
    match answer {
        Some(answer) if answer.ending != Ending::Nothing => sent(answer),
        _ => {
            cut.cut();
            Response::default()
        }
    }
}

/// The answer a fault makes of a request; `None` closes the connection.
async fn misbehave<S: System>(site: &Site<S>, request: Request, fault: Fault) -> Option<Answer> {
    match fault {
        Fault::Status { status, retry_after, executes } => {
            if executes {
                site.execute(&request);
            }
            let answer = refusal(status);
            Some(match retry_after {
                Some(after) => answer.with("retry-after", after),
                None => answer,
            })
        }
        Fault::Stall { executes } => {
            let stalled = site.faults.stall();
            let early = executes.then(|| site.execute(&request));
            stalled.released().await;
            Some(early.unwrap_or_else(|| site.execute(&request)))
        }
        Fault::Late { status } => {
            site.faults.keep(request);
            match status {
                Some(status) => Some(refusal(status)),
                None => {
                    site.faults.stall().released().await;
                    Some(refusal(504))
                }
            }
        }
        Fault::Drop { executes } => {
            if executes {
                site.execute(&request);
            }
            None
        }
        Fault::Garbage { garbage, executes } => {
            let answer = executes.then(|| site.execute(&request));
            Some(senseless(garbage, answer))
        }
        Fault::Slow { by } => {
            tokio::time::sleep(by).await;
            Some(site.execute(&request))
        }
    }
}

fn refusal(status: u16) -> Answer {
    let message = Value::from(format!("scripted answer {status}"));
    Answer::json(status, &object([("message", Some(message.clone())), ("errors", Some(message))]))
}

/// A senseless answer; a truncated one is the first half of the true one, if there is one.
fn senseless(garbage: Garbage, answer: Option<Answer>) -> Answer {
    let (content_type, body) = garbage.body();
    match answer {
        Some(answer) if garbage == Garbage::Truncated && answer.body.len() > 2 => {
            Answer::text(200, content_type, answer.body.get(..answer.body.len() / 2).unwrap_or_default())
        }
        _ => Answer::text(200, content_type, body),
    }
}
