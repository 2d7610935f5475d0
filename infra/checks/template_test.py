"""The template keeps every rule, and every rule complains about a template that breaks it.

Run with `python3 -m unittest discover -s infra/checks -p '*_test.py'`; needs PyYAML.
"""

import copy
import re
import unittest
from pathlib import Path

import rules
import template as source
from template import functions, of_type, properties, statements

TEMPLATE = source.load()
README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")


def grant(t, function, action, resource, **more):
    """Adds a statement to a role."""
    role = properties(t, source.target(functions(t)[function]["Role"]))
    role["Policies"][0]["PolicyDocument"]["Statement"].append(
        {"Sid": "Added", "Effect": "Allow", "Action": action, "Resource": resource, **more})


def statement(t, function, sid):
    """One statement of a role."""
    return next(s for s in statements(t, function) if s["Sid"] == sid)


def drop(t, function, sid):
    """Takes one statement out of a role."""
    for policy in properties(t, source.target(functions(t)[function]["Role"]))["Policies"]:
        document = policy["PolicyDocument"]
        document["Statement"] = [s for s in document["Statement"] if s["Sid"] != sid]


def put(t, name, **values):
    """Sets properties of a resource."""
    properties(t, name).update(values)


def arn(name):
    """A reference to a resource's ARN."""
    return {"Fn::GetAtt": [name, "Arn"]}


DECRYPT_ANY = {"Condition": {"Null": {"kms:EncryptionContext:tenant": "false"}}}

