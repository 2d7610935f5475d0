//! Several values as one text, for a request that asks for them together.

use fault::Simple;

use crate::{Call, left_out::shown};

/// The values with a text between them. One that holds this text would be asked for as others: it is refused, with a way out.
pub(crate) fn joined(call: Call<'_>, whose: &str, values: &[&str], between: &str, way_out: &str) -> Result<String, Simple> {
    let text = values.join(between);
    // Without a text between them their length is what tells them apart.
    if values.is_empty() || between.is_empty() || text.split(between).eq(values.iter().copied()) {
        return Ok(text);
    }
    let value = values.iter().find(|value| value.contains(between)).or(values.first()).copied().unwrap_or_default();
    Err(Simple::reject("definition_records", format!("`{}`, a value of {whose}, holds the text `{between}` by which values are joined, and would be asked for as others: {way_out}", shown(&call.config.redact(value)))))
}
