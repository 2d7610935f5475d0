//! Reading a whole entity: who is asked before who is shown, and what is written of a record.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use connector::Draft;
use document::Arena;
use engine::{Call, Exchange, ExchangeError, Reader, Request, Response};

use crate::script::{NOW, config};

const DEFINITION: &str = r#"{"language":"1.0","metadata":{"slug":"a","type":"source","name":"A"},"base_url":"https://api.example.com",
    "entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"path":"$.data"},"pagination":{"type":"cursor","from":"$.next","inject":{"in":"query","name":"after"}}},
        "eventMapping":{"externalId":"$.id","occurredAt":"$.at"}}},
    "canonical_map":{"thing":{"type":"order","key":"$.id","extensions":["$.more"],"fields":{"orderId":"$.id","note":"$.note","customer.email":"$.mail","customer.firstName":"$.name",
        "currency":{"const":"SEK"},"totalAmount":{"path":"$.total","cast":"decimal"},"lineItems":{"each":"$.lines[*]","fields":{"sku":"$.sku"}}}}}}"#;

/// Answers from pages that name the next one, and tells who was asked when.
struct Book<'b> {
    pages: &'b [&'b str],
    told: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Exchange for Book<'_> {
    async fn send(&self, request: Request) -> Result<Response, ExchangeError> {
        let number = request.url.query().and_then(|query| query.strip_prefix("after=")).map_or(0, |number| number.parse().unwrap());
        self.told.lock().unwrap().push(format!("asked {number}"));
        let next = if number + 1 < self.pages.len() { format!("\"{}\"", number + 1) } else { "null".to_owned() };
        let body = format!(r#"{{"data":{},"next":{next}}}"#, self.pages[number]).into_bytes();
        // An answer is never there at once: whoever waits is asked again.
        let mut asked = false;
        std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            if std::mem::replace(&mut asked, true) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        }).await;
        Ok(Response { status: 200, headers: Vec::new(), body })
    }
}

/// Reads the pages; what happened in which order, as long as `most` pages were not shown.
async fn read(pages: &[&str], most: usize, mut each: impl FnMut(&engine::ReaderPage<'_>)) -> Vec<String> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let book = Book { pages, told: Arc::clone(&told) };
    let connector = Draft::parse(DEFINITION).unwrap().check().into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings()));
    let (config, mut shown) = (config(&[]), 0);
    Reader::new(Arc::new(connector)).read(Call::new(&config, &book, NOW), "thing", None, |page| {
        told.lock().unwrap().push(format!("shown {shown}"));
        shown += 1;
        each(page);
        Ok(shown < most)
    }).await.unwrap();
    told.lock().unwrap().clone()
}

#[tokio::test]
async fn the_next_page_is_asked_for_before_the_present_one_is_shown() {
    let pages = [r#"[{"id":"1"}]"#, r#"[{"id":"2"}]"#, r#"[{"id":"3"}]"#];
    for (most, expected) in [(9, "asked 0, asked 1, shown 0, asked 2, shown 1, shown 2"), (1, "asked 0, asked 1, shown 0")] {
        assert_eq!(read(&pages, most, |_| {}).await.join(", "), expected);
    }
}

#[tokio::test]
async fn what_is_written_of_a_record_is_what_is_told_of_it() {
    let page = r#"[{"id":"1"}, {"id":7,"at":"2026-01-31T09:01:40+01:00","note":"å\"\u00e5\n","mail":"a@b.test","name":null,"total":"12.50","lines":[{"sku":"A"}, {}],"more":{"x":[1.0, 2e3]}},
        {"id":"3","lines":[],"mail":"x"}, {"note":"without a key"}, {"id":"5","total":"twelve"}, {"id":"6","note":1}]"#;
    let mut compared = 0;
    read(&[page], 9, |page| {
        let mut arena = Arena::new();
        for record in page.records {
            let mut out = Vec::new();
            arena.reset();
            let written = page.write_canonical(*record, &arena, &mut out);
            let text = String::from_utf8(out).unwrap();
            match (page.canonical(*record), written) {
                (Ok(Some(canonical)), Ok(true)) => assert_eq!(document::parse_str(&text).unwrap(), engine::told(&canonical), "{text}"),
                (Err(told), Err(written)) => assert_eq!((told, text.as_str()), (written, ""), "{record}"),
                (told, written) => panic!("{told:?} and {written:?}"),
            }
            compared += 1;
        }
    }).await;
    assert_eq!(compared, 6);
}
