"""The story: a tenant is set up, a webhook becomes stock in the back office, and a poisoned record is told alone.

Each step is a function of the same world; they run in this order and later ones build on earlier ones.
"""
import base64
import hashlib
import hmac
import json
import urllib.request
import uuid
from datetime import datetime, timezone

from servers import repository

from .installation import until

SECRETS = {"shop": {"webhook_secret": "shop-secret", "access_token": "shop-token"}, "office": {"token": "office-token"}}


def now():
    """The present as the shop writes it."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


class World:
    """What the steps know: the installation, where the sample systems are, what was learned on the way."""

    def __init__(self, installation, shop, office):
        self.installation, self.shop, self.office = installation, shop, office
        self.delivery = None

    def books(self):
        """Everything the back office has."""
        with urllib.request.urlopen(f"{self.office}/_control/state", timeout=10) as answer:
            return json.load(answer)

    def stock(self, sku):
        """What the back office has of a SKU, or None."""
        return self.books()["stock"].get(sku, {}).get("default")

    def stock_changes(self, sku, quantity, secret="shop-secret"):
        """Tells the door of a product with one variant."""
        variant = {"id": 642667041472713922, "sku": sku, "price": "19.99", "inventory_quantity": quantity, "updated_at": now()}
        return self.webhook("products/update", {"id": 788032119674292922, "title": "Example T-Shirt", "variants": [variant]}, secret)

    def order_changes(self, name, status):
        """Tells the door of an order with one line."""
        line = {"sku": "TEE-RED-M", "title": "Red / M", "quantity": 1, "price": "19.990"}
        buyer = {"email": "a@example.com", "first_name": "Åsa", "last_name": "Ek"}
        order = {"id": 820982911946154508, "name": name, "financial_status": status, "currency": "SEK", "total_price": "19.990",
                 "created_at": now(), "line_items": [line], "customer": buyer}
        return self.webhook("orders/updated", order)

    def webhook(self, topic, body, secret="shop-secret"):
        """Sends a signed webhook of the shop to the door."""
        body = json.dumps({**body, "updated_at": now()})
        signed = base64.b64encode(hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest()).decode()
        headers = {"content-type": "application/json", "x-shopify-topic": topic, "x-shopify-hmac-sha256": signed,
                   "x-shopify-webhook-id": str(uuid.uuid4()), "x-shopify-event-id": str(uuid.uuid4()), "x-shopify-triggered-at": now()}
        return self.installation.door("ingest", "POST", "/webhooks/shop", body, headers)


def the_api_finds_tables_queues_and_the_key(world):
    status, answer = world.installation.door("api", "GET", "/health/ready")
    assert status == 200 and answer["checks"] == {"dynamodb": True, "sqs": True, "kms": True}, answer


def a_tenant_sets_up_two_flows_with_the_tools(world):
    tool = world.installation.tool
    for slug in ["shop", "backoffice"]:
        tool("connector.definition.create", definition=(repository() / "examples" / f"{slug}.json").read_text(encoding="utf-8"))
        tool("connector.definition.activate", id=slug)
    addresses = {"shop": world.shop, "office": world.office}
    for connection, connector in [("shop", "shop"), ("office", "backoffice")]:
        tool("connection.create", connector=connector, id=connection)
        for name, value in {**SECRETS[connection], "base_url": addresses[connection]}.items():
            world.installation.api("PUT", f"/api/v1/connections/{connection}/secrets/{name}", value)
        tool("connection.resume", connectionId=connection)
    tool("flow.create", id="stock", source="shop", destination="office", type="stocklevel")
    tool("flow.create", id="orders", source="shop", destination="office", type="order", order="strict")


def a_webhook_with_a_wrong_signature_is_refused(world):
    status, answer = world.stock_changes("TEE-RED-M", 3, secret="guessed")
    assert status == 401, (status, answer)


def a_signed_webhook_becomes_stock_in_the_back_office(world):
    status, answer = world.stock_changes("TEE-RED-M", 7)
    assert status == 200 and answer["ok"], answer
    until("the back office has 7", lambda: world.stock("TEE-RED-M") == 7)
    [event] = answer["events"]

    def applied():
        found = world.installation.tool("event.trace", eventId=event)["occurrences"]
        return found and found[0]["outcome"] == "applied"
    until("the trace says applied", applied)


def every_state_of_an_order_arrives_over_the_fifo_queues(world):
    states = ["pending", "authorized", "paid"]
    for state in states:
        status, answer = world.order_changes("#1001", state)
        assert status == 200, answer
    written = until("three writes of the order", lambda: len(found := world.books()["order_writes"].get("#1001", [])) == 3 and found)
    assert [write["entity"]["status"] for write in written] == states, written
    assert str(world.books()["orders"]["#1001"]["grand_total"]) == "19.99", world.books()["orders"]


def the_transform_leaves_a_delivery_while_deliver_rests(world):
    installation, queue = world.installation, world.installation.outputs["DeliverQueueUrl"]
    installation.functions.update_event_source_mapping(UUID=installation.mapping("DeliverMapping")["UUID"], Enabled=False)
    until("the mapping rests", lambda: installation.mapping("DeliverMapping")["State"] == "Disabled")
    assert world.stock_changes("TEE-RED-M", 9)[0] == 200
    [message] = until("a delivery waits", lambda: installation.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages"))
    installation.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert world.stock("TEE-RED-M") == 7
    world.delivery = message["Body"]


def of_a_batch_the_mapping_keeps_the_poisoned_record_alone(world):
    installation, queue = world.installation, world.installation.outputs["DeliverQueueUrl"]
    bodies = {"good": world.delivery, "poisoned": poisoned(world.delivery), "unreadable": "{\"v\":1,\"k\":\"delivery\""}
    installation.sqs.send_message_batch(QueueUrl=queue, Entries=[{"Id": name, "MessageBody": body} for name, body in bodies.items()])
    mapping = installation.mapping("DeliverMapping")
    installation.functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    until("the back office has 9", lambda: world.stock("TEE-RED-M") == 9)
    until("two are deleted, one is kept for another receive", lambda: installation.depth(queue) == (0, 1))
    def told():
        return installation.functions.get_event_source_mapping(UUID=mapping["UUID"])["LastProcessingResult"]
    until("the mapping counts one failure", lambda: told() == "OK - 2 records, 1 partial failures")
    kept = [row["b"]["S"] for row in installation.rows("dead") if "b" in row]
    assert kept == [bodies["unreadable"]], "what cannot be read is a dead letter, nothing else is"


def asked_directly_deliver_names_the_poisoned_record_alone(world):
    records = [{"messageId": name, "receiptHandle": name, "body": body, "attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {},
                "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-north-1:000000000000:pullpush-judged-deliver", "awsRegion": "eu-north-1"}
               for name, body in [("good", world.delivery), ("poisoned", poisoned(world.delivery))]]
    answer = world.installation.invoke("deliver", {"Records": records})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "poisoned"}]}, answer


def poisoned(delivery):
    """The delivery on a strict flow that does not exist: it cannot be delivered, and must not lose its place."""
    return json.dumps({**json.loads(delivery), "flow": "no-such-flow", "strict": True})


STEPS = [
    the_api_finds_tables_queues_and_the_key,
    a_tenant_sets_up_two_flows_with_the_tools,
    a_webhook_with_a_wrong_signature_is_refused,
    a_signed_webhook_becomes_stock_in_the_back_office,
    every_state_of_an_order_arrives_over_the_fifo_queues,
    the_transform_leaves_a_delivery_while_deliver_rests,
    of_a_batch_the_mapping_keeps_the_poisoned_record_alone,
    asked_directly_deliver_names_the_poisoned_record_alone,
]
