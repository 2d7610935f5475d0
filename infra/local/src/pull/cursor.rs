//! Where a pull begins, and where it can go on: given on the command line, or kept in a file.

use std::{fs, io::{ErrorKind, Write as _}, path::{Path, PathBuf}};

use fault::Simple;

use crate::{Failure, cli::PullOptions};

/// The cursor of a run.
pub(crate) struct Cursor {
    file: Option<PathBuf>,
    begin: Option<String>,
    now: Option<String>,
}

impl Cursor {
    pub(crate) fn of(options: &PullOptions) -> Result<Self, Failure> {
        let kept = match &options.cursor_file {
            Some(file) => match fs::read_to_string(file) {
                Ok(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(error) => return Err(Failure::Usage(format!("{} cannot be read: {error}", file.display()))),
            },
            None => None,
        };
        Ok(Self { file: options.cursor_file.clone(), begin: options.cursor.clone().or(kept), now: None })
    }

    /// Where the run begins.
    pub(crate) fn begin(&self) -> Option<&str> {
        self.begin.as_deref()
    }

    /// Keeps where to go on; what lies before it is printed.
    pub(crate) fn keep(&mut self, at: &str) -> Result<(), Simple> {
        if let Some(file) = &self.file {
            replace(file, at).map_err(|error| Simple::reject("internal", format!("{} cannot be written: {error}", file.display())))?;
        }
        self.now = Some(at.to_owned());
        Ok(())
    }

    /// Where to go on, where no file keeps it.
    pub(crate) fn shown(&self) -> Option<&str> {
        self.now.as_deref().filter(|_| self.file.is_none())
    }
}

/// Writes a file so that it is always whole: the old one or the new one.
pub(crate) fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // What was left by one that ended is not written into: it may be open to others.
    drop(fs::remove_file(&beside));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut new = options.open(&beside)?;
    new.write_all(text.as_bytes())?;
    if let Ok(known) = fs::metadata(file) {
        // It stays as open or closed as it was.
        new.set_permissions(known.permissions())?;
    }
    new.sync_all()?;
    fs::rename(&beside, file)
}
