//! The templates that stand somewhere, and the names in them.

use expr::Template;

use crate::{Body, Param, Request, Tree};

/// The templates of a request.
pub(super) fn request(request: &Request) -> Vec<&Template> {
    let mut found: Vec<&Template> = request.address.templates().collect();
    params(&request.params, &mut found);
    found.extend(request.headers.iter().map(|(_, header)| header));
    match &request.body {
        None => {}
        Some(Body::Json(body)) => tree(body, &mut found),
        Some(Body::Form(fields)) => params(fields, &mut found),
        Some(Body::GraphQl { query, variables, .. }) => {
            found.push(query);
            variables.iter().for_each(|variables| tree(variables, &mut found));
        }
        Some(Body::Xml(woven)) => found.extend(woven.templates()),
        Some(Body::Text { text, .. }) => found.push(text),
    }
    found
}

/// The templates of parameters or form fields.
pub(super) fn params<'r>(params: &'r [Param], found: &mut Vec<&'r Template>) {
    params.iter().for_each(|param| tree(&param.value, found));
}

fn tree<'t>(value: &'t Tree, found: &mut Vec<&'t Template>) {
    match value {
        Tree::Fixed(_) => {}
        Tree::Template(template) => found.push(template),
        Tree::Array(items) => items.iter().for_each(|item| tree(item, found)),
        Tree::Object(entries) => entries.iter().for_each(|(_, entry)| tree(entry, found)),
    }
}

/// The names below a root: `{{ record.a.b }}` uses `a.b` of `record`, and all of it with no name behind.
pub(super) fn below(template: &Template, root: &str) -> Vec<String> {
    template.names().into_iter().filter(|(name, _)| *name == root).map(|(_, steps)| steps.join(".")).collect()
}

/// The parts of an event a request sends.
pub(super) fn sent(of: &Request) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (root, steps) in request(of).into_iter().flat_map(Template::names).filter(|(root, _)| ["key", "fields", "extensions"].contains(root)) {
        let name = steps.iter().fold(root.to_owned(), |text, step| format!("{text}.{step}"));
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}
