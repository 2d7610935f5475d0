#!/usr/bin/env python3
"""What PullPush relies on in SQS, KMS and DynamoDB, checked through boto3.

    boto3_contract.py SQS_URL KMS_URL [DYNAMODB_URL] [--judge moto|ministack]

Runs against the local servers, and against others that speak the same protocols, as independent judges. Prints one
line per check and the number passed; exits 1 on a failure. `--judge` names whose known differences to excuse.
"""
import argparse
import hashlib
import json
import threading
import time
import traceback
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# judge -> check -> why it answers differently from AWS
KNOWN = {
    "moto": {
        "an attribute out of range is refused": "keeps any value",
        "invalid characters are refused": "keeps any character",
        "an entry with invalid characters fails alone": "keeps any character",
        "visibility of a message not in flight is refused": "changes it without looking",
        "sequence numbers grow": "draws them at random",
        "a known deduplication id delivers nothing even after a delete": "forgets an id with its message",
        "another key than the blobs is refused": "AccessDeniedException instead of IncorrectKeyException",
        "a disabled key refuses until enabled": "disabled keys still work",
    },
    "ministack": {
        "attributes are shown and changed": "ignores attribute names it does not know",
        "an entry with an impossible delay fails alone": "accepts any delay in a batch",
        "a message may be deleted twice": "refuses the second delete",
        "visibility of a message not in flight is refused": "changes it without looking",
        "a tampered blob is an invalid ciphertext": "does not authenticate blobs",
        "a blob moves to another key and context": "has no ReEncrypt",
        "another key than the blobs is refused": "opens it with the wrong key",
    },
}
CHECKS = []


def check(service):
    """Registers a check under its function's name, as a sentence."""
    def register(function):
        CHECKS.append((service, function.__name__.replace("_", " "), function))
        return function
    return register


def refused(code, call, **arguments):
    """Asserts that a call fails with one of the codes AWS uses."""
    codes = (code,) if isinstance(code, str) else code
    try:
        answer = call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] in codes, f"refused with {error.response['Error']}"
        return error
    raise AssertionError(f"accepted: {str(answer)[:120]}")


def new_queue(sqs, fifo=False, **attributes):
    name = f"contract-{uuid.uuid4().hex[:12]}" + (".fifo" if fifo else "")
    if fifo:
        attributes["FifoQueue"] = "true"
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def arn_of(sqs, url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def receive(sqs, url, count=10, **arguments):
    arguments.setdefault("MessageSystemAttributeNames", ["All"])
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=count, **arguments).get("Messages", [])


def bodies(messages):
    return [message["Body"] for message in messages]


def send_fifo(sqs, url, body, group="g", dedup=None):
    return sqs.send_message(
        QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=dedup or uuid.uuid4().hex)


# --- SQS: queues

@check("sqs")
def a_queue_is_made_once_and_found_by_name(sqs):
    url = new_queue(sqs, VisibilityTimeout="45")
    name = url.rsplit("/", 1)[1]
    assert sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "45"})["QueueUrl"] == url
    assert sqs.get_queue_url(QueueName=name)["QueueUrl"] == url
    assert url in sqs.list_queues(QueueNamePrefix=name)["QueueUrls"]


@check("sqs")
def a_queue_of_that_name_with_other_attributes_is_refused(sqs):
    name = new_queue(sqs, VisibilityTimeout="45").rsplit("/", 1)[1]
    refused(("QueueAlreadyExists", "QueueNameExists"), sqs.create_queue, QueueName=name,
            Attributes={"VisibilityTimeout": "46"})


