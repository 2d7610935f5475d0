//! Discard: a dead letter that nobody will replay goes, for a reason that stays in the trace of its event.
//!
//! The outcome stays as it was counted. A strict key that halts at such a letter goes on when a person resumes it.

use canonical::{EventId, TenantId};
use fault::Simple;
use store::{DeadEntry, Step};

use crate::{App, known::simple};

/// Removes a dead letter. The reason is written first: cut off in between, the letter is still there.
///
/// # Errors
/// When a table does not answer.
pub async fn discard(app: &App, tenant: &TenantId, entry: &DeadEntry, reason: &str) -> Result<(), Simple> {
    let of = app.store.of(tenant);
    // What died before it was an event, as a job, has no trace.
    if let Ok(event) = EventId::parse(&entry.event) {
        let traces = of.trace(&event).await.map_err(|error| simple(&error))?;
        if let Some(mut trace) = traces.into_iter().find(|trace| trace.flow == entry.flow && trace.occurrence == entry.occurrence) {
            trace.steps.push(Step { at: app.now(), step: "discarded".to_owned(), note: reason.to_owned() });
            app.store.record("discard", &entry.occurrence, &[(app.store.of(tenant), trace)], &[], app.expires_s()).await.map_err(|error| simple(&error))?;
        }
    }
    of.unbury(&entry.key()).await.map_err(|error| simple(&error))?;
    tracing::info!(step = "discard", tenant = tenant.as_str(), flow = entry.flow, occ = entry.occurrence, "a dead letter was discarded");
    Ok(())
}
