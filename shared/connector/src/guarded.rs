//! What opens the door is marked as a secret where it is declared: what is not so stands in logs, recordings and messages.

use document::token;
use expr::Template;

use crate::{Auth, Body, ConfigKind, Grant, Request, Tree, check::Check, elements::secret};

pub(crate) fn check(cx: &mut Check, auth: &Auth) {
    let ways: Vec<&Auth> = match auth {
        Auth::OneOf { cases, .. } => cases.iter().map(|(_, way)| way).collect(),
        way => vec![way],
    };
    let names: Vec<String> = ways.iter().flat_map(|way| opening(way)).collect();
    for entry in cx.config.clone().iter().filter(|entry| !entry.secret && entry.choices.is_empty() && names.contains(&entry.name)) {
        cx.error("definition_secret", &format!("/config/{}", token(&entry.name)), format!("`{}` opens the door, and is not marked as a secret", entry.name), "add `\"secret\": true`");
    }
    let mut told = names;
    for way in ways {
        if let Auth::TokenExchange(login) = way {
            self::login(cx, &login.request, &mut told);
        }
    }
}

/// The values of the configuration that are credentials, whatever they are called.
fn opening(auth: &Auth) -> Vec<String> {
    match auth {
        Auth::Bearer { token } => names([token]),
        Auth::ApiKey(apply) => names([&apply.value]),
        Auth::Basic { password, .. } => names(password),
        Auth::OAuth2(oauth2) => {
            let implied = [("client_secret", oauth2.client_secret.is_none()), ("refresh_token", oauth2.refresh_token.is_none() && oauth2.grant == Grant::RefreshToken)];
            let mut found = names(oauth2.client_secret.iter().chain(&oauth2.refresh_token).chain(oauth2.user.as_ref().map(|(_, password)| password)));
            found.extend(implied.iter().filter(|(_, is_implied)| *is_implied).map(|(name, _)| (*name).to_owned()));
            found
        }
        Auth::None | Auth::TokenExchange(_) | Auth::OneOf { .. } => Vec::new(),
    }
}

/// What a login sends: names of users and applications are no secrets, but one of its values has to be.
fn login(cx: &mut Check, request: &Request, told: &mut Vec<String>) {
    let sent = names(templates(request));
    let sent: Vec<_> = cx.config.iter().filter(|entry| entry.choices.is_empty() && sent.contains(&entry.name)).cloned().collect();
    if !sent.is_empty() && !sent.iter().any(|entry| entry.secret) {
        let named: Vec<String> = sent.iter().map(|entry| format!("`{}`", entry.name)).collect();
        cx.error("definition_secret", &request.at, format!("this opens the door, and nothing it sends is marked as a secret: {}", named.join(", ")), "add `\"secret\": true` under `config` to each that others must not know");
    }
    for entry in sent.iter().filter(|entry| !entry.secret && !matches!(entry.kind, ConfigKind::Url | ConfigKind::Boolean | ConfigKind::Date | ConfigKind::Datetime)) {
        if secret::is_likely(&entry.name) && !told.contains(&entry.name) {
            told.push(entry.name.clone());
            let message = format!("`{}` is sent to log in and is called like a secret, and it is not marked as one", entry.name);
            cx.warning("definition_secret", &format!("/config/{}", token(&entry.name)), message, "add `\"secret\": true`, unless everybody may know it");
        }
    }
}

/// The names of the configuration that templates take values from.
fn names<'t>(templates: impl IntoIterator<Item = &'t Template>) -> Vec<String> {
    templates.into_iter().flat_map(Template::names).filter(|(root, _)| *root == "config").filter_map(|(_, steps)| steps.first().map(ToString::to_string)).collect()
}

/// All that is sent but the host, which is where it goes.
fn templates(request: &Request) -> Vec<&Template> {
    let mut found: Vec<&Template> = request.address.values().chain(request.headers.iter().map(|(_, header)| header)).collect();
    request.params.iter().for_each(|param| leaves(&param.value, &mut found));
    match &request.body {
        Some(Body::Json(tree)) => leaves(tree, &mut found),
        Some(Body::Form(fields)) => fields.iter().for_each(|field| leaves(&field.value, &mut found)),
        Some(Body::GraphQl { query, variables, .. }) => {
            found.push(query);
            variables.iter().for_each(|tree| leaves(tree, &mut found));
        }
        Some(Body::Xml(woven)) => found.extend(woven.templates()),
        Some(Body::Text { text, .. }) => found.push(text),
        None => {}
    }
    found
}

fn leaves<'t>(tree: &'t Tree, found: &mut Vec<&'t Template>) {
    match tree {
        Tree::Fixed(_) => {}
        Tree::Template(template) => found.push(template),
        Tree::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Tree::Object(entries) => entries.iter().for_each(|(_, entry)| leaves(entry, found)),
    }
}
