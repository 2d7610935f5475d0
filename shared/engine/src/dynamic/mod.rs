//! A connector from a checked definition: pure pieces that decide, and a thin driver that asks.
//!
//! `build` makes requests, `read` takes answers apart, `next` finds the next page, `classify` judges failures; the files
//! named after the capabilities put them together. One instance keeps an OAuth token and nothing else.

mod ask;
mod build;
mod change;
mod classify;
mod destination;
mod names;
mod next;
mod probe;
mod read;
mod retry_after;
mod snapshot;
mod source;
mod state;
mod token;
mod webhook;

use std::sync::Arc;

use fault::Simple;

use crate::{Connector, Verifier};

/// One instance of a dynamic connector.
pub(crate) struct Dynamic {
    connector: Arc<connector::Connector>,
    tokens: token::Tokens,
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
    let verifier = connector.webhook().map(|webhook| Verifier::new(webhook.verify.clone()));
    let reads = connector.entities().iter().any(|entity| entity.read.is_some()) || connector.webhook().is_some();
    let (delivers, scans, tests) = (!connector.delivers().is_empty(), !connector.scans().is_empty(), connector.test().is_some());
    let dynamic = Arc::new(Dynamic { connector, tokens: token::Tokens::default(), verifier });
    Ok(Connector {
        source: reads.then(|| Arc::clone(&dynamic) as _),
        destination: delivers.then(|| Arc::clone(&dynamic) as _),
        snapshot: scans.then(|| Arc::clone(&dynamic) as _),
        probe: tests.then_some(dynamic as _),
    })
}
