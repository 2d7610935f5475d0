//! Checks a definition and tells every finding.

use fault::{Finding, Severity};
use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use crate::Arguments;

/// Arguments: `definition` (the document). `oneWay` are the canonical fields that cannot be written back, and why.
pub(crate) async fn run(_: &App, _: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let text = document(arguments)?;
    let report = connector::Draft::parse(&text).map(connector::Draft::check);
    let findings = match &report {
        Ok(report) => report.findings().to_vec(),
        Err(error) => vec![unreadable(&text, error)],
    };
    let checked = report.as_ref().ok().and_then(connector::Report::checked);
    let one_way = checked.map(connector::Connector::one_way).unwrap_or_default();
    let one_way = one_way.into_iter().map(|(entity, field, reason)| json!({ "entity": entity, "field": field, "reason": reason }));
    Ok(json!({
        "valid": findings.iter().all(|finding| finding.severity != Severity::Error), "findings": findings.iter().map(shown).collect::<Vec<_>>(), "oneWay": one_way.collect::<Vec<_>>(),
    }))
}

/// The document as text, given as an object or as text.
pub(crate) fn document(arguments: &Arguments<'_>) -> Result<String, Simple> {
    match arguments.0.get("definition") {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(value @ Value::Object(_)) => Ok(value.to_string()),
        _ => Err(Simple::reject("argument_invalid", "/definition: the document is required")),
    }
}

/// Everything there is to say about a text.
pub(crate) fn findings(text: &str) -> Vec<Finding> {
    match connector::Draft::parse(text) {
        Ok(draft) => draft.check().findings().to_vec(),
        Err(error) => vec![unreadable(text, &error)],
    }
}

/// That a text is no document.
fn unreadable(text: &str, error: &document::Error) -> Finding {
    Finding::error(fault::Fault::code(error), "", error.to_string(), document::authored::remedy(text, error))
}

fn shown(finding: &Finding) -> Value {
    json!({ "code": finding.code, "path": finding.pointer, "message": finding.message, "hint": finding.hint, "error": finding.severity == Severity::Error })
}
