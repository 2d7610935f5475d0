//! The operations: one file each, listed here once.

mod cast;
mod dedupe;
mod each;
mod entries;
mod expand;
mod filter;
mod flatten;
mod from_entries;
mod group;
mod lookup;
mod template;
mod wrap;
mod zip;

use crate::operation::Entry;

/// Every operation, in the order the reference tells them.
pub static OPERATIONS: &[&Entry] = &[
    &cast::ENTRY, &template::ENTRY, &lookup::ENTRY, &flatten::ENTRY, &filter::ENTRY, &each::ENTRY, &entries::ENTRY, &from_entries::ENTRY, &zip::ENTRY, &expand::ENTRY, &wrap::ENTRY, &group::ENTRY, &dedupe::ENTRY,
];
