"""SQS: what is sent is what is received, with its attributes and digests, and nothing larger than allowed."""
import hashlib

from .check import checks, refused
from .queues import new_queue, receive

check = checks("sqs", "sqs standard")


@check
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


@check
def only_the_attributes_asked_for_are_returned(sqs):
    url = new_queue(sqs)
    value = {"DataType": "String", "StringValue": "v"}
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes={"a.one": value, "b": value})
    [message] = receive(sqs, url, MessageAttributeNames=["a.*"], MessageSystemAttributeNames=["SentTimestamp"])
    assert list(message["MessageAttributes"]) == ["a.one"] and list(message["Attributes"]) == ["SentTimestamp"]


@check
def a_trace_header_travels_with_the_message(sqs):
    url = new_queue(sqs)
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageSystemAttributes=trace)
    [message] = receive(sqs, url)
    assert message["Attributes"]["AWSTraceHeader"].startswith("Root=1-5759e988")


@check
def invalid_characters_are_refused(sqs):
    refused("InvalidMessageContents", sqs.send_message, QueueUrl=new_queue(sqs), MessageBody="nul\x01")


@check
def a_mebibyte_passes_and_a_byte_more_does_not(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x" * 1048576)
    refused(("InvalidParameterValue", "InvalidParameterValueException"), sqs.send_message, QueueUrl=url,
            MessageBody="x" * 1048577)


@check
def a_group_is_accepted_on_a_standard_queue(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="tenant")
    [message] = receive(sqs, url)
    assert message["Attributes"]["MessageGroupId"] == "tenant"
