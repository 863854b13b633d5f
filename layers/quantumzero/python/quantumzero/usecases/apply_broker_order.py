"""Bring the broker's word about an order into the ledger: order, position, cash and reservation in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import Transition, apply_snapshot
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.ports.ledger import Alerts, LedgerAlert, OrderLedger, TradingSwitch
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from quantumzero.domain.orders import BrokerOrder, OrderRecord
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.clocks import MarketClock


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyBrokerOrder:
    """The one way in which fills, cancels and rejections reach the ledger."""

    ledger: OrderLedger
    switch: TradingSwitch
    alerts: Alerts
    market: MarketClock
    backoff: Backoff

    def apply(
        self, snapshot: BrokerOrder, *, adopted: OrderRecord | None = None
    ) -> OrderRecord | None:
        """Return the order after the snapshot, None when the ledger does not know it.

        adopted stands in for an order of ours that the ledger has lost. Raises CorruptDataError when the snapshot
        contradicts the order, ConflictError when other writers kept winning.
        """
        step = decide_until_committed(lambda: self._attempt(snapshot, adopted), self.backoff)
        if isinstance(step, Transition):
            if step.resurrects:
                self._answer_for(step)
            return step.after
        return step

    def _attempt(
        self, snapshot: BrokerOrder, adopted: OrderRecord | None
    ) -> Transition | OrderRecord | None:
        record = self.ledger.order(snapshot.client_order_id) or adopted
        if record is None:
            return None
        transition = apply_snapshot(record, snapshot)
        if transition is None:
            return record
        position = self.ledger.position(record.terms.symbol)
        self.ledger.commit(change_of(transition, position, at=self.market.now()))
        return transition

    def _answer_for(self, transition: Transition) -> None:
        """Tell of an order that was given up and lives; stop trading when it breaks the limit."""
        name = transition.after.terms.client_order_id
        now = self.market.now()
        risk = self.switch.risk()
        over = risk.gross_used > risk.limits.gross_exposure
        text = f"order {name} was given up, but the broker has it"
        if over and risk.state is not TradingState.HALTED:
            text += f"; exposure {risk.gross_used} is above {risk.limits.gross_exposure}: trading is halted"
            self.switch.set_state(TradingState.HALTED, by="ledger", reason=text, at=now)
        severity = "critical" if over else "warning"
        self.alerts.raise_alert(LedgerAlert(f"resurrected-{name}", now, severity, text))
