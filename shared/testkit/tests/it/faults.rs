//! What goes wrong on request.

use testkit::faults::{Fault, Garbage, Rule};
use testkit::{BackOffice, BackOfficeOptions, Running};

use crate::backoffice::{call, stock};
use crate::client::ask;

const ITEMS: &str = "inventory/source-items";

async fn office() -> Running<BackOffice> {
    BackOffice::start(BackOfficeOptions::default()).await.unwrap()
}

async fn write(office: &Running<BackOffice>, quantity: i64) -> std::io::Result<crate::client::Reply> {
    ask(office.address(), "POST", &format!("/rest/V1/{ITEMS}"), &[("Authorization", "Bearer office-token")], &stock("A", quantity)).await
}

fn written(office: &Running<BackOffice>) -> Vec<i64> {
    office.backoffice().stock_writes("A", "default").iter().map(|write| write.quantity).collect()
}

#[tokio::test]
async fn a_rule_meets_its_requests_and_no_others() {
    let office = office().await;
    let refusal = Fault::Status { status: 429, retry_after: Some("2.0".to_owned()), executes: false };
    office.faults().push(Rule::once("POST", ITEMS, refusal).after(1).times(2));
    assert_eq!(call(&office, "GET", "inventory/source-items?searchCriteria=", &[], "").await.status, 200);
    let mut statuses = Vec::new();
    for quantity in 1..=4 {
        statuses.push(write(&office, quantity).await.unwrap().status);
    }
    assert_eq!(statuses, [200, 429, 429, 200]);
    assert_eq!((written(&office), office.faults().waiting()), (vec![1, 4], 0));
    assert_eq!((office.calls_to("POST", "/rest/V1/inventory"), office.executed("POST", "/rest/V1/inventory")), (4, 2));
}

#[tokio::test]
async fn a_refusal_can_hide_that_the_write_was_done() {
    let office = office().await;
    office.faults().push(Rule::once("POST", ITEMS, Fault::Status { status: 502, retry_after: None, executes: true }));
    assert_eq!((write(&office, 5).await.unwrap().status, written(&office)), (502, vec![5]));
}

#[tokio::test]
async fn a_dropped_connection_gives_no_byte_whether_or_not_the_write_was_done() {
    let office = office().await;
    for (executes, expected) in [(false, vec![]), (true, vec![2])] {
        office.faults().push(Rule::once("POST", ITEMS, Fault::Drop { executes }));
        assert!(write(&office, 2).await.is_err());
        assert_eq!(written(&office), expected);
    }
    assert_eq!(write(&office, 3).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_late_write_lands_after_a_newer_one() {
    let office = office().await;
    office.faults().push(Rule::once("POST", ITEMS, Fault::Late { status: Some(503) }));
    assert_eq!(write(&office, 1).await.unwrap().status, 503);
    assert_eq!(write(&office, 2).await.unwrap().status, 200);
    assert_eq!((office.faults().late(), office.land(), office.land()), (1, 1, 0));
    assert_eq!((written(&office), office.backoffice().stock("A", "default")), (vec![2, 1], Some(1)));
}

#[tokio::test]
async fn a_stalled_request_is_answered_when_released() {
    let office = office().await;
    office.faults().push(Rule::once("POST", ITEMS, Fault::Stall { executes: false }));
    let (reply, ()) = tokio::join!(write(&office, 1), async {
        office.faults().until_stalled(1).await;
        assert!(written(&office).is_empty());
        office.faults().release();
    });
    assert_eq!((reply.unwrap().status, written(&office)), (200, vec![1]));
}

#[tokio::test]
async fn a_client_that_leaves_a_stall_may_or_may_not_have_written() {
    let office = office().await;
    for (executes, expected) in [(false, vec![]), (true, vec![1])] {
        office.faults().push(Rule::once("POST", ITEMS, Fault::Stall { executes }));
        tokio::select! {
            _ = write(&office, 1) => panic!("the request was answered"),
            () = office.faults().until_stalled(1) => {}
        }
        office.faults().until_none_stalled().await;
        office.faults().release();
        assert_eq!(written(&office), expected);
    }
}

#[tokio::test]
async fn garbage_is_not_what_was_promised() {
    let office = office().await;
    for (garbage, executes) in [(Garbage::Text, true), (Garbage::Truncated, false), (Garbage::Html, false), (Garbage::Empty, false)] {
        office.faults().push(Rule::once("POST", ITEMS, Fault::Garbage { garbage, executes }));
        let reply = write(&office, 1).await.unwrap();
        assert_eq!(reply.status, 200);
        assert!(document::parse_str(&reply.body).is_err(), "{garbage:?}");
    }
    assert_eq!(written(&office), [1]);
}

#[tokio::test]
async fn a_system_that_is_down_answers_503_until_it_is_up() {
    let office = office().await;
    office.faults().down();
    assert_eq!(write(&office, 1).await.unwrap().status, 503);
    office.faults().up();
    assert_eq!(write(&office, 1).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_stopped_system_refuses_connections_and_its_port_is_free() {
    let office = office().await;
    let address = office.address();
    office.stop().await;
    assert!(ask(address, "GET", "/", &[], "").await.is_err());
    let again = BackOffice::start(BackOfficeOptions { port: address.port(), ..BackOfficeOptions::default() }).await.unwrap();
    assert_eq!(again.url(), format!("http://{address}"));
}