# rule, what is broken, how
BROKEN = [
    (rules.batches, "a batch of 11 without a window", lambda t: put(t, "InMapping", BatchSize=11)),
    (rules.batches, "a FIFO batch of 2", lambda t: put(t, "InStrictMapping", BatchSize=2)),
    (rules.batches, "a FIFO window", lambda t: put(t, "DeliverStrictMapping", MaximumBatchingWindowInSeconds=1)),
    (rules.partial_failures, "a mapping that fails whole",
     lambda t: properties(t, "BulkMapping").pop("FunctionResponseTypes")),
    (rules.partial_failures, "a mapping without a limit",
     lambda t: properties(t, "DeliverMapping").pop("ScalingConfig")),
    (rules.visibility, "a short visibility", lambda t: put(t, "DeliverQueue", VisibilityTimeout=359)),
    (rules.visibility, "a slow function", lambda t: put(t, "TransformFunction", Timeout=61)),
    (rules.visibility, "a job queue under its limit", lambda t: put(t, "JobsPollQueue", VisibilityTimeout=900)),
    (rules.redrive, "no redrive", lambda t: properties(t, "BulkQueue").pop("RedrivePolicy")),
    (rules.redrive, "three receives", lambda t: properties(t, "InQueue")["RedrivePolicy"].update(maxReceiveCount=3)),
    (rules.redrive, "a forgetful dead-letter queue", lambda t: put(t, "JobsDlq", MessageRetentionPeriod=345600)),
    (rules.redrive, "redrive in a circle",
     lambda t: properties(t, "InQuarantineQueue")["RedrivePolicy"].update(deadLetterTargetArn=arn("InQueue"))),
    (rules.redrive, "FIFO into standard",
     lambda t: properties(t, "InStrictQueue")["RedrivePolicy"].update(deadLetterTargetArn=arn("InDlq"))),
    (rules.queue_settings, "plain text at rest", lambda t: put(t, "InQueue", SqsManagedSseEnabled=False)),
    (rules.queue_settings, "slow FIFO", lambda t: properties(t, "InStrictQueue").pop("FifoThroughputLimit")),
    (rules.recursion, "deliver stopped as a loop", lambda t: properties(t, "DeliverFunction").pop("RecursiveLoop")),
    (rules.recursion, "transform stopped as a loop", lambda t: put(t, "TransformFunction", RecursiveLoop="Terminate")),
    (rules.wildcards, "every verb of a table", lambda t: grant(t, "deliver", "dynamodb:*", arn("SlotsTable"))),
    (rules.wildcards, "every queue", lambda t: grant(t, "api", "sqs:SendMessage", "*")),
    (rules.wildcards, "a scan", lambda t: grant(t, "api", "dynamodb:Scan", arn("CoreTable"))),
    (rules.wildcards, "a shared role", lambda t: put(t, "PollFunction", Role=arn("DeliverRole"))),
    (rules.wildcards, "a managed policy", lambda t: put(t, "ApiRole", ManagedPolicyArns=["a"])),
    (rules.secrets, "ingest opens credentials",
     lambda t: statement(t, "ingest", "OpenWebhookSecrets")["Condition"]["StringEquals"].update(
         {"kms:EncryptionContext:purpose": ["webhook", "credentials"]})),
    (rules.secrets, "ingest opens anything",
     lambda t: grant(t, "ingest", "kms:Decrypt", arn("DataKey"), **DECRYPT_ANY)),
    (rules.secrets, "api opens", lambda t: grant(t, "api", "kms:Decrypt", arn("DataKey"))),
    (rules.secrets, "deliver opens without a tenant",
     lambda t: statement(t, "deliver", "Credentials")["Condition"].pop("Null")),
    (rules.secrets, "deliver cannot open", lambda t: drop(t, "deliver", "Credentials")),
    (rules.secrets, "poll seals webhook secrets",
     lambda t: statement(t, "poll", "Credentials")["Condition"]["StringEquals"].update({"kms:EncryptionContext:purpose": ["credentials", "webhook"]})),
    (rules.api_keys, "deliver reads all of core", lambda t: statement(t, "deliver", "CoreRead").pop("Condition")),
    (rules.api_keys, "poll reads keys by hash", lambda t: statement(t, "poll", "CoreRead")["Condition"][
        "ForAllValues:StringLike"]["dynamodb:LeadingKeys"].append("key#*")),
    (rules.api_keys, "ingest writes tenants", lambda t: grant(t, "ingest", "dynamodb:PutItem", arn("CoreTable"))),
    (rules.audit, "api rewrites the trail", lambda t: drop(t, "api", "AuditIsAppendOnly")),
    (rules.tables, "a table that goes with the stack", lambda t: t["Resources"]["DeadTable"].pop("DeletionPolicy")),
    (rules.tables, "a key that goes with the stack",
     lambda t: t["Resources"]["DataKey"].update(DeletionPolicy="Delete")),
    (rules.tables, "an unprotected table", lambda t: put(t, "CoreTable", DeletionProtectionEnabled=False)),
    (rules.tables, "a table that cannot be restored", lambda t: put(
        t, "CoreTable", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False})),
    (rules.tables, "slots that expire", lambda t: put(t, "SlotsTable", TimeToLiveSpecification={"Enabled": True})),
    (rules.tables, "an index", lambda t: put(t, "EventsTable", GlobalSecondaryIndexes=[])),
    (rules.tables, "a key that stays the same", lambda t: put(t, "DataKey", EnableKeyRotation=False)),
    (rules.tables, "a missing table", lambda t: t["Resources"].pop("DueTable")),
    (rules.logs, "logs for ever", lambda t: properties(t, "ApiLogs").pop("RetentionInDays")),
    (rules.logs, "a function without a group", lambda t: properties(t, "PollFunction").pop("LoggingConfig")),
    (rules.receivers, "a queue nobody takes from", lambda t: t["Resources"].pop("JobsDlqMapping")),
    (rules.receivers, "a right to receive without a mapping",
     lambda t: grant(t, "api", "sqs:ReceiveMessage", arn("DeliverQueue"))),
    (rules.receivers, "a mapping without the right to receive",
     lambda t: statement(t, "deliver", "Receive")["Resource"].pop()),
    (rules.senders, "a right to send untold", lambda t: grant(t, "ingest", "sqs:SendMessage", arn("DeliverQueue"))),
    (rules.senders, "told and not let",
     lambda t: functions(t)["transform"]["Environment"]["Variables"].update(QUEUE_JOBS_POLL={"Ref": "JobsPollQueue"})),
    (rules.senders, "two names swapped",
     lambda t: functions(t)["ingest"]["Environment"]["Variables"].update(QUEUE_IN={"Ref": "InStrictQueue"})),
    (rules.public_url, "api prints another address",
     lambda t: functions(t)["api"]["Environment"]["Variables"].pop("PUBLIC_BASE_URL")),
    (rules.alarms, "a dead-letter queue nobody watches", lambda t: t["Resources"].pop("DeliverDlqAgeAlarm")),
    (rules.alarms, "an alarm that always acts", lambda t: put(t, "ApiThrottlesAlarm", AlarmActions=["a"])),
    (rules.alarms, "silence taken for zero", lambda t: put(t, "UnaccountedAlarm", TreatMissingData="notBreaching")),
    (rules.schedule, "no sweep", lambda t: properties(t, "PollFunction").pop("Events")),
]


class Template(unittest.TestCase):
    """The template as it is."""

    def test_every_rule_is_kept(self):
        for rule in rules.ALL:
            with self.subTest(rule.__name__):
                self.assertEqual([], list(rule(TEMPLATE)))

    def test_the_readme_counts_what_the_template_makes(self):
        for kind, noun in (("AWS::CloudWatch::Alarm", "alarms"), ("AWS::Lambda::EventSourceMapping", "mappings")):
            with self.subTest(noun):
                count = re.search(rf"\*\*total\*\*.*?(\d+) {noun}", README)
                self.assertIsNotNone(count)
                self.assertEqual(len(of_type(TEMPLATE, kind)), int(count[1]))


class Broken(unittest.TestCase):
    """Rules that cannot complain are no rules."""

    def test_every_broken_variant_is_noticed(self):
        for rule, what, breaks in BROKEN:
            with self.subTest(f"{rule.__name__}: {what}"):
                variant = copy.deepcopy(TEMPLATE)
                breaks(variant)
                self.assertNotEqual([], list(rule(variant)))

    def test_every_rule_has_a_broken_variant(self):
        self.assertEqual({r.__name__ for r in rules.ALL}, {rule.__name__ for rule, _, _ in BROKEN})


if __name__ == "__main__":
    unittest.main()
