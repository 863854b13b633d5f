"""What the API and reports read from the ledger's table."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_account import LedgerAccount
from quantumzero.adapters.aws.ledger_items import order_event, order_record
from quantumzero.adapters.aws.ledger_table import Item, attribute, item_of, time_of
from quantumzero.adapters.aws.page_cursors import read_cursor, write_cursor
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.portfolio import non_zero
from quantumzero.ports.ledger import EquitySnapshot, Holding, LedgerAlert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from quantumzero.domain.order_events import OrderEvent
    from quantumzero.domain.orders import OrderRecord, OrderState

_CURSOR_KEYS = ("pk", "sk", "order_bucket", "born_at")


class LedgerQueries(LedgerAccount):
    """Implements LedgerReader."""

    def cash(self) -> Decimal:
        """Return the account's cash."""
        return self._cash()[0]

    def holdings(self) -> Sequence[Holding]:
        """Return all non-zero holdings by symbol."""
        held = non_zero(self.picture().positions)
        return [Holding(each.symbol, each.quantity, each.cost) for each in held]

    def orders(
        self, *, state: OrderState | None, symbol: str | None, limit: int, cursor: str | None
    ) -> tuple[Sequence[OrderRecord], str | None]:
        """Return orders newest first; the index may lag a moment behind."""
        arguments: dict[str, Any] = {
            "IndexName": "orders_by_time",
            "KeyConditionExpression": "order_bucket = :account",
            "ExpressionAttributeValues": {":account": attribute(self.account)},
            "ScanIndexForward": False,
        }
        if cursor is not None:
            arguments["ExclusiveStartKey"] = self._start(cursor)
        _filter(arguments, state, symbol)
        if "FilterExpression" not in arguments:
            arguments["Limit"] = limit + 1
        found = list(islice(self.query(**arguments), limit + 1))
        following = (
            write_cursor(item_of(found[limit - 1]), _CURSOR_KEYS) if len(found) > limit else None
        )
        return [order_record(values) for values in found[:limit]], following

    def order_events(self, client_order_id: str) -> Sequence[OrderEvent]:
        """Return every step of the order, the first one first."""
        return [order_event(values) for values in self.starting_with(f"E#{client_order_id}#")]

    def _start(self, cursor: str) -> Item:
        """Return where the cursor points; one of another account is refused."""
        start: Item = read_cursor(cursor, _CURSOR_KEYS)
        if start["pk"]["S"] != self.partition:
            raise InvalidInputError(
                "cursor was of another account; start again without it", field="query.cursor"
            )
        return start

    def equity_snapshots(self, *, limit: int) -> Sequence[EquitySnapshot]:
        """Return the newest limit snapshots, oldest first."""
        newest = [
            EquitySnapshot(time_of(values["time"]), values["equity"], values["cash"])
            for values in self._newest("EQ#", limit)
        ]
        return newest[::-1]

    def alerts(self, *, limit: int) -> Sequence[LedgerAlert]:
        """Return the newest alerts, newest first."""
        return [
            LedgerAlert(
                values["id"], time_of(values["time"]), values["severity"], values["message"]
            )
            for values in self._newest("AL#", limit)
        ]

    def _newest(self, prefix: str, limit: int) -> list[dict[str, Any]]:
        found = self.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={
                ":pk": attribute(self.partition),
                ":prefix": attribute(prefix),
            },
            ScanIndexForward=False,
            Limit=limit,
        )
        return list(islice(found, limit))


def _filter(arguments: dict[str, Any], state: OrderState | None, symbol: str | None) -> None:
    parts = []
    if state is not None:
        parts.append("#state = :state")
        arguments["ExpressionAttributeNames"] = {"#state": "state"}
        arguments["ExpressionAttributeValues"][":state"] = attribute(state.value)
    if symbol is not None:
        parts.append("symbol = :symbol")
        arguments["ExpressionAttributeValues"][":symbol"] = attribute(symbol)
    if parts:
        arguments["FilterExpression"] = " AND ".join(parts)
