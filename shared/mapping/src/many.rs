//! Several values of a record: the elements of an array at a place, or whatever a path names.

use document::{Item, Path, authored::Node};

use crate::{Failure, context::Cx, field::Field, plan::present, reader::Reader, types::{Notes, Shape, Sorts, Type}};

/// Where the values are.
#[derive(Debug)]
pub(crate) enum Many {
    /// The elements of the array at this place.
    Under(Field),
    /// What a path names.
    Path(Path),
}

impl Many {
    /// What is known of the values: of the array they are in, or nothing.
    pub(crate) fn shape(&self, shape: &Shape, notes: &mut Notes) -> Type {
        match self {
            Many::Under(field) => {
                let found = notes.read(shape, field);
                notes.needs(&found, Sorts::ARRAY, field);
                found
            }
            Many::Path(_) => Type::unknown().tainted(shape.root.invented_inside()),
        }
    }

    /// Reads a field, or a path that may name many.
    pub(crate) fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Self> {
        let text = node.text(cx)?;
        let stem = text.strip_suffix("[*]").unwrap_or(text);
        if !text.starts_with('$') || Path::parse(stem).is_ok_and(|path| path.is_singular()) {
            return match Field::parse(stem) {
                Ok(field) => Some(Many::Under(field)),
                Err(_) => cx.field(node).map(Many::Under),
            };
        }
        node.path(cx, false).map(Many::Path)
    }

    /// The values; nothing where the array, or what the path starts from, is absent or null.
    pub(crate) fn find<'a>(&self, item: Item<'a>, cx: &Cx<'_, 'a>, at: &Field) -> Result<Option<Vec<Item<'a>>>, Box<Failure>> {
        match self {
            Many::Under(field) => {
                let Some(array) = present(field.of(item)) else { return Ok(None) };
                cx.array(array, field)?;
                cx.pay(array.len(), at)?;
                Ok(Some(array.items().collect()))
            }
            Many::Path(path) => {
                if present(path.stem(item)).is_none() {
                    return Ok(None);
                }
                path.query(item, cx.fuel).map(Some).map_err(|spent| cx.fail("fuel_spent", at, None, spent.to_string()))
            }
        }
    }
}
