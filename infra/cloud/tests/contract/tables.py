"""Tables of one check each, rows, and the updates our store sends. Only the DynamoDB checks call these."""
import uuid

# What the store asks with every call that costs something.
TOTAL = {"ReturnConsumedCapacity": "TOTAL"}


def new_table(dynamodb):
    """A table as every table of the template is; the answer is its name."""
    name = f"contract-{uuid.uuid4().hex[:12]}"
    dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}])
    return name


def attribute(value):
    """A Python value as an attribute: texts, whole numbers and bytes."""
    if isinstance(value, dict):
        return value
    return {"S": value} if isinstance(value, str) else {"B": value} if isinstance(value, bytes) else {"N": str(value)}


def row(pk="p", sk=".", **attributes):
    """A row of a key and attributes."""
    return {name: attribute(value) for name, value in {"pk": pk, "sk": sk, **attributes}.items()}


def put(dynamodb, table, item):
    """Writes a row as it is."""
    dynamodb.put_item(TableName=table, Item=item)


def read(dynamodb, table, pk="p", sk="."):
    """A row as it is now, or None."""
    return dynamodb.get_item(TableName=table, Key=row(pk, sk), ConsistentRead=True).get("Item")


def update(dynamodb, table, expression, condition=None, values=None, **more):
    """The arguments of one update of the row `p`, `.`, sent at once."""
    return dynamodb.update_item(**update_of(table, expression, condition, values, **more))


def update_of(table, expression, condition=None, values=None, **more):
    """The same arguments, for a call that is to be refused."""
    arguments = {"TableName": table, "Key": row(), "UpdateExpression": expression, **more}
    if condition:
        arguments["ConditionExpression"] = condition
    if values:
        arguments["ExpressionAttributeValues"] = {f":{name}": attribute(value) for name, value in values.items()}
    return arguments


def query(dynamodb, table, low, high, **more):
    """The rows of `p` between two sort keys, both included, as one page."""
    return dynamodb.query(TableName=table, KeyConditionExpression="pk = :pk AND sk BETWEEN :from AND :to", ConsistentRead=True,
                          ExpressionAttributeValues={":pk": {"S": "p"}, ":from": {"S": low}, ":to": {"S": high}}, **more)
