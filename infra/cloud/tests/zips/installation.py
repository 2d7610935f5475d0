"""The deployed installation, used through its own doors: functions invoked as the service invokes them, and the first
tenant made as whoever deploys makes it.
"""
import json
import time

from servers import client, repository

from .stack import STAGE, template_reader

PATIENCE_SECONDS = 60


def until(what, ready):
    """Asks until `ready` answers with something, which is the answer."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        answer = ready()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"in {PATIENCE_SECONDS} s not: {what}")


class Installation:
    """One stack under ministack."""

    def __init__(self, url, outputs):
        self.outputs = outputs
        self.functions, self.sqs, self.dynamodb = (client(service, url) for service in ["lambda", "sqs", "dynamodb"])
        self.key = None

    def invoke(self, function, event):
        """Invokes a function; an error of its is raised."""
        answer = self.functions.invoke(FunctionName=f"pullpush-{STAGE}-{function}", Payload=json.dumps(event).encode())
        payload = json.loads(answer["Payload"].read())
        assert not answer.get("FunctionError"), f"{function}: {payload}"
        return payload

    def door(self, function, method, path, body="", headers=None):
        """Asks a function with a URL: (status, body)."""
        about = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "judge/1.0"}
        context = {"accountId": "anonymous", "apiId": "judged", "domainName": "judged.example", "domainPrefix": "judged", "http": about,
                   "requestId": "judged", "routeKey": "$default", "stage": "$default", "time": "31/Jan/2026:09:00:00 +0000",
                   "timeEpoch": 1769850000000}
        event = {"version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "requestContext": context,
                 "headers": {"host": "judged.example", **(headers or {})}, "body": body, "isBase64Encoded": False}
        answer = self.invoke(function, event)
        return answer["statusCode"], json.loads(answer["body"])

    def api(self, method, path, body):
        """Asks `api` with the tenant's key; anything but 200 is raised."""
        status, answer = self.door("api", method, path, body, {"authorization": f"Bearer {self.key}", "content-type": "application/json"})
        assert status == 200, f"{path}: {status} {answer}"
        return answer["result"]

    def tool(self, name, **arguments):
        """Calls a tool, named without its prefix."""
        return self.api("POST", f"/api/v1/tools/pullpush.{name}", json.dumps(arguments))

    def found(self):
        """Makes the first tenant, and takes its key."""
        made = self.invoke("api", json.loads((repository() / "events" / "api" / "tenant_create.json").read_text(encoding="utf-8")))
        assert made["ok"] and made["tenant"], "api made no tenant"
        self.key = made["key"]

    def rows(self, table):
        """Every row of a table."""
        return self.dynamodb.scan(TableName=f"pullpush-{STAGE}-{table}", ConsistentRead=True)["Items"]

    def depth(self, url):
        """How many messages a queue holds: (visible, in flight)."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        shown = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return tuple(int(shown[name]) for name in names)

    def mapping(self, resource):
        """The mapping that the template calls so."""
        _, queue, _, _ = next(entry for entry in template_reader().mappings(template_reader().load()) if entry[0] == resource)
        arn = self.sqs.get_queue_attributes(QueueUrl=self.outputs[f"{queue}Url"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        [found] = self.functions.list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
        return found
