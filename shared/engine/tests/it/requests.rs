//! What a request is made of: parameters in every form, headers, bodies, and what is left out.

use crate::{script::{answer, config}, world::{Run, World, definition, header}};

/// What is sent for a request, by page: method, address, one header, the type of the body and the body.
async fn sent(request: &str, pagination: &str, pages: usize) -> Vec<String> {
    let definition = definition(&format!(
        r#""config":{{"states":{{"type":"array","items":"string","optional":true}},"word":{{"type":"string"}},"none":{{"type":"string","optional":true}}}},
        "entities":{{"thing":{{"read":{{"request":{request}{pagination}}}}}}}"#
    ));
    let mut page = 0;
    let world = World::of(move |_| {
        page += 1;
        answer(200, &if page >= pages { "[]".to_owned() } else { format!(r#"[{{"id":{page}}}]"#) })
    });
    let config = config(&[("states", r#"["new","on hold"]"#), ("word", "a&<b>")]);
    Run { config, ..Run::new(&definition, "thing") }.read(&world, None).await.unwrap();
    world.sent().iter().map(|request| {
        let url = request.url.as_str().strip_prefix("https://api.test").unwrap();
        let named = ["x-word", "content-type"].into_iter().filter_map(|name| Some(format!(" {name}: {}", header(request, name)?))).collect::<String>();
        let body = request.body.as_ref().map(|body| format!(" {}", String::from_utf8_lossy(body))).unwrap_or_default();
        format!("{} {url}{named}{body}", request.method.word())
    }).collect()
}

#[tokio::test]
async fn several_values_of_a_parameter_are_written_as_the_definition_says() {
    for (style, query) in [
        ("repeat", "s=new&s=on+hold"), ("comma", "s=new%2Con+hold"), ("space", "s=new+on+hold"), ("pipe", "s=new%7Con+hold"), ("brackets", "s%5B%5D=new&s%5B%5D=on+hold"), ("indexed", "s%5B0%5D=new&s%5B1%5D=on+hold"),
        ("json", "s=%5B%22new%22%2C%22on+hold%22%5D"),
    ] {
        let request = format!(r#"{{"url":"/x","params":{{"s":"{{{{ config.states }}}}"}},"encode":{{"s":"{style}"}}}}"#);
        assert_eq!(sent(&request, "", 1).await, [format!("GET /x?{query}")], "{style}");
    }
    // What a system reads by its own rules goes as it is written, behind the rest.
    assert_eq!(sent(r#"{"url":"/x","params":{"q":"id:(1,2)","r":"id:(1,2)"},"encode":{"q":"raw"}}"#, "", 1).await, ["GET /x?r=id%3A%281%2C2%29&q=id:(1,2)"]);
}

#[tokio::test]
async fn what_is_absent_is_left_out_and_what_is_empty_where_the_definition_says_so() {
    let request = |more: &str| format!(r#"{{"url":"/x","params":{{"a":"{{{{ config.none }}}}","b":"{{{{ '' }}}}","c":0}},"headers":{{"X-Word":"{{{{ config.none }}}}"}}{more}}}"#);
    assert_eq!(sent(&request(""), "", 1).await, ["GET /x?b=&c=0"]);
    assert_eq!(sent(&request(r#","omit_empty":true"#), "", 1).await, ["GET /x?c=0"]);
}

#[tokio::test]
async fn the_first_page_alone_is_asked_with_what_is_for_it() {
    let request = r#"{"url":"/x","params":{"count":true,"state":"new"},"first_page_only":["count"],"headers":{"X-Word":"{{ config.word }}"}}"#;
    let lines = sent(request, r#","pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}}}"#, 3).await;
    assert_eq!(lines, ["GET /x?count=true&state=new&page=1 x-word: a&<b>", "GET /x?state=new&page=2 x-word: a&<b>", "GET /x?state=new&page=3 x-word: a&<b>"]);
}

#[tokio::test]
async fn a_body_is_json_a_form_xml_or_any_text() {
    for (body, said) in [
        (r#""body":{"word":"{{ config.word }}","states":"{{ config.states }}","none":"{{ config.none }}","zero":0}"#, r#"application/json {"word":"a&<b>","states":["new","on hold"],"zero":0}"#),
        (r#""form":{"word":"{{ config.word }}","states":"{{ config.states }}","none":"{{ config.none }}"}"#, "application/x-www-form-urlencoded word=a%26%3Cb%3E&states=new&states=on+hold"),
        (r#""xml":"<find><word>{{ config.word }}</word></find>""#, "application/xml <find><word>a&amp;&lt;b&gt;</word></find>"),
        (r#""text":{"content_type":"text/plain","value":"all of {{ config.word }}"}"#, "text/plain all of a&<b>"),
        (r#""graphql":{"query":"query T($w: String) { t }","variables":{"w":"{{ config.word }}","none":"{{ config.none }}"},"operation":"T"}"#, r#"application/json {"query":"query T($w: String) { t }","variables":{"w":"a&<b>"},"operationName":"T"}"#),
    ] {
        assert_eq!(sent(&format!(r#"{{"url":"/x",{body}}}"#), "", 1).await, [format!("POST /x content-type: {said}")], "{body}");
    }
}

#[tokio::test]
async fn a_value_made_of_others_is_held_to_its_own_pattern_and_told_to_nobody() {
    let definition = crate::world::definition(
        r#""config":{"a":{"type":"string"},"b":{"type":"string","secret":true,"optional":true},"made":{"type":"string","pattern":"[a-z]+-[a-z]+","derive":"{{ config.a ~ '-' ~ config.b }}"},"number":{"type":"integer","derive":"{{ length(config.a) }}"},
        "long":{"type":"string","optional":true,"derive":"{{ replace(config.a, 'x', 'xxxxxxxxxxxxxxxx') }}"}},
        "entities":{"thing":{"read":{"request":{"url":"/x","params":{"made":"{{ config.made }}","number":"{{ config.number + 1 }}"}}}}}"#,
    );
    let long = "x".repeat(600);
    for (a, b, expected) in [
        ("one", "two", Ok("GET /x?made=one-two&number=4")), ("one", "2", Err(("config_invalid", "the value of `config.made` is not what it has to be: it does not fit its `pattern`"))), ("one", "", Err(("config_missing", "the connection has no value for `made`"))),
        ("", "two", Err(("config_missing", "the connection has no value for `a`"))), (&long, "two", Err(("request_invalid", "what `config.long` is made of gives more than 8192 bytes"))),
    ] {
        let world = crate::world::World::of(|_| answer(200, "[]"));
        let run = crate::world::Run { config: config(&[("a", a), ("b", b), ("made", "given-it")]), ..crate::world::Run::new(&definition, "thing") };
        match run.read(&world, None).await {
            Ok(_) => assert_eq!(Ok(world.lines()[0].as_str()), expected),
            Err(fault) => {
                let (code, message) = expected.expect_err("it is refused");
                assert!(fault.code == code && fault.message.contains(message), "{a} {b}: {fault:?}");
                assert!(world.lines().is_empty());
            }
        }
    }
}

#[tokio::test]
async fn every_page_of_a_listing_is_asked_for_by_one_method() {
    let definition = crate::world::definition(r#""entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"path":"$.data"},"pagination":{"type":"cursor","from":"$.next","inject":{"in":"body","pointer":"/after"}}}}}"#);
    let world = crate::world::World::of(|request| {
        let first = request.body.as_deref() == Some(b"{}");
        crate::script::answer(200, if first { r#"{"data":[{"id":1}],"next":2}"# } else { r#"{"data":[{"id":2}]}"# })
    });
    let (ids, _) = crate::world::Run::new(&definition, "thing").read(&world, None).await.unwrap();
    let asked: Vec<String> = world.sent().iter().map(|request| format!("{} {}", request.method.word(), String::from_utf8_lossy(request.body.as_deref().unwrap_or_default()))).collect();
    assert_eq!((ids, asked), (vec!["1".to_owned(), "2".to_owned()], vec!["POST {}".to_owned(), r#"POST {"after":2}"#.to_owned()]));
}

#[tokio::test]
async fn a_condition_that_comes_out_absent_does_not_hold_and_null_is_what_is_absent_too() {
    for (filter, kept) in [("record.g > 1", "2"), ("record.g == null", "1 3"), ("is_absent(record.g)", "1"), ("(record.g ?? 0) < 1", "1 3")] {
        let definition = crate::world::definition(&format!(r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things"}},"records":{{"path":"$.data","filter":"{{{{ {filter} }}}}"}}}}}}}}"#));
        let world = crate::world::World::of(|_| crate::script::answer(200, r#"{"data":[{"id":1},{"id":2,"g":2},{"id":3,"g":null}]}"#));
        let (ids, _) = crate::world::Run::new(&definition, "thing").read(&world, None).await.unwrap();
        assert_eq!(ids.join(" "), kept, "{filter}");
    }
}

#[tokio::test]
async fn a_source_that_says_there_is_more_and_names_no_next_page_is_no_end() {
    let definition = crate::world::definition(r#""entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"path":"$.data"},"pagination":{"type":"cursor","from":"$.next","more":"$.more","inject":{"in":"query","name":"after"}}}}}"#);
    for (answer, code) in [(r#"{"data":[{"id":1}],"more":true,"next":null}"#, "destination_nonsense"), (r#"{"data":[{"id":1}],"more":true}"#, "destination_nonsense"), (r#"{"data":[{"id":1}],"more":false}"#, "")] {
        let world = crate::world::World::of(move |_| crate::script::answer(200, answer));
        let told = crate::world::Run::new(&definition, "thing").read(&world, None).await;
        assert_eq!(told.err().map_or("", |fault| fault.code), code, "{answer}");
    }
}

#[tokio::test]
async fn a_value_that_is_not_what_it_has_to_be_is_told_from_one_that_lacks() {
    for (entry, value, expected) in [
        (r#"{"type":"integer"}"#, "", Err(("config_missing", "the connection has no value for `v`"))), (r#"{"type":"integer"}"#, "12345678901234567890", Ok("GET /x?v=12345678901234567890")),
        (r#"{"type":"integer"}"#, "1.5", Err(("config_invalid", "the value of `config.v` is not what it has to be: a whole number"))), (r#"{"type":"integer"}"#, "many", Err(("config_invalid", "the value of `config.v` is not what it has to be: a whole number"))),
        (r#"{"type":"decimal"}"#, "1.5", Ok("GET /x?v=1.5")), (r#"{"type":"decimal"}"#, "1,5", Err(("config_invalid", "the value of `config.v` is not what it has to be: a number"))),
        (r#"{"type":"boolean"}"#, "false", Ok("GET /x?v=false")), (r#"{"type":"boolean"}"#, "yes", Err(("config_invalid", "the value of `config.v` is not what it has to be: true or false"))),
        (r#"{"type":"url"}"#, "https://shop.example", Ok("GET /x?v=https%3A%2F%2Fshop.example")), (r#"{"type":"url"}"#, "shop.example", Err(("config_invalid", "the value of `config.v` is not what it has to be: an absolute address, such as https://api.example.com"))),
        (r#"{"type":"string","enum":["a","b"]}"#, "b", Ok("GET /x?v=b")), (r#"{"type":"string","enum":["a","b"]}"#, "c", Err(("config_invalid", "the value of `config.v` is not what it has to be: one of a, b"))),
        (r#"{"type":"date"}"#, r#"2026-02-30"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: a date, such as 2026-01-31"))),
        (r#"{"type":"date"}"#, r#"01/02/2026"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: a date, such as 2026-01-31"))),
        (r#"{"type":"date"}"#, r#"2026-01-31T12:00:00Z"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: a date, such as 2026-01-31"))),
        (r#"{"type":"date"}"#, r#"20260131"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: a date, such as 2026-01-31"))),
        (r#"{"type":"datetime"}"#, r#"2026-02-30T12:00:00Z"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: an instant, such as 2026-01-31T12:00:00Z"))),
        (r#"{"type":"datetime"}"#, r#"1769860800"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: an instant, such as 2026-01-31T12:00:00Z"))),
        (r#"{"type":"datetime"}"#, r#"20260131"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: an instant, such as 2026-01-31T12:00:00Z"))),
        (r#"{"type":"datetime"}"#, r#"soon"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: an instant, such as 2026-01-31T12:00:00Z"))),
        (r#"{"type":"array"}"#, r#"{"a":1}"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: an array of texts, or texts with commas between them"))),
        (r#"{"type":"array"}"#, r#"[a, b]"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: an array of texts, or texts with commas between them"))),
        (r#"{"type":"array"}"#, r#"[[1]]"#, Err(("config_invalid", "the value of `config.v` is not what it has to be: an array of texts, or texts with commas between them"))),
        (r#"{"type":"array"}"#, r#"["a""#, Err(("config_invalid", "the value of `config.v` is not what it has to be: an array of texts, or texts with commas between them"))),
        (r#"{"type":"date"}"#, "2026-01-31", Ok("GET /x?v=2026-01-31")), (r#"{"type":"datetime"}"#, "2026-01-31T12:00:00", Ok("GET /x?v=2026-01-31T12%3A00%3A00")), (r#"{"type":"datetime"}"#, "2026-01-31T12:00:00Z", Ok("GET /x?v=2026-01-31T12%3A00%3A00Z")),
        (r#"{"type":"array"}"#, "a, b", Ok("GET /x?v=a&v=b")), (r#"{"type":"array"}"#, r#"["a","b"]"#, Ok("GET /x?v=a&v=b")),
        (r#"{"type":"string","pattern":"[a-z]+"}"#, "A", Err(("config_invalid", "the value of `config.v` is not what it has to be: it does not fit its `pattern`"))),
    ] {
        let definition = crate::world::definition(&format!(r#""config":{{"v":{entry}}},"entities":{{"thing":{{"read":{{"request":{{"url":"/x","params":{{"v":"{{{{ config.v }}}}"}}}}}}}}}}"#));
        let world = crate::world::World::of(|_| answer(200, "[]"));
        let run = crate::world::Run { config: config(&[("v", value)]), ..crate::world::Run::new(&definition, "thing") };
        let found = run.read(&world, None).await;
        let found = found.as_ref().map(|_| world.lines()).map_err(|fault| (fault.code, fault.message.trim_end_matches(" at column 4")));
        assert_eq!(found, expected.map(|line| vec![line.to_owned()]), "{entry} {value}");
    }
}
