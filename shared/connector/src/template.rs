//! Texts with `{{ … }}` at their place in a definition: checked against the names the place offers, rendered into requests.

use std::borrow::Cow;

use document::{Item, authored::Node};
use expr::{Names, Scope, Shape, Sorts, Template};

use crate::{ConfigKind, check::Check, constant};

/// Names that are one value, and its sort; what lies below the others is open.
const SCALARS: &[(&str, Sorts)] = &[
    ("cursor", Sorts::ANY), ("page", Sorts::NUMBER), ("offset", Sorts::NUMBER), ("count", Sorts::NUMBER), ("status", Sorts::NUMBER), ("key", Sorts::TEXT), ("field_hint", Sorts::TEXT),
];

/// What a request is rendered with.
pub struct Scene<'s, 'a> {
    /// Where the values of names come from.
    pub names: &'s dyn Names<'a>,
    /// Where values are made, with which fuel, at which time.
    pub cx: expr::Cx<'a, 's>,
}

/// Why something cannot be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The connection has no value for a declared name.
    #[error("the connection has no value for `{0}`")]
    ConfigMissing(String),
    /// An array or object stands where text is needed.
    #[error("`{0}` is no text")]
    NotText(String),
    /// A value in an address is absent.
    #[error("`{0}` is absent, and an address needs it")]
    AbsentInAddress(String),
    /// A captured address has a host its definition does not declare.
    #[error("`{0}` leads to a host that is not declared")]
    Host(String),
    /// A value cannot stand in an address or header.
    #[error("the value of `{0}` cannot stand there")]
    Unfit(String),
    /// The rendered address is none.
    #[error("the address cannot be read")]
    Address,
    /// An expression gives no value.
    #[error(transparent)]
    Expression(#[from] expr::Failure),
}

impl fault::Fault for RenderError {
    fn code(&self) -> &'static str {
        match self {
            RenderError::ConfigMissing(_) => "config_missing",
            RenderError::Host(_) => "address_forbidden",
            RenderError::NotText(_) | RenderError::AbsentInAddress(_) | RenderError::Unfit(_) | RenderError::Address => "request_invalid",
            RenderError::Expression(failure) => failure.code,
        }
    }

    fn disposition(&self) -> fault::Disposition {
        match self {
            RenderError::ConfigMissing(_) => fault::Disposition::Park,
            RenderError::NotText(_) | RenderError::AbsentInAddress(_) | RenderError::Unfit(_) | RenderError::Address | RenderError::Host(_) => fault::Disposition::Reject,
            RenderError::Expression(failure) => failure.disposition,
        }
    }
}

impl<'a> Scene<'_, 'a> {
    /// The value of a template: typed when the whole is one expression, else text; absent when any part is.
    ///
    /// # Errors
    /// A missing configuration value, or an expression that cannot take what it is given.
    pub fn value(&self, template: &'a Template) -> Result<Option<Item<'a>>, RenderError> {
        Ok(template.render(self.names, &self.cx)?)
    }

    /// The value of a condition, in which what is absent is compared as null; absent or null does not hold.
    ///
    /// # Errors
    /// As [`Scene::value`].
    pub fn condition(&self, template: &'a Template) -> Result<Option<Item<'a>>, RenderError> {
        Ok(template.condition(self.names, &self.cx)?)
    }

    /// The value as text; absent when any part is absent or null.
    ///
    /// # Errors
    /// As [`Scene::value`], also when the whole is an array or object.
    pub fn text(&self, template: &'a Template) -> Result<Option<Cow<'a, str>>, RenderError> {
        Ok(template.text(self.names, &self.cx)?)
    }
}

impl std::fmt::Debug for Scene<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scene").field("cx", &self.cx).finish_non_exhaustive()
    }
}

