//! Who uses a data folder: a lock beside the data, so that two `dev` never work on the same rows.
//!
//! The system gives the lock back when a process ends, however it ends; what is in the file only says whose it was last.

use std::{
    fs::{self, File, TryLockError},
    io::{Seek as _, Write as _},
    path::Path,
};

use pullpush::Error;

/// A data folder held. Dropping it gives it back.
pub(crate) struct Hold {
    _file: File,
}

/// Holds a data folder for this process.
///
/// # Errors
/// When another process has it, which is named, or its file cannot be used.
pub(crate) fn hold(data: &Path) -> Result<Hold, Error> {
    let path = data.join("lock");
    let failed = |source| Error::Data { path: path.clone(), source };
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            // Written by the holder right after it locked: for a moment it may not be there yet.
            let by = fs::read_to_string(&path).ok().filter(|text| !text.trim().is_empty()).map_or_else(|| "another process".to_owned(), |pid| format!("process {}", pid.trim()));
            return Err(Error::Held { path: data.to_owned(), by });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(failed)?;
    Ok(Hold { _file: file })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_once_and_free_again_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let first = hold(folder.path()).unwrap();
        let Err(Error::Held { by, .. }) = hold(folder.path()) else { panic!("held twice") };
        assert_eq!(by, format!("process {}", std::process::id()));
        drop(first);
        assert!(hold(folder.path()).is_ok());
    }
}
