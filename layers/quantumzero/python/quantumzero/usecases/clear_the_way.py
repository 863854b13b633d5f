"""Take the stops and targets that rest at the broker out of the way of an order, and tell whether they are.

Shares that a resting leg covers are free for an exit in the books, but not at the broker: the leg is cancelled first,
and the exit is sent when that is closed, for what the leg has not sold meanwhile. The leg's successor stays held.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.order_dependencies import Standing, clearance, second_half_id
from quantumzero.usecases.cancel_and_read import cancel_and_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.ledger import OrderLedger
    from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder
    from quantumzero.usecases.cancel_orders import CancelOrders

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearTheWay:
    """Look at what rests beside an order, and cancel it."""

    ledger: OrderLedger
    cancel: CancelOrders
    apply: ApplyBrokerOrder

    def standing(self, record: OrderRecord, replaced: OrderRecord | None) -> Standing:
        """Tell whether resting legs and other exits let the order be sent; replaced is what it replaces."""
        terms = record.terms
        own = self.ledger.strategy_holding(terms.strategy, terms.symbol)
        free = own.free(terms.side)
        if terms.reducing and free < 0:
            free += self._opening(record)
        return clearance(
            record,
            held=own.quantity,
            free=free,
            resting=own.resting,
            replaced=_ZERO if replaced is None else replaced.open_quantity,
        )

    def clear(self, record: OrderRecord) -> None:
        """Cancel the legs that rest for the order's strategy and symbol, its own first, and read what became of them.

        What cannot be cancelled or read now stays: every sweep asks again.
        """
        terms = record.terms
        own = self.ledger.strategy_holding(terms.strategy, terms.symbol)
        needed = own.resting - max(own.free(terms.side), _ZERO) if terms.reducing else own.resting
        for leg in self._resting(record):
            if needed <= 0:
                return
            needed -= leg.open_quantity
            cancel_and_read(leg, cancel=self.cancel, apply=self.apply)

    def _resting(self, record: OrderRecord) -> Sequence[OrderRecord]:
        terms = record.terms
        found = [
            each
            for each in self.ledger.open_orders()
            if each.terms.rests
            and (each.terms.strategy, each.terms.symbol) == (terms.strategy, terms.symbol)
        ]
        return sorted(found, key=lambda each: each.terms.parent != terms.parent)

    def _opening(self, record: OrderRecord) -> Decimal:
        """Return what orders of the same side are to open, not to close: they are counted beside the exits.

        The order's own second half is read as it is, others from the index, which lags a moment: then less is sold.
        """
        terms = record.terms
        name = second_half_id(terms.client_order_id)
        own = self.ledger.order(name)
        others = (
            each.open_quantity
            for each in self.ledger.open_orders()
            if not each.terms.reducing
            and each.terms.client_order_id != name
            and (each.terms.strategy, each.terms.symbol, each.terms.side)
            == (terms.strategy, terms.symbol, terms.side)
        )
        return (_ZERO if own is None else own.open_quantity) + sum(others, _ZERO)
