//! The entity that is read, and what its definition says of it.

use connector::Connector;

use crate::Failure;

/// The entity asked for, or the only one.
pub(crate) fn asked(connector: &Connector, asked: Option<&str>) -> Result<String, Failure> {
    let names: Vec<&str> = connector.entities().iter().filter(|entity| entity.read.is_some()).map(|entity| entity.name.as_str()).collect();
    match (asked, names.as_slice()) {
        (Some(asked), names) if names.contains(&asked) => Ok(asked.to_owned()),
        (Some(asked), names) => {
            let near = connector::nearest(asked, names.iter().copied()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let all = if names.is_empty() { "it reads nothing".to_owned() } else { format!("it reads: {}", names.join(", ")) };
            Err(Failure::Usage(format!("the definition reads no `{asked}`{near}\n    {all}")))
        }
        (None, [only]) => Ok((*only).to_owned()),
        (None, []) => Err(Failure::Usage("the definition reads nothing".to_owned())),
        (None, names) => Err(Failure::Usage(format!("which entity? `--entity` names one of: {}", names.join(", ")))),
    }
}
