"""DynamoDB: puts, deletes, batches and transactions, what a row may hold, and what a write costs."""
from .check import checks, refused
from .tables import TOTAL, attribute, new_table, put, read, row, update, update_of

check = checks("dynamodb", "dynamodb writes")


@check
def a_row_keeps_every_kind_of_value(dynamodb):
    table = new_table(dynamodb)
    item = row(text="håll", none="", whole=-7, raw=b"\x00\xff\x01", flag={"BOOL": False}, null={"NULL": True},
               list={"L": [{"S": "a"}, {"N": "1"}, {"L": []}]}, map={"M": {"a": {"M": {}}}})
    put(dynamodb, table, item)
    assert read(dynamodb, table) == item


@check
def numbers_keep_thirty_eight_digits(dynamodb):
    table = new_table(dynamodb)
    digits = "12345678901234567890123456789012345678"
    for written, stored in [(digits, digits), ("0.00000000000000000000000000000000000001", None), ("19.990", "19.99"), ("-0", "0"), ("1E3", "1000")]:
        put(dynamodb, table, row(n={"N": written}))
        found = read(dynamodb, table)["n"]["N"]
        assert stored is None and float(found) == float(written) or found == stored, f"{written} became {found}"
    refused("ValidationException", dynamodb.put_item, TableName=table, Item=row(n={"N": digits + "9"}))
    refused("ValidationException", dynamodb.put_item, TableName=table, Item=row(n={"N": "twelve"}))


@check
def an_empty_key_and_a_missing_one_are_refused(dynamodb):
    table = new_table(dynamodb)
    for item in [row(sk=""), {"pk": {"S": "p"}}, row(sk=7)]:
        refused("ValidationException", dynamodb.put_item, TableName=table, Item=item)


@check
def a_row_of_four_hundred_kibibytes_passes_and_a_byte_more_does_not(dynamodb):
    table = new_table(dynamodb)
    rest = len("pk" + "p" + "sk" + "." + "b")
    put(dynamodb, table, row(b="x" * (409600 - rest)))
    refused("ValidationException", dynamodb.put_item, TableName=table, Item=row(b="x" * (409601 - rest)))
    refused("ValidationException", dynamodb.update_item, **update_of(table, "SET c = :c", None, {"c": "x"}))


@check
def a_put_replaces_the_whole_row(dynamodb):
    table = new_table(dynamodb)
    put(dynamodb, table, row(a=1, b=2))
    put(dynamodb, table, row(a=3))
    assert read(dynamodb, table) == row(a=3)


@check
def a_row_may_be_deleted_twice(dynamodb):
    table = new_table(dynamodb)
    put(dynamodb, table, row())
    for _ in range(2):
        dynamodb.delete_item(TableName=table, Key=row())
    assert read(dynamodb, table) is None


def puts(table, rows):
    return {"RequestItems": {table: [{"PutRequest": {"Item": item}} for item in rows]}, **TOTAL}


@check
def a_batch_of_twenty_five_is_written_and_counted(dynamodb):
    table = new_table(dynamodb)
    rows = [row(sk=f"{n:02}", raw=bytes([n])) for n in range(25)]
    written = dynamodb.batch_write_item(**puts(table, rows))
    assert not written.get("UnprocessedItems")
    [consumed] = written["ConsumedCapacity"]
    assert (consumed["TableName"], consumed["CapacityUnits"]) == (table, 25.0), consumed
    assert [read(dynamodb, table, sk=item["sk"]["S"]) for item in rows] == rows


@check
def a_batch_of_twenty_six_is_refused_whole(dynamodb):
    table = new_table(dynamodb)
    refused("ValidationException", dynamodb.batch_write_item, **puts(table, [row(sk=f"{n:02}") for n in range(26)]))
    assert read(dynamodb, table, sk="00") is None


@check
def a_batch_with_a_key_twice_is_refused_whole(dynamodb):
    table = new_table(dynamodb)
    refused("ValidationException", dynamodb.batch_write_item, **puts(table, [row(sk="00", a=1), row(sk="01"), row(sk="00", a=2)]))
    assert read(dynamodb, table, sk="01") is None


def transaction(table, rows):
    return {"TransactItems": [{"Put": {"TableName": table, "Item": item}} for item in rows]}


@check
def a_transaction_writes_both(dynamodb):
    table = new_table(dynamodb)
    dynamodb.transact_write_items(**transaction(table, [row("own", d="x"), row("listed", "id", d="x")]))
    assert read(dynamodb, table, "own") and read(dynamodb, table, "listed", "id")


@check
def a_transaction_writes_both_or_neither(dynamodb):
    table = new_table(dynamodb)
    put(dynamodb, table, row("listed"))
    both = transaction(table, [row("own"), row("listed")])
    both["TransactItems"][1]["Put"]["ConditionExpression"] = "attribute_not_exists(pk)"
    error = refused("TransactionCanceledException", dynamodb.transact_write_items, **both)
    assert [reason["Code"] for reason in error.response["CancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    assert read(dynamodb, table, "own") is None


@check
def a_transaction_with_a_key_twice_is_refused(dynamodb):
    table = new_table(dynamodb)
    refused("ValidationException", dynamodb.transact_write_items, **transaction(table, [row(d="x"), row(d="y")]))
    assert read(dynamodb, table) is None


@check
def a_write_costs_a_unit_for_each_kibibyte(dynamodb):
    table = new_table(dynamodb)
    for size, units in [(10, 1.0), (1000, 1.0), (1500, 2.0), (10000, 10.0)]:
        answer = dynamodb.put_item(TableName=table, Item=row(b="x" * size), **TOTAL)
        assert answer["ConsumedCapacity"]["CapacityUnits"] == units, (size, answer["ConsumedCapacity"])
    answer = update(dynamodb, table, "SET b = :b", None, {"b": attribute("y")}, **TOTAL)
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 10.0, "an update costs the larger of before and after"
    answer = dynamodb.delete_item(TableName=table, Key=row(), **TOTAL)
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 1.0, answer["ConsumedCapacity"]
