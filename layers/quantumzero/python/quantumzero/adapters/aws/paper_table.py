"""A paper account's items, beside the ledger's in its table but in a partition of their own: they play the broker.

ACCOUNT has the cash and a version that every write moves, so that writers go one after the other. `O#{id}` is an order,
`W#{id}` marks one that works, `T#{time}#{id}` finds orders by time, `P#{symbol}` is a position.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_items import order_item, order_record
from quantumzero.adapters.aws.ledger_table import (
    LedgerTable,
    attribute,
    item_of,
    time_of,
    time_text,
)
from quantumzero.domain.orders import OrderRecord, OrderState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.domain.orders import OrderTerms

_NEW = "attribute_not_exists(pk)"
_ZERO = Decimal(0)
_STATES = {
    "new": OrderState.ACCEPTED,
    "filled": OrderState.FILLED,
    "canceled": OrderState.CANCELED,
    "expired": OrderState.EXPIRED,
    "replaced": OrderState.REPLACED,
}


@dataclass(frozen=True, slots=True)
class PaperAccount:
    """Cash, and the version that the next write must find."""

    cash: Decimal
    version: int


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """An order at the paper broker; price is what one share traded at."""

    terms: OrderTerms
    status: str
    placed_at: datetime
    updated_at: datetime
    version: int = 1
    price: Decimal | None = None
    filled_at: datetime | None = None
    reference: Decimal = _ZERO

    @property
    def working(self) -> bool:
        return self.status == "new"


@dataclass(frozen=True, slots=True)
class PaperPosition:
    """A holding; splits with an ex-date up to splits_until are in the quantity."""

    symbol: str
    quantity: Decimal
    cost: Decimal
    splits_until: str


class PaperTable(LedgerTable):
    """The paper account's part of the ledger's table."""

    def __init__(self, client: Any, *, table: str, account: str, cash: Decimal) -> None:
        super().__init__(client, table=table, account=f"{account}#paper")
        self._opening = cash

    def books(self) -> PaperAccount:
        """Return the account; before the first write it has the cash it opens with."""
        values = self.get("ACCOUNT")
        if values is None:
            return PaperAccount(self._opening, 0)
        return PaperAccount(values["cash"], int(values["version"]))

    def order(self, client_order_id: str) -> PaperOrder | None:
        """Return an order as it is now."""
        values = self.get(f"O#{client_order_id}")
        return _order(values) if values else None

    def working(self) -> Sequence[PaperOrder]:
        """Return the orders that may still trade, in the order in which they were placed."""
        marks = [values["client_order_id"] for values in self.starting_with("W#")]
        found = [order for name in marks if (order := self.order(name)) and order.working]
        return sorted(found, key=lambda order: (order.placed_at, order.terms.client_order_id))

    def placed_since(self, since: datetime | None) -> Sequence[PaperOrder]:
        """Return the orders placed at or after a time, oldest first."""
        first = "T#" if since is None else f"T#{time_text(since)}"
        found = self.query(
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": attribute(self.partition),
                ":first": attribute(first),
                ":last": attribute("T#~"),
            },
            ConsistentRead=True,
        )
        names = [values["client_order_id"] for values in found]
        return [order for name in names if (order := self.order(name))]

    def positions(self) -> Sequence[PaperPosition]:
        """Return every position that was ever held, by symbol."""
        return [_position(values) for values in self.starting_with("P#")]

    def position(self, symbol: str) -> PaperPosition | None:
        """Return one position, None when there never was any."""
        values = self.get(f"P#{symbol}")
        return _position(values) if values else None

    def save(
        self,
        account: PaperAccount,
        *,
        orders: Sequence[PaperOrder] = (),
        positions: Sequence[PaperPosition] = (),
        cash: Decimal = _ZERO,
    ) -> None:
        """Write all of it if nothing was written since the account was read. Raises ConflictError otherwise."""
        moved = {"cash": account.cash + cash, "version": account.version + 1}
        actions = [self._put("ACCOUNT", moved, account.version)]
        for order in orders:
            actions += self._order_actions(order)
        for held in positions:
            values = {
                "symbol": held.symbol,
                "quantity": held.quantity,
                "cost": held.cost,
                "splits_until": held.splits_until,
            }
            actions.append(self._put(f"P#{held.symbol}", values, None))
        self.write(actions)

    def _put(self, sort: str, values: dict[str, Any], version: int | None) -> dict[str, Any]:
        put: dict[str, Any] = {
            "TableName": self.table,
            "Item": item_of({"pk": self.partition, "sk": sort, **values}),
        }
        if version == 0:
            put["ConditionExpression"] = _NEW
        elif version is not None:
            put["ConditionExpression"] = "version = :version"
            put["ExpressionAttributeValues"] = {":version": attribute(version)}
        return {"Put": put}

    def _order_actions(self, order: PaperOrder) -> list[dict[str, Any]]:
        """Write the order, and its two other items when it is new or closed."""
        name = order.terms.client_order_id
        item = order_item(self.partition, self.account, _as_record(order))
        for index in ("open_bucket", "order_bucket"):
            item.pop(index, None)
        item |= item_of(
            {"status": order.status, "updated_at": order.updated_at, "price": order.price}
        )
        actions: list[dict[str, Any]] = [{"Put": {"TableName": self.table, "Item": item}}]
        named = {"client_order_id": name}
        if order.version == 1:
            actions.append(self._put(f"T#{time_text(order.placed_at)}#{name}", named, None))
            actions.append(self._put(f"W#{name}", named, None))
        elif not order.working:
            key = self.key(f"W#{name}")
            actions.append({"Delete": {"TableName": self.table, "Key": key}})
        return actions


def _as_record(order: PaperOrder) -> OrderRecord:
    """Return the order in the shape whose terms the ledger's items already know how to hold."""
    return OrderRecord(
        terms=order.terms,
        state=_STATES[order.status],
        version=order.version,
        created_at=order.placed_at,
        reference_price=order.reference,
        filled_at=order.filled_at,
    )


def _order(values: dict[str, Any]) -> PaperOrder:
    record = order_record(values)
    return PaperOrder(
        terms=record.terms,
        status=values["status"],
        placed_at=record.created_at,
        updated_at=time_of(values["updated_at"]),
        version=record.version,
        price=values.get("price"),
        filled_at=record.filled_at,
        reference=record.reference_price,
    )


def _position(values: dict[str, Any]) -> PaperPosition:
    return PaperPosition(
        values["symbol"], values["quantity"], values["cost"], values["splits_until"]
    )
