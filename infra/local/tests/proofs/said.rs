//! What a deployed program may write: flat JSON lines, and in them no secret and nothing of a payload.

use pullpush::World;
use serde_json::Value;

use crate::events::SKU;

/// What no line of a program in this world may hold: the tenant's key, the secrets of both connections, the payload.
pub(crate) fn hidden(world: &World) -> Vec<&str> {
    vec![&world.key, "shop-secret", "shop-token", "office-token", SKU]
}

/// What is wrong with what a program wrote, line by line.
pub(crate) fn wrong(said: &str, hidden: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in said.lines() {
        if !matches!(serde_json::from_str(line), Ok(Value::Object(_))) {
            wrong.push(format!("no JSON object: {line}"));
        }
        wrong.extend(hidden.iter().filter(|word| line.contains(**word)).map(|word| format!("tells {word}: {line}")));
    }
    wrong
}

#[test]
fn a_line_that_is_no_json_or_tells_a_secret_is_found() {
    for (said, count) in [
        ("", 0), ("{\"lvl\":\"warn\"}\n{\"lvl\":\"error\"}\n", 0), ("thread 'main' panicked\n", 1), ("[]", 1), ("7", 1), ("{\"lvl\":\"warn\"} {}", 1), ("{\"lvl\":\"warn\"}\n\n", 1),
        ("{\"msg\":\"refused office-token\"}", 1), ("{\"msg\":\"office-token\",\"k\":\"MUG\"}", 2), ("MUG\n{\"lvl\":\"warn\"}\nMUG", 4),
    ] {
        assert_eq!(wrong(said, &["office-token", "MUG"]).len(), count, "{said}");
    }
}
