//! When a record says it changed: in the forms and the zone of `eventMapping`, else of `incremental`.

use crate::script::{NOW, Script, answer, call, config, running};

#[tokio::test]
async fn the_time_of_a_change_is_read_in_its_own_forms_and_zone_and_else_in_those_of_the_cursor() {
    const OSLO: &str = r#","zone":"Europe/Oslo""#;
    const DAYS: &str = r#","formats":["%d.%m.%Y %H:%M:%S"]"#;
    let of_cursor = |said: &str| format!(r#","incremental":{{"cursor":"$.changed","client_filter":true{said}}}"#);
    for (events, read, at, told) in [
        // Nothing says more than what everybody reads.
        ("", String::new(), "31.01.2026 10:01:40", None), ("", String::new(), "2026-01-31 09:01:40", Some(NOW)),
        // Its own, where nothing is incremental.
        (&format!("{DAYS}{OSLO}")[..], String::new(), "31.01.2026 10:01:40", Some(NOW)), (DAYS, String::new(), "31.01.2026 09:01:40", Some(NOW)), (OSLO, String::new(), "2026-01-31 10:01:40", Some(NOW)), (OSLO, String::new(), "2026-01-31T09:01:40Z", Some(NOW)),
        (r#","formats":["epoch_us"]"#, String::new(), "1769850100000000", Some(NOW)), (r#","formats":["date","%d.%m.%Y %H:%M:%S"]"#, String::new(), "31.01.2026 09:01:40", Some(NOW)), (DAYS, String::new(), "soon", None),
        // That of the cursor; of which its own is another, one of both, or all of it.
        ("", of_cursor(&format!("{DAYS}{OSLO}")), "31.01.2026 10:01:40", Some(NOW)), (r#","zone":"UTC""#, of_cursor(&format!("{DAYS}{OSLO}")), "31.01.2026 09:01:40", Some(NOW)), (DAYS, of_cursor(OSLO), "31.01.2026 10:01:40", Some(NOW)),
        (&format!("{DAYS}{OSLO}"), of_cursor(r#","type":"integer""#), "31.01.2026 10:01:40", Some(NOW)), (OSLO, of_cursor(r#","type":"integer""#), "2026-01-31 10:01:40", Some(NOW)),
    ] {
        let definition = format!(
            r#"{{"metadata":{{"slug":"a","type":"source"}},"entities":{{"thing":{{"read":{{"request":{{"url":"https://api.example.com/things"}}{read}}}}}}},"eventMapping":{{"externalId":"$.id","eventType":"thing.updated","occurredAt":"$.at"{events}}}}}"#
        );
        let script = Script::new(vec![("GET https://api.example.com/things", answer(200, &format!(r#"[{{"id":1,"at":"{at}"}}]"#)))]);
        let source = running(&definition).source.unwrap();
        let page = source.page(call(&config(&[]), &script), "thing", None).await.unwrap();
        assert_eq!(page.changes.first().and_then(|change| change.occurred_ms), told, "{events} {read} {at}");
    }
}
