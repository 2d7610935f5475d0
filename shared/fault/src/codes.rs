//! The register of codes: stable, never reused, each with its meaning and its remedy.
//!
//! A code is added here before it is used; `documented` finds it and a test of the workspace refuses strays.

/// One registered code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The stable name.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What the owner can do. Safe to show.
    pub remedy: &'static str,
}

const fn code(name: &'static str, meaning: &'static str, remedy: &'static str) -> Code {
    Code { name, meaning, remedy }
}

/// The entry of a code, if it is registered.
#[must_use]
pub fn documented(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == name)
}

/// Every code, in the order of the rooms they come from.
pub const CODES: &[Code] = &[
    // the door
    code("missing_api_key", "no bearer key was sent", "send `Authorization: Bearer pp_…`"),
    code("invalid_tenant_or_key", "the key is unknown, revoked, or of another tenant", "use a key of the tenant named in the path"),
    code("invalid_body", "the body is not what this endpoint takes", "correct what the message names, and send again"),
    code("body_too_large", "the body is above 5 MB", "send fewer records at once"),
    code("event_too_large", "one event is above 256 KB", "send a smaller event"),
    code("id_too_long", "the record's id has more than 1,024 bytes, or its type more than 256", "map a shorter value to the id"),
    code("not_found", "nothing is served at this address, or nothing has this id", "check the path and the method, or the id"),
    code("connection_unknown", "there is no such connection, or it takes no webhooks", "check the id of the connection; `pullpush.webhook.get` tells its webhook address"),
    code("connection_paused", "the connection does not take events while it is paused", "resume the connection"),
    code("signature_missing", "the signature header is absent", "configure the sender to sign with the connection's webhook secret"),
    code("signature_invalid", "the signature does not match the body", "check the webhook secret on both sides; the raw body must be signed"),
    code("timestamp_missing", "the timestamp the signature covers is absent or unreadable", "send the timestamp header as seconds since 1970"),
    code("timestamp_stale", "the timestamp is outside the tolerance", "check the sender's clock; old deliveries must be sent anew"),
    code("webhook_not_supported", "the connector declares no webhook", "add a `webhook` block to the definition"),
    code("unavailable", "a part of ours does not answer", "nothing to change: send again later"),
    // documents
    code("json_invalid", "the text is not JSON", "correct the place named"),
    code("json_too_deep", "the document nests deeper than 64 levels", "flatten the document"),
    code("json_too_large", "the document has more bytes or nodes than allowed", "send a smaller document"),
    code("json_duplicate_key", "an object names one key twice", "keep one of them"),
    code("utf8_invalid", "the bytes are not UTF-8", "send UTF-8"),
    code("fuel_spent", "a path or an expression takes more steps than one evaluation may", "write it simpler: fewer `..`, `*` and nested filters, or smaller lists"),
    code("path_invalid", "the path is not a JSONPath (RFC 9535), or names many values where one is needed", "write it as `$.name.name[0]`"),
    // expressions
    code("expression_syntax", "an expression cannot be read", "correct it at the column named"),
    code("expression_too_deep", "an expression nests deeper than 32 levels, or `map` and `where` more than twice", "split it into several operations"),
    code("expression_too_long", "a text with expressions has more than 64 KiB", "shorten it, or put constants into a table"),
    code("expression_unknown_name", "an expression uses a name its place does not offer", "use one of the names listed"),
    code("expression_unknown_function", "an expression calls a function that does not exist", "use the function named, or one of the reference"),
    code("expression_arguments", "a function is given fewer or more arguments than it takes", "write it as the signature says"),
    code("expression_argument", "a constant argument cannot be right", "give the function what it takes"),
    code("expression_pattern", "a regular expression cannot be read, is too large, or is no constant", "correct the pattern: at most 256 characters, repeats of at most 100, no look-around and no back-references"),
    code("expression_type", "a value is of another sort than an operator or function takes", "convert it, or choose another value"),
    code("expression_number", "a number is out of range, has more than 28 digits, is not whole where it must be, or is divided by zero", "round it, or pass it on without calculating"),
    code("expression_absent", "a condition depends on a value that is absent", "ask `is_absent(x)`, or give a value with `??`"),
    code("expression_date", "a text is no instant, date, duration or time zone as expected", "name its format with `parse_date`"),
    code("expression_form", "a text is not in the form a function reads", "correct the source value, or examine it first"),
    code("expression_output", "an expression makes more text than one evaluation may", "make less of it: shorter texts, fewer elements"),
    code("path_too_costly", "the path may take more work than a path is allowed", "use fewer `..` and nested filters, and smaller patterns"),
    code("pointer_invalid", "the text is not a JSON Pointer (RFC 6901)", "write it as `/name/0/name`"),
    code("pointer_blocked", "a value cannot be set where the pointer says", "name a place in an object, or an element that is there"),
    // mapping
    code("mapping_invalid", "the mapping of a flow has errors", "write the flow with a mapping that has none"),
    code("record_without_key", "the record has no value at the key's path", "check the key path, or filter such records out"),
    code("key_too_long", "the record's key has more than 1,024 bytes", "map a shorter value to the key, or filter such records out"),
    code("record_without_path", "a required path of the record holds no value", "check the path, or make the field optional"),
    code("mapping_cast", "a value cannot be cast to what the field needs", "correct the source value or the cast"),
    code("mapping_miss", "a value is not in the declared table", "add the value to the table or set `on_miss`"),
    code("mapping_unknown_table", "a lookup names a table the mapping does not declare", "declare it under `tables`, or correct the name"),
    code("mapping_key", "a key or the name of a column is no text, number or boolean", "cast it, or pick another"),
    code("mapping_wrong_sort", "something of another sort stands where the operation works", "correct the field, or use `wrap` or `value_as`"),
    code("mapping_collision", "two values want one name", "set `on_conflict`, or choose other names"),
    code("mapping_zip", "a row and the columns differ in length", "set `on_short`, or correct the source"),
    code("mapping_too_many", "more records than can be remembered in one run", "split the run"),
    code("mapping_not_here", "a key or an operation means nothing at its place", "remove it, or move the operation"),
    code("mapping_output_too_large", "an operation makes more than 128 MiB of one record", "make less of each element"),
    code("mapping_unknown_key", "a key is not part of the operation or the mapping", "use the nearest known name, or remove it"),
    code("mapping_missing_key", "a required key is absent", "add it"),
    code("mapping_wrong_type", "a value of the mapping has the wrong type", "use the type named"),
    code("mapping_unknown_value", "a value of the mapping is not one of those known", "use one of those named"),
    code("mapping_field", "a text names no place in a record", "write it as `customer.email` or `$.lines[0].sku`"),
    code("mapping_each_path", "a path does not say where each element stands", "use names, indices and `[*]`, and a `filter` inside"),
    code("mapping_table", "a table has neither values nor a mode, or both", "write `{\"values\": {…}}`, or `{\"mode\": \"batched\"}`"),
    code("mapping_too_large", "a mapping has too many operations or levels", "split the mapping"),
    code("mapping_cast_parameter", "a parameter means nothing for this cast, or nothing is cast", "remove it, or say what it is cast to"),
    code("mapping_format", "a text says not how an instant is written", "name a known format, or write it as `%d/%m/%Y %H:%M`"),
    code("mapping_zone", "no time zone has this name", "write it as `Europe/Stockholm`, `UTC` or `+02:00`"),
    code("mapping_condition", "a condition is absent, or neither true nor false", "say what absent means, with `on_absent` or `default(…)`"),
    code("mapping_target", "something stands in the way to the place a value goes to", "choose another place, or remove what stands there"),
    code("mapping_required", "no source of a required field has a value", "correct the source, or drop `required`"),
    code("mapping_too_deep", "a value nests deeper than operations walk", "nest less"),
    code("mapping_parameter", "keys of an operation contradict or lack one another", "do what the message says"),
    code("mapping_pattern", "a pattern of keys, or the name made of it, is wrong", "write a regular expression such as `^cf_(.*)$` and a name such as `custom.$1`"),
    code("mapping_may_fail", "an operation or an expression may reject a record, and nothing says what happens then", "say it with `on_error`, `on_absent` or `default(…)`, or leave it if it is meant"),
    code("mapping_lossy", "something the source says is not said afterwards", "leave it if it is meant"),
    code("mapping_unknown_source", "nothing is known to stand at a place an operation reads", "correct the path; the nearest known name is told"),
    code("mapping_unknown_target", "the target has no field of the name an operation writes", "correct the name, or put it into `extensions`"),
    code("mapping_target_type", "what the mapping makes is not, or may not be, of the form the target wants", "cast it, or map another field"),
    code("mapping_target_missing", "the target needs a field the mapping does not, or may not, give", "map it, or let such records not pass with `filter`"),
    code("mapping_stock_default", "a mapping may make up a stock quantity where the source says none", "let it be absent: absent is not zero"),
    code("mapping_constant", "a constant has `{{` in it and is taken as it stands", "use `template` for an expression"),
    code("canonical_invalid", "the canonical event lacks a field its type requires, or holds one in another form", "map the missing field, or give the field a `cast` to the form that is expected"),
    code("canonical_unknown_field", "a field is none the canonical type has; it is taken as it is", "use the nearest known name, or put it into `extensions`"),
    code("canonical_version_unknown", "an event is of a canonical version that is not known here", "deploy the version that sent it, then send it again"),
    code("canonical_schema_invalid", "a schema of the canonical model says what is not kept", "correct the place named"),
    code("canonical_incompatible", "a new version of a canonical type breaks what an older one promised", "take the change back, or say in `breaking` what its readers have to do"),
    // definitions
    code("definition_invalid", "the definition has errors", "run `pullpush definition check` and correct the findings"),
    code("definition_unknown_key", "a key is not part of the language", "use the nearest known name, or remove it"),
    code("definition_missing_key", "a required key is absent", "add it"),
    code("definition_wrong_type", "a value has the wrong type", "use the type named"),
    code("definition_unknown_value", "a value is not one of those known here", "use one of those named"),
    code("definition_url", "an address is not absolute https, its host is open to a template, or a place `{name}` in it is filled by nobody", "write the host out, and values as `{{ config.NAME }}`"),
    code("definition_stock_default", "a stock quantity is given a default", "remove the default: absent is not zero"),
    code("definition_secret", "a secret stands in the definition, or goes where others see it", "declare it under `config` with `\"secret\": true`, and name it with `{{ config.NAME }}`"),
    code("definition_weak_signature", "HMAC-SHA1 is chosen without `allow_sha1`", "use hmac-sha256, or set `allow_sha1: true`"),
    code("definition_unused", "something is declared, and nothing uses it; or a condition depends on nothing, so that it always holds or never", "write its name where it belongs, or remove it"),
    code("definition_records", "an answer has no records where the definition says, or not in the shape it says; or a condition on it is neither true nor false", "compare `records` with an answer, and name them with `records.path`; compare what a condition names with something"),
    code("definition_entity", "the entity is not declared", "use one of the entities of the definition"),
    code("protocol_mcp_unsupported", "definitions of protocol mcp are checked but cannot run yet", "use a definition of protocol rest"),
    code("connector_unknown", "no connector has this name", "activate its definition first"),
    code("connector_lacks", "the connector cannot do what the flow needs", "choose a connector with this capability"),
    // other systems
    code("destination_rejected", "the system that was asked refused the request, be it one that reads or one that delivers", "read what it answered, told with the failure or kept in the dead letter: correct the definition or the values of the connection where it was read, and what was sent where it was delivered"),
    code("destination_unavailable", "the system that was asked failed or did not answer in time", "nothing to change unless it lasts"),
    code("destination_rate_limited", "the system that was asked wants us to slow down", "lower what `rate_limiting` of the definition allows, or declare it where it is absent"),
    code("budget_spent", "the budget of the credentials is taken by requests made before: the work waits", "nothing to change unless it lasts; then ask less often, or raise `rate_limiting`"),
    code("destination_conflict", "the system that was asked says that somebody else changed it meanwhile", "nothing to change unless it lasts: it is tried again"),
    code("destination_gone", "the system that was asked says that nothing is there any more", "update the definition, then resume the flow"),
    code("destination_redirected", "the system that was asked answered with a redirect, which is never followed", "write the final address into the definition"),
    code("destination_nonsense", "what the system that was asked answered cannot be read as what was declared", "check the definition against that system"),
    code("needs_auth", "the other system refused our credentials, or answered a login without a token", "enter valid credentials on the connection"),
    code("cursor_too_large", "where a run stands is more than can be kept: a tree with too many open branches, or too many partitions", "read it in parts: several entities, or a filter on parents"),
    code("lookup_missed", "a record has a key that the table of a `lookup` does not have, or none", "correct the data, or say with `on_miss` what becomes of such records"),
    code("lookup_ambiguous", "the table of a `lookup` has several rows of the key of a record that say different things, and nobody knows which of them is true", "correct the data, or the `match` of the table: it has to name one row; a filter of its entity may leave the others out"),
    code("session_busy", "another process renews the session of the connection", "nothing to change"),
    code("request_invalid", "the request cannot be built: a value is absent from an address, or cannot stand where it is used", "correct the value named, or the template that uses it"),
    code("config_missing", "the connection has no value for a name the definition uses", "set the value on the connection"),
    code("config_invalid", "the connection has a value that is not what the definition says it has to be: another type, none of the words, or nothing that can be read as what it is for", "correct the value named on the connection"),
    code("address_forbidden", "the address is not public", "use a public https address"),
    code("connect_failed", "no connection could be made", "check the host name and its certificate"),
    code("response_too_large", "the answer is above 64 MB, above `records.max_bytes` when it is unpacked or as JSON, or has more than a million values", "use a smaller page size, or a filter; a larger `records.max_bytes` where it is below 64 MB"),
    code("answer_truncated", "the answer is cut off or damaged on its way: it, or what packs it, does not end, or its checksum is wrong", "nothing to change unless it lasts"),
    code("answer_charset", "the answer has bytes that are no text in its character set", "name its character set with `records.encoding`"),
    code("answer_format", "the answer is not what `records.decode` says: gzip, zip, JSON Lines, CSV or XML", "correct `records.decode`, or what stands beside it, by the place named"),
    code("ambiguous", "sent, but no answer came, and the destination has no idempotency", "check the other system, then replay or discard"),
    code("cursor_loop", "the source repeats itself instead of moving on", "check the pagination of the definition"),
    // our own
    code("message_unknown", "a queue message is of no kind or version we know", "deploy the version that sent it, then redrive"),
    code("message_poison", "a message ended the process that handled it", "inspect the dead letter, then replay or discard"),
    code("unaccounted", "something was received, did not end in ten minutes and is not known to wait", "ask pullpush.event.stats of the flow what is open, and send the source's events again"),
    code("store_unavailable", "a table does not answer or throttles", "nothing to change"),
    code("row_too_large", "what is to be kept is larger than a row of a table", "send a smaller record"),
    code("queue_unavailable", "a queue does not answer", "nothing to change"),
    code("kms_unavailable", "the key service does not answer", "nothing to change: what was accepted is kept; send again what was answered with this code"),
    code("secret_unreadable", "a sealed value cannot be opened with this tenant's key", "enter the credentials again"),
    code("flow_unknown", "no such flow", "check the id"),
    code("tool_unknown", "no such tool", "see the list of tools"),
    code("argument_invalid", "an argument of the tool is missing or wrong", "correct the argument named by `path`"),
    code("forbidden", "the key does not have the scope", "use a key with the scope named"),
    code("internal", "a defect of ours; the work is kept", "report the request id"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_explained() {
        let mut names: Vec<_> = CODES.iter().map(|code| code.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CODES.len());
        assert!(CODES.iter().all(|code| !code.meaning.is_empty() && !code.remedy.is_empty()));
    }
}
