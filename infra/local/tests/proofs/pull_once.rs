//! `pullpush pull --snapshot` of a system that answers by a list: what is read again is printed once, what two records say of one
//! key is told, and what cannot be mapped or is written in other letters is named.

use std::{collections::VecDeque, sync::{Arc, Mutex}};

use axum::{Router, http::StatusCode};
use tokio::net::TcpListener;

use crate::{mapping::{Ended, run}, pull::Desk};

/// Pages of stock that tell their total; `scan` is what the snapshot says beside its entity.
fn definition(scan: &str) -> String {
    format!(
        r#"{{"language":"1.0","metadata":{{"slug":"shelf","type":"source"}},"config":{{"base_url":{{"type":"url","description":"Where the shelf is"}}}},"base_url":"{{{{ config.base_url }}}}",
        "entities":{{"stock":{{"read":{{"request":{{"url":"/stock"}},"records":{{"path":"$.data","primary_key":"$.id"}},"pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}},"stop":{{"total":"$.total"}}}}}}}}}},
        "canonical_map":{{"stock":{{"type":"stocklevel","key":"$.sku","fields":{{"sku":"$.sku","quantity":"$.n"}}}}}},"snapshot":{{"stocklevel":{{"entity":"stock"{scan}}}}}}}"#
    )
}

/// A page: its total and its records, of id, key and quantity; no total, no list.
fn page(total: i64, records: &[(i64, &str, &str)]) -> String {
    let records: Vec<_> = records.iter().map(|(id, sku, n)| format!(r#"{{"id":{id},"sku":"{sku}","n":{n}}}"#)).collect();
    format!(r#"{{"total":{total},"data":[{}]}}"#, records.join(","))
}

/// Pulls the snapshot from a system that answers these, and nothing more.
async fn pulled(scan: &str, answers: &[String], words: &[&str]) -> (Desk, Ended) {
    let answers = Arc::new(Mutex::new(answers.iter().cloned().collect::<VecDeque<_>>()));
    let router = Router::new().fallback(move || {
        let answer = answers.lock().unwrap().pop_front();
        async move { answer.map_or((StatusCode::BAD_REQUEST, String::new()), |answer| (StatusCode::OK, answer)) }
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let desk = Desk::new().await;
    desk.write("shelf.json", &definition(scan));
    desk.write("values.json", &format!(r#"{{"base_url":"http://{}"}}"#, listener.local_addr().unwrap()));
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let ended = run(desk.path(), &[&["pull", "--definition", "shelf.json", "--config", "values.json", "--snapshot"], words].concat(), "");
    server.abort();
    (desk, ended)
}

/// Keys and quantities of items.
fn items(out: &str) -> String {
    let item = |line: &str| {
        let item = document::parse_str(line).unwrap();
        format!("{}={}", item.get("key").unwrap().as_str().unwrap(), item.get("fields").unwrap().get("quantity").unwrap())
    };
    out.lines().map(item).collect::<Vec<_>>().join(" ")
}

const COMPLETE: &str = r#","complete":true"#;
const SINGLY: &str = r#","complete":true,"only_keys":{"inject":{"in":"query","name":"sku"},"batch":1}"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_again_is_printed_once_and_what_has_gone_meanwhile_is_not() {
    let moved = [page(4, &[(1, "A", "1"), (2, "B", "2")]), page(3, &[(4, "D", "4")])];
    // The first page is looked at once more when the second was read.
    let first = page(3, &[(1, "A", "7"), (3, "C", "3")]);
    let again = [first.clone(), page(3, &[(4, "D", "4")]), first];
    for (answers, words, code, printed, said) in [
        ([&moved[..], &again].concat(), &[][..], 0, "A=7 C=3 D=4", "stocklevel: 3 items on 5 pages in "),
        // What is held when it ends otherwise is printed.
        ([&moved[..], &again[..1]].concat(), &[], 1, "A=7 C=3", "stocklevel: 2 items on 3 pages in "),
        (moved[..1].to_vec(), &[], 1, "A=1 B=2", ", then it failed\n"),
        ([&moved[..], &again].concat(), &["--limit", "1"], 0, "A=1", "the limit ended the snapshot"),
        ([&moved[..], &again].concat(), &["--record", "recorded.json"], 0, "A=7 C=3 D=4", "recorded.json: the run is recorded, 5 requests"),
    ] {
        let (desk, (ended, out, told)) = pulled(COMPLETE, &answers, words).await;
        assert_eq!((ended, items(&out).as_str()), (code, printed), "{words:?}: {told}");
        assert!(told.contains(said), "{words:?}: {told}");
        if words.contains(&"--record") {
            let (code, out, _) = run(desk.path(), &["definition", "test", "recorded.json"], "");
            assert!(code == 0 && out.contains("(3 records, 5 requests)"), "{out}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_more_than_is_held_is_printed_before_and_counts_no_more_when_it_is_read_again() {
    let skus: Vec<String> = (0..36_000).map(|n| format!("{n:0>1000}")).collect();
    let pages = skus.chunks(12_000).map(|skus| page(50_000, &skus.iter().zip(1..).map(|(sku, id)| (id, sku.as_str(), "1")).collect::<Vec<_>>()));
    // Each is looked at once more when the next was read.
    let pages: Vec<_> = pages.collect();
    let answers: Vec<_> = [0, 1, 0, 2, 1].map(|page| pages[page].clone()).into_iter().chain([page(2, &[(1, "A", "1")]), page(2, &[(1, "A", "2"), (2, "B", "1")])]).collect();
    let (_, (code, out, told)) = pulled(COMPLETE, &answers, &[]).await;
    assert!(code == 0 && told.contains("stocklevel: 2 items on 7 pages in ") && told.ends_with("a key that none of its records has is not there\n"), "{told}");
    let printed = out.lines().count() - 2;
    assert!(printed > 30_000 && printed < 36_000 && told.contains(&format!("the listing is read again from its first page: what was printed of it before, {printed} items, counts no more\n")), "{printed} {told}");
    assert!(items(&out.lines().skip(printed).collect::<Vec<_>>().join("\n")) == "A=2 B=1" && !told.contains("several records"));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_several_records_that_differ_are_told() {
    let names: Vec<String> = (10..22).map(|n| format!("K{n}")).collect();
    let many: Vec<_> = names.iter().enumerate().flat_map(|(index, name)| [1, 2].map(|n| (i64::try_from(index).unwrap() * 2 + n, name.as_str(), if n == 1 { "1" } else { "2" }))).collect();
    let first_ten = format!("\n12 keys come from several records that differ: which of them is true is not known, and a reconcile leaves these keys out\n  {}\n  and 2 more\n", names[..10].join("\n  "));
    for (answers, printed, said) in [
        (vec![page(3, &[(1, "A", "1"), (2, "A", "2"), (3, "B", "3")])], "A=1 A=2 B=3", "\n1 key comes from several records that differ: which of them is true is not known, and a reconcile leaves this key out\n  A\n"),
        // The same record, and others that say the same.
        (vec![page(4, &[(1, "A", "1"), (1, "A", "2"), (2, "B", "3"), (3, "B", "3.0")])], "A=1 A=2 B=3 B=3.0", ""),
        // Across pages, and not across what counts no more.
        (vec![page(3, &[(1, "A", "1"), (2, "B", "1")]), page(3, &[(3, "A", "2")]), page(3, &[(1, "A", "1"), (2, "B", "1")])], "A=1 B=1 A=2", "\n1 key comes from "),
        (vec![page(4, &[(1, "A", "1"), (2, "B", "1")]), page(2, &[(3, "C", "2")]), page(2, &[(3, "A", "2"), (2, "B", "1")])], "A=2 B=1", ""),
        (vec![page(24, &many)], "", first_ten.as_str()),
    ] {
        let (_, (code, out, told)) = pulled(COMPLETE, &answers, &[]).await;
        assert!(code == 0 && (printed.is_empty() || items(&out) == printed), "{out} {told}");
        assert!(told.contains(said) && told.contains("several records") != said.is_empty(), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_mapped_is_named_and_one_that_is_the_only_one_fails_the_pull() {
    let (fits, wrong) = ((1, "A", "1"), (2, "B", "\"many\""));
    for (records, printed, ends) in [(&[fits, wrong][..], "A=1", "the snapshot is complete: a key that none of its records has is not there\n"), (&[wrong], "", "pullpush: record 2: ")] {
        let (desk, (code, out, told)) = pulled(COMPLETE, &[page(records.len().try_into().unwrap(), records)], &["--record", "recorded.json"]).await;
        assert_eq!((code, items(&out).as_str()), (1, printed), "{told}");
        assert!(told.starts_with("record 2: ") && told.contains(", 1 failed in ") && told.contains("left out: 1 record, ") && told.contains(ends) && !told.contains("\n  B: "), "{told}");
        let (code, out, _) = run(desk.path(), &["definition", "test", "recorded.json"], "");
        assert!(code == 0 && desk.read("recorded.json").contains(r#""why":"unmapped""#), "{out}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_may_hold_commas_and_one_in_other_letters_is_not_taken_for_gone() {
    let none = page(0, &[]);
    for (scan, answers, words, printed, said) in [
        (COMPLETE, vec![page(3, &[(1, "A,1", "1"), (2, "B", "2"), (3, "A", "3")])], r#"["A,1","B"]"#, "A,1=1 B=2", "2 of 2 keys asked for; "),
        (COMPLETE, vec![page(2, &[(1, " A", "1"), (2, "[B", "2")])], r#" [" A", "[B", "[B"]"#, " A=1 [B=2", "2 of 2 keys asked for; "),
        (COMPLETE, vec![page(2, &[(1, "TEE-RED", "1"), (2, "B", "2")])], "tee-red,B", "B=2", "  tee-red: the source writes `TEE-RED`\n1 of 2 keys asked for; the others are not there, unless they are left out\n"),
        // What is there as it was asked for is not in other letters too.
        (COMPLETE, vec![page(3, &[(1, "TEE", "1")  , (2, "tee", "2"), (3, "C", "3")])], "tee", "tee=2", "item on 1 page"),
        (SINGLY, vec![page(1, &[(1, "A", "1")]), none], "A,B", "A=1", "1 of 2 keys asked for; the others are not there, unless they are left out\n"),
        // What has no list at all says nothing of the keys it was asked for.
        (SINGLY, vec![page(1, &[(1, "A", "1")]), r#"{"data":null}"#.to_owned()], "A,B", "A=1", "nothing follows from what is not among the items\n"),
    ] {
        let (_, (code, out, told)) = pulled(scan, &answers, &["--only-keys", words]).await;
        assert_eq!((code, items(&out).as_str()), (0, printed), "{words}: {told}");
        assert!(told.contains(said) && (words != "tee" || !told.contains("left out:")), "{words}: {told}");
    }
    let hint = "\n    write them as '[\"A,1\",\"B\"]', or with commas between them, such as A-1,A-2\n";
    for (words, said) in [(r#"["A"#, "`--only-keys` begins with `[` and is no JSON array of keys: "), (r#"["A",1]"#, "`--only-keys` begins with `[` and is no JSON array of keys: 1 is no text"), ("[]", "`--only-keys` names no key"), (r#"["A",""]"#, "`--only-keys` names keys of 1 to 1024 bytes")] {
        let (_, (code, out, told)) = pulled(COMPLETE, &[], &["--only-keys", words]).await;
        assert!(code == 2 && out.is_empty() && told.contains(said) && (!words.contains('A') || words.contains("\"\"") || told.contains(hint)), "{words}: {told}");
    }
}
