//! The names expressions of a mapping may use.

use expr::{Scope, Shape, Sorts};

/// `record`, and `item` inside `each`; the canonical `key` and `extensions` where there are such; `run.id`.
pub(crate) fn of(in_each: bool) -> Scope {
    let scope = Scope::new().open("record").scalar("key").open("extensions").with("run", Shape::closed([("id", Shape::Of(Sorts::TEXT))]));
    if in_each { scope.open("item") } else { scope }
}
