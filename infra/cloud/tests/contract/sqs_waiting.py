"""SQS: delays, long polls, visibility and redrive, in real time.

Every wait is a long poll with an end; nothing sleeps.
"""
import json
import threading
import time

from .check import checks, refused
from .queues import arn_of, bodies, new_queue, receive

check = checks("sqs", "sqs standard")


@check
def a_delayed_message_waits_and_is_counted(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="late", DelaySeconds=4)
    assert receive(sqs, url) == []
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessagesDelayed"] == "1" and counts["ApproximateNumberOfMessages"] == "0"
    assert bodies(receive(sqs, url, WaitTimeSeconds=15)) == ["late"]


@check
def a_long_poll_wakes_when_a_message_is_sent(sqs):
    url = new_queue(sqs)
    threading.Timer(0.7, lambda: sqs.send_message(QueueUrl=url, MessageBody="x")).start()
    started = time.monotonic()
    assert bodies(receive(sqs, url, WaitTimeSeconds=20)) == ["x"]
    assert 0.5 < time.monotonic() - started < 12


@check
def a_long_poll_ends_empty(sqs):
    started = time.monotonic()
    assert receive(sqs, new_queue(sqs), WaitTimeSeconds=1) == []
    assert 0.8 < time.monotonic() - started < 12


@check
def a_message_comes_back_after_its_visibility_timeout(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [first] = receive(sqs, url, VisibilityTimeout=4)
    assert receive(sqs, url) == []
    [second] = receive(sqs, url, WaitTimeSeconds=15)
    assert second["Attributes"]["ApproximateReceiveCount"] == "2"
    assert second["ReceiptHandle"] != first["ReceiptHandle"]


@check
def visibility_is_changed_one_by_one_and_in_a_batch(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = receive(sqs, url)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    [message] = receive(sqs, url)
    changed = sqs.change_message_visibility_batch(QueueUrl=url, Entries=[
        {"Id": "ours", "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0},
        {"Id": "nonsense", "ReceiptHandle": "nonsense", "VisibilityTimeout": 0},
    ])
    assert [entry["Id"] for entry in changed["Successful"]] == ["ours"]
    assert [(entry["Id"], entry["Code"]) for entry in changed["Failed"]] == [("nonsense", "ReceiptHandleIsInvalid")]
    assert len(receive(sqs, url)) == 1


@check
def visibility_of_a_message_not_in_flight_is_refused(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = receive(sqs, url, VisibilityTimeout=0)
    refused("AWS.SimpleQueueService.MessageNotInflight", sqs.change_message_visibility, QueueUrl=url,
            ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=10)


@check
def a_nonsense_handle_is_refused(sqs):
    refused("ReceiptHandleIsInvalid", sqs.delete_message, QueueUrl=new_queue(sqs), ReceiptHandle="nonsense")


@check
def a_message_may_be_deleted_twice(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = receive(sqs, url, VisibilityTimeout=1)
    for _ in range(2):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert receive(sqs, url, WaitTimeSeconds=2) == []


@check
def a_batch_deletes_and_names_the_handle_it_does_not_know(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = receive(sqs, url)
    deleted = sqs.delete_message_batch(QueueUrl=url, Entries=[
        {"Id": "ours", "ReceiptHandle": message["ReceiptHandle"]}, {"Id": "nonsense", "ReceiptHandle": "nonsense"}])
    assert [entry["Id"] for entry in deleted["Successful"]] == ["ours"]
    assert [(entry["Id"], entry["Code"]) for entry in deleted["Failed"]] == [("nonsense", "ReceiptHandleIsInvalid")]


@check
def a_message_received_too_often_moves_to_the_dead_letter_queue(sqs):
    grave = new_queue(sqs)
    policy = json.dumps({"deadLetterTargetArn": arn_of(sqs, grave), "maxReceiveCount": 2})
    url = new_queue(sqs, RedrivePolicy=policy)
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for count in ["1", "2"]:
        [message] = receive(sqs, url, VisibilityTimeout=0)
        assert message["Attributes"]["ApproximateReceiveCount"] == count
    assert receive(sqs, url) == []
    assert bodies(receive(sqs, grave)) == ["poison"]
