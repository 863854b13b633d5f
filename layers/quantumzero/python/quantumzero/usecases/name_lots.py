"""Say which lots a sale closes (specific identification): once, and only lots that there are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from quantumzero.contracts import lots as shapes
from quantumzero.domain.errors import InvalidInputError, NotFoundError, RefusedError
from quantumzero.domain.lots.account_lots import build_lots
from quantumzero.ports.lots import LotJournal, NamedLots

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.clocks import MachineClock


class StoredOrders(Protocol):
    """What of the ledger this needs."""

    def order(self, client_order_id: str) -> OrderRecord | None:
        """Return the order as stored now, None when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLots:
    """Stores what a person said; it is read with the method SPECIFIC only."""

    journal: LotJournal
    orders: StoredOrders
    clock: MachineClock

    def name(self, request: shapes.NameLotsRequest, *, by: str) -> shapes.NamedLots:
        """Store the lots of an order. Raises NotFoundError, InvalidInputError or RefusedError when they cannot be."""
        order = self.orders.order(request.order)
        if order is None:
            raise NotFoundError(f"order was {request.order!r}; /v1/orders lists the orders")
        lots = [(each.lot, Decimal(each.quantity)) for each in request.lots]
        self._check(order, lots)
        if not self.journal.name_lots(NamedLots(request.order, lots, by, self.clock.now())):
            raise RefusedError(
                f"lots were named for order {request.order} before; what was said at the sale is not changed after it"
            )
        return shapes.NamedLots(order=request.order, lots=request.lots)

    def _check(self, order: OrderRecord, lots: list[tuple[str, Decimal]]) -> None:
        symbol = order.terms.symbol
        book = build_lots(self.journal.account_events()).books.get(symbol)
        known = {each.lot.id for each in book.openings} if book else set()
        for name, quantity in lots:
            if name not in known:
                raise NotFoundError(f"lot was {name!r}; /v1/lots?symbol={symbol} lists the lots")
            if quantity <= 0:
                raise InvalidInputError(
                    f"quantity of lot {name} was {quantity:f}; it must be more than 0",
                    field="body.lots",
                )
        asked = sum((quantity for _, quantity in lots), Decimal(0))
        if asked > order.terms.quantity:
            raise InvalidInputError(
                f"{asked:f} {symbol} were named; the order is for {order.terms.quantity:f}: name at most that",
                field="body.lots",
            )