@check("sqs")
def a_missing_queue_is_named_as_such(sqs):
    url = new_queue(sqs)
    missing = refused("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName="no-such-queue")
    assert isinstance(missing, sqs.exceptions.QueueDoesNotExist)
    sqs.delete_queue(QueueUrl=url)
    refused("AWS.SimpleQueueService.NonExistentQueue", sqs.send_message, QueueUrl=url, MessageBody="x")


@check("sqs")
def attributes_are_shown_and_changed(sqs):
    url = new_queue(sqs, DelaySeconds="0")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "77"})
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert shown["VisibilityTimeout"] == "77" and shown["MessageRetentionPeriod"] == "345600"
    for name in ["QueueArn", "CreatedTimestamp", "LastModifiedTimestamp", "MaximumMessageSize", "DelaySeconds",
                 "ReceiveMessageWaitTimeSeconds", "ApproximateNumberOfMessages",
                 "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]:
        assert name in shown, name
    refused("InvalidAttributeName", sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["Nonsense"])


@check("sqs")
def an_attribute_out_of_range_is_refused(sqs):
    url = new_queue(sqs)
    refused("InvalidAttributeValue", sqs.set_queue_attributes, QueueUrl=url, Attributes={"DelaySeconds": "901"})


# --- SQS: sending and receiving

@check("sqs")
def a_message_arrives_with_its_attributes_and_digests(sqs):
    url = new_queue(sqs)
    attributes = {
        "kind": {"DataType": "String", "StringValue": "stock"},
        "count": {"DataType": "Number", "StringValue": "19.990"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff\x01"},
        "labelled": {"DataType": "String.sku", "StringValue": "Å-1"},
    }
    sent = sqs.send_message(QueueUrl=url, MessageBody="håll", MessageAttributes=attributes)
    assert sent["MD5OfMessageBody"] == hashlib.md5("håll".encode()).hexdigest()
    assert sent["MD5OfMessageAttributes"] == md5_of(attributes)
    [message] = receive(sqs, url, MessageAttributeNames=["All"])
    assert message["Body"] == "håll" and message["MD5OfBody"] == sent["MD5OfMessageBody"]
    assert message["MessageId"] == sent["MessageId"]
    assert message["MD5OfMessageAttributes"] == md5_of(attributes)
    for name, attribute in attributes.items():
        assert {key: message["MessageAttributes"][name][key] for key in attribute} == attribute
    for name in ["SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp"]:
        assert name in message["Attributes"], name


def md5_of(attributes):
    digest = hashlib.md5()
    def absorb(value):
        digest.update(len(value).to_bytes(4, "big") + value)
    for name in sorted(attributes):
        attribute = attributes[name]
        absorb(name.encode())
        absorb(attribute["DataType"].encode())
        binary = attribute["DataType"].startswith("Binary")
        digest.update(b"\x02" if binary else b"\x01")
        absorb(attribute["BinaryValue"] if binary else attribute["StringValue"].encode())
    return digest.hexdigest()


@check("sqs")
def only_the_attributes_asked_for_are_returned(sqs):
    url = new_queue(sqs)
    value = {"DataType": "String", "StringValue": "v"}
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes={"a.one": value, "b": value})
    [message] = receive(sqs, url, MessageAttributeNames=["a.*"], MessageSystemAttributeNames=["SentTimestamp"])
    assert list(message["MessageAttributes"]) == ["a.one"] and list(message["Attributes"]) == ["SentTimestamp"]


@check("sqs")
def a_trace_header_travels_with_the_message(sqs):
    url = new_queue(sqs)
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageSystemAttributes=trace)
    [message] = receive(sqs, url)
    assert message["Attributes"]["AWSTraceHeader"].startswith("Root=1-5759e988")


@check("sqs")
def invalid_characters_are_refused(sqs):
    refused("InvalidMessageContents", sqs.send_message, QueueUrl=new_queue(sqs), MessageBody="nul\x01")


@check("sqs")
def a_mebibyte_passes_and_a_byte_more_does_not(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x" * 1048576)
    refused(("InvalidParameterValue", "InvalidParameterValueException"), sqs.send_message, QueueUrl=url,
            MessageBody="x" * 1048577)


@check("sqs")
def a_group_is_accepted_on_a_standard_queue(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="tenant")
    [message] = receive(sqs, url)
    assert message["Attributes"]["MessageGroupId"] == "tenant"


def send_beside(sqs, url, **entry):
    """Sends an entry that should fail beside one that should not; returns the code of the failure."""
    sent = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "good", "MessageBody": "a"}, {"Id": "bad", **entry}])
    assert [entry["Id"] for entry in sent["Successful"]] == ["good"]
    [failed] = sent["Failed"]
    assert failed["Id"] == "bad" and failed["SenderFault"]
    assert bodies(receive(sqs, url)) == ["a"]
    return failed["Code"]


@check("sqs")
def an_entry_with_invalid_characters_fails_alone(sqs):
    assert send_beside(sqs, new_queue(sqs), MessageBody="b\x02") == "InvalidMessageContents"


@check("sqs")
def an_entry_with_an_impossible_delay_fails_alone(sqs):
    assert send_beside(sqs, new_queue(sqs), MessageBody="b", DelaySeconds=5000).startswith("InvalidParameterValue")


@check("sqs")
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


@check("sqs")
def a_delayed_message_waits_and_is_counted(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="late", DelaySeconds=2)
    assert receive(sqs, url) == []
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessagesDelayed"] == "1" and counts["ApproximateNumberOfMessages"] == "0"
    assert bodies(receive(sqs, url, WaitTimeSeconds=5)) == ["late"]


