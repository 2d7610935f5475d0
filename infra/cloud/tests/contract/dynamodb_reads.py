"""DynamoDB: reads, pages and their order, what they cost, and what a table says of itself."""
import time

from .check import checks, refused
from .tables import TOTAL, new_table, put, query, row

check = checks("dynamodb", "dynamodb reads")


def filled(dynamodb, keys, **attributes):
    table = new_table(dynamodb)
    for key in keys:
        put(dynamodb, table, row(sk=key, **attributes))
    return table


def keys(answer):
    return [item["sk"]["S"] for item in answer["Items"]]


@check
def what_was_written_is_read_at_once(dynamodb):
    table = new_table(dynamodb)
    for number in range(20):
        put(dynamodb, table, row(n=number))
        assert dynamodb.get_item(TableName=table, Key=row(), ConsistentRead=True)["Item"] == row(n=number)


@check
def a_row_that_is_not_there_is_no_item(dynamodb):
    assert "Item" not in dynamodb.get_item(TableName=new_table(dynamodb), Key=row(), ConsistentRead=True)


@check
def a_range_holds_both_its_ends_in_order_of_bytes(dynamodb):
    table = filled(dynamodb, ["å", "b", "~", "a", "B", "0", " ", "a#1", "10", "9"])
    put(dynamodb, table, row("other", "b"))
    assert keys(query(dynamodb, table, " ", "~")) == [" ", "0", "10", "9", "B", "a", "a#1", "b", "~"]
    assert keys(query(dynamodb, table, "0", "9")) == ["0", "10", "9"]
    assert keys(query(dynamodb, table, "c", "d")) == []


@check
def the_newest_come_first_when_asked(dynamodb):
    table = filled(dynamodb, ["1", "2", "3"])
    assert keys(query(dynamodb, table, "0", "9~", ScanIndexForward=False)) == ["3", "2", "1"]
    assert keys(query(dynamodb, table, "0", "9~", ScanIndexForward=False, Limit=1)) == ["3"]


@check
def a_batch_is_written_and_a_prefix_is_queried(dynamodb):
    table = new_table(dynamodb)
    items = [row(sk=f"{kind}#{n:02}") for kind in ["a", "b"] for n in range(10)]
    dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in items]})
    found = dynamodb.query(TableName=table, KeyConditionExpression="pk = :p AND begins_with(sk, :s)",
                           ExpressionAttributeValues={":p": {"S": "p"}, ":s": {"S": "b#"}})
    assert found["Items"] == items[10:]


def pages(dynamodb, table, **more):
    """Every page's keys, following the key that each but the last names."""
    found, start = [], {}
    while True:
        answer = query(dynamodb, table, " ", "~", **more, **start)
        found.append(keys(answer))
        if "LastEvaluatedKey" not in answer:
            return found
        assert answer["LastEvaluatedKey"] == row(sk=found[-1][-1])
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


@check
def pages_hold_every_row_once(dynamodb):
    table = filled(dynamodb, "abcdefg")
    for forward, wanted in [(True, "abcdefg"), (False, "gfedcba")]:
        found = pages(dynamodb, table, Limit=3, ScanIndexForward=forward)
        assert [len(page) for page in found] == [3, 3, 1] and "".join(sum(found, [])) == wanted, found


@check
def a_full_last_page_names_a_next_one_that_is_empty(dynamodb):
    assert [len(page) for page in pages(dynamodb, filled(dynamodb, "abcdef"), Limit=3)] == [3, 3, 0]


@check
def a_page_ends_at_a_mebibyte(dynamodb):
    table = filled(dynamodb, "abcdef", b="x" * 300_000)
    found = pages(dynamodb, table, Limit=1000)
    assert len(found[0]) == 3 and "".join(sum(found, [])) == "abcdef", found


@check
def a_read_costs_a_unit_for_four_kibibytes_and_half_where_it_may_be_old(dynamodb):
    table = filled(dynamodb, ["a"], b="x" * 3000)
    for key, consistent, units in [("a", True, 1.0), ("a", False, 0.5), ("not there", True, 1.0)]:
        answer = dynamodb.get_item(TableName=table, Key=row(sk=key), ConsistentRead=consistent, **TOTAL)
        assert answer["ConsumedCapacity"]["CapacityUnits"] == units, (key, consistent, answer["ConsumedCapacity"])


@check
def a_page_costs_what_its_rows_weigh_together(dynamodb):
    table = filled(dynamodb, "abcd", b="x" * 3000)
    answer = query(dynamodb, table, "a", "z", **TOTAL)
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 3.0, answer["ConsumedCapacity"]


@check
def a_table_is_described_listed_and_made_once(dynamodb):
    table = new_table(dynamodb)
    described = dynamodb.describe_table(TableName=table)["Table"]
    assert described["TableStatus"] == "ACTIVE"
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    names = [name for page in dynamodb.get_paginator("list_tables").paginate() for name in page["TableNames"]]
    assert table in names
    definition = {name: described[name] for name in ["AttributeDefinitions", "KeySchema"]}
    refused("ResourceInUseException", dynamodb.create_table, TableName=table, BillingMode="PAY_PER_REQUEST", **definition)


@check
def a_missing_table_is_named_as_such(dynamodb):
    for call, arguments in [
        (dynamodb.describe_table, {}), (dynamodb.get_item, {"Key": row()}), (dynamodb.put_item, {"Item": row()}),
    ]:
        refused("ResourceNotFoundException", call, TableName="no-such-table", **arguments)


@check
def an_item_past_its_time_is_still_read_until_swept(dynamodb):
    table = new_table(dynamodb)
    wanted = {"Enabled": True, "AttributeName": "exp"}
    assert dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"
    dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)
    shown = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert shown["TimeToLiveStatus"] in ("ENABLING", "ENABLED") and shown["AttributeName"] == "exp"
    past = row(exp=int(time.time()) - 1)
    put(dynamodb, table, past)
    assert query(dynamodb, table, " ", "~")["Items"] == [past]
