//! What a pull writes is tried before anything is asked: who learns at the end that a file cannot be written has lost the run.

use std::{fs, path::Path};

use super::{cursor, record, sessions::InFile};
use crate::{Failure, cli::PullOptions, say::tell};

/// Tries every file the run is going to write.
pub(crate) fn tried(options: &PullOptions, sessions: &InFile) -> Result<(), Failure> {
    let inputs = [("--definition", Some(options.definition.as_path())), ("--config", options.config.as_deref())];
    if let Some(file) = &options.cursor_file {
        apart("--cursor-file", file, &inputs)?;
        cursor::tried(file, "it is to keep where to go on")?;
    }
    if let Some(file) = &options.record {
        // The definition itself may take its test.
        apart("--record", file, &[("--config", options.config.as_deref()), ("--cursor-file", options.cursor_file.as_deref())])?;
        record::tried(file, &options.definition)?;
        cursor::tried(file, "it is to hold the definition with the recorded test")?;
    }
    if let Some(file) = sessions.file() {
        // Many systems never replace the token: whether this one does is known when it answers.
        if let Err((reason, _)) = cursor::writable(file) {
            tell!("{} cannot be written: {reason}\n    a refresh token that replaces the one in it cannot be kept: then the run fails, and a new one has to be asked for", file.display());
        }
    }
    Ok(())
}

/// What is written is none of these.
fn apart(flag: &str, file: &Path, others: &[(&str, Option<&Path>)]) -> Result<(), Failure> {
    let same = |other: &Path| file == other || fs::canonicalize(file).ok().zip(fs::canonicalize(other).ok()).is_some_and(|(file, other)| file == other);
    match others.iter().find(|(_, other)| other.is_some_and(same)) {
        Some((other, _)) => Err(Failure::Usage(format!("`{flag}` and `{other}` name one file, {}, and the one would write over the other\n    give `{flag}` a file of its own", file.display()))),
        None => Ok(()),
    }
}
