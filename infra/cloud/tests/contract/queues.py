"""Queues of one check each, and short ways to use them. Only the SQS checks call these."""
import uuid


def new_queue(sqs, fifo=False, **attributes):
    """A queue nobody else knows; the answer is its URL."""
    name = f"contract-{uuid.uuid4().hex[:12]}" + (".fifo" if fifo else "")
    if fifo:
        attributes["FifoQueue"] = "true"
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def arn_of(sqs, url):
    """How a queue is named in a policy."""
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def receive(sqs, url, count=10, **arguments):
    """What one receive brings, with every system attribute unless said otherwise."""
    arguments.setdefault("MessageSystemAttributeNames", ["All"])
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=count, **arguments).get("Messages", [])


def bodies(messages):
    """The bodies alone."""
    return [message["Body"] for message in messages]


def send_fifo(sqs, url, body, group="g", dedup=None):
    """Sends to a FIFO queue, under an id of its own unless one is given."""
    return sqs.send_message(
        QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=dedup or uuid.uuid4().hex)
