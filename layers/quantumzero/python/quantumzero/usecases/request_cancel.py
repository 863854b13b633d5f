"""Ask for an order's end from where there are no broker's keys: it is written down.

functions/carry_out_requests hears of it and asks the broker at once; the sweep does where that failed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from quantumzero.domain.errors import NotFoundError, RefusedError
from quantumzero.domain.ledger_requests import CANCEL_ASKED
from quantumzero.domain.order_lifecycle import abandon, request_cancel
from quantumzero.domain.orders import OrderState, Origin
from quantumzero.usecases.cancel_orders import commit_cancel
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.ledger import OrderLedger


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCancel:
    """Give up what was never sent; mark what was, which the message rate counts where its clock is given."""

    ledger: OrderLedger
    market: MarketClock
    backoff: Backoff
    machine: MachineClock | None = None

    def request(self, client_order_id: str, *, by: str) -> OrderRecord:
        """Return the order as it is then; asking again changes nothing.

        Raises NotFoundError on an unknown id, RefusedError when the order is over otherwise, ConflictError when other
        writers kept winning.
        """
        return decide_until_committed(lambda: self._attempt(client_order_id, by), self.backoff)

    def _attempt(self, client_order_id: str, by: str) -> OrderRecord:
        record = self.ledger.order(client_order_id)
        if record is None:
            raise NotFoundError(f"order {client_order_id} is not in the ledger")
        if record.state is OrderState.CANCELED or record.code == "CANCELED":
            return record
        if record.terminal:
            raise RefusedError(
                f"order {client_order_id} is {record.state}; only an open order can be cancelled"
            )
        if record.terms.origin is Origin.EXTERNAL:
            raise RefusedError(
                f"order {client_order_id} was made at the broker by somebody else; cancel it there"
            )
        if record.state is OrderState.INTENT:
            text = f"cancelled by {by} before it was sent"
            step = abandon(record, code="CANCELED", reason=text)
        else:
            asked = request_cancel(record)
            if asked is None:
                return record
            step = replace(asked, after=replace(asked.after, reason=f"{CANCEL_ASKED}{by}"))
        commit_cancel(step, self.ledger, market=self.market, machine=self.machine)
        return step.after
