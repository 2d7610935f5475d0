//! The functions and operators over values of every sort: what they give, what they pass on, and what they refuse.
//!
//! `record` holds one member of each sort: `n` null, `b` true, `i` 7, `d` 19.990, `t` text, `l` list, `o` object; `x` is absent.

use document::{Arena, Fuel, Item, Limits, Parser};
use expr::{Cx, DEFAULT_FUEL, Expr};

const RECORD: &[u8] = br#"{"n":null,"b":true,"i":7,"d":19.990,"t":"Tea","e":"","u":"\u00e5\u00e4\u00f6 1","l":[3,1,2],"o":{"k":"v","w":[1]},"at":"2026-01-02T03:04:05Z","big":12345678901234567890123456789,"huge":1E400,"m":["a",null,2],"z":[],
    "rows":[{"sku":"A","qty":2,"p":1.50},{"sku":"B","qty":null},{"sku":"C"}]}"#;

#[track_caller]
fn shown(source: &str) -> String {
    let expression = match Expr::parse(source) {
        Ok(expression) => expression,
        Err(problems) => return format!("{}: {}", problems[0].code, problems[0].message),
    };
    let mut parser = Parser::new(Limits::default());
    let record = parser.parse(RECORD).unwrap();
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    let cx = Cx::new(&arena, &fuel, "2026-01-02T03:04:05Z".parse().unwrap()).at("run_1", "/orders/0");
    match expression.eval(&("record", record.root()), &cx) {
        Ok(made) => made.map_or("absent".into(), Item::to_json),
        Err(failure) => failure.code.to_owned(),
    }
}

