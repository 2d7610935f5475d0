"""Rules of what roles allow: verbs, rows, secrets, queues. IAM is asked (`may`), not read.

Called through rules.py, which lists every rule.
"""

from template import as_list, functions, mappings, may, of_type, properties, statements, target

FUNCTIONS = {"ingest", "poll", "transform", "deliver", "reconcile", "api"}
PURPOSES = ("credentials", "webhook")
OPENS = {"ingest": {"webhook"}, "poll": {"credentials"}, "deliver": {"credentials"}, "reconcile": {"credentials"}}
# Who exchanges credentials for a session seals what came of it.
SEALS = {"api": {"credentials", "webhook"}, "poll": {"credentials"}, "deliver": {"credentials"}, "reconcile": {"credentials"}}
KEY_ROWS = ("key#0a1b2c", "t1#key#k1")
READS_KEYS = {"ingest", "api"}
RECEIVE = "sqs:ReceiveMessage"
QUEUES_BY_ENV = {
    "QUEUE_IN": "InQueue", "QUEUE_IN_STRICT": "InStrictQueue", "QUEUE_DELIVER": "DeliverQueue",
    "QUEUE_DELIVER_STRICT": "DeliverStrictQueue", "QUEUE_BULK": "BulkQueue", "QUEUE_JOBS_POLL": "JobsPollQueue",
    "QUEUE_JOBS_RECONCILE": "JobsReconcileQueue",
}


def wildcards(t):
    """One role per function, its policies written out, no wildcard in a verb or a resource."""
    roles = [target(p["Role"]) for p in functions(t).values()]
    if set(functions(t)) != FUNCTIONS or len(set(roles)) != len(roles):
        yield "roles: not one per function"
    for role in roles:
        if "ManagedPolicyArns" in properties(t, role):
            yield f"{role}: has managed policies"
    for name in functions(t):
        for s in statements(t, name):
            for field in ("Action", "Resource"):
                if any("*" in str(v) for v in as_list(s.get(field, "*"))):
                    yield f"{name}: a wildcard in {field} of {s['Sid']}"
            if any(a in ("dynamodb:Scan", "dynamodb:PartiQLSelect") for a in as_list(s["Action"])):
                yield f"{name}: may read whole tables ({s['Sid']})"


def secrets(t):
    """Who opens and who seals what, exactly; never without a tenant."""
    for name in functions(t):
        for verb, table in (("kms:Decrypt", OPENS), ("kms:GenerateDataKey", SEALS)):
            for purpose in (*PURPOSES, "other", None):
                context = {"tenant": "t1"} | ({"purpose": purpose} if purpose else {})
                if may(t, name, verb, "DataKey", **context) != (purpose in table.get(name, set())):
                    yield f"{name}: {verb} for purpose {purpose} is not as designed"
                if purpose and may(t, name, verb, "DataKey", purpose=purpose):
                    yield f"{name}: {verb} without a tenant"
        for verb in ("kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:CreateGrant"):
            if may(t, name, verb, "DataKey", tenant="t1", purpose="credentials"):
                yield f"{name}: {verb} is nobody's"


def api_keys(t):
    """Only ingest and api read API keys; only api writes `core` rows that are not connections, jobs or plans."""
    for name in functions(t):
        for row in KEY_ROWS:
            for verb in ("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"):
                if may(t, name, f"dynamodb:{verb}", "CoreTable", leading_key=row) and name not in READS_KEYS:
                    yield f"{name}: {verb} on API keys ({row})"
        for verb in ("PutItem", "UpdateItem", "DeleteItem"):
            for row in ("t1#tenant#t1", "t1#def#d1", "t1#flow#f1"):
                if name != "api" and may(t, name, f"dynamodb:{verb}", "CoreTable", leading_key=row):
                    yield f"{name}: {verb} on {row}"
        if not may(t, name, "dynamodb:GetItem", "CoreTable", leading_key="t1#conn#c1"):
            yield f"{name}: cannot read a connection"


def audit(t):
    """The audit trail can be written to and not rewritten."""
    for name in functions(t):
        for verb in ("UpdateItem", "DeleteItem"):
            if may(t, name, f"dynamodb:{verb}", "CoreTable", leading_key="t1#audit#2026-01"):
                yield f"{name}: {verb} on the audit trail"


def receivers(t):
    """A role may receive from exactly the queues mapped to its function; every queue is mapped once."""
    queues = of_type(t, "AWS::SQS::Queue")
    mapped = [queue for _, queue, _, _ in mappings(t)]
    if sorted(mapped) != sorted(queues):
        yield "mappings: not one per queue"
    for name in functions(t):
        wanted = {q for _, q, f, _ in mappings(t) if f == name}
        for verb in (RECEIVE, "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"):
            granted = {q for q in queues if may(t, name, verb, q)}
            if granted != wanted:
                yield f"{name}: {verb} on {sorted(granted ^ wanted)} does not match the mappings"


def senders(t):
    """A function is told of exactly the queues it may send to."""
    for name, p in functions(t).items():
        told = {k: target(v) for k, v in p["Environment"]["Variables"].items() if k.startswith("QUEUE_")}
        if any(QUEUES_BY_ENV.get(k) != v for k, v in told.items()):
            yield f"{name}: a queue variable names another queue"
        granted = {q for q in of_type(t, "AWS::SQS::Queue") if may(t, name, "sqs:SendMessage", q)}
        if granted != set(told.values()):
            yield f"{name}: sends to {sorted(granted ^ set(told.values()))} without being told, or the reverse"
