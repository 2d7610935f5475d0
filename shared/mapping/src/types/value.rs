//! The type of a constant.

use std::rc::Rc;

use document::{Item, Sort, Value};

use super::{At, Members, Sorts, Type, Wording};

/// Larger constants are known by their sort only.
const MOST: usize = 64;

impl Type {
    /// Of a value that is written in the mapping; what is in it the source did not say.
    pub(crate) fn constant(value: &Value, at: &At) -> Type {
        Self::of_constant(Item::Tree(value), at)
    }

    /// The same of any value.
    pub(crate) fn of_constant(item: Item<'_>, at: &At) -> Type {
        let made = match item.sort() {
            Sort::Null => return Type::of(Sorts::NULL),
            Sort::Bool => Type::of(Sorts::BOOL),
            Sort::Number => Type::of(if whole(item) { Sorts::INTEGER } else { Sorts::FRACTION }),
            Sort::Text => Type::text(Wording::Words(item.text().map(std::borrow::Cow::into_owned).into_iter().collect())),
            Sort::Array if item.len() <= MOST => {
                let items = item.items().map(|item| Type::of_constant(item, at)).reduce(|left, right| left.or(&right));
                Type { items: items.map(Rc::new), ..Type::of(Sorts::ARRAY) }.sealed()
            }
            Sort::Object if item.len() <= MOST => {
                let members = item.entries().map(|(name, item)| (name.into(), Type::of_constant(item, at))).collect();
                return Type { members: Some(Rc::new(Members::closed(members))), ..Type::of(Sorts::OBJECT) }.sealed();
            }
            Sort::Array => Type::of(Sorts::ARRAY),
            Sort::Object => Type::of(Sorts::OBJECT),
        };
        made.tainted(Some(at.clone()))
    }
}

fn whole(item: Item<'_>) -> bool {
    item.number().is_some_and(|text| text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) || document::Number::from_text(text).and_then(|number| number.as_i64()).is_some())
}
