"""SQS: a batch fails entry by entry, or whole where it is no batch."""
from .check import checks, refused
from .queues import bodies, new_queue, receive

check = checks("sqs", "sqs standard")


def send_beside(sqs, url, **entry):
    """Sends an entry that should fail beside one that should not; returns the code of the failure."""
    sent = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "good", "MessageBody": "a"}, {"Id": "bad", **entry}])
    assert [entry["Id"] for entry in sent["Successful"]] == ["good"]
    [failed] = sent["Failed"]
    assert failed["Id"] == "bad" and failed["SenderFault"]
    assert bodies(receive(sqs, url)) == ["a"]
    return failed["Code"]


@check
def an_entry_with_invalid_characters_fails_alone(sqs):
    assert send_beside(sqs, new_queue(sqs), MessageBody="b\x02") == "InvalidMessageContents"


@check
def an_entry_with_an_impossible_delay_fails_alone(sqs):
    assert send_beside(sqs, new_queue(sqs), MessageBody="b", DelaySeconds=5000).startswith("InvalidParameterValue")


@check
def malformed_batches_are_refused_whole(sqs):
    url = new_queue(sqs)
    entry = lambda name, body="x": {"Id": name, "MessageBody": body}
    prefix = "AWS.SimpleQueueService."
    for code, entries in [
        ("EmptyBatchRequest", []),
        ("TooManyEntriesInBatchRequest", [entry(str(n)) for n in range(11)]),
        ("BatchEntryIdsNotDistinct", [entry("same"), entry("same")]),
        ("InvalidBatchEntryId", [entry("not allowed!")]),
        ("BatchRequestTooLong", [entry(str(n), "x" * 600000) for n in range(2)]),
    ]:
        refused(prefix + code, sqs.send_message_batch, QueueUrl=url, Entries=entries)
