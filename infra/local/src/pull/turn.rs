//! Whose turn it is to renew, of all runs that were given one file: the system lets one of them hold it, and takes it back from one that
//! ends. Where a file cannot be held, who is refused looks into it once more.

use std::{fs::{File, TryLockError}, path::Path, time::Duration};

/// How long others are waited for: longer than a renewal with all its tries takes.
const TRIES: usize = 450;
const PAUSE: Duration = Duration::from_millis(100);

/// The turn, until it is dropped; none where the file cannot be held, or another holds it for too long.
pub(crate) async fn of(file: &Path) -> Option<File> {
    // Elsewhere, who holds a file keeps others from reading it.
    if cfg!(not(unix)) {
        return None;
    }
    for _ in 0..TRIES {
        let held = File::open(file).ok().filter(|held| held.metadata().is_ok_and(|known| known.is_file()))?;
        match held.try_lock() {
            Ok(()) if stands(&held, file) => return Some(held),
            // Its holder put another file in its place.
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
            Err(TryLockError::Error(_)) => return None,
        }
    }
    None
}

/// Whether what is open is what stands there now.
#[cfg(unix)]
fn stands(held: &File, file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let of = |known: std::io::Result<std::fs::Metadata>| known.ok().map(|known| (known.dev(), known.ino()));
    of(held.metadata()) == of(std::fs::metadata(file))
}

#[cfg(not(unix))]
fn stands(_: &File, _: &Path) -> bool {
    true
}
