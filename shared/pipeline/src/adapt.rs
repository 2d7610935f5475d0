//! A flow's mapping on its way: canonical fields in, canonical fields of the same type out, for live events and for
//! reconciles alike. What it makes is validated as what the source said was.

use std::sync::Arc;

use canonical::{Kind, Millis};
use document::{Limits, Value};
use fault::Simple;
use jiff::Timestamp;
use mapping::{Draft, Ends, Mapping, Outcome, Run, Runner};
use store::Flow;

use crate::{App, known::simple};

/// So many violations of a schema are told of one event.
const TOLD: usize = 5;

/// What a mapping is applied to.
pub(crate) struct Said<'s> {
    pub(crate) key: &'s str,
    pub(crate) fields: &'s Value,
    pub(crate) extensions: &'s Value,
    /// Names the event, so that a second try makes the same of it.
    pub(crate) run: &'s str,
    /// What `now()` means: the same for every try.
    pub(crate) now_ms: Millis,
}

impl App {
    /// The compiled mapping of a flow, if it has one.
    ///
    /// # Errors
    /// When the text is no mapping any more: the flow waits for a person.
    pub(crate) fn mapping(&self, flow: &Flow) -> Result<Option<Arc<Mapping>>, Simple> {
        let Some(text) = &flow.mapping else { return Ok(None) };
        if let Some(mapping) = self.known.mapping(text) {
            return Ok(Some(mapping));
        }
        let invalid = |reason: String| Simple::park("mapping_invalid", format!("the mapping of flow {}: {reason}", flow.id));
        let report = Draft::parse(text).map_err(|error| invalid(error.to_string()))?.check_between(&Ends::flow(&flow.canonical_type));
        let mapping = report.into_checked().map_err(|report| invalid(report.findings().first().map_or_else(String::new, |finding| format!("{} at `{}`", finding.message, finding.pointer))))?;
        let mapping = Arc::new(mapping);
        self.known.keep_mapping(text, &mapping);
        Ok(Some(mapping))
    }
}

/// The fields a mapping makes; `None` where it lets the event not pass.
pub(crate) fn adapted(mapping: &Mapping, canonical_type: &str, said: &Said<'_>) -> Result<Option<Value>, Simple> {
    let now = Timestamp::from_millisecond(said.now_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let run = Run { id: said.run, key: Some(document::Item::Text(said.key)), extensions: Some(said.extensions.into()), ..Run::at(now) };
    let mut runner = Runner::new(mapping, Limits::default());
    let mut made = Vec::new();
    match runner.run_item(said.fields.into(), &run, &mut made).map_err(|error| simple(&error))? {
        Outcome::Dropped(_) => return Ok(None),
        // Refused when the flow was written: nothing loads tables for a flow.
        Outcome::Wanting(_) => return Err(Simple::park("mapping_invalid", "the mapping asks for a table nobody loads")),
        Outcome::Mapped => {}
    }
    let fields = document::parse(&made, &Limits::default()).map_err(|error| simple(&error))?;
    let wrong = Kind::of(canonical_type).map(|kind| kind.check(&fields)).unwrap_or_default();
    let told: Vec<_> = wrong.iter().take(TOLD).map(|finding| format!("{}: {}", finding.pointer, finding.message)).collect();
    match wrong.first() {
        Some(finding) => Err(Simple::reject(finding.code, format!("mapped: {}", told.join("; ")))),
        None => Ok(Some(fields)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_that_asks_for_a_table_nobody_loads_waits_for_a_person() {
        let mapping = Draft::parse(r#"{"tables":{"t":{"mode":"batched"}},"ops":[{"op":"lookup","table":"t","key":"sku","to":"sku"}]}"#).unwrap().check().into_checked().unwrap();
        let (fields, extensions) = (document::parse_str(r#"{"sku":"A","quantity":1}"#).unwrap(), Value::Object(Vec::new()));
        let fault = adapted(&mapping, "stocklevel", &Said { key: "A", fields: &fields, extensions: &extensions, run: "run_1", now_ms: 0 }).unwrap_err();
        assert_eq!((fault.code, fault.disposition), ("mapping_invalid", fault::Disposition::Park));
    }
}
