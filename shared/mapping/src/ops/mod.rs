//! The operations: one file each, listed here once.

mod cast;
mod each;
mod filter;
mod template;

use crate::operation::Entry;

/// Every operation, in the order the reference tells them.
pub static OPERATIONS: &[&Entry] = &[&cast::ENTRY, &template::ENTRY, &filter::ENTRY, &each::ENTRY];
