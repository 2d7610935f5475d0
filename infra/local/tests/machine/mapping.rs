//! Mappings: what a function gets, and what becomes of messages it fails.

use crate::Machine;

#[tokio::test]
async fn what_succeeds_is_deleted_and_what_fails_comes_again() {
    let machine = Machine::start().await;
    let mapping = machine.mapping("deliver", 10);
    machine.send("deliver", &["good", "fail", "fine"]).await;
    assert_eq!(mapping.step(0).await.unwrap(), 3);
    assert_eq!(mapping.step(0).await.unwrap(), 0, "in flight until the visibility timeout");
    machine.pass_visibility();
    assert_eq!(mapping.step(0).await.unwrap(), 1);
    assert_eq!(machine.bodies(), [vec!["good", "fail", "fine"], vec!["fail"]]);
}

#[tokio::test]
async fn a_panic_deletes_nothing_and_ends_alone_in_quarantine() {
    let machine = Machine::start().await;
    let mapping = machine.mapping("deliver", 10);
    let quarantine = machine.mapping("deliver-quarantine", 1);
    machine.send("deliver", &["good", "panic"]).await;
    for _ in 0..2 {
        assert_eq!(mapping.step(0).await.unwrap(), 2);
        machine.pass_visibility();
    }
    assert_eq!(mapping.step(0).await.unwrap(), 0, "both were received twice");
    assert_eq!((quarantine.step(0).await.unwrap(), quarantine.step(0).await.unwrap()), (1, 1));
    machine.pass_visibility();
    assert_eq!(quarantine.step(0).await.unwrap(), 1);
    assert_eq!(machine.bodies()[4], ["panic"], "the neighbour is done");
}

#[tokio::test]
async fn a_strict_queue_hands_over_one_at_a_time_in_order() {
    let machine = Machine::start().await;
    let mapping = machine.mapping("deliver-strict.fifo", 1);
    machine.send("deliver-strict.fifo", &["1", "fail", "3"]).await;
    assert_eq!((mapping.step(0).await.unwrap(), mapping.step(0).await.unwrap(), mapping.step(0).await.unwrap()), (1, 1, 0));
    assert_eq!(machine.bodies(), [["1"], ["fail"]]);
}

#[tokio::test]
async fn an_event_looks_as_in_lambda() {
    let machine = Machine::start().await;
    machine.send("in", &["körper"]).await;
    machine.mapping("in", 10).step(0).await.unwrap();
    let event = machine.seen.lock().unwrap()[0].clone();
    let record = &event["Records"][0];
    assert_eq!(record["eventSource"], "aws:sqs");
    assert_eq!(record["eventSourceARN"], "arn:aws:sqs:eu-north-1:000000000000:pullpush-local-in");
    assert_eq!(record["awsRegion"], "eu-north-1");
    assert_eq!((&record["attributes"]["ApproximateReceiveCount"], &record["attributes"]["MessageGroupId"]), (&"1".into(), &"t1".into()));
    let read: aws_lambda_events::event::sqs::SqsEvent = serde_json::from_value(event.clone()).unwrap();
    assert_eq!(read.records[0].body.as_deref(), Some("körper"));
    assert!(read.records[0].receipt_handle.is_some() && read.records[0].md5_of_body.is_some());
}
