//! A JSON value with templates in its strings. Absent leaves are left out; nothing becomes zero or empty on the way.

use document::{Value, authored::Node};
use expr::Template;

use crate::{RenderError, Scene, check::Check, template::template_at};

/// A JSON template.
#[derive(Debug)]
pub enum Tree {
    /// A value as it stands.
    Fixed(Value),
    /// A string with expressions.
    Template(Template),
    /// An array; absent items are left out.
    Array(Vec<Tree>),
    /// An object; absent members are left out.
    Object(Vec<(String, Tree)>),
}

impl Tree {
    pub(crate) fn read(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Self> {
        match node.value {
            Value::String(text) => template_at(cx, node, text, roots).map(Tree::Template),
            Value::Array(_) => {
                let items: Vec<_> = node.items(cx)?.iter().map(|item| Tree::read(cx, item, roots)).collect();
                items.into_iter().collect::<Option<_>>().map(Tree::Array)
            }
            Value::Object(_) => {
                let entries: Vec<_> = node.entries(cx)?.iter().map(|entry| Some((entry.name(), Tree::read(cx, entry, roots)?))).collect();
                entries.into_iter().collect::<Option<_>>().map(Tree::Object)
            }
            fixed => Some(Tree::Fixed(fixed.clone())),
        }
    }

    /// The value; `None` when it is absent.
    ///
    /// # Errors
    /// As [`Scene::value`].
    pub fn render<'a>(&'a self, scene: &Scene<'_, 'a>) -> Result<Option<Value>, RenderError> {
        match self {
            Tree::Fixed(value) => Ok(Some(value.clone())),
            Tree::Template(template) => Ok(scene.value(template)?.map(document::Item::to_value)),
            Tree::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| item.render(scene)).collect::<Result<_, _>>()?;
                Ok(Some(Value::Array(items.into_iter().flatten().collect())))
            }
            Tree::Object(entries) => {
                let mut out = Vec::new();
                for (key, entry) in entries {
                    if let Some(value) = entry.render(scene)? {
                        out.push((key.clone(), value));
                    }
                }
                Ok(Some(Value::Object(out)))
            }
        }
    }

    /// Whether any template in it uses a name with this first word.
    #[must_use]
    pub fn uses(&self, root: &str) -> bool {
        match self {
            Tree::Fixed(_) => false,
            Tree::Template(template) => uses(template, root),
            Tree::Array(items) => items.iter().any(|item| item.uses(root)),
            Tree::Object(entries) => entries.iter().any(|(_, entry)| entry.uses(root)),
        }
    }
}

/// Whether a template uses a name with this first word.
pub(crate) fn uses(template: &Template, root: &str) -> bool {
    template.names().iter().any(|(name, _)| *name == root)
}
