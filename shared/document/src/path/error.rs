//! Why a text is no path, at which column, and what to write instead.
//!
//! Made by the reader of paths, shown by the checker of definitions. Quotes nothing but the path itself.

use std::borrow::Cow;

use fault::{Disposition, Fault};

/// What kind of complaint it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    /// Not written as RFC 9535 has it.
    Invalid,
    /// Right, but it may cost more than a path is allowed to.
    Costly,
}

/// A text that is no path of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {reason} at column {column}", match complaint { Complaint::Invalid => "not a path", Complaint::Costly => "too costly a path" })]
pub struct PathError {
    /// Wrong or too costly.
    pub complaint: Complaint,
    /// What is wrong: a lowercase fragment.
    pub reason: Cow<'static, str>,
    /// Where, in bytes from 1.
    pub column: usize,
    /// What to write instead.
    pub hint: Cow<'static, str>,
}

impl Fault for PathError {
    fn code(&self) -> &'static str {
        match self.complaint {
            Complaint::Invalid => "path_invalid",
            Complaint::Costly => "path_too_costly",
        }
    }

    fn disposition(&self) -> Disposition {
        Disposition::Reject
    }
}
