//! What works and is hardly meant: an outage that reads as an empty list, conditions that look at nothing, constants no record may hold,
//! events that are called another thing, and secrets that stand in addresses.

use connector::Draft;
use fault::Severity;

/// What is told of a definition: `error` or `warning`, the place, and the message.
#[track_caller]
fn told(definition: &str) -> Vec<(bool, String, String)> {
    let report = Draft::parse(definition).unwrap_or_else(|error| panic!("{error}: {definition}")).check();
    assert!(report.findings().iter().all(|finding| !finding.hint.is_empty()), "{definition}");
    report.findings().iter().map(|finding| (finding.severity == Severity::Error, finding.pointer.clone(), finding.message.clone())).collect()
}

/// The places, an error with a mark before it.
#[track_caller]
fn places(definition: &str) -> String {
    told(definition).into_iter().map(|(error, at, _)| if error { format!("!{at}") } else { at }).collect::<Vec<_>>().join(" ")
}

/// A source of stock: what is around its entities, what stands in its `read`, and what is behind them.
fn stock(around: &str, read: &str, behind: &str) -> String {
    format!(r#"{{"metadata":{{"slug":"a","type":"both"}}{around},"entities":{{"stock":{{"read":{{"request":{{"url":"https://api.example.com/stock"}}{read}}}}}}},
        "deliver":{{"stocklevel":{{"request":{{"method":"PUT","url":"https://api.example.com/put","body":{{"n":"{{{{ fields.quantity }}}}"}}}},"idempotency":"natural_key"}}}},
        "canonical_map":{{"stock":{{"type":"stocklevel","key":"$.sku","fields":{{"sku":"$.sku","quantity":"$.n"}}}}}}{behind}}}"#)
}

const COMPLETE: &str = r#","snapshot":{"stocklevel":{"entity":"stock","complete":true}}"#;

