"""What a linter lets through: one function per rule, each giving its complaints about a parsed template.

Called by template_test.py, on the template (no complaint) and on broken variants of it (a complaint each).
"""

from grants import FUNCTIONS, api_keys, audit, receivers, secrets, senders, wildcards
from template import functions, is_dead_letter, is_fifo, mappings, of_type, properties, target

SENDS_TO_ITSELF = ("poll", "transform", "deliver", "reconcile")


def batches(t):
    """A batch above 10 needs a window; FIFO takes one message and no window."""
    for name, queue, _, p in mappings(t):
        size, window = p["BatchSize"], p.get("MaximumBatchingWindowInSeconds", 0)
        if size > 10 and window < 1:
            yield f"{name}: a batch of {size} needs a window of at least 1 s"
        if is_fifo(properties(t, queue)) and (size != 1 or "MaximumBatchingWindowInSeconds" in p):
            yield f"{name}: FIFO takes batch 1 and no window"


def partial_failures(t):
    """Every mapping reports failed items, and standard queues have a bounded concurrency."""
    for name, queue, _, p in mappings(t):
        if p.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{name}: does not report batch item failures"
        if not is_fifo(properties(t, queue)) and "ScalingConfig" not in p:
            yield f"{name}: has no maximum concurrency"


def visibility(t):
    """Six time limits, or for jobs 960 s over 900 s (their handler renews it)."""
    for name, queue, function, _ in mappings(t):
        seen, limit = properties(t, queue)["VisibilityTimeout"], functions(t)[function]["Timeout"]
        renewed = queue.startswith("Jobs") and (seen, limit) == (960, 900)
        if seen < 6 * limit and not renewed:
            yield f"{name}: visibility {seen} s of {queue} is under six times {limit} s"


def redrive(t):
    """Every queue ends in a dead-letter queue of its type that remembers longer; receives are counted as designed."""
    counts = {"In": 2, "Deliver": 2, "Bulk": 2, "InQuarantine": 6, "DeliverQuarantine": 6, "InStrict": 240,
              "DeliverStrict": 10, "JobsPoll": 10, "JobsReconcile": 10}
    queues = of_type(t, "AWS::SQS::Queue")
    for name, resource in queues.items():
        p = resource["Properties"]
        if is_dead_letter(name):
            if p["MessageRetentionPeriod"] != 14 * 86400:
                yield f"{name}: keeps messages less than 14 days"
            continue
        if "RedrivePolicy" not in p:
            yield f"{name}: has no redrive"
            continue
        if p["RedrivePolicy"]["maxReceiveCount"] != counts[name.removesuffix("Queue")]:
            yield f"{name}: redrive after {p['RedrivePolicy']['maxReceiveCount']} receives is not as designed"
        last, hops = name, 0
        while "RedrivePolicy" in queues[last]["Properties"] and hops < 5:
            last, hops = target(queues[last]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]), hops + 1
        end = queues[last]["Properties"]
        if not is_dead_letter(last) or end["MessageRetentionPeriod"] <= p["MessageRetentionPeriod"]:
            yield f"{name}: does not end in a dead-letter queue that keeps messages longer"
        if is_fifo(end) != is_fifo(p):
            yield f"{name}: ends in a queue of another type"


def queue_settings(t):
    """Encrypted; FIFO with high throughput; name and type agree."""
    for name, resource in of_type(t, "AWS::SQS::Queue").items():
        p = resource["Properties"]
        if p.get("SqsManagedSseEnabled") is not True:
            yield f"{name}: is not encrypted"
        if p["QueueName"]["Fn::Sub"].endswith(".fifo") != is_fifo(p):
            yield f"{name}: name and type disagree"
        fast = (p.get("DeduplicationScope"), p.get("FifoThroughputLimit")) == ("messageGroup", "perMessageGroupId")
        if is_fifo(p) != fast:
            yield f"{name}: FIFO without high throughput, or the reverse"


def recursion(t):
    """Functions that send to themselves are let."""
    for name in SENDS_TO_ITSELF:
        if functions(t)[name].get("RecursiveLoop") != "Allow":
            yield f"{name}: would be stopped as a loop"


