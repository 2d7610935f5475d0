//! Makes a stored definition usable, if it has no errors.

use fault::Severity;
use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::Definition;

use super::{definition_validate::findings, simple};
use crate::Arguments;

/// Arguments: `id`.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let id = arguments.text("id")?;
    // What is made active is the text that was checked: one stored meanwhile is checked anew.
    let of = app.store.of(tenant);
    let activated = Box::pin(of.change(id, |definition: &mut Definition| {
        if let Some(finding) = findings(definition.newest()).iter().find(|finding| finding.severity == Severity::Error) {
            return Err(Simple::reject("definition_invalid", format!("{}: {} ({})", finding.pointer, finding.message, finding.code)));
        }
        definition.activate();
        Ok(true)
    }));
    let activated = activated.await.map_err(|error| simple(&error))?;
    let definition = activated.ok_or_else(|| Simple::reject("connector_unknown", format!("no definition is named {id}")))??;
    app.known.forget();
    Ok(json!({ "id": definition.id, "state": definition.state }))
}
