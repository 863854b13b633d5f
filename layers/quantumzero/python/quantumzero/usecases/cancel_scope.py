"""After a strategy or a symbol was halted: cancel what works in it at the broker.

What is on its way to the broker at that moment is waited for, until every lease of that moment has ended; the sweep
goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.risk.account_risk import TradingState, strategy_scope, symbol_scope
from quantumzero.usecases.empty_book import ON_THE_WAY
from quantumzero.usecases.place_order import LEASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.clocks import MachineClock
    from quantumzero.ports.ledger import OrderLedger
    from quantumzero.usecases.cancel_orders import CancelOrders


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelScope:
    """Cancel the orders of one scope and of no other."""

    ledger: OrderLedger
    cancel: CancelOrders
    machine: MachineClock
    pause: Backoff

    def run(self, scope: str) -> int:
        """Return how many orders the broker was asked to cancel."""
        began = self.machine.monotonic()
        asked: set[str] = set()
        rounds = 0
        while self._halted(scope):
            rounds += 1
            within = self._within(scope)
            for record in within:
                name = record.terms.client_order_id
                working = record.broker_order_id is not None and name not in asked
                if working and self.cancel.cancel(record):
                    asked.add(name)
            waiting = any(each.state in ON_THE_WAY for each in within)
            over = self.machine.monotonic() - began >= LEASE.total_seconds()
            if over or not waiting:
                break
            self.pause.wait(rounds)
        return len(asked)

    def _halted(self, scope: str) -> bool:
        scoped = self.ledger.risk().scopes.get(scope)
        return scoped is not None and scoped.state is TradingState.HALTED

    def _within(self, scope: str) -> Sequence[OrderRecord]:
        return [
            each
            for each in self.ledger.open_orders()
            if scope in (strategy_scope(each.terms.strategy), symbol_scope(each.terms.symbol))
        ]
