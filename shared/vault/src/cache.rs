//! Plaintext keys in memory, for a few minutes by the clock that was handed in.
//!
//! One fetch at a time per name: callers who want the same key wait for the first and share what it brings. A failed
//! fetch is not remembered. Every miss sweeps what has grown too old, so that it is wiped.

use std::{collections::HashMap, hash::Hash, sync::{Arc, Mutex, PoisonError}};

use canonical::Millis;

/// Values by name, each for at most `keep_ms`.
pub(crate) struct Cache<K, V> {
    keep_ms: Millis,
    slots: Mutex<HashMap<K, Slot<V>>>,
}

/// One name's place; its lock is held while the value is fetched.
type Slot<V> = Arc<tokio::sync::Mutex<Option<Held<V>>>>;

struct Held<V> {
    value: Arc<V>,
    since_ms: Millis,
}

impl<K: Eq + Hash, V> Cache<K, V> {
    pub(crate) fn new(keep_ms: Millis) -> Self {
        Self { keep_ms, slots: Mutex::default() }
    }

    /// The value of a name: the one at hand while it is young enough, else the one fetched now.
    pub(crate) async fn get<E>(&self, name: K, now_ms: Millis, fetch: impl AsyncFnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        let slot = self.slot(name, now_ms);
        let mut held = slot.lock().await;
        if let Some(held) = held.as_ref().filter(|held| self.is_young(held, now_ms)) {
            return Ok(Arc::clone(&held.value));
        }
        *held = None;
        let value = Arc::new(fetch().await?);
        *held = Some(Held { value: Arc::clone(&value), since_ms: now_ms });
        Ok(value)
    }

    fn slot(&self, name: K, now_ms: Millis) -> Slot<V> {
        // A panic cannot leave the map half changed: no code of others runs under this lock.
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(&name) {
            return Arc::clone(slot);
        }
        slots.retain(|_, slot| match slot.try_lock() {
            Ok(held) => held.as_ref().is_some_and(|held| self.is_young(held, now_ms)) || Arc::strong_count(slot) > 1,
            Err(_) => true,
        });
        Arc::clone(slots.entry(name).or_default())
    }

    /// A clock that went back makes nothing younger.
    fn is_young(&self, held: &Held<V>, now_ms: Millis) -> bool {
        (0..self.keep_ms).contains(&now_ms.saturating_sub(held.since_ms))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// Asks a cache that keeps values for 100 ms at each time; prints what came.
    async fn at(times: &[Millis]) -> Vec<u32> {
        let (cache, fetched) = (Cache::new(100), AtomicU32::new(0));
        let mut values = Vec::new();
        for now_ms in times {
            values.push(*cache.get("key", *now_ms, async || Ok::<_, ()>(fetched.fetch_add(1, Ordering::Relaxed))).await.unwrap());
        }
        values
    }

    #[tokio::test]
    async fn a_value_is_kept_for_its_time_and_no_longer() {
        assert_eq!(at(&[0, 0, 99, 100, 199, 200]).await, [0, 0, 0, 1, 1, 2]);
        assert_eq!(at(&[1000, 999]).await, [0, 1]);
    }

    #[tokio::test]
    async fn many_askers_share_one_fetch() {
        let (cache, fetched) = (Cache::new(100), AtomicU32::new(0));
        let fetch = async || {
            tokio::task::yield_now().await;
            Ok::<_, ()>(fetched.fetch_add(1, Ordering::Relaxed))
        };
        let (a, b, c) = tokio::join!(cache.get("key", 0, fetch), cache.get("key", 0, fetch), cache.get("other", 0, fetch));
        assert!(a.is_ok() && b.is_ok() && c.is_ok());
        assert_eq!(fetched.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_failure_is_not_remembered() {
        let cache = Cache::new(100);
        assert_eq!(cache.get("key", 0, async || Err::<u32, _>("down")).await.unwrap_err(), "down");
        assert_eq!(*cache.get("key", 0, async || Ok::<_, ()>(1)).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn what_has_grown_old_is_dropped_when_another_name_is_asked() {
        let cache = Cache::new(100);
        let old = Arc::downgrade(&cache.get("old", 0, async || Ok::<_, ()>(1)).await.unwrap());
        let young = Arc::downgrade(&cache.get("young", 50, async || Ok::<_, ()>(1)).await.unwrap());
        assert!(old.upgrade().is_some());
        cache.get("new", 120, async || Ok::<_, ()>(1)).await.unwrap();
        assert!(old.upgrade().is_none() && young.upgrade().is_some());
    }
}
