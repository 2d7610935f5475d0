"""SQS: queues and their attributes, and what a purge leaves.

A message to a queue that is gone must fail, or it is lost.
"""
from .check import checks, refused
from .queues import new_queue, receive

check = checks("sqs", "sqs standard")


@check
def a_queue_is_made_once_and_found_by_name(sqs):
    url = new_queue(sqs, VisibilityTimeout="45")
    name = url.rsplit("/", 1)[1]
    assert sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "45"})["QueueUrl"] == url
    assert sqs.get_queue_url(QueueName=name)["QueueUrl"] == url
    assert url in sqs.list_queues(QueueNamePrefix=name)["QueueUrls"]


@check
def a_queue_of_that_name_with_other_attributes_is_refused(sqs):
    name = new_queue(sqs, VisibilityTimeout="45").rsplit("/", 1)[1]
    refused(("QueueAlreadyExists", "QueueNameExists"), sqs.create_queue, QueueName=name,
            Attributes={"VisibilityTimeout": "46"})


@check
def a_missing_queue_is_named_as_such(sqs):
    url = new_queue(sqs)
    missing = refused("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName="no-such-queue")
    assert isinstance(missing, sqs.exceptions.QueueDoesNotExist)
    sqs.delete_queue(QueueUrl=url)
    refused("AWS.SimpleQueueService.NonExistentQueue", sqs.send_message, QueueUrl=url, MessageBody="x")


@check
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


@check
def an_attribute_out_of_range_is_refused(sqs):
    url = new_queue(sqs)
    refused("InvalidAttributeValue", sqs.set_queue_attributes, QueueUrl=url, Attributes={"DelaySeconds": "901"})


@check
def a_purge_empties_the_queue(sqs):
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.purge_queue(QueueUrl=url)
    assert receive(sqs, url) == []