def tables(t):
    """Retained, protected, restorable, encrypted, on demand, keyed by pk and sk, without an index."""
    found = of_type(t, "AWS::DynamoDB::Table")
    names = {r["Properties"]["TableName"]["Fn::Sub"].removeprefix("pullpush-${Stage}-") for r in found.values()}
    if names != {"slots", "conn_state", "parked", "dead", "events", "cursors", "due", "core"}:
        yield f"tables: {sorted(names)} are not the eight"
    for name, r in (found | of_type(t, "AWS::KMS::Key")).items():
        if (r.get("DeletionPolicy"), r.get("UpdateReplacePolicy")) != ("Retain", "Retain"):
            yield f"{name}: is not retained"
    for name, r in found.items():
        p = r["Properties"]
        if [k["AttributeName"] for k in p["KeySchema"]] != ["pk", "sk"] or "GlobalSecondaryIndexes" in p:
            yield f"{name}: key is not pk and sk alone"
        if p["BillingMode"] != "PAY_PER_REQUEST" or not p.get("DeletionProtectionEnabled"):
            yield f"{name}: is not on demand and protected"
        restorable = p["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        if not p["SSESpecification"]["SSEEnabled"] or not restorable:
            yield f"{name}: is not encrypted and restorable"
    if "TimeToLiveSpecification" in properties(t, "SlotsTable"):
        yield "SlotsTable: slots must not expire"
    for key in of_type(t, "AWS::KMS::Key").values():
        if key["Properties"].get("EnableKeyRotation") is not True:
            yield "DataKey: is not rotated"


def logs(t):
    """Every function writes to a log group of its own that forgets."""
    groups = [target(p["LoggingConfig"]["LogGroup"]) for p in functions(t).values() if "LoggingConfig" in p]
    if len(set(groups)) != len(FUNCTIONS):
        yield "logs: not one log group per function"
    for group in groups:
        if "RetentionInDays" not in properties(t, group):
            yield f"{group}: keeps logs for ever"


def public_url(t):
    """Ingest and api both print webhook URLs from PublicBaseUrl."""
    for name in ("ingest", "api"):
        value = functions(t)[name]["Environment"]["Variables"].get("PUBLIC_BASE_URL", {})
        if value.get("Fn::If", [None, None])[:2] != ["HasPublicBaseUrl", {"Ref": "PublicBaseUrl"}]:
            yield f"{name}: PUBLIC_BASE_URL does not come from the parameter"


def alarms(t):
    """Every dead-letter queue and both live queues have an age alarm; alarms act only with a topic."""
    found = of_type(t, "AWS::CloudWatch::Alarm")
    watched = {
        target(d["Value"]): r["Properties"]["Threshold"]
        for r in found.values()
        if r["Properties"].get("MetricName") == "ApproximateAgeOfOldestMessage"
        for d in r["Properties"]["Dimensions"]
    }
    for name in of_type(t, "AWS::SQS::Queue"):
        if (is_dead_letter(name) or name in ("InQueue", "DeliverQueue")) and watched.get(name) != 300:
            yield f"{name}: no alarm on an age of 300 s"
    for name, r in found.items():
        only_if = [{"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}]
        if [r["Properties"].get("AlarmActions")] != only_if:
            yield f"{name}: acts without a topic"
    unaccounted = [r["Properties"] for n, r in found.items() if "Unaccounted" in str(r["Properties"].get("Metrics"))]
    if [(u["Threshold"], u["EvaluationPeriods"], u["TreatMissingData"]) for u in unaccounted] != [(0, 2, "breaching")]:
        yield "unaccounted: no alarm that also hears silence"


def schedule(t):
    """One schedule, every minute, to poll."""
    events = [(n, e["Properties"]) for n, p in functions(t).items() for e in p.get("Events", {}).values()]
    if [(n, e["Schedule"], e["Input"]) for n, e in events] != [("poll", "rate(1 minute)", '{"kind":"sweep"}')]:
        yield "schedule: not one sweep a minute to poll"


ALL = (batches, partial_failures, visibility, redrive, queue_settings, recursion, wildcards, secrets, api_keys, audit,
       tables, logs, receivers, senders, public_url, alarms, schedule)
