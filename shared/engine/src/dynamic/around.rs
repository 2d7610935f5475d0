//! What a page was asked with, kept for what is said of its records and of the page behind it.

use connector::Read;
use document::Value;

use super::{Dynamic, asking, fetch::Fetched, names::{self, Values}};
use crate::{Call, Session};

/// What a page was asked with, as templates see it.
pub(crate) struct Around {
    lists: Option<Value>,
    pub(crate) cursor: Option<Value>,
    number: Option<String>,
    window: [Option<String>; 2],
    vars: Option<Value>,
    pub(crate) session: Option<Session>,
}

impl Around {
    pub(crate) fn of(dynamic: &Dynamic, call: Call<'_>, read: &Read, fetched: &Fetched) -> Self {
        let state = &fetched.state;
        let window = asking::written(read, fetched.span);
        Self {
            lists: names::lists(dynamic.connector.config(), call.config), cursor: asking::asked(read, state, window[0].as_deref()), number: asking::number(read, state), window, vars: asking::variables(read, state),
            session: dynamic.tokens.held(dynamic.holder(call.config)),
        }
    }

    /// The values of conditions on the page and its records.
    pub(crate) fn values<'v>(&'v self, dynamic: &'v Dynamic, call: Call<'v>, fetched: &'v Fetched) -> Values<'v> {
        let (number, [start, end]) = (self.number.as_deref(), &self.window);
        Values {
            lists: self.lists.as_ref(), cursor: self.cursor.as_ref(), page: number, offset: number, window: [start.as_deref(), end.as_deref()], vars: self.vars.as_ref(), parent: fetched.scope.parents.as_ref(),
            session: self.session.as_ref(), field_hint: fetched.field_hint.as_deref(), ..Values::of(dynamic.connector.config(), call.config)
        }
    }
}
