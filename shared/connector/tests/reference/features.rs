//! The features that connectors need, in the order in which they buy the most, and what covers each.
//!
//! What covers: `key ELEMENT.KEY` of the language, which after `=` has this in its value; `op OPERATION.KEY` of mappings; `fn NAME`
//! and `operator FORM` of expressions; `engine`, which does it by itself.

/// One feature; its rank is its place among [`FEATURES`], from 1.
pub(crate) struct Feature {
    pub(crate) package: &'static str,
    pub(crate) name: &'static str,
    /// How many connectors use it, where that was counted; else 0.
    pub(crate) used_by: u16,
    pub(crate) by: &'static [&'static str],
    /// The file of the test that shows it, and the name of the test.
    pub(crate) shown: (&'static str, &'static str),
    pub(crate) verdict: Verdict,
}

/// Whether it is covered; a sentence of what lacks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Covered,
    Partly(&'static str),
    Left(&'static str),
}

/// The packages, what is in them, and the share of connectors that they and those before make possible once they are whole.
pub(crate) const PACKAGES: &[(&str, &str, &str)] = &[
    (M1, "read core", "16.4"), (M2, "incremental and fan-out", "45.9"), (M3, "expressions and POST reads", "71.4"), (M4, "auth complete", "87.6"), (M5, "shapes", "93.6"), (M6, "bulk, formats, dynamic", "99.8"),
    (BEYOND, "code of one's own", "100"),
];

const M1: &str = "M1";
const M2: &str = "M2";
const M3: &str = "M3";
const M4: &str = "M4";
const M5: &str = "M5";
const M6: &str = "M6";
const BEYOND: &str = "none";

const AT_ONCE: &str = "../tests/tests/stories/no_more_at_once_than_are_allowed.rs";
const BUDGETS: &str = "engine/tests/it/budgets.rs";
const ERRORS: &str = "engine/tests/it/errors.rs";
const EXPRESSIONS: &str = "expr/tests/it/examples.rs";
const FAN_OUT: &str = "engine/tests/it/fan_out.rs";
const FUNCTIONS: &str = "expr/tests/it/functions.rs";
const INCREMENTAL: &str = "engine/tests/it/incremental.rs";
const PARTITIONS: &str = "engine/tests/it/partitions.rs";
const LOOKUPS: &str = "engine/tests/it/lookups.rs";
const MAPPING: &str = "mapping/tests/corpus.rs";
const NOWHERE: &str = "";
const PAGES: &str = "engine/tests/it/pages.rs";
const PAGING: &str = "engine/tests/it/paging.rs";
const PARENTS: &str = "engine/tests/it/parents.rs";
const RECORDED: &str = "engine/tests/it/recorded.rs";
const RECORDS: &str = "engine/src/records/tests.rs";
const REQUESTS: &str = "engine/tests/it/requests.rs";
const SESSIONS: &str = "engine/tests/it/sessions.rs";
const SHAPES: &str = "engine/tests/it/shapes.rs";

const fn covered(package: &'static str, name: &'static str, used_by: u16, by: &'static [&'static str], file: &'static str, test: &'static str) -> Feature {
    Feature { package, name, used_by, by, shown: (file, test), verdict: Verdict::Covered }
}

const fn partly(package: &'static str, name: &'static str, used_by: u16, by: &'static [&'static str], file: &'static str, test: &'static str, lacks: &'static str) -> Feature {
    Feature { package, name, used_by, by, shown: (file, test), verdict: Verdict::Partly(lacks) }
}

const fn left(package: &'static str, name: &'static str, used_by: u16, lacks: &'static str) -> Feature {
    Feature { package, name, used_by, by: &[], shown: (NOWHERE, ""), verdict: Verdict::Left(lacks) }
}

