//! The operations: one file each, listed here once.

mod cast;
mod dedupe;
mod default;
mod drop_empty;
mod each;
mod entries;
mod expand;
mod filter;
mod flatten;
mod from_entries;
mod group;
mod lookup;
mod hash;
mod keys;
mod map;
mod null_if;
mod pick;
mod remove;
mod rename;
mod set;
mod template;
mod wrap;
mod zip;

use crate::operation::Entry;

/// Every operation, in the order the reference tells them.
pub static OPERATIONS: &[&Entry] = &[
    &map::ENTRY, &rename::ENTRY, &cast::ENTRY, &default::ENTRY, &template::ENTRY, &lookup::ENTRY, &flatten::ENTRY, &filter::ENTRY, &each::ENTRY, &set::ENTRY, &remove::ENTRY, &pick::ENTRY, &null_if::ENTRY, &drop_empty::ENTRY,
    &entries::ENTRY, &from_entries::ENTRY, &zip::ENTRY, &expand::ENTRY, &wrap::ENTRY, &keys::ENTRY, &hash::ENTRY, &group::ENTRY, &dedupe::ENTRY,
];
