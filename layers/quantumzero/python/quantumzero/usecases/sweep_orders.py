"""Bring every order that is not settled closer to the truth: the guarantee behind everything faster.

One listing of the broker answers for most orders; only what it does not name is read one by one, and only the broker's
definite "not found" counts as absence. Freshness is judged by market time, leases and the quiet period by machine time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from quantumzero.domain.errors import (
    CorruptDataError,
    RetryableError,
    UnavailableError,
    UnknownOutcomeError,
)
from quantumzero.domain.orders import BrokerOrder, OrderRecord, OrderState
from quantumzero.domain.risk.account_risk import AccountRisk, TradingState, permitted_states
from quantumzero.domain.strategy.split_adjustment import exchange_date
from quantumzero.ports.ledger import Alerts, LedgerAlert, OrderLedger
from quantumzero.usecases.carry_decisions import CarryReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from quantumzero.ports.brokers import Broker
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.leases import Heartbeats
    from quantumzero.ports.market_data import BarStore
    from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder
    from quantumzero.usecases.cancel_orders import CancelOrders
    from quantumzero.usecases.carry_decisions import CarryDecisions
    from quantumzero.usecases.check_protection import CheckProtection
    from quantumzero.usecases.place_order import PlaceOrder

# Longer than a request to the broker can still be on its way; "never above the limit" rests on it.
QUIET = timedelta(seconds=60)
# An intent this young is left to the execution that made it.
INTENT_PATIENCE = timedelta(seconds=2)
UNRESOLVED_ALERT = timedelta(minutes=5)
_LISTING_MARGIN = timedelta(days=1)
_WORKING = (OrderState.ACCEPTED, OrderState.PARTIAL)


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What the sweep met.

    carried counts decisions that it brought to their orders; unresolved the orders of which it is not known whether
    the broker has them, and the decisions that wait for their order.
    """

    orders: int
    changed: int
    unresolved: int
    carried: int = 0


