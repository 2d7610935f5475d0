//! A text with expressions in it, as operations keep it.

use expr::Template;

/// A checked template, and what is known of it beforehand.
#[derive(Debug)]
pub(crate) struct Formula {
    pub(crate) template: Template,
    /// Whether what it gives depends on the place it is for.
    pub(crate) derives: bool,
}

impl Formula {
    pub(crate) fn new(template: Template) -> Self {
        let derives = template.source().contains("uuid");
        Self { template, derives }
    }
}
