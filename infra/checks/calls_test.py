"""The roles allow what the programs do, and nothing that no program does.

`calls.json` lists what the deployed programs asked of AWS on a day of everything: `function verb resource`, for rows of
`core` with the class of their partition key, for the key with the purpose of its encryption context. The proofs of
`infra/local/tests/proofs` compare it with what they record; this asks IAM for each line, and for each right who uses it.
"""

import copy
import json
import unittest
from pathlib import Path

import template as source
from template import as_list, functions, may, properties, statements, target

TEMPLATE = source.load()
CALLS = json.loads((Path(__file__).resolve().parent / "calls.json").read_text(encoding="utf-8"))
# What the Lambda service itself does with a role: it writes logs, and takes from the queues mapped to the function.
SERVICE_OWN = ("logs:", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes")


def logical(verb, resource):
    """The logical id of a table or queue: `conn_state` is ConnStateTable, `in-strict.fifo` InStrictQueue."""
    if verb.startswith("kms:"):
        return "DataKey"
    words = resource.removesuffix(".fifo").replace("_", "-").split("-")
    stem = "".join(word.capitalize() for word in words)
    if verb.startswith("dynamodb:"):
        return stem + "Table"
    return stem if stem.endswith("Dlq") else stem + "Queue"


def asked(line):
    """A line as the arguments of `may`, without the template."""
    function, verb, *rest = line.split()
    context = {}
    if verb.startswith("kms:") and rest:
        context = {"purpose": rest[0], "tenant": "ten_1"}
    if verb.startswith("dynamodb:") and len(rest) > 1:
        context = {"leading_key": rest[1].replace("*", "0a1b2c")}
    return (function, verb, logical(verb, rest[0] if rest else "")), context


def denied(t):
    """Lines of calls that a role does not allow."""
    return [line for line in CALLS for place, context in [asked(line)] if not may(t, *place, **context)]


def unused(t):
    """Rights no line needs, as (function, verb, logical id of the resource)."""
    used = {asked(line)[0] for line in CALLS}
    for function in functions(t):
        for s in statements(t, function):
            if s["Effect"] == "Allow":
                for verb in as_list(s["Action"]):
                    for resource in as_list(s["Resource"]):
                        right = (function, verb, target(resource))
                        if not verb.startswith(SERVICE_OWN) and right not in used:
                            yield right


class Calls(unittest.TestCase):
    """What is done against what may be done."""

    def test_every_call_is_allowed(self):
        self.assertEqual([], denied(TEMPLATE))

    def test_every_right_is_used(self):
        self.assertEqual([], list(unused(TEMPLATE)))

    def test_a_right_nobody_needs_is_noticed(self):
        variant = copy.deepcopy(TEMPLATE)
        properties(variant, "IngestRole")["Policies"][0]["PolicyDocument"]["Statement"].append(
            {"Sid": "Added", "Effect": "Allow", "Action": "dynamodb:DeleteItem", "Resource": {"Fn::GetAtt": ["DeadTable", "Arn"]}})
        self.assertEqual([("ingest", "dynamodb:DeleteItem", "DeadTable")], list(unused(variant)))

    def test_a_right_that_is_taken_away_is_missed(self):
        variant = copy.deepcopy(TEMPLATE)
        for policy in properties(variant, target(functions(variant)["deliver"]["Role"]))["Policies"]:
            for s in policy["PolicyDocument"]["Statement"]:
                if s["Sid"] == "CoreConnection":
                    s["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] = ["*#conn"]
        self.assertEqual(["deliver dynamodb:UpdateItem core *#conn#*"], denied(variant))

    def test_calls_are_sorted_and_named_once(self):
        self.assertEqual(sorted(set(CALLS)), CALLS)


if __name__ == "__main__":
    unittest.main()
