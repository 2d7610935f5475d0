"""Reads template.yaml as plain data and answers what it grants.

Called by rules.py and the tests beside it. Intrinsic functions stay as they are written ({"Ref": …}); nothing is
resolved against AWS, nothing is fetched.
"""

import fnmatch
from pathlib import Path

import yaml

PATH = Path(__file__).resolve().parent.parent / "template.yaml"


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags."""


def _intrinsic(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def load(text=None):
    """The template as dicts and lists."""
    return yaml.load(PATH.read_text(encoding="utf-8") if text is None else text, Loader=_Loader)


def of_type(template, kind):
    """Resources of one type: logical id → resource."""
    return {name: r for name, r in template["Resources"].items() if r["Type"] == kind}


def properties(template, name):
    """The properties of one resource."""
    return template["Resources"][name]["Properties"]


def target(reference):
    """The logical id a Ref or GetAtt points to."""
    if "Ref" in reference:
        return reference["Ref"]
    return reference["Fn::GetAtt"][0]


def functions(template):
    """Function's short name (`ingest`) → its properties."""
    found = {}
    for resource in of_type(template, "AWS::Serverless::Function").values():
        name = resource["Properties"]["FunctionName"]["Fn::Sub"]
        found[name.rsplit("-", 1)[1]] = resource["Properties"]
    return found


def mappings(template):
    """Event source mappings as (logical id, queue, function's short name, properties)."""
    short = {
        name: r["Properties"]["FunctionName"]["Fn::Sub"].rsplit("-", 1)[1]
        for name, r in of_type(template, "AWS::Serverless::Function").items()
    }
    return [
        (name, target(p["EventSourceArn"]), short[target(p["FunctionName"])], p)
        for name, p in (
            (name, r["Properties"]) for name, r in of_type(template, "AWS::Lambda::EventSourceMapping").items()
        )
    ]


def is_fifo(queue):
    """Whether a queue's properties make it FIFO."""
    return queue.get("FifoQueue", False)


def is_dead_letter(name):
    """Whether a logical id names a dead-letter queue (not a quarantine)."""
    return name.endswith("Dlq")


def as_list(value):
    """A policy field that may be one value or several."""
    return value if isinstance(value, list) else [value]


def statements(template, function):
    """Every statement of a function's role."""
    role = properties(template, target(functions(template)[function]["Role"]))
    return [s for p in role.get("Policies", []) for s in as_list(p["PolicyDocument"]["Statement"])]


def _holds(condition, context):
    for operator, wanted in condition.items():
        for key, patterns in wanted.items():
            have = context.get(key)
            patterns = [str(p) for p in as_list(patterns)]
            if operator == "StringEquals":
                held = have in patterns
            elif operator == "Null":
                held = (have is None) == (patterns == ["true"])
            elif operator in ("ForAllValues:StringLike", "ForAnyValue:StringLike"):
                held = any(fnmatch.fnmatchcase(have or "", p) for p in patterns)
            else:
                raise ValueError(f"condition operator {operator} is unknown to the checks")
            if not held:
                return False
    return True


def may(template, function, action, resource, **context):
    """Whether the role of `function` allows `action` on the resource with logical id `resource`.

    `context` takes leading_key, purpose and tenant; they stand for the IAM keys of the same meaning.
    """
    names = {
        "leading_key": "dynamodb:LeadingKeys",
        "purpose": "kms:EncryptionContext:purpose",
        "tenant": "kms:EncryptionContext:tenant",
    }
    context = {names[k]: v for k, v in context.items()}
    allowed = False
    for statement in statements(template, function):
        actions = [a.lower() for a in as_list(statement["Action"])]
        if not any(fnmatch.fnmatchcase(action.lower(), a) for a in actions):
            continue
        if not any(r == "*" or (isinstance(r, dict) and target(r) == resource) for r in as_list(statement["Resource"])):
            continue
        if not _holds(statement.get("Condition", {}), context):
            continue
        if statement["Effect"] == "Deny":
            return False
        allowed = True
    return allowed
