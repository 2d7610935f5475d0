//! Where a pull begins, and where it can go on: given on the command line, or kept in a file.

use std::{fs, io::{ErrorKind, Write as _}, path::{Path, PathBuf}};

use document::{Value, object};
use fault::Simple;

use crate::{Failure, cli::PullOptions, say::several};

/// The cursor of a run.
pub(crate) struct Cursor<'r> {
    file: Option<&'r Path>,
    begin: Option<String>,
    now: Option<String>,
    of: Of<'r>,
}

/// What is read.
pub(crate) struct Of<'r> {
    pub(crate) definition: &'r str,
    pub(crate) entity: &'r str,
    /// Tells one account from another.
    pub(crate) config: String,
    /// The file of the values, if they were given in one.
    pub(crate) values: Option<&'r Path>,
}

impl<'r> Cursor<'r> {
    /// Where a run of a definition and an entity begins.
    pub(crate) fn of(options: &'r PullOptions, of: Of<'r>) -> Result<Self, Failure> {
        let file = options.cursor_file.as_deref();
        let kept = match file {
            Some(file) => match fs::read_to_string(file) {
                Ok(text) => kept(file, text.trim_start_matches('\u{feff}').trim(), &of)?,
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(error) => return Err(Failure::Usage(format!("{} cannot be read: {error}\n    `--cursor-file` names a file that an earlier pull wrote, or one that is not there yet", file.display()))),
            },
            None => None,
        };
        Ok(Self { file, begin: options.cursor.clone().or(kept), now: None, of })
    }

    /// Where the run begins.
    pub(crate) fn begin(&self) -> Option<&str> {
        self.begin.as_deref()
    }

    /// Keeps where to go on; what lies before it is printed.
    pub(crate) fn keep(&mut self, at: &str) -> Result<(), Simple> {
        if let Some(file) = self.file {
            let Of { definition, entity, config, .. } = &self.of;
            let cursor = document::parse_str(at).unwrap_or_else(|_| at.into());
            let text = object([("definition", Some((*definition).into())), ("entity", Some((*entity).into())), ("config", Some(config.as_str().into())), ("cursor", Some(cursor))]).to_string();
            replace(file, &format!("{text}\n")).map_err(|error| Simple::reject("internal", format!("{} cannot be written: {error}", file.display())))?;
        }
        self.now = Some(at.to_owned());
        Ok(())
    }

    /// Where to go on, where no file keeps it, and where there is anything to go on with: a cursor that says nothing begins anew.
    pub(crate) fn shown(&self) -> Option<&str> {
        self.now.as_deref().filter(|_| self.file.is_none() && !self.is_bare())
    }

    /// How whoever comes back goes on.
    pub(crate) fn onward(&self) -> String {
        match self.file {
            Some(file) if self.now.is_some() || self.begin.is_some() => format!("the same command goes on where {} says", file.display()),
            None if self.shown().is_some() => "go on with the `--cursor` that is told above".to_owned(),
            _ => "the same command begins where this one did".to_owned(),
        }
    }

    /// How to begin anew, where nothing was read behind the place the run began at: the source may know that place no more.
    pub(crate) fn anew(&self) -> Option<String> {
        let how = match self.file {
            _ if self.begin.is_none() || self.now.is_some() => return None,
            Some(file) => format!("remove {} to begin anew, or write the time to begin at into it", file.display()),
            None => "leave out `--cursor` to begin anew, or give it the time to begin at".to_owned(),
        };
        Some(format!("where the source knows the place no more that this run went on from: {how}"))
    }

    /// Whether the run ended at a cursor that says nothing.
    pub(crate) fn is_bare(&self) -> bool {
        self.now.as_deref() == Some("{}")
    }

    /// What a person has to know of records that could not be mapped and that the cursor is behind: no later run reads them.
    pub(crate) fn passed(&self, failed: u64) -> Option<String> {
        if failed == 0 || self.now.is_none() || self.is_bare() {
            return None;
        }
        let (them, they) = if failed == 1 { ("it", "it comes") } else { ("them", "they come") };
        let stands = self.file.map_or_else(|| "the cursor to go on with".to_owned(), |file| file.display().to_string());
        let again = match (&self.begin, self.file) {
            (Some(begin), Some(file)) => format!("leave out `--cursor-file {}` once, and begin where this run did, with {}", file.display(), words(begin)),
            (Some(begin), None) => format!("begin where this run did, with {}", words(begin)),
            (None, Some(file)) => format!("remove {}", file.display()),
            (None, None) => "begin without a cursor, as this run did".to_owned(),
        };
        Some(format!("{} could not be mapped, and {stands} stands behind {them}: {they} again only when the source changes {them}\n    to read {them} again once the mapping or the data is corrected: {again}", several(failed, "record")))
    }

