//! The chain's clock: the machine's time and what it was wound forward by.
//!
//! `dev`, its queues and its schedules read this one clock, so that hours of retries pass at a word. It only goes
//! forward; the distance is kept in the data folder, or rows written before a restart would lie in the future.

use std::{
    fs, io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, atomic::{AtomicI64, Ordering}},
    time::Duration,
};

use canonical::{Clock, Millis};

use crate::Error;

/// A clock that can be wound forward.
pub struct Winding {
    machine: Arc<dyn Clock>,
    ahead_ms: AtomicI64,
    /// Held while the distance is written, so that the file never lags behind.
    file: Mutex<Option<PathBuf>>,
}

impl Winding {
    /// The machine's time, ahead by what `file` says; without a file, by nothing.
    ///
    /// # Errors
    /// When the file is there and cannot be read as a number of milliseconds.
    pub fn open(machine: Arc<dyn Clock>, file: Option<PathBuf>) -> Result<Self, Error> {
        let ahead_ms = file.as_deref().map_or(Ok(0), read)?;
        Ok(Self { machine, ahead_ms: AtomicI64::new(ahead_ms), file: Mutex::new(file) })
    }

    /// Winds the clock forward; the answer is the new present.
    ///
    /// # Errors
    /// When the distance cannot be kept; the clock then stays as it was.
    pub fn wind(&self, by: Duration) -> Result<Millis, Error> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let by_ms = Millis::try_from(by.as_millis()).unwrap_or(Millis::MAX);
        let ahead_ms = self.ahead_ms.load(Ordering::SeqCst).saturating_add(by_ms);
        if let Some(file) = file.as_deref() {
            write(file, ahead_ms).map_err(|source| Error::Data { path: file.to_owned(), source })?;
        }
        self.ahead_ms.store(ahead_ms, Ordering::SeqCst);
        Ok(self.now_ms())
    }
}

impl Clock for Winding {
    fn now_ms(&self) -> Millis {
        self.machine.now_ms().saturating_add(self.ahead_ms.load(Ordering::SeqCst))
    }

    fn rest_until(&self, until: Millis) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.machine.rest_until(until.saturating_sub(self.ahead_ms.load(Ordering::SeqCst)))
    }
}

fn read(file: &Path) -> Result<Millis, Error> {
    let failed = |source| Error::Data { path: file.to_owned(), source };
    match fs::read_to_string(file) {
        Ok(text) => text.trim().parse().map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(failed(error)),
    }
}

/// Beside and over, so that a kill leaves the old distance or the new one.
fn write(file: &Path, ahead_ms: Millis) -> io::Result<()> {
    let beside = file.with_extension("new");
    fs::write(&beside, ahead_ms.to_string())?;
    fs::rename(beside, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Still(Millis);

    impl Clock for Still {
        fn now_ms(&self) -> Millis {
            self.0
        }
    }

    #[test]
    fn a_wound_clock_stays_ahead_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clock");
        let clock = Winding::open(Arc::new(Still(1_000)), Some(file.clone())).unwrap();
        assert_eq!(clock.now_ms(), 1_000);
        assert_eq!(clock.wind(Duration::from_secs(60)).unwrap(), 61_000);
        assert_eq!(clock.wind(Duration::from_secs(1)).unwrap(), 62_000);
        let again = Winding::open(Arc::new(Still(2_000)), Some(file)).unwrap();
        assert_eq!(again.now_ms(), 63_000);
    }

    #[test]
    fn an_unreadable_distance_stops_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clock");
        fs::write(&file, "yesterday").unwrap();
        assert!(matches!(Winding::open(Arc::new(Still(0)), Some(file)), Err(Error::Data { .. })));
    }
}
