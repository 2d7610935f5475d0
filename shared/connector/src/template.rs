//! Texts with `{{ name }}` in them: parsed and checked once, rendered at every use.
//!
//! A whole-string expression keeps the type of its value; otherwise the parts become text. Values come through [`Names`];
//! nothing here knows where they live. The language of expressions is replaceable behind these few functions.

use document::Value;

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

/// One part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// A name whose value stands here.
    Name(Name),
}

/// A dotted name such as `config.token`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The first word.
    pub root: String,
    /// The words after it.
    pub rest: Vec<String>,
}

/// A text that is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at column {column}")]
pub struct TemplateError {
    /// What is wrong.
    pub message: &'static str,
    /// Where, from 1.
    pub column: usize,
}

/// The names a place offers.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'s> {
    /// The first words known here.
    pub roots: &'static [&'static str],
    /// The declared names under `config`.
    pub config: &'s [String],
}

/// A name its place does not offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The name as written.
    pub name: String,
    /// What is offered instead.
    pub known: Vec<String>,
}

/// Where the values of names come from.
pub trait Names {
    /// The value of a name; `None` when it is absent.
    ///
    /// # Errors
    /// When the connection lacks a value it must have.
    fn value(&self, name: &Name) -> Result<Option<Value>, RenderError>;
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
    /// A value cannot stand in an address or header.
    #[error("the value of `{0}` cannot stand there")]
    Unfit(String),
    /// The rendered address is none.
    #[error("the address cannot be read")]
    Address,
}

impl fault::Fault for RenderError {
    fn code(&self) -> &'static str {
        match self {
            RenderError::ConfigMissing(_) => "config_missing",
            RenderError::NotText(_) | RenderError::AbsentInAddress(_) | RenderError::Unfit(_) | RenderError::Address => "request_invalid",
        }
    }

    fn disposition(&self) -> fault::Disposition {
        match self {
            RenderError::ConfigMissing(_) => fault::Disposition::Park,
            RenderError::NotText(_) | RenderError::AbsentInAddress(_) | RenderError::Unfit(_) | RenderError::Address => fault::Disposition::Reject,
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.root)?;
        self.rest.iter().try_for_each(|word| write!(f, ".{word}"))
    }
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// What is wrong and at which column.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            let column = text.len() - rest.len() + at + 1;
            let fail = |message| TemplateError { message, column };
            let (inner, after) = rest[at + 2..].split_once("}}").ok_or_else(|| fail("`{{` is not closed"))?;
            if at > 0 {
                parts.push(Part::Text(rest[..at].to_owned()));
            }
            parts.push(Part::Name(name(inner.trim()).ok_or_else(|| fail("a dotted name is expected between `{{` and `}}`"))?));
            rest = after;
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// The parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The names in it.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.parts.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name),
            Part::Text(_) => None,
        })
    }

    /// Every name the place does not offer.
    #[must_use]
    pub fn check(&self, scope: &Scope<'_>) -> Vec<Unknown> {
        self.names().filter(|name| !scope.offers(name)).map(|name| Unknown { name: name.to_string(), known: scope.known(name) }).collect()
    }

    /// The value: typed when the whole is one expression, else text. Absent when any part is absent.
    ///
    /// # Errors
    /// A missing configuration value, or an array or object amid text.
    pub fn render(&self, names: &dyn Names) -> Result<Option<Value>, RenderError> {
        if let [Part::Name(name)] = self.parts.as_slice() {
            return names.value(name);
        }
        Ok(self.text(names)?.map(Value::String))
    }

    /// The value as text. Absent when any part is absent or null.
    ///
    /// # Errors
    /// As [`Template::render`], also when the whole is an array or object.
    pub fn text(&self, names: &dyn Names) -> Result<Option<String>, RenderError> {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Name(name) => match plain(name, names)? {
                    Some(text) => out.push_str(&text),
                    None => return Ok(None),
                },
            }
        }
        Ok(Some(out))
    }
}

/// The plain text of a name; null counts as absent.
pub(crate) fn plain(name: &Name, names: &dyn Names) -> Result<Option<String>, RenderError> {
    match names.value(name)? {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.plain().map(Some).ok_or_else(|| RenderError::NotText(name.to_string())),
    }
}

impl Scope<'_> {
    fn offers(&self, name: &Name) -> bool {
        self.roots.contains(&name.root.as_str())
            && match name.root.as_str() {
                "config" => matches!(name.rest.as_slice(), [entry] if self.config.contains(entry)),
                "cursor" | "page" | "key" => name.rest.is_empty(),
                _ => !name.rest.is_empty(),
            }
    }

    fn known(&self, name: &Name) -> Vec<String> {
        if name.root == "config" && self.roots.contains(&"config") {
            return self.config.iter().map(|entry| format!("config.{entry}")).collect();
        }
        self.roots.iter().map(|root| if matches!(*root, "cursor" | "page" | "key") { (*root).to_owned() } else { format!("{root}.…") }).collect()
    }
}

fn name(text: &str) -> Option<Name> {
    let mut words = text.split('.').map(str::to_owned);
    let fits = |word: &String| !word.is_empty() && word.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '-'));
    let root = words.next().filter(fits)?;
    let rest: Vec<String> = words.collect();
    rest.iter().all(fits).then_some(Name { root, rest })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Record;

    impl Names for Record {
        fn value(&self, name: &Name) -> Result<Option<Value>, RenderError> {
            Ok(match name.to_string().as_str() {
                "fields.id" => Some("00123".into()),
                "fields.quantity" => Some(document::parse_str("7.10").expect("a number")),
                "fields.none" => Some(Value::Null),
                "fields.list" => Some(Value::Array(Vec::new())),
                _ => None,
            })
        }
    }

    #[test]
    fn one_expression_keeps_its_type_and_parts_become_text() {
        for (text, expected) in [
            ("{{fields.quantity}}", Some("7.10")), ("{{ fields.id }}", Some("\"00123\"")), ("n {{ fields.quantity }}!", Some("\"n 7.10!\"")), ("{{fields.none}}", Some("null")),
            ("{{cursor}}", None), ("after {{cursor}}", None), ("a {{fields.none}}", None), ("plain", Some("\"plain\"")), ("", Some("\"\"")),
        ] {
            let value = Template::parse(text).unwrap().render(&Record).unwrap();
            assert_eq!(value.map(|value| value.to_string()).as_deref(), expected, "{text}");
        }
        assert!(Template::parse("x{{fields.list}}").unwrap().render(&Record).is_err());
    }

    #[test]
    fn what_is_no_template_is_refused_with_its_column() {
        for (text, column) in [("a {{cursor", 3), ("{{}}", 1), ("{{ a b }}", 1), ("{{now()}}", 1), ("{{a}} {{.b}}", 7)] {
            assert_eq!(Template::parse(text).unwrap_err().column, column, "{text}");
        }
    }

    #[test]
    fn names_are_offered_by_place() {
        let config = ["token".to_owned()];
        let scope = Scope { roots: &["config", "cursor"], config: &config };
        for (text, fits) in [("{{config.token}}", true), ("{{cursor}}", true), ("{{config.tokne}}", false), ("{{config}}", false), ("{{key}}", false), ("{{cursor.x}}", false)] {
            assert_eq!(Template::parse(text).unwrap().check(&scope).is_empty(), fits, "{text}");
        }
    }
}
