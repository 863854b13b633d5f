"""Bring the broker's word about an order into the ledger: order, position, cash and reservation in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING

from quantumzero.domain import order_replacement
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import Transition
from quantumzero.domain.order_snapshots import apply_snapshot
from quantumzero.domain.orders import OrderState, Origin
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import AccountRisk, TradingState
from quantumzero.ports.ledger import Alerts, LedgerAlert, OrderLedger, TradingSwitch
from quantumzero.usecases.conflicts import decide_until_committed
from quantumzero.usecases.protective_steps import protective_steps

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
        self, snapshot: BrokerOrder, *, known: OrderRecord | None = None
    ) -> OrderRecord | None:
        """Return the order after the snapshot, None when the ledger does not know it.

        known is the order as the caller has read it (or, adopted, as it should have been): it saves a read, and when it
        is outdated the commit notices. Raises CorruptDataError when the snapshot contradicts the order, ConflictError
        when other writers kept winning.
        """
        readings = chain((known,), repeat(None))
        step = decide_until_committed(lambda: self._attempt(snapshot, next(readings)), self.backoff)
        if isinstance(step, Transition):
            if step.after.terms.origin is Origin.EXTERNAL:
                self.stop_above_limit(self.switch.risk())
                return step.after
            if step.resurrects:
                self._answer_for(step)
            if step.takes_another_quantity:
                self._complain(step)
            return step.after
        return step

    def _attempt(
        self, snapshot: BrokerOrder, known: OrderRecord | None
    ) -> Transition | OrderRecord | None:
        record = known or self.ledger.order(snapshot.client_order_id)
        if record is None:
            return None
        name = order_replacement.counterpart(record)
        other = None if name is None else self.ledger.order(name)
        met = order_replacement.before_snapshot(record, other, snapshot)
        step = apply_snapshot(met, snapshot)
        if step is None:
            return record
        transition = replace(step, before=record)
        symbol = record.terms.symbol
        position = self.ledger.position(symbol) if transition.fill else Position(symbol)
        companions = (
            *order_replacement.companions(transition, other),
            *protective_steps(self.ledger, transition, at=self.market.now()),
        )
        change = change_of(transition, position, at=self.market.now(), companions=companions)
        self.ledger.commit(change)
        return transition

    def _answer_for(self, transition: Transition) -> None:
        """Tell of an order that was given up and lives; stop trading when it breaks the limit."""
        name, before = transition.after.terms.client_order_id, transition.before
        text = f"order {name} was given up, but the broker has it"
        if before is not None and before.state is OrderState.DENIED:
            text = f"order {name} was refused here, but the broker has it: it was sent before a restore"
        alert = LedgerAlert(f"resurrected-{name}", self.market.now(), "warning", text)
        self.alerts.raise_alert(alert)
        self.stop_above_limit(self.switch.risk())

    def _complain(self, transition: Transition) -> None:
        """Tell that the broker's first word is of another quantity than was sent: no split restates so early."""
        terms, sent = transition.after.terms, transition.before
        asked = sent.terms.quantity if sent else 0
        text = (
            f"order {terms.client_order_id} was sent for {asked:f} {terms.symbol}, "
            f"and the broker took {terms.quantity:f}; look at the order there"
        )
        identifier = f"quantity-{terms.client_order_id}"
        self.alerts.raise_alert(LedgerAlert(identifier, self.market.now(), "critical", text))

    def stop_above_limit(self, risk: AccountRisk) -> None:
        """Halt while more exposure is used than may be: what it takes to get there is never approved.

        Every sweep asks too, because whoever applied the snapshot may have died before asking.
        """
        if not risk.above_limit or risk.state is not TradingState.ACTIVE:
            return
        now = self.market.now()
        text = f"exposure {risk.gross_used} is above the limit of {risk.limits.gross_exposure}"
        self.switch.set_state(TradingState.HALTED, by="ledger", reason=text, at=now)
        identifier = f"above-limit-{risk.epoch}"
        self.alerts.raise_alert(LedgerAlert(identifier, now, "critical", f"{text}: halted"))
