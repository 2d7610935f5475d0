//! A text with values in it that are escaped one by one.

use expr::Template;

use super::piece::{Piece, pieces, used, values};
use crate::{RenderError, Scene};

/// A text with values in it that are escaped one by one.
#[derive(Debug)]
pub struct Woven(Vec<Piece>);

impl Woven {
    pub(crate) fn of(template: &Template) -> Self {
        Self(pieces(template))
    }

    /// The text, with each value as `escape` writes it; absent when any value is.
    ///
    /// # Errors
    /// As [`Scene::text`].
    pub fn render<'a>(&'a self, scene: &Scene<'_, 'a>, escape: fn(&str, &mut String)) -> Result<Option<String>, RenderError> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) | Piece::Hole(text) => out.push_str(text),
                Piece::Value(template) => match scene.text(template)? {
                    Some(value) => escape(&value, &mut out),
                    None => return Ok(None),
                },
            }
        }
        Ok(Some(out))
    }

    pub(crate) fn uses(&self, root: &str) -> bool {
        used(&self.0, root)
    }

    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        values(&self.0)
    }
}
