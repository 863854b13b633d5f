"""After a halt: ask the broker to cancel until none of our orders is open there.

A request that was on its way at the halt may still arrive, so the book is looked at until every lease of that moment
has ended. Whatever does not answer is asked again; the sweep goes on where the time ran out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from quantumzero.domain.errors import QuantumZeroError, UnavailableError
from quantumzero.domain.order_identity import is_ours
from quantumzero.domain.order_snapshots import may_fill
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases.place_order import LEASE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from quantumzero.domain.orders import BrokerOrder
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.brokers import Broker, OpenBook
    from quantumzero.ports.clocks import MachineClock
    from quantumzero.ports.ledger import OrderLedger
    from quantumzero.usecases.cancel_orders import CancelOrders

# The broker may get such an order at any moment.
ON_THE_WAY = (OrderState.SUBMITTING, OrderState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class EmptyBookReport:
    """How the book was left.

    open counts our orders that the broker still had open at the last look, None when no look succeeded. resumed says
    that somebody let trading go on meanwhile.
    """

    rounds: int
    open: int | None
    resumed: bool = False

    @property
    def complete(self) -> bool:
        return self.open == 0 or self.resumed

    def require_complete(self) -> None:
        """Raise UnavailableError while orders of ours may be open, so that the call is repeated."""
        if self.complete:
            return
        count = "an unknown number" if self.open is None else self.open
        raise UnavailableError(
            f"trading is halted, but {count} of orders are still open at the broker; this is tried again, and the "
            "sweep cancels too"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyBook:
    """Cancel and look, every few seconds, for as long as there is time."""

    ledger: OrderLedger
    broker: Broker
    book: OpenBook
    cancel: CancelOrders
    machine: MachineClock
    pause: Backoff

    def run(self, *, seconds: float, patient: bool = True) -> EmptyBookReport:
        """Return when nothing of ours can be open any more, or after so many seconds.

        Who is not patient trusts the ledger's list of what is on its way, which may lag a moment behind: the sweep
        must be working then.
        """
        began = self.machine.monotonic()
        open_: int | None = None
        rounds = 0
        while True:
            rounds += 1
            if self._resumed():
                return EmptyBookReport(rounds, open_, resumed=True)
            found = self._look()
            open_ = open_ if found is None else len(found)
            elapsed = self.machine.monotonic() - began
            over = elapsed >= LEASE.total_seconds() or not (patient or self._on_the_way())
            if open_ == 0 and found is not None and over:
                return EmptyBookReport(rounds, 0)
            if elapsed >= seconds:
                return EmptyBookReport(rounds, open_)
            self.pause.wait(rounds)

    def _on_the_way(self) -> bool:
        try:
            return any(each.state in ON_THE_WAY for each in self.ledger.open_orders())
        except QuantumZeroError:
            # Who cannot read the list takes the whole time.
            return True

    def _resumed(self) -> bool:
        try:
            return self.ledger.risk().state is not TradingState.HALTED
        except QuantumZeroError:
            # Who cannot read the state goes on cancelling.
            return False

    def _look(self) -> Sequence[BrokerOrder] | None:
        """Ask to cancel what is open, and return what was; None when the broker does not say."""
        try:
            listed = self.broker.orders(since=None, open_only=True)
            resting = self._half_closed({each.client_order_id for each in listed})
        except UnavailableError:
            self._ask(())
            return None
        ours = [each for each in listed if is_ours(each.client_order_id)] + resting
        if resting:
            self._ask(ours)
        elif ours:
            # One request where nobody else's order would be cancelled with ours.
            self._ask(ours, at_once=len(ours) == len(listed))
        return ours

    def _half_closed(self, listed: set[str]) -> list[BrokerOrder]:
        """Return the exits by target or stop of which the broker lists no half, and the stop works all the same."""
        names = [
            each.terms.client_order_id
            for each in self.ledger.open_orders()
            if each.terms.rests and each.broker_order_id is not None
        ]
        found = (self.broker.order(name) for name in names if name not in listed)
        return [each for each in found if each is not None and may_fill(each)]

    def _ask(self, ours: Sequence[BrokerOrder], *, at_once: bool = False) -> None:
        """Ask for each; nothing that fails keeps the next from being asked for."""
        if at_once and self._asked_at_once():
            return
        if not ours:
            self._each(self.cancel.cancel_all)
        for order in ours:
            self._each(partial(self.broker.cancel, order.broker_order_id))

    def _asked_at_once(self) -> bool:
        try:
            self.book.cancel_open()
        except QuantumZeroError:
            return False
        return True

    @staticmethod
    def _each(ask: Callable[[], object]) -> None:
        try:
            ask()
        except QuantumZeroError:
            # It is asked again in the next round, and by every sweep.
            return