@dataclass(frozen=True, slots=True)
class _Round:
    """What one sweep knows when it visits its orders."""

    request: str
    settled: bool
    risk: AccountRisk
    listed: Mapping[str, BrokerOrder]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOrders:
    """Look after every order that is not terminal, and every decision that is not an order yet."""

    carry: CarryDecisions
    ledger: OrderLedger
    bars: BarStore
    broker: Broker
    apply: ApplyBrokerOrder
    place: PlaceOrder
    cancel: CancelOrders
    alerts: Alerts
    heartbeats: Heartbeats
    market: MarketClock
    machine: MachineClock
    protection: CheckProtection | None = None

    def sweep(self, *, request: str, settled: bool = False) -> SweepReport:
        """Visit every open order once; request names this invocation.

        settled says that no execution is under way, so that an intent is taken up at once. One order's trouble never
        keeps the others from being visited.
        """
        risk = self.ledger.risk()
        self.apply.stop_above_limit(risk)
        decisions = self._carry(request, settled)
        orders = self.ledger.open_orders()
        round_ = _Round(request, settled, risk, self._listing(orders))
        changed, unresolved = 0, decisions.waiting
        for record in orders:
            state = self._visit(record, round_)
            changed += state is not record.state
            unresolved += state in (OrderState.INTENT, OrderState.SUBMITTING, OrderState.UNKNOWN)
        if self.protection is not None:
            changed += self.protection.check(request=request)
        detail = f"{len(orders)} open, {changed} changed, {unresolved} unresolved"
        self.heartbeats.beat("sweep_orders", detail=detail)
        return SweepReport(len(orders), changed, unresolved, decisions.carried)

    def _carry(self, request: str, settled: bool) -> CarryReport:
        try:
            return self.carry.carry(request=request, settled=settled)
        except RetryableError:
            # The list could not be read: it is not known that nothing waits.
            return CarryReport(0, 1)

    def _listing(self, orders: Sequence[OrderRecord]) -> Mapping[str, BrokerOrder]:
        sent = [each for each in orders if each.state is not OrderState.INTENT]
        if not sent:
            return {}
        since = min(each.created_at for each in sent) - _LISTING_MARGIN
        try:
            listed = self.broker.orders(since=since, open_only=False)
        except UnavailableError:
            return {}
        return {each.client_order_id: each for each in listed}

    def _visit(self, record: OrderRecord, round_: _Round) -> OrderState:
        name = record.terms.client_order_id
        try:
            snapshot = round_.listed.get(name)
            if snapshot is not None:
                applied = self.apply.apply(snapshot, known=record) or record
                self._cancel_again(applied, round_.risk)
                return applied.state
            if record.state is OrderState.INTENT:
                return self._visit_intent(record, round_)
            return self._visit_unlisted(record, round_)
        except (RetryableError, UnknownOutcomeError):
            self._complain_when_old(record)
            return record.state
        except CorruptDataError as error:
            self._alert(f"corrupt-{name}", "critical", str(error))
            return record.state

    def _visit_intent(self, record: OrderRecord, round_: _Round) -> OrderState:
        blocked = self._blocked(record, round_.risk)
        if blocked is not None:
            return self.place.abandon(record, code=blocked[0], reason=blocked[1])
        born = record.recorded_at or record.created_at
        if not round_.settled and self.machine.now() - born < INTENT_PATIENCE:
            return record.state
        return self.place.send(record, request=round_.request)

    def _visit_unlisted(self, record: OrderRecord, round_: _Round) -> OrderState:
        now = self.machine.now()
        if record.state is OrderState.SUBMITTING:
            if record.lease_until is not None and now < record.lease_until:
                return record.state
            self.place.lose_lease(record)
        snapshot = self.broker.order(record.terms.client_order_id)
        if snapshot is not None:
            applied = self.apply.apply(snapshot) or record
            self._cancel_again(applied, round_.risk)
            return applied.state
        if record.state in _WORKING:
            self._alert(
                f"missing-{record.terms.client_order_id}",
                "critical",
                f"order {record.terms.client_order_id} is {record.state}, but the broker does not know it",
            )
            return record.state
        return self._answer_absence(record, round_, now)

    def _answer_absence(self, record: OrderRecord, round_: _Round, now: datetime) -> OrderState:
        """The broker has no such order: after the quiet period send it again or give it up."""
        if record.last_sent_at is not None and now - record.last_sent_at < QUIET:
            return OrderState.UNKNOWN
        current = self.ledger.order(record.terms.client_order_id)
        if current is None or current.state is not OrderState.UNKNOWN:
            return record.state if current is None else current.state
        if current.last_sent_at != record.last_sent_at:
            # Somebody sent it again since the list was read: the broker's answer was about the time before.
            return current.state
        blocked = self._blocked(current, round_.risk)
        if blocked is not None:
            return self.place.abandon(current, code=blocked[0], reason=blocked[1])
        retry = current if current.retry_allowed else self.place.allow_retry(current)
        return current.state if retry is None else self.place.send(retry, request=round_.request)

    def _blocked(self, record: OrderRecord, risk: AccountRisk) -> tuple[str, str] | None:
        terms = record.terms
        state = risk.governing(terms.strategy, terms.symbol).state
        if state not in permitted_states(terms.side, reducing=terms.reducing):
            return f"TRADING_{state}", f"trading is {state}; it was not sent"
        if record.cancel_requested:
            return "CANCELED", "it was cancelled before it was sent"
        if not self.place.fresh(record):
            return "STALE", "the market moved on before it could be sent"
        # Splits are stored on their ex-date: the quantity was meant in shares that no longer exist.
        day = exchange_date(record.created_at)
        if any(split.ex_date > day for split in self.bars.splits(record.terms.symbol)):
            text = f"{record.terms.symbol} was split before the order of {day} could be sent"
            name = record.terms.client_order_id
            self._alert(f"split-{name}", "critical", f"order {name} is given up: {text}")
            return "SPLIT", text
        return None

    def _cancel_again(self, record: OrderRecord, risk: AccountRisk) -> None:
        governing = risk.governing(record.terms.strategy, record.terms.symbol)
        if record.cancel_requested or governing.state is TradingState.HALTED:
            self.cancel.cancel(record)

    def _complain_when_old(self, record: OrderRecord) -> None:
        sent = record.last_sent_at
        if (
            record.state is OrderState.UNKNOWN
            and sent
            and self.machine.now() - sent > UNRESOLVED_ALERT
        ):
            self._alert(
                f"unresolved-{record.terms.client_order_id}",
                "critical",
                f"for {UNRESOLVED_ALERT} nobody could tell whether {record.terms.client_order_id} was sent",
            )

    def _alert(self, identifier: str, severity: str, text: str) -> None:
        self.alerts.raise_alert(LedgerAlert(identifier, self.market.now(), severity, text))
