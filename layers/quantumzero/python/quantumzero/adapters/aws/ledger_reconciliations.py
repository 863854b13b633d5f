"""Comparisons with the broker as items of the ledger: RECONCILE#{id}, and the events of accepted ones."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from quantumzero.adapters.aws.ledger_fills import sheet_item
from quantumzero.adapters.aws.ledger_items import position_item
from quantumzero.adapters.aws.ledger_table import (
    Item,
    LedgerTable,
    Value,
    attribute,
    item_of,
    time_of,
    values_of,
)
from quantumzero.adapters.aws.page_cursors import read_cursor, write_cursor
from quantumzero.adapters.aws.risk_items import USED_PREFIX
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.reconciliation import (
    EXTERNAL_STRATEGY,
    Acceptance,
    CashCorrection,
    Difference,
    Reconciliation,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from quantumzero.domain.reconciliation import Correction, PositionCorrection

_PREFIX = "RECONCILE#"
_KEYS = ("pk", "sk")
_NEW = "attribute_not_exists(pk)"
_ZERO = Decimal(0)
# Clean reports are many and alike; one that differs stays for ever.
_KEPT = timedelta(days=90)


class LedgerReconciliations(LedgerTable):
    """Implements Reconciliations."""

    def put_reconciliation(self, report: Reconciliation) -> None:
        """Store the report."""
        expires = int((report.at + _KEPT).timestamp())
        values: dict[str, Value | None] = {
            "pk": self.partition,
            "sk": f"{_PREFIX}{report.id}",
            "schema": 1,
            "id": report.id,
            "at": report.at,
            "market_time": report.market_time,
            "verdict": report.verdict.value,
            "orders": report.orders,
            "positions": report.positions,
            "external": report.external,
            "difference_count": report.difference_count,
            "differences": msgspec.json.encode(list(report.differences)).decode(),
            "reason": report.reason,
            "expires_at": None if report.verdict is Verdict.DIFFERS else expires,
        }
        self.call("put_item", Item=item_of(values))

    def reconciliation(self, identifier: str) -> Reconciliation | None:
        """Return the report as stored now."""
        values = self.get(f"{_PREFIX}{identifier}")
        return _report(values) if values else None

    def reconciliations(
        self, *, limit: int, cursor: str | None
    ) -> tuple[Sequence[Reconciliation], str | None]:
        """Return reports newest first."""
        arguments: dict[str, Any] = {
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
            "ExpressionAttributeValues": {
                ":pk": attribute(self.partition),
                ":prefix": attribute(_PREFIX),
            },
            "ScanIndexForward": False,
            "Limit": limit + 1,
        }
        if cursor is not None:
            start = read_cursor(cursor, _KEYS)
            if start["pk"]["S"] != self.partition or not start["sk"]["S"].startswith(_PREFIX):
                raise InvalidInputError(
                    "cursor was of another listing; start again without it", field="query.cursor"
                )
            arguments["ExclusiveStartKey"] = start
        found = list(islice(self.query(**arguments), limit + 1))
        more = len(found) > limit
        following = write_cursor(item_of(found[limit - 1]), _KEYS) if more else None
        return [_report(values) for values in found[:limit]], following

    def correct(self, correction: Correction) -> None:
        """Write everything in one transaction, on condition of the versions that were compared."""
        actions, events = [self._accepted(correction)], []
        for each in correction.positions:
            actions += [self._corrected(each), self._share(each)]
            events.append(self._event(correction, each.event, each.after.symbol, each))
        if correction.positions:
            actions.append(self._uses(correction.positions))
        if correction.cash is not None:
            actions.append(self._cash_amount(correction.cash))
            events.append(self._event(correction, correction.cash.event, "cash", correction.cash))
        if events:
            noted = {each["sk"]["S"].removeprefix("E#"): values_of(each) for each in events}
            events.append(sheet_item(self.partition, noted))
        self.write([*actions, *map(self._put_new, events)])

    def _put_new(self, item: Item) -> dict[str, Any]:
        return {"Put": {"TableName": self.table, "Item": item, "ConditionExpression": _NEW}}

    def _accepted(self, correction: Correction) -> dict[str, Any]:
        acceptance = correction.acceptance
        return self._update(
            f"{_PREFIX}{correction.report}",
            "SET accepted_by = :by, accepted_reason = :reason, accepted_at = :at",
            "attribute_exists(pk) AND attribute_not_exists(accepted_at)",
            {":by": acceptance.by, ":reason": acceptance.reason, ":at": acceptance.at},
        )

    def _corrected(self, each: PositionCorrection) -> dict[str, Any]:
        put: dict[str, Any] = {
            "TableName": self.table,
            "Item": position_item(self.partition, each.after),
            "ConditionExpression": _NEW,
        }
        before = each.after.version - 1
        if before:
            put["ConditionExpression"] = "version = :version"
            put["ExpressionAttributeValues"] = {":version": attribute(before)}
        return {"Put": put}

    def _share(self, each: PositionCorrection) -> dict[str, Any]:
        """Give the difference to nobody's strategy, so that the shares still add up to the account."""
        return self._update(
            f"SP#{EXTERNAL_STRATEGY}#{each.after.symbol}",
            "SET strategy = :strategy, symbol = :symbol ADD quantity :moved, version :one",
            None,
            {
                ":strategy": EXTERNAL_STRATEGY,
                ":symbol": each.after.symbol,
                ":moved": each.after.quantity - each.before.quantity,
                ":one": 1,
            },
        )

    def _uses(self, positions: Sequence[PositionCorrection]) -> dict[str, Any]:
        """Move what the limits count, by symbol and in all."""
        moved = [each.after.exposure - each.before.exposure for each in positions]
        names = {
            f"#used{index}": f"{USED_PREFIX}{each.after.symbol}"
            for index, each in enumerate(positions)
        }
        values = {f":moved{index}": attribute(amount) for index, amount in enumerate(moved)}
        parts = [f"#used{index} :moved{index}" for index in range(len(moved))]
        return {
            "Update": {
                "TableName": self.table,
                "Key": self.key("RISK"),
                "ConditionExpression": "attribute_exists(pk)",
                "UpdateExpression": f"ADD gross_used :total, {', '.join(parts)}",
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": {":total": attribute(sum(moved, _ZERO)), **values},
            }
        }

    def _cash_amount(self, cash: CashCorrection) -> dict[str, Any]:
        return self._update(
            "CASH",
            "SET amount = :amount ADD version :one",
            "version = :version",
            {":amount": cash.after, ":version": cash.version, ":one": 1},
        )

    def _event(
        self,
        correction: Correction,
        name: str,
        subject: str,
        change: PositionCorrection | CashCorrection,
    ) -> Item:
        cost: Decimal | None = None
        version: int | None = None
        if isinstance(change, CashCorrection):
            before, after = change.before, change.after
        else:
            before, after = change.before.quantity, change.after.quantity
            cost, version = change.after.cost, change.after.version
        acceptance = correction.acceptance
        values: dict[str, Value | None] = {
            "pk": self.partition,
            "sk": f"E#{name}#{1:08}",
            "event": "corrected",
            "at": acceptance.at,
            "subject": subject,
            "before": before,
            "after": after,
            "cost_after": cost,
            "position_version": version,
            "reconciliation": correction.report,
            "by": acceptance.by,
            "reason": acceptance.reason,
        }
        return item_of(values)

    def _update(
        self, sort: str, expression: str, condition: str | None, values: Mapping[str, Value]
    ) -> dict[str, Any]:
        update: dict[str, Any] = {
            "TableName": self.table,
            "Key": self.key(sort),
            "UpdateExpression": expression,
            "ExpressionAttributeValues": item_of(values),
        }
        if condition is not None:
            update["ConditionExpression"] = condition
        return {"Update": update}


def _report(values: dict[str, Any]) -> Reconciliation:
    market_time, accepted_at = values.get("market_time"), values.get("accepted_at")
    acceptance = (
        Acceptance(values["accepted_by"], values["accepted_reason"], time_of(accepted_at))
        if accepted_at
        else None
    )
    return Reconciliation(
        id=values["id"],
        at=time_of(values["at"]),
        market_time=time_of(market_time) if market_time else None,
        verdict=Verdict(values["verdict"]),
        orders=int(values["orders"]),
        positions=int(values["positions"]),
        external=int(values["external"]),
        difference_count=int(values["difference_count"]),
        differences=tuple(msgspec.json.decode(values["differences"], type=list[Difference])),
        reason=values.get("reason"),
        accepted=acceptance,
    )
