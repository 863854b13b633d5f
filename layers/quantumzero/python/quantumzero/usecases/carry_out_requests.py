"""Carry out at once what people asked for where there are no broker's keys: halts, orders and cancels by hand.

A request may come twice, and may come late: what was carried out already, or is no longer asked for, changes nothing.
The sweep remains the guarantee; this only makes it seconds instead of a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import NotFoundError
from quantumzero.domain.ledger_requests import Asked, LedgerRequest
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases.cancel_and_read import cancel_and_read

if TYPE_CHECKING:
    from quantumzero.ports.ledger import OrderLedger
    from quantumzero.usecases.cancel_orders import CancelOrders
    from quantumzero.usecases.cancel_scope import CancelScope
    from quantumzero.usecases.empty_book import EmptyBook
    from quantumzero.usecases.place_order import PlaceOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOutRequests:
    """Does one request after the other."""

    ledger: OrderLedger
    place: PlaceOrder
    cancel: CancelOrders
    empty: EmptyBook
    scope: CancelScope

    def carry_out(self, request: LedgerRequest, *, invocation: str, seconds: float) -> str:
        """Return in words what was done. seconds is the time that emptying the book may take.

        Raises UnavailableError when orders are still open after a halt, or when the ledger does not answer.
        """
        if request.asked is Asked.SEND:
            return self._send(request.subject, invocation)
        if request.asked is Asked.CANCEL:
            return self._cancel(request.subject)
        if request.subject:
            return f"{self.scope.run(request.subject)} orders of {request.subject} cancelled"
        return self._empty(seconds)

    def _send(self, client_order_id: str, invocation: str) -> str:
        try:
            return f"sent: {self.place.place(client_order_id, request=invocation)}"
        except NotFoundError:
            # A ledger that was restored to a moment before knows it no more.
            return "the order is not in the ledger any more"

    def _cancel(self, client_order_id: str) -> str:
        record = self.ledger.order(client_order_id)
        if record is None or record.terminal or not record.cancel_requested:
            return "nothing to cancel any more"
        asked = cancel_and_read(record, cancel=self.cancel, apply=self.place.apply)
        return "cancel asked" if asked else "cancel left to the sweep"

    def _empty(self, seconds: float) -> str:
        if self.ledger.risk().state is not TradingState.HALTED:
            return "trading is not halted any more"
        report = self.empty.run(seconds=seconds, patient=False)
        report.require_complete()
        return "resumed meanwhile" if report.resumed else f"book empty after {report.rounds} looks"