/// The features.
pub(crate) const FEATURES: &[Feature] = &[
    covered(M1, "auth bearer", 159, &["key bearer.token"], SESSIONS, "credentials_stand_where_the_definition_puts_them"),
    covered(M1, "page-number pagination", 158, &["key page.inject"], PAGING, "every_way_reads_every_record_once_and_in_order"),
    covered(M1, "api key header + value template", 127, &["key api_key.in=header", "key api_key.value={{"], SESSIONS, "credentials_stand_where_the_definition_puts_them"),
    covered(M2, "parent → child fan-out", 230, &["key fan_out.from", "key parent.value"], FAN_OUT, "a_list_comes_from_the_definition_the_configuration_or_else_from_a_parent"),
    covered(M1, "offset pagination", 109, &["key offset.inject"], PAGING, "every_way_reads_every_record_once_and_in_order"),
    covered(M1, "query params", 230, &["key request.params"], PAGING, "every_way_reads_every_record_once_and_in_order"),
    covered(M1, "headers", 92, &["key request.headers"], REQUESTS, "the_first_page_alone_is_asked_with_what_is_for_it"),
    covered(M1, "basic", 84, &["key basic.username"], SESSIONS, "credentials_stand_where_the_definition_puts_them"),
    covered(M2, "datetime cursor", 255, &["key incremental.cursor"], PAGES, "the_next_run_asks_from_the_greatest_time_less_the_lookback"),
    covered(M2, "epoch/multiple/custom formats", 129, &["key incremental.formats", "key inject_time.format"], INCREMENTAL, "a_time_is_read_in_any_of_the_forms_a_source_mixes"),
    covered(M1, "error rules by status + message", 154, &["key error_rule.status", "key error_rule.message"], ERRORS, "what_does_not_pass_is_given_up_and_told"),
    covered(M1, "constant/exponential backoff", 94, &["key backoff.type"], ERRORS, "what_passes_by_itself_is_tried_again_after_the_wait_it_names"),
    covered(M1, "cursor token / next URL", 186, &["key cursor.from", "key next_url.from"], PAGING, "every_way_reads_every_record_once_and_in_order"),
    covered(M1, "stop flag (`has_more`)", 82, &["key cursor.more", "key stop.more"], PAGING, "every_rule_stops_after_the_last_page_and_not_before"),
    covered(M2, "per-partition state", 101, &["key incremental.state=per_partition"], PARTITIONS, "each_partition_is_asked_from_its_own_mark_or_all_from_one"),
    covered(M1, "api key query", 24, &["key api_key.in=query"], SESSIONS, "credentials_stand_where_the_definition_puts_them"),
    covered(M3, "date expressions", 113, &["fn now", "fn duration", "fn format_date", "fn add_months", "fn start_of_day", "fn to_epoch"], FUNCTIONS, "dates"),
    covered(M2, "add from parent/partition", 76, &["key records.add={{ parent."], FAN_OUT, "what_is_kept_of_a_parent_goes_into_requests_and_records"),
    covered(M2, "cartesian product", 31, &["key read.fan_out=["], FAN_OUT, "two_lists_make_every_pair_in_order"),
    covered(M2, "list fan-out", 35, &["key fan_out.values"], FAN_OUT, "a_list_comes_from_the_definition_the_configuration_or_else_from_a_parent"),
    covered(M4, "OAuth2 refresh token", 55, &["key oauth2.grant=refresh_token", "key oauth2.refresh_token"], SESSIONS, "tokens_are_asked_for_in_every_way_of_oauth"),
    covered(M3, "POST reads", 62, &["key request.method=POST"], REQUESTS, "a_body_is_json_a_form_xml_or_any_text"),
    covered(M3, "JSON body", 45, &["key request.body"], REQUESTS, "a_body_is_json_a_form_xml_or_any_text"),
    covered(M4, "token exchange", 21, &["key token_exchange.request", "key token_exchange.apply"], SESSIONS, "a_login_names_the_server_and_its_token_goes_to_listed_hosts_alone"),
    covered(M1, "rename/copy", 45, &["op rename", "op map"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    covered(M3, "conditionals", 130, &["operator value if condition else other"], EXPRESSIONS, "every_example_of_an_operator_gives_what_it_says"),
    covered(M1, "coalesce/default", 99, &["operator a ?? b", "fn coalesce", "op default.if", "key map_pick.default"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    covered(M2, "time windows", 68, &["key incremental.window", "key inject_window.end"], INCREMENTAL, "windows_follow_each_other_without_a_gap_and_end_at_the_present"),
    covered(M3, "stop expression", 37, &["key stop.until"], PAGING, "every_rule_stops_after_the_last_page_and_not_before"),
    covered(M3, "number expressions", 77, &["fn int", "fn decimal", "fn round", "fn sum", "fn max"], FUNCTIONS, "numbers"),
    covered(M3, "string/list expressions", 57, &["fn lower", "fn trim", "fn replace", "fn split", "fn join", "fn regex_replace"], FUNCTIONS, "texts"),
    covered(M1, "wildcard path", 35, &["key records.path=[*]"], SHAPES, "every_shape_gives_the_same_records"),
    covered(M2, "lookback", 39, &["key incremental.lookback"], INCREMENTAL, "the_next_run_asks_a_lookback_before_the_mark_and_tells_what_is_new_or_changed_alone"),
    covered(M3, "computed cursor", 27, &["key cursor.from={{"], PAGING, "every_way_reads_every_record_once_and_in_order"),
    covered(M1, "cursor from last record", 17, &["key last_record.from"], PAGING, "every_way_reads_every_record_once_and_in_order"),
    covered(M2, "incremental parent", 29, &["key parent.incremental"], FAN_OUT, "of_changed_parents_alone_the_children_are_read"),
    covered(M4, "OAuth2 client credentials", 21, &["key oauth2.token_url", "key oauth2.client_auth"], SESSIONS, "tokens_are_asked_for_in_every_way_of_oauth"),
    covered(M1, "remove fields", 38, &["op remove", "op pick"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    covered(M3, "error match on body", 39, &["key error_rule.body"], ERRORS, "what_passes_by_itself_is_tried_again_after_the_wait_it_names"),
    covered(M2, "stop early on feed", 18, &["key incremental.order=desc"], INCREMENTAL, "of_what_shows_the_newest_first_no_more_is_read_than_is_new"),
    covered(M3, "mapping expression", 41, &["op template", "key map_value.value"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    covered(M2, "window in templates", 25, &["key request.params=window."], PAGING, "every_way_reads_every_record_once_and_in_order"),
    covered(M1, "filter expression", 36, &["key records.filter", "op filter"], PAGES, "a_filter_and_what_is_added_see_the_names_of_their_request"),
    covered(M3, "token into body", 19, &["key inject.pointer"], PAGING, "every_way_reads_every_record_once_and_in_order"),
    covered(M1, "backoff from header", 30, &["key wait.header"], ERRORS, "a_header_says_how_long_in_the_unit_it_has"),
    covered(M1, "Link header", 11, &["key link_header.type"], PAGES, "links_are_followed_on_the_same_origin_only"),
    covered(M4, "one-of auth", 29, &["key one_of.cases"], SESSIONS, "credentials_stand_where_the_definition_puts_them"),
    covered(M4, "rotating refresh token", 13, &["key refresh.rotates"], SESSIONS, "of_many_who_read_at_once_one_renews_and_no_refresh_token_is_used_twice"),
    left(M4, "consent flow + PKCE", 35, "Nobody is sent to a page of consent yet: the grant `authorization_code` with PKCE is not in the language, and a refresh token has to be got elsewhere."),
    covered(M2, "window into body", 17, &["key inject_time.pointer"], INCREMENTAL, "the_ends_of_a_span_go_where_they_are_told_to"),
    covered(M3, "token in templates", 11, &["key poll.params={{cursor}}"], PAGING, "the_guides_form_reads_on_by_the_cursor_of_the_source_alone"),
    covered(M3, "cast by schema", 20, &["key canonical_map.cast", "key map_pick.cast=schema"], RECORDED, "what_the_corpus_records_is_what_comes_of_it"),
    covered(M3, "form/text body", 0, &["key request.form", "key request.text"], REQUESTS, "a_body_is_json_a_form_xml_or_any_text"),
    covered(M3, "list map/select", 0, &["fn map", "fn where"], FUNCTIONS, "lists_and_objects"),
    covered(M1, "rate budgets", 0, &["key rate_limiting.windows", "key rate_window.per"], BUDGETS, "who_declares_the_budget_is_never_refused_and_waits_no_longer_than_it_takes"),
    covered(M3, "encodings", 0, &["fn base64", "fn base64_decode", "fn hex", "fn url_encode", "fn json", "fn parse_json"], FUNCTIONS, "encodings_and_hashes"),
    covered(M3, "parse dates", 0, &["fn parse_date", "op cast.formats", "key map_pick.formats"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    covered(M1, "concurrency", 0, &["key rate_limiting.concurrency"], AT_ONCE, "four_processes_keep_to_the_number_together_and_all_come_to_their_end"),
    covered(M5, "wrap scalars", 0, &["key records.wrap"], SHAPES, "what_is_inside_other_things_takes_along_what_is_around_it"),
    covered(M3, "GraphQL", 0, &["key graphql.query", "key graphql.variables"], PAGING, "every_way_reads_every_record_once_and_in_order"),
    covered(M5, "object entries", 0, &["key entries.key_as"], SHAPES, "what_is_inside_other_things_takes_along_what_is_around_it"),
    partly(M4, "other grants", 0, &["key oauth2.grant=password"], SESSIONS, "tokens_are_asked_for_in_every_way_of_oauth", "The grant `password` is there; signed assertions, device codes and grants of a vendor's own name are not."),
    covered(M2, "client-side filter", 0, &["key incremental.client_filter"], INCREMENTAL, "a_source_that_cannot_be_asked_since_when_is_filtered_here"),
    covered(M5, "config-list-else-parent", 0, &["key fan_out.else_from"], FAN_OUT, "a_list_comes_from_the_definition_the_configuration_or_else_from_a_parent"),
    covered(M1, "first-page-only params", 0, &["key request.first_page_only"], REQUESTS, "the_first_page_alone_is_asked_with_what_is_for_it"),
    covered(M2, "window length", 0, &["key incremental.window=config."], INCREMENTAL, "the_configuration_says_how_long_windows_are_and_how_far_a_run_looks_back"),
    covered(M3, "templated path", 0, &["key request.url={{", "key records.path={{"], RECORDED, "what_the_corpus_records_is_what_comes_of_it"),
    covered(M2, "carry parent fields", 0, &["key parent.keep"], FAN_OUT, "what_is_kept_of_a_parent_goes_into_requests_and_records"),
    covered(M3, "config derive/validate", 0, &["key config.derive", "key config.pattern", "key config.enum", "key config.default"], RECORDED, "what_the_corpus_records_is_what_comes_of_it"),
    covered(M3, "array expressions", 0, &["fn first", "fn last", "fn uniq", "fn sort", "fn flatten", "operator a[from:to]"], FUNCTIONS, "lists_and_objects"),
    covered(M1, "constants", 0, &["op set", "key map_const.const"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    left(M6, "discovered schema", 0, "Fields of a system are not asked for at run time; a definition knows what it reads."),
    covered(M5, "key case/flatten", 0, &["op keys.case", "op flatten"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    left(M6, "generated streams", 0, "Entities are written one by one; none is made for each thing a system lists, such as a user's own objects."),
    covered(M5, "zip columns+rows", 0, &["key zip.columns", "key zip.rows"], SHAPES, "every_shape_gives_the_same_records"),
    left(M4, "JWT", 0, "No token is signed here: neither as the credentials of a request nor as the assertion of a grant."),
    covered(M3, "conditional ops", 0, &["op template.when"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    covered(M5, "expand nested arrays", 0, &["key records.expand", "key records.keep"], SHAPES, "what_is_inside_other_things_takes_along_what_is_around_it"),
    covered(M6, "jsonl", 0, &["key records.decode=jsonl"], SHAPES, "every_shape_gives_the_same_records"),
    covered(M5, "first-of/union paths", 0, &["key records.mode=first", "key records.mode=union"], RECORDS, "answers_give_the_records_of_the_corpus_parsed_and_as_trees"),
    covered(M6, "gzip/zip", 0, &["key records.decode=gzip", "key records.decode=zip", "key records.zip_member"], SHAPES, "what_a_table_says_is_text_and_stays_as_it_is_written"),
    left(M6, "async job", 0, "A report that is asked for, waited for and fetched has no form in the language."),
    covered(M5, "computed backoff", 0, &["key wait.until", "key wait.seconds"], ERRORS, "what_passes_by_itself_is_tried_again_after_the_wait_it_names"),
    covered(M5, "depth-cap reset", 0, &["key page.depth_cap"], PAGES, "a_listing_that_shows_no_more_begins_anew_behind_its_last_record_and_its_cursors_come_again"),
    covered(M5, "omit-empty params", 0, &["key request.omit_empty"], REQUESTS, "what_is_absent_is_left_out_and_what_is_empty_where_the_definition_says_so"),
    covered(M6, "csv", 0, &["key records.decode=csv", "key csv.delimiter"], SHAPES, "what_a_table_says_is_text_and_stays_as_it_is_written"),
    left(M6, "ensure-resource", 0, "No step before reading makes the remote job or subscription that is missing."),
    covered(M5, "adaptive rate limit", 0, &["key adaptive.reserve"], BUDGETS, "who_declares_the_budget_is_never_refused_and_waits_no_longer_than_it_takes"),
    covered(M5, "null-if", 0, &["op null_if"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    covered(M5, "batch ids", 0, &["key fan_out.batch"], FAN_OUT, "elements_of_an_array_are_parents_and_go_by_batches"),
    left(M6, "stream variants", 0, "An entity has one form; another for another configuration is another entity."),
    left(M6, "field list/chunking", 0, "Lists of fields are written out; none is made of a schema or cut into several requests."),
    covered(M5, "per-record lookup", 0, &["key lookup.mode=per_record"], LOOKUPS, "a_table_is_asked_as_seldom_as_its_mode_allows_and_a_miss_is_remembered"),
    covered(M5, "multi-variable pagination", 0, &["key vars.init", "key vars.next"], PAGING, "every_way_reads_every_record_once_and_in_order"),
    covered(M5, "rename by pattern", 0, &["op rename.keys"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    covered(M1, "add from config", 0, &["key records.add=config."], SHAPES, "what_is_inside_other_things_takes_along_what_is_around_it"),
    covered(M5, "fan-out over an array in the parent", 0, &["key parent.each"], FAN_OUT, "elements_of_an_array_are_parents_and_go_by_batches"),
    covered(M6, "xml", 0, &["key records.decode=xml"], SHAPES, "what_a_table_says_is_text_and_stays_as_it_is_written"),
    left(M4, "SigV4", 0, "Requests are not signed by the scheme of AWS."),
    covered(M5, "JSON:API", 0, &["key records.format=json_api"], SHAPES, "what_is_inside_other_things_takes_along_what_is_around_it"),
    covered(M5, "retry on connection errors", 0, &["engine"], ERRORS, "what_passes_by_itself_is_tried_again_after_the_wait_it_names"),
    left(M6, "file download", 0, "Files are read as records only; none is kept or handed on as a file."),
    left(M6, "conditional streams", 0, "An entity cannot be switched off by the configuration."),
    covered(M5, "raw query encoding", 0, &["key request.encode=raw"], REQUESTS, "several_values_of_a_parameter_are_written_as_the_definition_says"),
    covered(M1, "template op", 0, &["op template.value"], MAPPING, "every_case_of_the_corpus_ends_as_it_says"),
    covered(M2, "integer cursor", 0, &["key incremental.type=integer"], INCREMENTAL, "numbers_are_cursors_too_and_a_gap_wider_than_the_window_is_no_end"),
    covered(M5, "sniff gzip/charset", 0, &["key records.decode=gzip?", "key records.encoding"], SHAPES, "every_shape_gives_the_same_records"),
    covered(M5, "dedupe", 0, &["key records.dedupe", "op dedupe"], PAGES, "records_of_another_shape_become_changes_as_lists_do"),
    covered(M5, "several parents", 0, &["key fan_out.from=[{"], PARENTS, "several_parents_are_read_one_after_the_other_and_what_two_name_once"),
    covered(M5, "recursive tree", 0, &["key recursive.value", "key recursive.max_depth"], FAN_OUT, "a_tree_is_read_to_its_leaves"),
    covered(M5, "numeric ranges", 0, &["key range.from", "key range.to"], FAN_OUT, "a_list_comes_from_the_definition_the_configuration_or_else_from_a_parent"),
    covered(M4, "refresh-then-retry", 0, &["engine", "key refresh.when"], SESSIONS, "an_expired_token_is_renewed_once_whether_it_is_told_by_401_or_in_an_answer_of_200"),
    left(M4, "multi-step exchange", 0, "A login is one request; one whose answer is needed for a second is not expressible."),
    left(M4, "HMAC request signing", 0, "Requests carry no signature over their own parts."),
    covered(M5, "api key in body", 0, &["key api_key.in=body"], SESSIONS, "credentials_stand_where_the_definition_puts_them"),
    left(BEYOND, "custom code", 0, "A definition chooses among what the engine can do and adds nothing to it, on purpose."),
];

/// By rank, as far as it was counted: the share of connectors that need nothing beyond it.
pub(crate) const SHARES: &[&str] = &[
    "1.4", "2.5", "4.4", "6.4", "8.9", "12.0", "14.1", "16.0", "17.6", "19.3", "19.7", "22.2", "24.5", "27.0", "28.6", "30.5", "32.6", "34.4", "35.7", "37.6", "39.8", "40.3", "41.3", "43.2", "45.2", "46.3",
    "47.5", "48.8", "50.6", "51.9", "53.7", "55.6", "57.3", "59.1", "61.0", "62.7", "64.3", "65.8", "67.2", "68.3", "69.5", "70.8", "72.0", "73.4", "74.5", "75.9", "76.6", "77.6", "78.4", "79.2", "79.9", "80.5",
];