/// Cases of `expression => what it gives`, one a line.
#[track_caller]
fn check(cases: &str) {
    let wrong: Vec<String> = cases.lines().map(str::trim).filter(|line| !line.is_empty()).filter_map(|line| {
        let (source, expected) = line.rsplit_once(" => ").unwrap();
        let given = shown(source.trim());
        (given != expected.trim()).then(|| format!("{source} gives {given}, not {expected}"))
    }).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every function whose first argument is of one sort: what is absent and what is null pass, other sorts are refused.
#[test]
fn what_has_no_value_has_none_afterwards() {
    for (call, refused) in [
        ("lower($)", "i"), ("upper($)", "b"), ("title($)", "l"), ("trim($)", "o"), ("replace($, 'a', 'b')", "i"), ("split($, ',')", "i"), ("join($, ',')", "t"), ("slice($, 0, 1)", "i"), ("starts_with($, 'T')", "i"),
        ("ends_with($, 'a')", "l"), ("pad($, 9)", "b"), ("text($)", "l"), ("regex_match($, 'a')", "i"), ("regex_extract($, 'a')", "i"), ("regex_replace($, 'a', 'b')", "i"), ("int($)", "b"), ("decimal($)", "l"), ("round($)", "t"),
        ("abs($)", "t"), ("min($, 1)", "o"), ("max($, 1)", "b"), ("sum($)", "i"), ("length($)", "i"), ("parse_date($)", "l"), ("format_date($, '%Y')", "i"), ("to_epoch($)", "i"), ("from_epoch($)", "b"), ("duration($)", "i"),
        ("add_months($, 1)", "i"), ("start_of_day($)", "i"), ("end_of_day($)", "b"), ("zone($, 'UTC')", "l"), ("first($)", "t"), ("last($)", "o"), ("map($, 'a')", "t"), ("where($, 'a')", "o"), ("uniq($)", "t"), ("sort($)", "i"),
        ("reverse($)", "t"), ("flatten($)", "t"), ("keys($)", "l"), ("values($)", "t"), ("entries($)", "l"), ("pick($, 'a')", "l"), ("base64($)", "i"), ("base64_decode($)", "i"), ("hex($)", "i"), ("url_encode($)", "l"),
        ("parse_json($)", "i"), ("sha256($)", "i"), ("md5($)", "i"), ("hmac_sha256($, 'k')", "i"), ("-$", "t"), ("$ + 1", "b"), ("$ * 2", "t"), ("$ ~ 'x'", "l"), ("$ < 1", "t"), ("today($)", "i"),
    ] {
        for (name, expected) in [("x", "absent"), ("n", "null"), (refused, "expression_type")] {
            assert_eq!(shown(&call.replace('$', &format!("record.{name}"))), expected, "{call} of {name}");
        }
    }
}

#[test]
fn texts() {
    check(r#"
        lower(record.t) => "tea"
        upper(record.u) => "ÅÄÖ 1"
        title('o\'neill and søn') => "O'neill And Søn"
        trim(record.e) => ""
        trim('xxaxx', 'x') => "a"
        replace('aaa', 'a', 'bb') => "bbbbbb"
        replace('abc', '', 'x') => "abc"
        replace('abc', 'z', record.x) => absent
        split('abc', '') => expression_form
        split('', ',') => [""]
        join(record.m) => "a2"
        join([[1]]) => expression_type
        join([], ',') => ""
        slice(record.u, 0, 2) => "åä"
        slice('abc', 2, 1) => ""
        slice('abc', -99, 99) => "abc"
        slice(record.l, 1) => [1,2]
        'åäö'[1:] => "äö"
        record.l[:2] => [3,1]
        record.t[0:record.x] => absent
        record.i[0:1] => expression_type
        starts_with('', '') => true
        contains(record.l, 3.0) => true
        contains(record.o, 'k') => true
        contains(record.m, null) => true
        contains(record.x, 'a') => absent
        contains(record.n, 'a') => null
        contains('a', 1) => expression_type
        pad(7, 3, '0') => "007"
        pad('abcd', 2) => "abcd"
        pad('a', 3, 'xy') => expression_form
        pad('a', 99999999) => expression_number
        pad('å', 3, 'ö', 'right') => "åöö"
        text(record.d) => "19.990"
        text(1e3) => "1000"
        text(record.huge) => expression_number
        regex_match('Åsa', '^\p{Lu}\p{Ll}+$') => true
        regex_extract('k=v', '(\w)=(\w)', 2) => "v"
        regex_extract('k=v', '(\w)=(\w)', 3) => expression_form
        regex_extract('k=v', '(\w)=(\w)', 'name') => expression_form
        regex_extract('b', '(a)?b') => absent
        regex_replace('aaa', 'a*?', '-') => "-a-a-a-"
        regex_replace('a1b22', '\d+', '<$0>') => "a<1>b<22>"
        regex_replace('åäö', '', '.') => ".å.ä.ö."
        regex_replace('<b>bold</b>', '<[^>]+>', '') => "bold"
        'it\'s' ~ "\"q\"" ~ '\u00e5' => "it's\"q\"å"
    "#);
}

#[test]
fn numbers() {
    check(r#"
        record.d => 19.990
        record.d + 0 => 19.990
        record.i + 1 => 8
        record.i / 2 => 3.5
        record.i / 0 => expression_number
        record.i % 4 => 3
        -record.d => -19.990
        record.big => 12345678901234567890123456789
        record.big + 1 => 12345678901234567890123456790
        record.big + 0.5 => expression_number
        record.big * record.big => expression_number
        record.huge => 1E400
        record.huge + 1 => expression_number
        record.huge > record.big => true
        record.huge == 10E399 => true
        0.1 + 0.2 == 0.3 => true
        1 == 1.0 => true
        1.0 != 1 => false
        '1' == 1 => false
        1 / 3 => 0.3333333333333333333333333333
        10 - 2 - 3 => 5
        2 + 3 * 4 => 14
        (2 + 3) * 4 => 20
        -1 | abs => 1
        -record.i | abs => 7
        int('7.0') => 7
        int('7.5') => expression_number
        int('seven') => expression_form
        int('') => expression_form
        int('+007') => 7
        int('-0') => 0
        int('1,000') => expression_form
        int('0x1f') => expression_form
        decimal(' 1.50 ') => 1.50
        decimal('1e3') => 1000
        decimal('.5') => expression_form
        decimal('0.12345678901234567890123456789') => expression_number
        decimal(record.huge) => 1E400
        round(record.d, 1) => 20.0
        round(-2.5) => -2
        round(-2.5, 0, 'half_up') => -3
        round(2.55, 1, 'half_down') => 2.5
        round(2.01, 1, 'up') => 2.1
        round(2.09, 1, 'down') => 2.0
        round(-2.01, 1, 'ceiling') => -2.0
        round(-2.01, 1, 'floor') => -2.1
        round(7, 2) => 7
        round(-0.4) => 0
        round(1, 99) => expression_number
        abs(record.d) => 19.990
        min(record.l) => 1
        max(1, '2') => expression_type
        min('b', 'a') => "a"
        max(record.m) => expression_type
        max([]) => absent
        min([true]) => expression_type
        sum(record.l) => 6
        sum([]) => 0
        sum(record.m) => expression_type
        sum(record.rows, 'qty') => expression_type
        sum(where(record.rows, 'qty'), item.qty * item.p) => 3.00
        length(record.u) => 5
        length(record.o) => 2
    "#);
}

#[test]
fn logic() {
    check(r#"
        record.x ?? record.n ?? 5 => 5
        record.n ?? record.x => absent
        record.x ?? record.n => null
        0 ?? 5 => 0
        '' ?? 5 => ""
        default(record.x, 'a', 'absent') => "a"
        default(record.n, 'a', 'absent') => null
        default(0, 1, 'empty') => 0
        default([], 1, 'empty') => 1
        coalesce(record.x) => absent
        is_absent(record.o.q.r.s) => true
        is_null(record.n) => true
        is_empty(record.e) => true
        is_empty(record.z) => true
        is_empty(false) => false
        record.x == null => absent
        record.n == null => true
        record.x != null => absent
        record.n != 'a' => true
        record.n < 1 => null
        record.x > 0 => absent
        record.b and record.i > 5 => true
        false and record.x => false
        true or record.t => true
        record.x and true => expression_absent
        record.n or true => expression_type
        not record.t => expression_type
        not record.x => expression_absent
        not not true => true
        'a' if record.x else 'b' => expression_absent
        'a' if record.i == 1 else 'b' if record.i == 7 else 'c' => "b"
        1 if true else 1 / 0 => 1
        record.t in ['Tea', 'Coffee'] => true
        2 in record.l => true
        'k' in record.o => true
        'ea' in record.t => true
        null in record.m => true
        record.x in [1] => absent
        1 in 2 => expression_type
        4 not in record.l => true
        [1, [2]] == [1.0, [2]] => true
        {a: 1, b: 2} == {b: 2, a: 1} => true
        {a: 1} == {a: 1, b: null} => false
        'a' < 'b' => true
        'a' < 1 => expression_type
        [1] < [2] => expression_type
        true == 'true' => false
        'a' + 'b' => expression_type
        {a: record.x, b: record.n} => {"b":null}
        [record.x, record.n, 1] => [null,1]
        record['t'] => "Tea"
        record[record.t] => absent
        record.l[-1] => 2
        record.l[9] => absent
        record.l[1.5] => expression_number
        record.l[true] => expression_type
        record.t.x => absent
        record.l[170141183460469231731687303715884105727] => absent
        record.l[-170141183460469231731687303715884105727] => absent
    "#);
}

#[test]
fn dates() {
    check(r#"
        record.at + duration('P1M') => "2026-02-02T03:04:05Z"
        record.at - 'PT5S' => "2026-01-02T03:04:00Z"
        record.at + 1 => expression_date
        record.at + 'soon' => expression_date
        record.at - record.at => expression_date
        record.at + record.x => absent
        record.at + 'P99999Y' => expression_date
        start_of_day(now() + duration('P1D'), 'UTC') => "2026-01-03T00:00:00Z"
        start_of_day('2026-03-29T12:00:00Z', 'Europe/Stockholm') => "2026-03-28T23:00:00Z"
        end_of_day('2026-03-29T12:00:00Z', 'Europe/Stockholm') => "2026-03-29T21:59:59.999999999Z"
        today() => "2026-01-02"
        today(record.t) => expression_date
        parse_date('soon') => expression_date
        parse_date('2026-01-02T03:04:05') => "2026-01-02T03:04:05Z"
        parse_date('2026-07-02T03:04:05', 'Europe/Stockholm') => "2026-07-02T01:04:05Z"
        parse_date(1767323045, 'epoch_s') => "2026-01-02T03:04:05Z"
        parse_date('31.12.2025', '%Y-%m-%d', '%d.%m.%Y') => "2025-12-31T00:00:00Z"
        parse_date('31.12.2025', record.t) => expression_date
        parse_date('Fri, 02 Jan 2026 03:04:05 +0100', 'rfc2822') => "2026-01-02T02:04:05Z"
        format_date(record.at, 'epoch_ms') => "1767323045000"
        format_date(record.at, 'iso8601', 'America/New_York') => "2026-01-01T22:04:05-05:00"
        format_date(record.at, '%A %-d %B') => "Friday 2 January"
        format_date('yesterday', '%Y') => expression_date
        format_date(record.at, record.t) => expression_date
        to_epoch('1969-12-31T23:59:59.5Z') => -1
        to_epoch(record.at, 'ns') => 1767323045000000000
        to_epoch(record.at, record.t) => expression_form
        from_epoch(1.5) => "1970-01-01T00:00:01.5Z"
        from_epoch(-1) => "1969-12-31T23:59:59Z"
        from_epoch(1e30) => expression_date
        from_epoch('x') => expression_type
        add_months('2024-02-29', 12) => "2025-02-28"
        add_months('2024-02-29', 1.5) => expression_argument: `add_months` cannot take this: months is a whole number, not a number with a fraction
        add_months(record.at, 999999) => expression_number
        zone('2026-01-02T03:04:05.25Z', '+02:00') => "2026-01-02T05:04:05.25+02:00"
        duration(record.t) => expression_date
    "#);
}

#[test]
fn lists_and_objects() {
    check(r#"
        first(record.z) => absent
        last(record.l) => 2
        map(record.rows, 'sku') => ["A","B","C"]
        map(record.rows, 'qty') => [2,null]
        map(record.rows, item.sku ~ '!') => ["A!","B!","C!"]
        map(record.rows, {s: item.sku, q: item.qty ?? 0}) => [{"s":"A","q":2},{"s":"B","q":0},{"s":"C","q":0}]
        map([[1, 2], [3]], map(item, item + 1)) => [[2,3],[4]]
        map(record.l, record.i) => [7,7,7]
        where(record.rows, 'sku', 'B') => [{"sku":"B","qty":null}]
        where(record.rows, 'qty') => [{"sku":"A","qty":2,"p":1.50}]
        where(record.rows, item.qty > 1) => expression_type
        where([{}], item.qty > 1) => expression_absent
        where(record.rows, (item.qty ?? 0) > 1) => [{"sku":"A","qty":2,"p":1.50}]
        where(record.rows, item.sku) => expression_type
        where(record.rows, 'sku', record.x) => absent
        uniq([1, 1.0, '1', null, null]) => [1,"1",null]
        uniq(record.rows, item.qty ?? 0) => [{"sku":"A","qty":2,"p":1.50},{"sku":"B","qty":null}]
        sort(record.l) => [1,2,3]
        sort(record.l, item, 'desc') => [3,2,1]
        sort(record.m) => expression_type
        sort(record.rows, 'sku', 'desc') | map('sku') => ["C","B","A"]
        sort([2, null, 1]) => [1,2,null]
        sort([true, false]) => expression_type
        reverse([]) => []
        flatten([[1, [2]], 3]) => [1,[2],3]
        keys(record.o) => ["k","w"]
        values(record.o) => ["v",[1]]
        entries({}) => []
        merge(record.o, {k: 1}) => {"k":1,"w":[1]}
        merge(record.x, record.n) => absent
        merge(record.l) => expression_type
        pick(record.o, ['w', 'k', 'w']) => {"w":[1],"k":"v"}
        pick(record.o, 1) => expression_type
    "#);
}

#[test]
fn encodings_and_hashes() {
    check(r#"
        base64(record.u) => "w6XDpMO2IDE="
        base64_decode('w6XDpMO2IDE') => "åäö 1"
        base64_decode('_w==') => expression_form
        base64_decode('%%') => expression_form
        url_encode('a=b&c') => "a%3Db%26c"
        url_encode(7.10) => "7.10"
        json(record.o) => "{\"k\":\"v\",\"w\":[1]}"
        json(record.n) => "null"
        json(record.x) => absent
        json(1 + 1) => "2"
        parse_json('{"a":1.50}') => {"a":1.50}
        parse_json('{') => expression_form
        sha256('') => "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        sha256('', 'base64') => "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        md5('') => "d41d8cd98f00b204e9800998ecf8427e"
        hmac_sha256('', '') => "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        uuid(record.l) => expression_type
        uuid(record.x) => absent
        uuid('a', 'b') == uuid('ab') => false
        slice(uuid(), 14, 15) => "5"
    "#);
}

#[test]
fn a_derived_id_depends_on_run_and_place_and_on_nothing_else() {
    let id = |run: &str, place: &str| {
        let (arena, fuel, expression) = (Arena::new(), Fuel::new(DEFAULT_FUEL), Expr::parse("uuid()").unwrap());
        let cx = Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH).at(run, place);
        expression.eval(&(), &cx).map(|item| item.map(Item::to_json)).unwrap().unwrap()
    };
    assert_eq!(id("run_1", "/a"), id("run_1", "/a"));
    assert!(id("run_1", "/a") != id("run_1", "/b") && id("run_1", "/a") != id("run_2", "/a") && id("run_1/a", "") != id("run_1", "/a"));
    insta::assert_snapshot!(id("run_1", "/a"));
}
