//! Something whose current state can be read, and a page of it as its readers see it.

use async_trait::async_trait;
use canonical::{Key, Millis, SnapshotItem};
use fault::Simple;

use crate::{Call, LeftOut};

/// One page of a snapshot.
#[derive(Debug, Clone)]
pub struct SnapshotPage {
    /// Where it stands in its listing.
    pub standing: Standing,
    /// The items. A record without data in this scope is not among them: absent is not zero.
    pub items: Vec<Scanned>,
    /// The records that are no items, in the order they were read: they are there, and nobody may take them for gone.
    pub left_out: Vec<LeftOut>,
    /// Whether the source held something back: an answer that a rule leaves out, one with null where its records belong, one of no scope where its request asks for one, or a
    /// listing that ends before the total it told. Then nothing is concluded from absence.
    pub partial: bool,
    /// Where to go on; `None` after the last page.
    pub next: Option<String>,
}

/// Where a page stands in its listing. A scan is one listing; each partition of a fan-out and each batch of keys is one of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A listing begins with it.
    First,
    /// It belongs to the listing before it.
    Later,
    /// The listing before it is read again from here: what was told of it counts no more.
    Again,
}

/// An item of a snapshot, and the record it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// The item.
    pub item: SnapshotItem,
    /// The source's own time of it, if it has one.
    pub occurred_ms: Option<Millis>,
    /// Which record it is, as a hash of its id and of the partition it was read in.
    pub record: u64,
}

/// Something whose current state can be read.
#[async_trait]
pub trait Snapshot: Send + Sync {
    /// The canonical types that can be scanned.
    fn scans(&self) -> Vec<String>;

    /// Whether a key that no record of a whole scan names is not there: neither an item nor what is left out. One without a key
    /// leaves open which it is. Where not, nothing is concluded from absence.
    fn complete(&self, canonical_type: &str) -> bool;

    /// One page of the current state in a scope (such as a location) where one is given, restricted to keys where they are given: at most
    /// those are emitted, and left out. What its pages come to is told by [`Gathered`](crate::Gathered).
    ///
    /// # Errors
    /// A fault that says whether trying again helps.
    async fn snapshot(&self, call: Call<'_>, canonical_type: &str, only_keys: Option<&[Key]>, field_hint: Option<&str>, cursor: Option<&str>) -> Result<SnapshotPage, Simple>;
}
