"""Carry decisions to act through to their orders when the execution that should have done it did not.

A decision enters the list of unordered ones in the transaction that writes it, so none is lost between the decision
and the ledger: not when its execution never started, nor when it failed. Here it leaves the list: its order exists,
or it is ordered now, or it is too late and a person is told. Everything is named by the decision, so an execution that
is late after all finds the order and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from quantumzero.domain.errors import QuantumZeroError, RetryableError, UnknownOutcomeError
from quantumzero.domain.risk import stale_price
from quantumzero.domain.strategy.split_adjustment import exchange_date
from quantumzero.ports.ledger import Alerts, LedgerAlert

if TYPE_CHECKING:
    from quantumzero.domain.decisions import Decision
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.decisions import UnorderedDecision, UnorderedDecisions
    from quantumzero.ports.market_data import BarStore
    from quantumzero.usecases.decide_order import DecideOrder, Verdict
    from quantumzero.usecases.infer_signal import InferSignal
    from quantumzero.usecases.place_order import PlaceOrder

# A decision this young is left to its execution.
PATIENCE = timedelta(seconds=20)
# At most this many are ordered in one call, which must end within its function's time.
AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class CarryReport:
    """How many decisions were carried through now, and how many still wait for their order."""

    carried: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryDecisions:
    """Look after every decision to act that has no order yet."""

    decisions: UnorderedDecisions
    infer: InferSignal
    decide: DecideOrder
    place: PlaceOrder
    bars: BarStore
    alerts: Alerts
    market: MarketClock
    machine: MachineClock

    def carry(self, *, request: str, settled: bool = False) -> CarryReport:
        """Visit every unordered decision once; request names this invocation.

        settled says that no execution is under way, so that a decision is taken up at once. One decision's trouble
        never keeps the others from being visited.
        """
        carried = waiting = 0
        for each in self.decisions.unordered():
            try:
                if self.decide.stored(each.decision) is None:
                    if carried == AT_ONCE or not (settled or self._overdue(each)):
                        waiting += 1
                        continue
                    carried += 1
                    self._order(each.decision, request)
                self.decisions.mark_ordered(each.decision)
            except (RetryableError, UnknownOutcomeError):
                waiting += 1
            except QuantumZeroError as error:
                # Another attempt would end the same way: only a person can help.
                self._complain(each.decision, str(error))
                self.decisions.mark_ordered(each.decision)
        return CarryReport(carried, waiting)

    def _overdue(self, unordered: UnorderedDecision) -> bool:
        return self.machine.now() - unordered.noted_at >= PATIENCE

    def _order(self, decision: Decision, request: str) -> None:
        verdict = self._verdict(decision)
        if verdict.approved:
            self.place.place(verdict.client_order_id, request=request)
        elif verdict.code == stale_price.CODE:
            self._complain(decision, verdict.reason)

    def _verdict(self, decision: Decision) -> Verdict:
        reason = self._left_behind(decision)
        if reason is not None:
            return self.decide.refuse(decision, code=stale_price.CODE, reason=reason)
        inference = self.infer(decision.strategy, decision.symbol, decision.closes_at)
        return self.decide.decide(decision, inference)

    def _left_behind(self, decision: Decision) -> str | None:
        """Say why the decision may not be ordered any more: past its day, quantities may mean something else."""
        day = exchange_date(decision.closes_at)
        if exchange_date(self.market.now()) > day:
            return f"it was made on {day} and the next day has begun"
        if any(split.ex_date > day for split in self.bars.splits(decision.symbol)):
            return f"{decision.symbol} was split after {day}"
        return None

    def _complain(self, decision: Decision, reason: str) -> None:
        text = f"decision {decision.id} was never ordered: {reason}"
        alert = LedgerAlert(f"unordered-{decision.id}", self.market.now(), "critical", text)
        self.alerts.raise_alert(alert)