#[test]
fn an_outage_that_is_skipped_is_told_and_is_an_error_where_absence_counts_or_deliveries_are_lost() {
    let rule = |rest: &str| format!(r#","errors":[{{{rest},"class":"skip"}}]"#);
    let at = "/entities/stock/read/errors/0/class";
    for (when, behind, expected) in [
        (r#""status":404"#, COMPLETE, ""), (r#""status":[404,410,"3xx"]"#, COMPLETE, ""), (r#""status":"4xx""#, "", at), (r#""status":"5xx""#, "", at), (r#""status":[404,503]"#, "", at), (r#""status":401"#, "", at), (r#""status":403,"on":["read"]"#, "", at),
        (r#""status":403,"on":["test"]"#, COMPLETE, at), (r#""status":403,"on":["deliver"]"#, COMPLETE, ""), (r#""status":503,"header":{"X-Empty":"*"}"#, COMPLETE, ""), (r#""status":500,"body":"{{ response.code == 7 }}""#, COMPLETE, ""),
        // What looks at nothing but the status is no condition on what an answer says.
        (r#""status":500,"body":"{{ status == 500 }}""#, "", at),
        (r#""status":"5xx""#, COMPLETE, &format!("!{at}")), (r#""status":"5xx""#, r#","snapshot":{"stocklevel":{"entity":"stock"}}"#, at),
        (r#""status":"5xx""#, r#","snapshot":{"stocklevel":{"entity":"stock","complete":true,"request":{"url":"https://api.example.com/all"}}}"#, at),
    ] {
        assert_eq!(places(&stock("", &rule(when), behind)), expected, "{when} {behind}");
    }
    let behind = r#","snapshot":{"stocklevel":{"entity":"stock","complete":true,"request":{"url":"https://api.example.com/all"},"errors":[{"status":401,"class":"skip"}]}}"#;
    assert_eq!(places(&stock("", "", behind)), "!/snapshot/stocklevel/errors/0/class");
    // Common rules are about deliveries too, unless they say otherwise.
    for (when, expected) in [(r#""status":500"#, "!/errors/0/class"), (r#""status":500,"on":["read"]"#, "/errors/0/class"), (r#""status":500,"on":["deliver"]"#, "!/errors/0/class"), (r#""status":409,"on":["deliver"]"#, "")] {
        assert_eq!(places(&stock(&rule(when), "", "")), expected, "{when}");
    }
    assert_eq!(places(&stock(&rule(r#""status":500,"on":["read"]"#), "", COMPLETE)), "!/errors/0/class");
}

#[test]
fn the_parents_of_what_a_complete_snapshot_reads_count_for_it() {
    let definition = stock("", r#","fan_out":{"as":"shop","from":{"entity":"shop","value":"$.id"}}"#, COMPLETE).replace("/stock\"", "/stock/{{ parent.shop.value }}\"");
    let definition = definition.replacen(r#""entities":{"#, r#""entities":{"shop":{"read":{"request":{"url":"https://api.example.com/shops"},"errors":[{"status":503,"class":"skip"}]}},"#, 1);
    assert_eq!(places(&definition), "!/entities/shop/read/errors/0/class");
}

#[test]
fn a_condition_that_looks_at_nothing_is_told() {
    let filter = |text: &str| stock("", &format!(r#","records":{{"path":"$","filter":"{{{{ {text} }}}}"}}"#), "");
    for (text, said) in [
        ("false", Some("never")), ("1 == 2", Some("never")), ("true", Some("always")), ("not ('a' in ['a', 'b'])", Some("never")), ("true or record.n > 0", Some("always")), ("false and record.n > 0", Some("never")), ("length('abc') > 2", Some("always")),
        ("record.n > 0", None), ("record.n > 0 or true", None), ("now() > '2026-01-01T00:00:00Z'", None), ("today() == '2026-01-01'", None), ("is_absent(record.n)", None), ("field_hint == 'a'", None),
    ] {
        let told = told(&filter(text));
        match said {
            None => assert_eq!(told, [], "{text}"),
            Some(word) => assert!(told.len() == 1 && !told[0].0 && told[0].1 == "/entities/stock/read/records/filter" && told[0].2.contains(word), "{text}: {told:?}"),
        }
    }
    for (read, behind, at) in [
        (r#","errors":[{"status":404,"body":"{{ true }}","class":"skip"}]"#, "", "/entities/stock/read/errors/0/body"),
        (r#","pagination":{"type":"page","inject":{"page":{"in":"query","name":"p"}},"stop":{"until":"{{ 1 > 2 }}"}}"#, "", "/entities/stock/read/pagination/stop/until"),
        ("", r#","snapshot":{"stocklevel":{"entity":"stock","absent":["{{ false }}"]}}"#, "/snapshot/stocklevel/absent/0"),
    ] {
        assert_eq!(places(&stock("", read, behind)), at);
    }
}

/// Orders whose fields are these.
fn orders(fields: &str) -> String {
    format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"entities":{{"order":{{"read":{{"request":{{"url":"https://api.example.com/orders"}}}}}}}},
        "canonical_map":{{"order":{{"type":"order","key":"$.id","fields":{{"orderId":"$.id",{fields}}}}}}}}}"#)
}

#[test]
fn a_constant_or_a_default_the_field_cannot_hold_is_told_after_the_table_and_the_cast_it_goes_through() {
    for (field, at) in [
        (r#""currency":{"const":"sek"}"#, "/currency/const"), (r#""currency":{"const":"SEK"}"#, ""), (r#""currency":{"path":"$.c","default":"kronor"}"#, "/currency/default"), (r#""currency":{"value":"sek"}"#, "/currency/value"),
        (r#""currency":{"value":"{{ upper('sek') }}"}"#, ""), (r#""currency":{"value":"{{ lower('SEK') }}"}"#, "/currency/value"), (r#""currency":{"path":"$.c","map":{"1":"sek","2":"NOK"}}"#, "/currency/map/1"), (r#""currency":{"path":"$.c","default":null}"#, ""),
        (r#""totalAmount":{"path":"$.t","default":"zero"},"currency":"$.c""#, "/totalAmount/default"), (r#""totalAmount":{"path":"$.t","default":"0"},"currency":"$.c""#, "/totalAmount/default"),
        (r#""totalAmount":{"path":"$.t","default":0},"currency":"$.c""#, ""), (r#""totalAmount":{"path":"$.t","cast":"decimal","default":"0.00"},"currency":"$.c""#, ""), (r#""totalAmount":{"path":"$.t","cast":"decimal","default":"zero"},"currency":"$.c""#, "/totalAmount/default"),
        (r#""totalAmount":{"path":"$.t","cast":"schema","map":{"free":"0","dear":"much"},"on_miss":"keep"},"currency":"$.c""#, "/totalAmount/map/dear"), (r#""totalAmount":{"path":"$.t","cast":"string","default":5},"currency":"$.c""#, "/totalAmount/default"),
        (r#""createdAt":{"const":"yesterday"}"#, "/createdAt/const"), (r#""createdAt":{"path":"$.at","cast":"datetime","default":"2026-01-31"}"#, ""), (r#""createdAt":{"path":"$.at","default":"2026-01-31"}"#, "/createdAt/default"),
        (r#""isTest":{"const":"no"}"#, "/isTest/const"), (r#""isTest":{"path":"$.t","cast":"boolean","default":"false"}"#, ""), (r#""status":{"const":"sent"}"#, "/status/const"),
        // A default goes through the table as what is picked does.
        (r#""status":{"path":"$.s","map":{"1":"open"},"default":"1"}"#, ""), (r#""status":{"path":"$.s","map":{"1":"open"},"default":"open"}"#, "/status/default"), (r#""status":{"path":"$.s","map":{"1":"open"},"on_miss":"keep","default":"open"}"#, ""),
        (r#""status":{"path":"$.s","map":{"1":"open"},"on_miss":"keep","default":"opened"}"#, "/status/default"),
        (r#""shippingAddress.countryCode":{"const":"Sweden"}"#, "/shippingAddress.countryCode/const"), (r#""shippingAddress.countryCode":{"const":"SE"}"#, ""),
        (r#""lineItems":{"each":"$.rows[*]","fields":{"sku":"$.sku","quantity":{"const":"many"}}}"#, "/lineItems/fields/quantity/const"), (r#""lineItems":{"each":"$.rows[*]","fields":{"sku":"$.sku","quantity":{"path":"$.n","default":1}}}"#, ""),
        (r#""lineItems":{"const":[{"sku":"A","quantity":"many"}]}"#, "/lineItems/const"), (r#""lineItems":{"const":[]}"#, ""),
        (r#""unheard":{"const":"sek"}"#, ""),
    ] {
        let found = places(&orders(field)).replace("/canonical_map/order/fields", "");
        assert_eq!(found, if field.contains("unheard") { "/unheard" } else { at }, "{field}: {:?}", told(&orders(field)));
    }
}

#[test]
fn an_event_that_is_called_another_canonical_type_than_its_entity_is_mapped_to_is_told() {
    let mapped = |common: &str, own: &str| stock(common, "", "").replacen(r#""entities":{"stock":{"#, &format!(r#""entities":{{"stock":{{{own}"#), 1);
    for (common, own, at) in [
        ("", r#""eventMapping":{"externalId":"$.id","eventType":"order.updated"},"#, "/entities/stock/eventMapping/eventType"), ("", r#""eventMapping":{"externalId":"$.id","eventType":"stocklevel.updated"},"#, ""),
        ("", r#""eventMapping":{"externalId":"$.id","eventType":"stock.updated"},"#, ""), ("", r#""eventMapping":{"externalId":"$.id","eventType":"$.type"},"#, ""), ("", r#""eventMapping":{"externalId":"$.id","eventType":"reorder"},"#, ""),
        (r#","eventMapping":{"externalId":"$.id","eventType":"order.updated"}"#, "", "/eventMapping/eventType"), (r#","eventMapping":{"externalId":"$.id","eventType":"order.updated"}"#, r#""eventMapping":{"externalId":"$.id"},"#, ""),
    ] {
        assert_eq!(places(&mapped(common, own)), at, "{common} {own}");
    }
    // A source's own word for what it is called there says nothing else: its contacts may be customers.
    let contact = r#"{"metadata":{"slug":"a","type":"source"},"entities":{"contact":{"read":{"request":{"url":"https://api.example.com/contacts"}},"eventMapping":{"externalId":"$.id","eventType":"contact.updated"}}},
        "canonical_map":{"contact":{"type":"customer","key":"$.id","fields":{"customerId":"$.id"}}}}"#;
    assert_eq!(places(contact), "");
}

#[test]
fn a_list_of_xml_behind_each_that_may_be_one_element_is_told() {
    let definition = |records: &str, lines: &str| format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"entities":{{"order":{{"read":{{"request":{{"url":"https://api.example.com/orders"}},"records":{{{records}}}}}}}}},
        "canonical_map":{{"order":{{"type":"order","key":"$.id","fields":{{"orderId":"$.id","lineItems":{lines}}}}}}}}}"#);
    let (path, line) = ("/entities/order/read/records/path", "/canonical_map/order/fields/lineItems/each");
    let by_sku = r#"{"each":"$.rows.row[*]","fields":{"sku":"$.sku"}}"#;
    let plain = r#"{"each":"$.rows.row","fields":{"sku":"$.sku"}}"#;
    for (records, lines, at) in [
        (r#""decode":["xml"],"path":"$.orders.order[*]""#, plain, path), (r#""decode":["xml"],"path":"$.orders.order""#, by_sku, line), (r#""decode":["gzip?","xml"],"path":["$.orders.order","$.orders.one[*]"]"#, plain, "/entities/order/read/records/path/1"),
        (r#""decode":["xml"],"xml":{"always_list":["order","row"]},"path":"$.orders.order[*]""#, by_sku, ""), (r#""decode":["xml"],"xml":{"always_list":["row"]},"path":"$.orders.order""#, by_sku, ""), (r#""decode":["json"],"path":"$.orders.order[*]""#, by_sku, ""), (r#""path":"$.orders.order[*]""#, by_sku, ""),
        (r#""decode":["xml"],"path":"$.orders.order","expand":"$.part[*]""#, plain, "/entities/order/read/records/expand"), (r#""decode":["xml"],"path":"$.orders.order","expand":["$.part","$.bit[*]"]"#, plain, "/entities/order/read/records/expand/1"),
        (r#""decode":["xml"],"path":"$.orders.order""#, r#"{"each":"$.rows","fields":{"sku":"$.sku","parts":{"each":"$.part[*]","fields":{"id":"$.id"}}}}"#, "/canonical_map/order/fields/lineItems/fields/parts/each"),
        (r#""decode":["xml"],"path":"$.orders.order""#, r#"{"each":"$.rows.row[*].part[*]","fields":{"sku":"$.sku"}}"#, line), (r#""decode":["xml"],"xml":{"always_list":["row"]},"path":"$.orders.order""#, r#"{"each":"$.rows.row[*].part[*]","fields":{"sku":"$.sku"}}"#, line),
    ] {
        let found = told(&definition(records, lines));
        assert_eq!(places(&definition(records, lines)), if lines.contains("parts") { format!("/canonical_map/order/fields/lineItems/fields/parts {at}").trim().to_owned() } else { at.to_owned() }, "{records} {lines}: {found:?}");
    }
}

#[test]
fn a_secret_in_an_address_is_told() {
    let definition = |base: &str, auth: &str, request: &str| format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"config":{{"key":{{"type":"string","secret":true}},"shop":{{"type":"string"}},"made":{{"type":"string","derive":"{{{{ config.key }}}}-{{{{ config.shop }}}}"}}}}{base}{auth},
        "entities":{{"thing":{{"read":{{"request":{{{request},"headers":{{"X-Shop":"{{{{ config.shop }}}}","X-Key":"{{{{ config.key }}}}","X-Made":"{{{{ config.made }}}}"}}}}}}}}}}}}"#);
    let url = "/entities/thing/read/request/url";
    for (base, auth, request, at) in [
        ("", "", r#""url":"https://api.example.com/{{ config.shop }}/things""#, ""), ("", "", r#""url":"https://api.example.com/{{ config.key }}/things""#, url), ("", "", r#""url":"https://api.example.com/things?key={{ config.key }}""#, url),
        ("", "", r#""url":"https://api.example.com/things?key={{ upper(config.made) }}""#, url), ("", "", r#""url":"https://api.example.com/things","params":{"k":"{{ config.key }}"}"#, "/entities/thing/read/request/params/k"),
        ("", r#","auth":{"type":"api_key","in":"query","name":"k","value":"{{ config.key }}"}"#, r#""url":"https://api.example.com/things""#, ""),
        (r#","base_url":"https://api.example.com/{{ config.key }}""#, "", r#""url":"/things""#, "/base_url"),
        ("", r#","auth":{"type":"token_exchange","request":{"url":"https://api.example.com/login/{{ config.key }}"},"token":"$.t","apply":{"in":"header","name":"X-T","value":"{{ token }}"}}"#, r#""url":"https://api.example.com/things""#, "/auth/request/url"),
    ] {
        assert_eq!(places(&definition(base, auth, request)), at, "{base} {auth} {request}");
    }
}

#[test]
fn a_path_into_the_records_of_a_page_is_told_where_pages_go_by_what_it_names() {
    const LAST: &str = r#"{"type":"last_record","from":"$.id","inject":{"cursor":{"in":"query","name":"after"}}}"#;
    const KEYS: &str = r#"{"type":"keyset","keys":[{"from":"$.id","inject":{"in":"query","name":"after"}}]}"#;
    const MADE: &str = r#"{"type":"cursor","from":"{{ last.id }}","inject":{"cursor":{"in":"query","name":"after"}}}"#;
    const NAMED: &str = r#"{"type":"cursor","from":"$.next","inject":{"cursor":{"in":"query","name":"after"}}}"#;
    const PAGE: &str = r#"{"type":"page","inject":{"page":{"in":"query","name":"page"}}}"#;
    const OFFSET: &str = r#"{"type":"offset","inject":{"offset":{"in":"query","name":"skip"}}}"#;
    let (path, from) = ("/entities/stock/read/records/path", "/entities/stock/read/pagination");
    for (records, pagination, expected) in [
        (r#""path":"$.data[*].lines[*]""#, LAST, path), (r#""path":"$.data[*].lines[*]""#, KEYS, path), (r#""path":"$.data[*].lines[*]""#, MADE, path), (r#""path":"$.data[*].lines[*]""#, PAGE, path), (r#""path":"$.data[*].lines[*]""#, OFFSET, path),
        (r#""path":"$.data[*].lines[*]""#, NAMED, ""), (r#""path":"$.edges[*].node""#, LAST, path), (r#""path":"$.edges[*].node""#, PAGE, ""), (r#""path":"$.data[?@.open == true]""#, LAST, path), (r#""path":"$.data[*]""#, LAST, ""), (r#""path":"$.data""#, OFFSET, ""),
        (r#""path":"$.data","expand":"$.lines""#, LAST, ""), (r#""path":"$.data","expand":"$.lines","keep":{"order":"$.id"}"#, LAST, ""), (r#""path":"$.data","expand":"$.lines","keep":{"order":"$.id"}"#, &LAST.replace("$.id", "$.order"), from), (r#""path":"$.data","expand":"$.lines","keep":{"id":"$.id"}"#, LAST, ""),
    ] {
        let read = format!(r#","records":{{{records}}},"pagination":{pagination}"#);
        assert_eq!(places(&stock("", &read, "")), expected, "{records} {pagination}");
    }
}