@check("sqs")
def a_long_poll_wakes_when_a_message_is_sent(sqs):
    url = new_queue(sqs)
    threading.Timer(0.7, lambda: sqs.send_message(QueueUrl=url, MessageBody="x")).start()
    started = time.monotonic()
    assert bodies(receive(sqs, url, WaitTimeSeconds=10)) == ["x"]
    assert 0.5 < time.monotonic() - started < 3


@check("sqs")
def a_long_poll_ends_empty(sqs):
    started = time.monotonic()
    assert receive(sqs, new_queue(sqs), WaitTimeSeconds=1) == []
    assert 0.8 < time.monotonic() - started < 3


# --- SQS: visibility and redrive

@check("sqs")
def a_message_comes_back_after_its_visibility_timeout(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [first] = receive(sqs, url, VisibilityTimeout=1)
    assert receive(sqs, url) == []
    [second] = receive(sqs, url, WaitTimeSeconds=4)
    assert second["Attributes"]["ApproximateReceiveCount"] == "2"
    assert second["ReceiptHandle"] != first["ReceiptHandle"]


@check("sqs")
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


@check("sqs")
def visibility_of_a_message_not_in_flight_is_refused(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = receive(sqs, url, VisibilityTimeout=0)
    refused("AWS.SimpleQueueService.MessageNotInflight", sqs.change_message_visibility, QueueUrl=url,
            ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=10)


@check("sqs")
def a_nonsense_handle_is_refused(sqs):
    refused("ReceiptHandleIsInvalid", sqs.delete_message, QueueUrl=new_queue(sqs), ReceiptHandle="nonsense")


@check("sqs")
def a_message_may_be_deleted_twice(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = receive(sqs, url, VisibilityTimeout=1)
    for _ in range(2):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert receive(sqs, url, WaitTimeSeconds=2) == []


@check("sqs")
def a_batch_deletes_and_names_the_handle_it_does_not_know(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = receive(sqs, url)
    deleted = sqs.delete_message_batch(QueueUrl=url, Entries=[
        {"Id": "ours", "ReceiptHandle": message["ReceiptHandle"]}, {"Id": "nonsense", "ReceiptHandle": "nonsense"}])
    assert [entry["Id"] for entry in deleted["Successful"]] == ["ours"]
    assert [(entry["Id"], entry["Code"]) for entry in deleted["Failed"]] == [("nonsense", "ReceiptHandleIsInvalid")]


@check("sqs")
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


@check("sqs")
def a_purge_empties_the_queue(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.purge_queue(QueueUrl=url)
    assert receive(sqs, url) == []


# --- SQS: FIFO

@check("sqs")
def a_group_keeps_its_order_and_is_blocked_in_flight(sqs):
    url = new_queue(sqs, fifo=True)
    for body, group in [("a1", "a"), ("a2", "a"), ("b1", "b")]:
        send_fifo(sqs, url, body, group)
    [first] = receive(sqs, url, count=1)
    assert first["Body"] == "a1" and first["Attributes"]["MessageGroupId"] == "a"
    assert bodies(receive(sqs, url)) == ["b1"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    assert bodies(receive(sqs, url)) == ["a2"]


@check("sqs")
def sequence_numbers_grow(sqs):
    url = new_queue(sqs, fifo=True)
    numbers = [int(send_fifo(sqs, url, body)["SequenceNumber"]) for body in "abcd"]
    assert numbers == sorted(set(numbers))
    assert [int(message["Attributes"]["SequenceNumber"]) for message in receive(sqs, url)] == numbers


@check("sqs")
def a_batch_of_one_group_is_received_in_order(sqs):
    url = new_queue(sqs, fifo=True)
    sqs.send_message_batch(QueueUrl=url, Entries=[
        {"Id": str(n), "MessageBody": str(n), "MessageGroupId": "g", "MessageDeduplicationId": str(n)}
        for n in range(5)])
    assert bodies(receive(sqs, url)) == ["0", "1", "2", "3", "4"]
    assert receive(sqs, url) == []


@check("sqs")
def a_released_message_comes_first_again(sqs):
    url = new_queue(sqs, fifo=True)
    for body in ["1", "2"]:
        send_fifo(sqs, url, body)
    [first] = receive(sqs, url, count=1)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
    assert bodies(receive(sqs, url)) == ["1", "2"]


@check("sqs")
def a_known_deduplication_id_delivers_nothing_even_after_a_delete(sqs):
    url = new_queue(sqs, fifo=True)
    first = send_fifo(sqs, url, "x", dedup="d")
    again = send_fifo(sqs, url, "y", dedup="d")
    assert first["MessageId"] == again["MessageId"]
    [message] = receive(sqs, url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    send_fifo(sqs, url, "z", dedup="d")
    assert receive(sqs, url) == []


@check("sqs")
def content_can_stand_for_the_deduplication_id(sqs):
    url = new_queue(sqs, fifo=True, ContentBasedDeduplication="true")
    for body in ["x", "x", "y"]:
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    messages = receive(sqs, url)
    assert bodies(messages) == ["x", "y"]
    assert messages[0]["Attributes"]["MessageDeduplicationId"] == hashlib.sha256(b"x").hexdigest()


@check("sqs")
def a_fifo_queue_wants_a_group_and_an_id(sqs):
    url = new_queue(sqs, fifo=True)
    refused("MissingParameter", sqs.send_message, QueueUrl=url, MessageBody="x", MessageDeduplicationId="d")
    refused(("InvalidParameterValue", "InvalidParameterValueException"), sqs.send_message, QueueUrl=url,
            MessageBody="x", MessageGroupId="g")


@check("sqs")
def a_fifo_queue_refuses_a_delay_per_message(sqs):
    url = new_queue(sqs, fifo=True)
    refused(("InvalidParameterValue", "InvalidParameterValueException"), sqs.send_message, QueueUrl=url,
            MessageBody="x", MessageGroupId="g", MessageDeduplicationId="d", DelaySeconds=1)


# --- KMS

def new_key(kms):
    return kms.create_key(Description="contract")["KeyMetadata"]


@check("kms")
def a_key_is_described(kms):
    key = new_key(kms)
    shown = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert shown["Arn"] == key["Arn"] and shown["Enabled"] and shown["KeyState"] == "Enabled"
    assert shown["CreationDate"].year >= 2024


@check("kms")
def a_plaintext_comes_back_under_its_context(kms):
    key = new_key(kms)["KeyId"]
    context = {"tenant": "t1", "purpose": "webhook"}
    sealed = kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext=context)["CiphertextBlob"]
    opened = kms.decrypt(CiphertextBlob=sealed, EncryptionContext=dict(reversed(context.items())))
    assert opened["Plaintext"] == b"secret" and opened["KeyId"].endswith(key)


@check("kms")
def another_context_is_an_invalid_ciphertext(kms):
    key = new_key(kms)["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext={"tenant": "t1"})["CiphertextBlob"]
    for context in [{"tenant": "t2"}, {}, {"tenant": "t1", "more": "x"}]:
        refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=sealed, EncryptionContext=context)


@check("kms")
def a_tampered_blob_is_an_invalid_ciphertext(kms):
    key = new_key(kms)["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    for damaged in [sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:-4], b"nonsense"]:
        refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=damaged)


@check("kms")
def a_data_key_is_wrapped_and_unwrapped(kms):
    key = new_key(kms)["KeyId"]
    context = {"tenant": "t1"}
    for size, arguments in [(32, {"KeySpec": "AES_256"}), (24, {"NumberOfBytes": 24})]:
        made = kms.generate_data_key(KeyId=key, EncryptionContext=context, **arguments)
        assert len(made["Plaintext"]) == size
        opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context, KeyId=key)
        assert opened["Plaintext"] == made["Plaintext"]
    blind = kms.generate_data_key_without_plaintext(KeyId=key, EncryptionContext=context, KeySpec="AES_256")
    assert "Plaintext" not in blind
    opened = kms.decrypt(CiphertextBlob=blind["CiphertextBlob"], EncryptionContext=context)
    assert len(opened["Plaintext"]) == 32


@check("kms")
def a_key_answers_to_id_arn_and_alias(kms):
    key = new_key(kms)
    alias = f"alias/contract-{uuid.uuid4().hex[:12]}"
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    alias_arn = key["Arn"].rsplit(":", 1)[0] + ":" + alias
    for name in [key["KeyId"], key["Arn"], alias, alias_arn]:
        sealed = kms.encrypt(KeyId=name, Plaintext=b"x")["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=sealed, KeyId=name)["Plaintext"] == b"x"
    [listed] = kms.list_aliases(KeyId=key["KeyId"])["Aliases"]
    assert listed["AliasName"] == alias and listed["TargetKeyId"] == key["KeyId"]
    refused("AlreadyExistsException", kms.create_alias, AliasName=alias, TargetKeyId=key["KeyId"])


@check("kms")
def a_blob_moves_to_another_key_and_context(kms):
    old, new = new_key(kms)["KeyId"], new_key(kms)["KeyId"]
    sealed = kms.encrypt(KeyId=old, Plaintext=b"x", EncryptionContext={"v": "1"})["CiphertextBlob"]
    moved = kms.re_encrypt(CiphertextBlob=sealed, SourceEncryptionContext={"v": "1"}, DestinationKeyId=new,
                           DestinationEncryptionContext={"v": "2"})
    assert moved["SourceKeyId"].endswith(old) and moved["KeyId"].endswith(new)
    opened = kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"v": "2"})
    assert opened["Plaintext"] == b"x" and opened["KeyId"].endswith(new)


@check("kms")
def another_key_than_the_blobs_is_refused(kms):
    key, other = new_key(kms)["KeyId"], new_key(kms)["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    refused("IncorrectKeyException", kms.decrypt, CiphertextBlob=sealed, KeyId=other)


@check("kms")
def a_disabled_key_refuses_until_enabled(kms):
    key = new_key(kms)["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=key)
    refused("DisabledException", kms.decrypt, CiphertextBlob=sealed)
    refused("DisabledException", kms.encrypt, KeyId=key, Plaintext=b"x")
    refused("DisabledException", kms.generate_data_key, KeyId=key, KeySpec="AES_256")
    kms.enable_key(KeyId=key)
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


@check("kms")
def an_unknown_key_is_not_found(kms):
    for name in [str(uuid.uuid4()), "alias/no-such-alias"]:
        refused("NotFoundException", kms.encrypt, KeyId=name, Plaintext=b"x")


# --- DynamoDB

def new_table(dynamodb):
    name = f"contract-{uuid.uuid4().hex[:12]}"
    dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}])
    return name


@check("dynamodb")
def a_failed_condition_returns_the_old_item(dynamodb):
    table = new_table(dynamodb)
    key = {"pk": {"S": "p"}, "sk": {"S": "s"}}
    dynamodb.put_item(TableName=table, Item={**key, "fence": {"N": "7"}})
    error = refused("ConditionalCheckFailedException", dynamodb.update_item, TableName=table, Key=key,
                    UpdateExpression="SET fence = :new", ConditionExpression="fence < :new",
                    ExpressionAttributeValues={":new": {"N": "7"}}, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert error.response["Item"] == {**key, "fence": {"N": "7"}}


@check("dynamodb")
def a_batch_is_written_and_a_prefix_is_queried(dynamodb):
    table = new_table(dynamodb)
    items = [{"pk": {"S": "p"}, "sk": {"S": f"{kind}#{n:02}"}} for kind in ["a", "b"] for n in range(10)]
    written = dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in items]})
    assert not written.get("UnprocessedItems")
    found = dynamodb.query(TableName=table, KeyConditionExpression="pk = :p AND begins_with(sk, :s)",
                           ExpressionAttributeValues={":p": {"S": "p"}, ":s": {"S": "b#"}})
    assert found["Items"] == items[10:]


@check("dynamodb")
def an_item_past_its_time_is_still_read_until_swept(dynamodb):
    table = new_table(dynamodb)
    dynamodb.update_time_to_live(TableName=table,
                                 TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    later = {"pk": {"S": "p"}, "sk": {"S": "s"}, "expires": {"N": str(int(time.time()) + 3600)}}
    dynamodb.put_item(TableName=table, Item=later)
    assert dynamodb.get_item(TableName=table, Key={"pk": {"S": "p"}, "sk": {"S": "s"}})["Item"] == later


def client(service, url):
    settings = Config(retries={"total_max_attempts": 1}, read_timeout=30)
    return boto3.client(service, endpoint_url=url, region_name="eu-north-1", aws_access_key_id="local",
                        aws_secret_access_key="local", config=settings)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sqs")
    parser.add_argument("kms")
    parser.add_argument("dynamodb", nargs="?")
    parser.add_argument("--judge", choices=sorted(KNOWN))
    arguments = parser.parse_args()
    known = KNOWN.get(arguments.judge, {})
    clients = {service: client(service, getattr(arguments, service))
               for service in ["sqs", "kms", "dynamodb"] if getattr(arguments, service)}
    passed = failed = 0
    for service, name, function in CHECKS:
        if service not in clients:
            continue
        try:
            function(clients[service])
        except Exception as error:  # whatever goes wrong in a check is that check's failure
            if name in known:
                print(f"differs: {service}: {name} ({known[name]})")
                continue
            failed += 1
            place = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == __file__][-1]
            print(f"FAILED:  {service}: {name}: {type(error).__name__} {str(error)[:200]} (line {place.lineno}: {place.line})")
        else:
            passed += 1
            stale = " (listed in KNOWN, but passes)" if name in known else ""
            print(f"ok:      {service}: {name}{stale}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
