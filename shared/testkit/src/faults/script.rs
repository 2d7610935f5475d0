//! The script of one server, and what it holds back.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::Fault;
use crate::Request;

/// Which requests a fault meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The method; any when absent.
    pub method: Option<String>,
    /// How the path begins, whole or after the system's base.
    pub path_prefix: String,
    /// Matching requests let through first.
    pub after: u32,
    /// Matching requests that meet the fault.
    pub times: u32,
    /// What happens to them.
    pub fault: Fault,
}

impl Rule {
    /// The next request of this method and path meets the fault.
    #[must_use]
    pub fn once(method: &str, path_prefix: &str, fault: Fault) -> Self {
        Self { method: Some(method.to_owned()), path_prefix: path_prefix.to_owned(), after: 0, times: 1, fault }
    }

    /// The same for a number of requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// The same after letting a number of requests through.
    #[must_use]
    pub fn after(self, after: u32) -> Self {
        Self { after, ..self }
    }

    fn matches(&self, method: &str, path: &str, base: &str) -> bool {
        let inner = path.strip_prefix(base).unwrap_or(path);
        let prefix = self.path_prefix.as_str();
        let begins = path.starts_with(prefix) || inner.trim_start_matches('/').starts_with(prefix.trim_start_matches('/'));
        begins && self.method.as_deref().is_none_or(|wanted| wanted == method)
    }
}

/// The script of one server; clones are the same script.
#[derive(Debug, Clone)]
pub struct Faults {
    script: Arc<Mutex<Script>>,
    released: Arc<watch::Sender<u64>>,
    stalled: Arc<watch::Sender<usize>>,
}

#[derive(Debug, Default)]
struct Script {
    rules: VecDeque<Rule>,
    down: bool,
    late: VecDeque<Request>,
}

/// A request held back; gone when dropped.
#[derive(Debug)]
pub struct Stalled {
    released: watch::Receiver<u64>,
    stalled: Arc<watch::Sender<usize>>,
}

impl Default for Faults {
    fn default() -> Self {
        Self { script: Arc::default(), released: Arc::new(watch::Sender::new(0)), stalled: Arc::new(watch::Sender::new(0)) }
    }
}

impl Faults {
    /// Adds a rule behind those that wait.
    pub fn push(&self, rule: Rule) {
        self.script().rules.push_back(rule);
    }

    /// Every request answers 503 from here on.
    pub fn down(&self) {
        self.script().down = true;
    }

    /// Requests are answered again.
    pub fn up(&self) {
        self.script().down = false;
    }

    /// Forgets every rule and every late request, comes up, and releases what stalls.
    pub fn clear(&self) {
        *self.script() = Script::default();
        self.release();
    }

    /// Lets go of every request that stalls.
    pub fn release(&self) {
        self.released.send_modify(|generation| *generation += 1);
    }

    /// Rules that still wait for a request.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.script().rules.len()
    }

    /// Requests that stall now.
    #[must_use]
    pub fn stalled(&self) -> usize {
        *self.stalled.borrow()
    }

    /// Requests that wait to be landed.
    #[must_use]
    pub fn late(&self) -> usize {
        self.script().late.len()
    }

    /// Returns once at least this many requests stall.
    pub async fn until_stalled(&self, at_least: usize) {
        drop(self.stalled.subscribe().wait_for(|count| *count >= at_least).await);
    }

    /// Returns once no request stalls, because it was released or its client has gone.
    pub async fn until_none_stalled(&self) {
        drop(self.stalled.subscribe().wait_for(|count| *count == 0).await);
    }

    /// What the next request meets; a match uses its rule up by one.
    pub(crate) fn next(&self, method: &str, path: &str, base: &str) -> Option<Fault> {
        let mut script = self.script();
        if script.down {
            return Some(Fault::status(503));
        }
        let at = script.rules.iter().position(|rule| rule.matches(method, path, base))?;
        let rule = script.rules.get_mut(at)?;
        if rule.after > 0 {
            rule.after -= 1;
            return None;
        }
        let fault = rule.fault.clone();
        rule.times = rule.times.saturating_sub(1);
        if rule.times == 0 {
            script.rules.remove(at);
        }
        Some(fault)
    }

    /// Holds a request back until the next release.
    pub(crate) fn stall(&self) -> Stalled {
        let mut released = self.released.subscribe();
        released.mark_unchanged();
        self.stalled.send_modify(|count| *count += 1);
        Stalled { released, stalled: Arc::clone(&self.stalled) }
    }

    /// Keeps a request to be carried out later.
    pub(crate) fn keep(&self, request: Request) {
        self.script().late.push_back(request);
    }

    /// The oldest request kept.
    pub(crate) fn take_late(&self) -> Option<Request> {
        self.script().late.pop_front()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stalled {
    /// Returns at the next release.
    pub(crate) async fn released(mut self) {
        drop(self.released.changed().await);
    }
}

impl Drop for Stalled {
    fn drop(&mut self) {
        self.stalled.send_modify(|count| *count = count.saturating_sub(1));
    }
}
