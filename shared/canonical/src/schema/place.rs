//! Where a judge stands in a document: kept on the stack, written down only when there is something to say.

use std::fmt::Write as _;

/// One step below another place.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    above: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Name(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    pub(crate) const ROOT: Place<'static> = Place { above: None, step: Step::Root };

    pub(crate) fn name(&'a self, name: &'a str) -> Self {
        Self { above: Some(self), step: Step::Name(name) }
    }

    pub(crate) fn index(&'a self, index: usize) -> Self {
        Self { above: Some(self), step: Step::Index(index) }
    }

    pub(crate) fn is_root(&self) -> bool {
        self.above.is_none()
    }

    /// The place as a JSON Pointer.
    pub(crate) fn pointer(&self) -> String {
        let mut out = self.above.map_or_else(String::new, Place::pointer);
        match self.step {
            Step::Root => {}
            Step::Index(index) => _ = write!(out, "/{index}"),
            Step::Name(name) => _ = write!(out, "/{}", document::token(name)),
        }
        out
    }
}
