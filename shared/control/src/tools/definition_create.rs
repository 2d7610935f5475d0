//! Stores a definition as a draft; its slug is its id. One that is active under this slug stays in use beside it.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::{Definition, DefinitionState};

use super::{definition_validate::document, simple};
use crate::Arguments;

/// Arguments: `definition` (the document). The answer says whether another text of this slug is active.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let text = document(arguments)?;
    let parsed = document::parse_str(&text).map_err(|error| simple(&error))?;
    let slug = parsed.get("metadata").and_then(|metadata| metadata.get("slug")).and_then(document::Value::as_str);
    let slug = slug.filter(|slug| canonical::ConnectionId::parse(slug).is_ok()).ok_or_else(|| Simple::reject("argument_invalid", "/definition/metadata/slug: a slug is required"))?;
    if app.registry.resolve(slug).is_some() {
        return Err(Simple::reject("argument_invalid", format!("/definition/metadata/slug: {slug} is a builtin connector")));
    }
    let of = app.store.of(tenant);
    let created = of.create(&Definition::new(slug, text.clone())).await.map_err(|error| simple(&error))?;
    let active = !created && {
        let stored = Box::pin(of.change(slug, |definition: &mut Definition| {
            definition.store(text.clone());
            Ok::<_, Simple>(true)
        }));
        stored.await.map_err(|error| simple(&error))?.transpose()?.is_some_and(|definition| definition.state == DefinitionState::Active)
    };
    app.known.forget();
    Ok(json!({ "id": slug, "state": DefinitionState::Draft, "active": active }))
}
