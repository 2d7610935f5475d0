"""DynamoDB: the conditional updates of slots, leases, cursors and rates, word for word as the store sends them.

That one of two writers wins, and that the loser learns what was there, is what nothing-twice stands on.
"""
import threading

from .check import checks, refused
from .tables import new_table, put, read, row, update, update_of

check = checks("dynamodb", "dynamodb updates")

CONDITION = "ConditionalCheckFailedException"
LEASE = "SET lo = :me, lx = :lx ADD lt :one"
FREE = "attribute_not_exists(lo) OR lx < :now"
NEWER = "(attribute_not_exists(av) OR av < :v OR (av = :v AND attribute_exists(ah) AND ah <> :ah)) AND (attribute_not_exists(lo) OR lx < :now)"


def lease(me="a", now=100):
    return {"me": me, "lx": now + 60, "one": 1, "now": now}


@check
def a_failed_condition_returns_the_old_item(dynamodb):
    table = new_table(dynamodb)
    held = row(lo="a", lx=200, lt=7)
    put(dynamodb, table, held)
    error = refused(CONDITION, dynamodb.update_item, **update_of(
        table, LEASE, FREE, lease("b"), ReturnValuesOnConditionCheckFailure="ALL_OLD"))
    assert error.response["Item"] == held
    assert read(dynamodb, table) == held


@check
def a_failed_condition_on_nothing_returns_no_item(dynamodb):
    table = new_table(dynamodb)
    error = refused(CONDITION, dynamodb.update_item, **update_of(
        table, "SET c = :c", "lt = :lt", {"c": "x", "lt": 1}, ReturnValuesOnConditionCheckFailure="ALL_OLD"))
    assert not error.response.get("Item")
    assert read(dynamodb, table) is None


@check
def a_lease_is_taken_once_until_it_ends(dynamodb):
    table = new_table(dynamodb)
    taken = update(dynamodb, table, LEASE, FREE, lease("a"), ReturnValues="ALL_NEW")
    assert taken["Attributes"] == row(lo="a", lx=160, lt=1)
    refused(CONDITION, dynamodb.update_item, **update_of(table, LEASE, FREE, lease("b", 160)))
    taken = update(dynamodb, table, LEASE, FREE, lease("b", 161), ReturnValues="ALL_NEW")
    assert taken["Attributes"] == row(lo="b", lx=221, lt=2)


@check
def the_old_item_is_returned_and_nothing_where_there_was_none(dynamodb):
    table = new_table(dynamodb)
    first = update(dynamodb, table, LEASE, FREE, lease("a", 0), ReturnValues="ALL_OLD")
    assert not first.get("Attributes")
    second = update(dynamodb, table, LEASE, FREE, lease("b", 100), ReturnValues="ALL_OLD")
    assert second["Attributes"] == row(lo="a", lx=60, lt=1)


@check
def a_slot_takes_what_is_newer_and_free(dynamodb):
    table = new_table(dynamodb)
    for item, taken in [
        (None, True),
        (row(av="1"), True), (row(av="2", ah="h"), False), (row(av="2", ah="other"), True), (row(av="2"), False), (row(av="3"), False),
        (row(lo="x", lx=99), True), (row(lo="x", lx=100), False), (row(av="1", lo="x", lx=200), False), (row(av="3", lo="x", lx=99), False),
        (row(av="10"), True),  # texts, not numbers: "10" is before "2"
    ]:
        dynamodb.delete_item(TableName=table, Key=row())
        if item:
            put(dynamodb, table, item)
        arguments = update_of(table, LEASE, NEWER, {**lease("me"), "v": "2", "ah": "h"})
        try:
            dynamodb.update_item(**arguments)
            assert taken, f"taken over {item}"
        except dynamodb.exceptions.ConditionalCheckFailedException:
            assert not taken, f"refused over {item}"


@check
def a_fence_guards_what_is_set_and_removed(dynamodb):
    table = new_table(dynamodb)
    put(dynamodb, table, row(lo="me", lx=200, lt=3, n=2, nv="1"))
    commit = "SET av = :av, ah = :ah REMOVE lo, lx, n, nv, du"
    refused(CONDITION, dynamodb.update_item, **update_of(table, commit, "lt = :lt", {"av": "2", "ah": "h", "lt": 2}))
    update(dynamodb, table, commit, "lt = :lt", {"av": "2", "ah": "h", "lt": 3})
    assert read(dynamodb, table) == row(lt=3, av="2", ah="h")


@check
def of_many_writers_one_wins(dynamodb):
    table = new_table(dynamodb)
    won, lost = [], []

    def attempt(name):
        try:
            update(dynamodb, table, LEASE, FREE, lease(name))
            won.append(name)
        except dynamodb.exceptions.ConditionalCheckFailedException:
            lost.append(name)
    writers = [threading.Thread(target=attempt, args=(f"w{n}",)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(won) == 1 and len(lost) == 7, (won, lost)
    assert read(dynamodb, table) == row(lo=won[0], lx=160, lt=1)


@check
def a_mark_once_set_stays_and_a_line_ends_where_nobody_joined(dynamodb):
    table = new_table(dynamodb)
    for sequence in ["5", "9"]:
        update(dynamodb, table, "SET hl = :one, ps = if_not_exists(ps, :ps)", None, {"one": 1, "ps": sequence})
    assert read(dynamodb, table) == row(hl=1, ps="5")
    resume = ("REMOVE hl, ps", "attribute_not_exists(ps) OR ps <= :ps")
    refused(CONDITION, dynamodb.update_item, **update_of(table, *resume, {"ps": "4"}))
    update(dynamodb, table, *resume, {"ps": "5"})
    assert read(dynamodb, table) == row()


@check
def a_rate_moves_on_from_what_is_stored_exactly(dynamodb):
    table = new_table(dynamodb)
    step = update_of(table, "SET tat = tat + :step", "tat >= :floor", {"step": 7, "floor": 0}, ReturnValues="ALL_OLD")
    refused(CONDITION, dynamodb.update_item, **step)
    start = {"step": 1769850000000001, "floor": 5}
    update(dynamodb, table, "SET tat = :step", "attribute_not_exists(tat) OR tat < :floor", start)
    assert dynamodb.update_item(**step)["Attributes"] == row(tat=1769850000000001)
    assert read(dynamodb, table) == row(tat=1769850000000008)


@check
def a_sum_over_nothing_is_refused(dynamodb):
    table = new_table(dynamodb)
    refused("ValidationException", dynamodb.update_item, **update_of(table, "SET tat = tat + :step", None, {"step": 7}))


@check
def a_door_belongs_to_who_made_it(dynamodb):
    table = new_table(dynamodb)
    for tenant, taken in [("t1", True), ("t1", True), ("t2", False)]:
        arguments = {"TableName": table, "Item": row(t=tenant), "ExpressionAttributeValues": {":t": {"S": tenant}},
                     "ConditionExpression": "attribute_not_exists(pk) OR t = :t"}
        if taken:
            dynamodb.put_item(**arguments)
        else:
            refused(CONDITION, dynamodb.put_item, **arguments)
    assert read(dynamodb, table) == row(t="t1")


@check
def an_unused_value_and_a_key_in_an_update_are_refused(dynamodb):
    table = new_table(dynamodb)
    refused("ValidationException", dynamodb.update_item, **update_of(table, "SET a = :a", None, {"a": 1, "b": 2}))
    refused("ValidationException", dynamodb.update_item, **update_of(table, "SET sk = :a", None, {"a": "x"}))
