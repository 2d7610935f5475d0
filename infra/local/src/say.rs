//! Standard output and standard error, for people and for pipes.
//!
//! Every command prints through [`say!`], and tells what is not its result through [`tell!`]. A reader that has gone
//! (`pullpush demo | head`) is no failure of the work: what is said after that is dropped, and the exit code still tells how
//! the work ended.

use std::{fmt::{Arguments, Display}, io::Write as _};

/// Prints a line.
macro_rules! say {
    ($($text:tt)*) => { $crate::say::line(format_args!($($text)*)) };
}
pub(crate) use say;

/// Prints a line to standard error.
macro_rules! tell {
    ($($text:tt)*) => { $crate::say::aside(format_args!($($text)*)) };
}
pub(crate) use tell;

/// So many of something.
pub(crate) fn several<N: Copy + Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    format!("{count} {one}{}", if count == N::from(1) { "" } else { "s" })
}

/// Writes a line to standard output.
pub(crate) fn line(text: Arguments<'_>) {
    // Nobody is left to be told.
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// Writes a line to standard error, at once.
pub(crate) fn aside(text: Arguments<'_>) {
    drop(std::io::stderr().write_all(format!("{text}\n").as_bytes()));
}