    /// What a person has to know of a page of which only so many records were printed: they are printed again.
    pub(crate) fn cut(&self, printed: u64, page: usize) -> Option<String> {
        let records = if printed == 1 { "record".to_owned() } else { format!("{printed} records") };
        let again = format!("a cursor stands between pages, and the limit fell amid one: the next run prints the last {records} again");
        match (self.file, &self.now) {
            (Some(file), None) => Some(format!("{}: {again}; a limit of {page} or more gets past this page", file.display())),
            (Some(file), Some(_)) => Some(format!("{}: {again}", file.display())),
            (None, now) => now.as_ref().map(|_| again),
        }
    }
}

/// The words that begin at a cursor, as a shell takes them.
pub(crate) fn words(cursor: &str) -> String {
    format!("--cursor '{}'", cursor.replace('\'', r"'\''"))
}

/// The cursor in a file: what a pull of the same entity wrote, or a cursor or a time as the source calls it.
fn kept(file: &Path, text: &str, of: &Of<'_>) -> Result<Option<String>, Failure> {
    let name = file.display();
    if text.is_empty() {
        return Err(Failure::Usage(format!("{name} is empty: a cursor file that is there and holds nothing was cut off, and where to go on is lost\n    put back a copy of it, or remove it to begin anew")));
    }
    let Some(value) = document::parse_str(text).ok().filter(|value| value.entries().is_some()) else { return Ok(Some(text.to_owned())) };
    let member = |name: &str| value.get(name).and_then(Value::as_str);
    match (member("definition"), member("entity"), value.get("cursor")) {
        (Some(definition), Some(entity), Some(_)) if (definition, entity) != (of.definition, of.entity) => {
            Err(Failure::Usage(format!("{name} says where `{entity}` of `{definition}` goes on, and `{}` of `{}` is read here\n    name another file, or remove this one to begin anew", of.entity, of.definition)))
        }
        // A file of an earlier version does not say it.
        (Some(definition), Some(entity), Some(_)) if member("config").is_some_and(|config| config != of.config) => {
            let values = of.values.map_or_else(|| "this run".to_owned(), |file| file.display().to_string());
            Err(Failure::Usage(format!("{name} says where `{entity}` of `{definition}` goes on with other values than those of {values}\n    name another file, or remove this one to begin anew; where the same account is meant, remove `config` from it")))
        }
        (Some(_), Some(_), Some(cursor)) => Ok(Some(cursor.as_str().map_or_else(|| cursor.to_string(), str::to_owned))),
        // The cursor itself, as it is told on standard error, does not say whose it is.
        _ if value.get("metadata").is_none() && value.get("entities").is_none() => Ok(Some(text.to_owned())),
        _ => Err(Failure::Usage(format!("{name} is a definition, and no cursor\n    `--cursor-file` names a file that an earlier pull wrote, or one that is not there yet"))),
    }
}

/// Tries whether a file can be written, and leaves it as it is.
pub(crate) fn tried(file: &Path, for_what: &str) -> Result<(), Failure> {
    writable(file).map_err(|(reason, hint)| Failure::Usage(format!("{} cannot be written, and nothing was asked: {reason}\n    {for_what}: {hint}", file.display())))
}

/// Why a file cannot be written, and what to do.
pub(crate) fn writable(file: &Path) -> Result<(), (String, &'static str)> {
    // What takes its place is a file: a folder would refuse it, and a device would be gone.
    if let Ok(known) = fs::metadata(file)
        && !known.is_file()
    {
        let what = if known.is_dir() { "it is a folder" } else { "it is no file" };
        return Err((what.to_owned(), "name a file"));
    }
    // Under a name of its own: another run may be writing the file at this moment.
    let tried = beside(&led(file), &format!("tried-{}", std::process::id()));
    drop(fs::remove_file(&tried));
    fs::OpenOptions::new().write(true).create_new(true).open(&tried).map_err(|error| (error.to_string(), "make the folder it is to stand in, or name a file where you may write"))?;
    drop(fs::remove_file(&tried));
    Ok(())
}

/// A file beside another.
fn beside(file: &Path, end: &str) -> PathBuf {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".");
    beside.push(end);
    PathBuf::from(beside)
}

/// The file that links lead to: they stay, and it is what others know.
fn led(file: &Path) -> PathBuf {
    if file.is_symlink() { fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()) } else { file.to_owned() }
}

/// Writes a file so that it is always whole: the old one or the new one.
pub(crate) fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let file = &led(file);
    let beside = beside(file, "new");
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
