"""Limits and their changes on the ledger's table.

Items under pk A#{account}: RISK holds what is in force and when the next change is due, LP#{limit} the change that
waits, LC#{asked}#{limit}#{effective}#{state} one row a step of every change, never written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_orders import LedgerOrders
from quantumzero.adapters.aws.ledger_table import (
    Item,
    Value,
    attribute,
    item_of,
    time_of,
    time_text,
)
from quantumzero.adapters.aws.risk_items import limit_attribute, limit_value
from quantumzero.domain.risk.limit_changes import ChangeState, LimitChange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.risk.limit_changes import LimitPlan

_NEW = "attribute_not_exists(pk)"


class DynamoLimits(LedgerOrders):
    """Implements LimitStore."""

    def waiting(self) -> Sequence[LimitChange]:
        """Return the changes that wait, by the limit's name."""
        return [_change(values) for values in self.starting_with("LP#")]

    def history(self, *, limit: int) -> Sequence[LimitChange]:
        """Return the newest rows, newest first."""
        found = self.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={
                ":pk": attribute(self.partition),
                ":prefix": attribute("LC#"),
            },
            ScanIndexForward=False,
            Limit=limit,
        )
        return [_change(values) for _, values in zip(range(limit), found, strict=False)]

    def store(self, plan: LimitPlan) -> None:
        """Write limits, waiting changes and rows in one transaction."""
        self.write(_actions(self, plan))


def _actions(table: LedgerOrders, plan: LimitPlan) -> list[dict[str, Any]]:
    before = {each.name: each for each in plan.known}
    after = {each.name: each for each in plan.waiting}
    actions = [_risk(table, plan)]
    actions += [
        _waiting(table, name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    asked = [each for each in plan.waiting if each not in plan.known]
    actions += [
        {
            "Put": {
                "TableName": table.table,
                "Item": _item(table.partition, _row_key(each), each),
                "ConditionExpression": _NEW,
            }
        }
        for each in (*asked, *plan.settled)
    ]
    return actions


def _risk(table: LedgerOrders, plan: LimitPlan) -> dict[str, Any]:
    """Set the limits that change, on condition that version and due time are as they were read."""
    names: dict[str, str] = {}
    values: dict[str, Value | None] = {
        ":version": plan.version,
        ":after": plan.limits.version,
        ":due_before": plan.due_before,
        ":due": plan.due,
    }
    sets = ["limits_version = :after"]
    for index, name in enumerate(plan.changed):
        names[f"#limit{index}"] = limit_attribute(name)
        values[f":limit{index}"] = limit_value(plan.limits, name)
        sets.append(f"#limit{index} = :limit{index}")
    known = (
        "attribute_not_exists(limits_due)"
        if plan.due_before is None
        else "limits_due = :due_before"
    )
    if plan.due is not None:
        sets.append("limits_due = :due")
    removed = "" if plan.due is not None else " REMOVE limits_due"
    update: dict[str, Any] = {
        "TableName": table.table,
        "Key": table.key("RISK"),
        "ConditionExpression": f"limits_version = :version AND {known}",
        "UpdateExpression": f"SET {', '.join(sets)}{removed}",
        "ExpressionAttributeValues": item_of(values),
    }
    if names:
        update["ExpressionAttributeNames"] = names
    return {"Update": update}


def _waiting(
    table: LedgerOrders, name: str, before: LimitChange | None, after: LimitChange | None
) -> dict[str, Any]:
    """Put the change that waits now, or delete the one that did, if it still is the one that was read."""
    action: dict[str, Any] = {"TableName": table.table, "ConditionExpression": _NEW}
    if before is not None:
        action["ConditionExpression"] = "asked_at = :asked"
        action["ExpressionAttributeValues"] = {":asked": attribute(before.asked_at)}
    if after is None:
        return {"Delete": {**action, "Key": table.key(f"LP#{name}")}}
    return {"Put": {**action, "Item": _item(table.partition, f"LP#{name}", after)}}


def _row_key(change: LimitChange) -> str:
    times = (time_text(change.asked_at), time_text(change.effective_at))
    return f"LC#{times[0]}#{change.name}#{times[1]}#{change.state}"


def _item(partition: str, sort: str, change: LimitChange) -> Item:
    return item_of(
        {
            "pk": partition,
            "sk": sort,
            "name": change.name,
            "old": change.old,
            "new": change.new,
            "author": change.author,
            "reason": change.reason,
            "asked_at": change.asked_at,
            "effective_at": change.effective_at,
            "state": change.state.value,
            "version": change.version,
        }
    )


def _change(values: Mapping[str, Any]) -> LimitChange:
    def at(name: str) -> datetime:
        return time_of(values[name])

    version = values.get("version")
    return LimitChange(
        name=values["name"],
        old=values["old"],
        new=values["new"],
        author=values["author"],
        reason=values["reason"],
        asked_at=at("asked_at"),
        effective_at=at("effective_at"),
        state=ChangeState(values["state"]),
        version=None if version is None else int(version),
    )
