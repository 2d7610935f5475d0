"""SQS FIFO: order within a group, deduplication, and what a FIFO queue asks for.

A strict flow stands on these: one message in flight per group, and none delivered twice under one id.
"""
import hashlib

from .check import checks, refused
from .queues import bodies, new_queue, receive, send_fifo

check = checks("sqs", "sqs fifo")


@check
def a_group_keeps_its_order_and_is_blocked_in_flight(sqs):
    url = new_queue(sqs, fifo=True)
    for body, group in [("a1", "a"), ("a2", "a"), ("b1", "b")]:
        send_fifo(sqs, url, body, group)
    [first] = receive(sqs, url, count=1)
    assert first["Body"] == "a1" and first["Attributes"]["MessageGroupId"] == "a"
    assert bodies(receive(sqs, url)) == ["b1"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    assert bodies(receive(sqs, url)) == ["a2"]


@check
def sequence_numbers_grow(sqs):
    url = new_queue(sqs, fifo=True)
    numbers = [int(send_fifo(sqs, url, body)["SequenceNumber"]) for body in "abcd"]
    assert numbers == sorted(set(numbers))
    assert [int(message["Attributes"]["SequenceNumber"]) for message in receive(sqs, url)] == numbers


@check
def a_batch_of_one_group_is_received_in_order(sqs):
    url = new_queue(sqs, fifo=True)
    sqs.send_message_batch(QueueUrl=url, Entries=[
        {"Id": str(n), "MessageBody": str(n), "MessageGroupId": "g", "MessageDeduplicationId": str(n)}
        for n in range(5)])
    assert bodies(receive(sqs, url)) == ["0", "1", "2", "3", "4"]
    assert receive(sqs, url) == []


@check
def a_released_message_comes_first_again(sqs):
    url = new_queue(sqs, fifo=True)
    for body in ["1", "2"]:
        send_fifo(sqs, url, body)
    [first] = receive(sqs, url, count=1)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
    assert bodies(receive(sqs, url)) == ["1", "2"]


@check
def a_known_deduplication_id_delivers_nothing_even_after_a_delete(sqs):
    url = new_queue(sqs, fifo=True)
    first = send_fifo(sqs, url, "x", dedup="d")
    again = send_fifo(sqs, url, "y", dedup="d")
    assert first["MessageId"] == again["MessageId"]
    [message] = receive(sqs, url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    send_fifo(sqs, url, "z", dedup="d")
    assert receive(sqs, url) == []


@check
def content_can_stand_for_the_deduplication_id(sqs):
    url = new_queue(sqs, fifo=True, ContentBasedDeduplication="true")
    for body in ["x", "x", "y"]:
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    messages = receive(sqs, url)
    assert bodies(messages) == ["x", "y"]
    assert messages[0]["Attributes"]["MessageDeduplicationId"] == hashlib.sha256(b"x").hexdigest()


@check
def a_fifo_queue_wants_a_group_and_an_id(sqs):
    url = new_queue(sqs, fifo=True)
    refused("MissingParameter", sqs.send_message, QueueUrl=url, MessageBody="x", MessageDeduplicationId="d")
    refused(("InvalidParameterValue", "InvalidParameterValueException"), sqs.send_message, QueueUrl=url,
            MessageBody="x", MessageGroupId="g")


@check
def a_fifo_queue_refuses_a_delay_per_message(sqs):
    url = new_queue(sqs, fifo=True)
    refused(("InvalidParameterValue", "InvalidParameterValueException"), sqs.send_message, QueueUrl=url,
            MessageBody="x", MessageGroupId="g", MessageDeduplicationId="d", DelaySeconds=1)