/// The template at a place that offers these names.
pub(crate) fn template_at(cx: &mut Check, node: &Node<'_>, text: &str, roots: &'static [&'static str]) -> Option<Template> {
    let problems = match Template::parse(text) {
        Ok(template) => match template.check(&scope(roots, cx)) {
            problems if problems.is_empty() => return Some(template),
            problems => problems,
        },
        Err(problems) => problems,
    };
    for problem in problems {
        cx.error(problem.code, &node.at, format!("{} at column {} of the text", problem.message, problem.column), problem.hint);
    }
    None
}

/// The condition at a place: one expression and nothing around it, for a text is never true or false.
pub(crate) fn condition_at(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Template> {
    let hint = if roots.contains(&"record") { "write it as `{{ record.qty > 0 }}`, with nothing before or behind the braces" } else { "write it as `{{ response.error != null }}`, with nothing before or behind the braces" };
    let condition = expression_at(cx, node, roots, "a condition is one expression, and this is a text", hint)?;
    let found = condition.sorts(&scope(roots, cx));
    if !found.may(Sorts::BOOLEAN) {
        cx.error("definition_wrong_type", &node.at, format!("a condition is true or false, and this is {}", found.words()), "compare it with something");
        return None;
    }
    constant::told(cx, node, &condition);
    Some(condition)
}

/// The one expression at a place where a text would mean nothing.
pub(crate) fn expression_at(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str], message: &str, hint: &str) -> Option<Template> {
    let text = node.text(cx)?;
    let template = template_at(cx, node, text, roots)?;
    if template.is_text() {
        cx.error("definition_wrong_type", &node.at, message, hint);
        return None;
    }
    Some(template)
}

/// What a place offers: of the names it asks for, those that exist in this definition.
fn scope(roots: &'static [&'static str], cx: &Check) -> Scope {
    #[cfg(test)]
    ASKED.with_borrow_mut(|asked| asked.insert(roots));
    roots.iter().fold(Scope::new(), |scope, root| match *root {
        "config" => scope.with("config", config(cx)),
        "window" => scope.with("window", Shape::closed(["start", "end"].map(|end| (end, Shape::Of(Sorts::TEXT))))),
        root if cx.open.contains(&root) => scope.open(root),
        "vars" if cx.vars.is_empty() => scope,
        "vars" => scope.members("vars", cx.vars.iter().map(String::as_str)),
        "parent" if cx.parents.is_empty() => scope,
        "parent" => scope.with("parent", Shape::closed(cx.parents.iter().map(|(name, kept)| {
            let members = kept.iter().map(String::as_str).chain(["value"]);
            (name.as_str(), Shape::closed(members.map(|member| (member, Shape::Open))))
        }))),
        "token" if cx.captured.is_empty() => scope,
        "token" => scope.members("token", cx.captured.iter().map(|captured| captured.name.as_str())),
        "issued+captured" | "issued" if cx.open.contains(&"token") => scope.open("token"),
        "issued" => scope.with("token", Shape::Of(Sorts::TEXT)),
        "issued+captured" => scope.open("token"),
        root => match SCALARS.iter().find(|(name, _)| *name == root) {
            Some((_, sorts)) => scope.with(root, Shape::Of(*sorts)),
            None => scope.open(root),
        },
    })
}

/// The values of a connection: what is declared is of its kind, what is declared wrong may be anything.
fn config(cx: &Check) -> Shape {
    let known = cx.config.iter().map(|entry| (entry.name.as_str(), Shape::Of(match entry.kind {
        ConfigKind::Integer | ConfigKind::Decimal => Sorts::NUMBER,
        ConfigKind::Boolean => Sorts::BOOLEAN,
        ConfigKind::Array => Sorts::LIST,
        ConfigKind::String | ConfigKind::Url | ConfigKind::Date | ConfigKind::Datetime => Sorts::TEXT,
    })));
    Shape::closed(cx.config_names.iter().map(|name| (name.as_str(), Shape::Open)).chain(known))
}

#[cfg(test)]
thread_local! {
    /// The names that places asked for.
    pub(crate) static ASKED: std::cell::RefCell<std::collections::BTreeSet<&'static [&'static str]>> = const { std::cell::RefCell::new(std::collections::BTreeSet::new()) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_offered_by_place() {
        let cx = Check { config_names: vec!["token".to_owned()], ..Check::default() };
        let scope = scope(&["config", "cursor", "fields"], &cx);
        for (text, fits) in [
            ("{{config.token}}", true), ("{{cursor}}", true), ("{{config.tokne}}", false), ("{{config}}", false), ("{{key}}", false), ("{{cursor.x}}", false), ("{{ fields.lines[0].sku | lower }}", true), ("{{ fields }}", true),
        ] {
            assert_eq!(Template::parse(text).unwrap().check(&scope).is_empty(), fits, "{text}");
        }
    }
}
