//! What is asked of a snapshot: the canonical type, the keys and the scope. What makes no sense asks nobody.

use canonical::Key;
use connector::Connector;

use crate::Failure;

/// A scope that nothing looks at would be taken for one that was kept to.
pub(crate) fn used(connector: &Connector, kind: &str, field_hint: Option<&str>) -> Result<(), Failure> {
    if field_hint.is_some() && !connector.is_scoped(kind) {
        return Err(Failure::Usage(format!("nothing of the snapshot of `{kind}` looks at a scope, so `--field-hint` would change nothing\n    leave it out, or write `{{{{ field_hint }}}}` where it belongs in its `request`, or in a condition of its `absent`")));
    }
    Ok(())
}

/// The canonical type asked for, by its name or that of an entity, or the only one.
pub(crate) fn kind(connector: &Connector, asked: Option<&str>) -> Result<&'static str, Failure> {
    let mut kinds: Vec<&'static str> = connector.scans().iter().map(|scan| scan.kind.name).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let none = "a snapshot is how the current state of a canonical type is read: the definition declares it as `snapshot`";
    let found = asked.and_then(|asked| connector.scans().iter().find(|scan| scan.kind.name == asked || scan.entity == asked));
    match (asked, found, kinds.as_slice()) {
        (_, Some(scan), _) => Ok(scan.kind.name),
        (_, None, []) => Err(Failure::Usage(format!("the definition has no snapshot\n    {none}"))),
        (None, None, [only]) => Ok(only),
        (None, None, kinds) => Err(Failure::Usage(format!("which snapshot? `--snapshot` names one of: {}", kinds.join(", ")))),
        (Some(asked), None, kinds) => {
            let near = connector::nearest(asked, kinds.iter().copied()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Err(Failure::Usage(format!("the definition has no snapshot of `{asked}`{near}\n    it has: {}", kinds.join(", "))))
        }
    }
}

/// How keys are written that hold a comma.
const LISTED: &str = "\n    write them as '[\"A,1\",\"B\"]', or with commas between them, such as A-1,A-2";

/// The keys asked for, each once: with commas between them, or as a JSON array of texts.
pub(crate) fn keys(texts: &[String]) -> Result<Vec<Key>, Failure> {
    let mut keys: Vec<Key> = Vec::new();
    for text in texts {
        let listed = if text.trim_start().starts_with('[') { array(text)? } else { text.split(',').map(|key| key.trim().to_owned()).collect() };
        for text in listed {
            let key = Key::new(text).ok_or_else(|| Failure::Usage("`--only-keys` names keys of 1 to 1024 bytes with commas between them, such as A-1,A-2".to_owned()))?;
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    if keys.is_empty() { Err(Failure::Usage(format!("`--only-keys` names no key{LISTED}"))) } else { Ok(keys) }
}

/// The texts of a JSON array.
fn array(text: &str) -> Result<Vec<String>, Failure> {
    let no = |why: String| Failure::Usage(format!("`--only-keys` begins with `[` and is no JSON array of keys: {why}{LISTED}"));
    let value = document::parse_str(text.trim()).map_err(|error| no(format!("{} at column {}", error.message, error.column)))?;
    value.items().unwrap_or_default().iter().map(|key| key.as_str().map(str::to_owned).ok_or_else(|| no(format!("{key} is no text")))).collect()
}
