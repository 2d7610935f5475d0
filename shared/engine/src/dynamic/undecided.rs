//! Conditions on an answer that are neither true nor false of it: the definition expected another, and a good status is no proof that it is good.

use connector::RenderError;
use document::{Item, Sort};
use expr::Template;
use fault::{Fault, Simple};

use super::classify::Failure;
use crate::Response;

/// Why nobody can say whether a condition holds.
pub(crate) enum Why {
    /// It gives a value of this sort.
    Sort(Sort),
    /// It cannot be asked.
    Error(RenderError),
}

/// Whether a condition holds. What is absent or null says nothing of an error, and so that there is none.
pub(crate) fn truth(found: Result<Option<Item<'_>>, RenderError>) -> Result<bool, Why> {
    match found {
        Ok(None) => Ok(false),
        Ok(Some(found)) if found.is_null() => Ok(false),
        Ok(Some(found)) => found.bool().ok_or(Why::Sort(found.sort())),
        Err(error) if error.code() == "expression_absent" => Ok(false),
        Err(error) => Err(Why::Error(error)),
    }
}

/// What a good answer comes to of which a condition cannot be said to hold: the other side may have acted.
pub(crate) fn failure(response: &Response, condition: &Template, at: &str, why: Why) -> Failure {
    let (condition, status) = (format!("`{}`, the condition at `{at}/body`,", condition.source()), response.status);
    let fault = match why {
        Why::Sort(sort) => {
            let article = if matches!(sort, Sort::Array | Sort::Object) { "an" } else { "a" };
            Simple::reject("definition_records", format!("{condition} gives {article} {} of an answer with status {status}: that is neither true nor false", sort.word()))
        }
        Why::Error(error) => {
            let fault = Simple::from_fault(&error);
            Simple { message: format!("{condition} cannot be asked of an answer with status {status}: {}", fault.message), ..fault }
        }
    };
    Failure { fault, ambiguous: true, status: Some(status), narrow: false, body: response.body.clone() }
}
