//! Standard output, for people and for pipes.
//!
//! Every command prints through [`say!`]. A reader that has gone (`pullpush demo | head`) is no failure of the work: what
//! is said after that is dropped, and the exit code still tells how the work ended.

use std::{fmt::Arguments, io::Write as _};

/// Prints a line.
macro_rules! say {
    ($($text:tt)*) => { $crate::say::line(format_args!($($text)*)) };
}
pub(crate) use say;

/// Writes a line to standard output.
pub(crate) fn line(text: Arguments<'_>) {
    // Nobody is left to be told.
    drop(writeln!(std::io::stdout(), "{text}"));
}
