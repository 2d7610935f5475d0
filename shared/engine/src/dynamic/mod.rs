//! A connector from a checked definition: pure pieces that decide, and a thin driver that asks.
//!
//! `fetch` asks for the page a state stands at: `partition` finds for whom, `window` since when, `build` makes the request,
//! `ask` sends it with its credentials, `judge` says what the answer means. `digest` takes the answer apart: `position` finds
//! the next page, `guard` stops what goes in circles. The files named after the capabilities put them together. One instance
//! keeps sessions, the last pages of parents and tables, and nothing else.

mod adding;
mod anew;
mod around;
mod asked;
mod asking;
mod ask;
mod back;
mod backoff;
mod blank;
mod build;
mod change;
mod classify;
mod columns;
mod condition;
mod counted;
mod credentials;
mod derive;
mod described;
mod destination;
mod digest;
mod doubled;
mod ending;
mod entries;
mod excerpt;
mod fetch;
mod found;
mod given;
mod graphql;
mod guard;
mod hidden;
mod joined;
mod judge;
mod legible;
mod lengths;
mod level;
mod link;
mod login;
mod lone;
mod lookup;
mod made;
mod mark;
mod marks;
mod moved;
mod names;
mod noticed;
mod pages;
mod pairs;
mod parents;
mod part;
mod partition;
mod position;
mod prints;
mod probe;
mod reader;
mod remember;
mod renew;
mod retry_after;
mod scanned;
mod scrolls;
mod shown;
mod sift;
mod snapshot;
mod source;
mod state;
mod stops;
mod tables;
mod taking;
mod token;
mod tree;
mod tries;
mod undecided;
mod unread;
mod waited;
mod webhook;
mod window;

use std::sync::Arc;

use fault::Simple;

use crate::{Connector, Verifier};

/// One instance of a dynamic connector.
pub(crate) struct Dynamic {
    connector: Arc<connector::Connector>,
    tokens: token::Tokens,
    pages: pages::Pages,
    tables: tables::Tables,
    scrolls: scrolls::Scrolls,
    prints: made::Prints,
    /// The address of what was not asked.
    nowhere: url::Url,
    /// The values of a connection that show who asks.
    credentials: std::collections::BTreeSet<String>,
    verifier: Option<Verifier>,
}

/// What a checked definition can do. Every call makes a new instance.
///
/// # Errors
/// `protocol_mcp_unsupported` for a definition that hands its work to another server.
pub fn dynamic(connector: Arc<connector::Connector>) -> Result<Connector, Simple> {
    if connector.mcp().is_some() {
        return Err(Simple::reject("protocol_mcp_unsupported", "definitions of protocol mcp cannot run yet"));
    }
    let reads = connector.entities().iter().any(|entity| entity.read.is_some()) || connector.webhook().is_some();
    let (delivers, scans, tests) = (!connector.delivers().is_empty(), !connector.scans().is_empty(), connector.test().is_some());
    let dynamic = Arc::new(Dynamic::new(connector));
    Ok(Connector {
        source: reads.then(|| Arc::clone(&dynamic) as _),
        destination: delivers.then(|| Arc::clone(&dynamic) as _),
        snapshot: scans.then(|| Arc::clone(&dynamic) as _),
        probe: tests.then_some(dynamic as _),
    })
}

pub(crate) use build::method;
pub(crate) use credentials::chosen;
pub(crate) use derive::derived;
pub(crate) use login::is_known;
pub use reader::{Page as ReaderPage, Reader, unread_cursor};

impl Dynamic {
    fn new(connector: Arc<connector::Connector>) -> Self {
        let verifier = connector.webhook().map(|webhook| Verifier::new(webhook.verify.clone()));
        let nowhere = url::Url::parse("about:blank").expect("`about:blank` is an address");
        let credentials = token::credentials(&connector);
        Self { connector, credentials, tokens: token::Tokens::default(), pages: pages::Pages::default(), tables: tables::Tables::default(), scrolls: scrolls::Scrolls::default(), prints: made::Prints::default(), nowhere, verifier }
    }
}
