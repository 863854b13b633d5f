"""Bugs of claiming, sending and giving up."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from quantumzero.domain import order_lifecycle
from quantumzero.domain.errors import QuantumZeroError, UnknownOutcomeError
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.ports.brokers import Rejection
from quantumzero.usecases import place_order, sweep_orders
from quantumzero.usecases.place_order import PlaceOrder
from quantumzero.usecases.sweep_orders import SweepOrders
from tests.simulation.planted.bugs import bug, commit_of
from tests.simulation.simulated_broker import SimulatedBroker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.orders import OrderRecord
    from tests.simulation.planted.bugs import Patch
    from tests.simulation.watched_ledger import WatchedLedger


@bug("Every send carries a new id, and nothing is claimed.")
def new_id_per_send() -> Sequence[Patch]:
    count = itertools.count()

    def send(self: PlaceOrder, record: OrderRecord, *, request: str) -> OrderState:
        name = f"{record.terms.client_order_id[:20]}-{request}-{next(count)}"
        self.broker.submit(replace(record.terms, client_order_id=name))
        return record.state

    return [(PlaceOrder, "send", send)]


@bug("An order is sent without a claim.")
def sent_unclaimed() -> Sequence[Patch]:
    def send(self: PlaceOrder, record: OrderRecord, *, request: str) -> OrderState:
        answer = self.broker.submit(record.terms)
        if not isinstance(answer, Rejection):
            self.apply.apply(answer, known=record)
        return self._stored(record.terms.client_order_id).state if request else record.state

    return [(PlaceOrder, "send", send)]


@bug("No answer in time is taken for a refusal.")
def timeout_is_rejected() -> Sequence[Patch]:
    def lose_track(self: PlaceOrder, claimed: OrderRecord, reason: str) -> OrderState:
        return self._commit_from(
            claimed, lambda current: order_lifecycle.reject(current, code="TIMEOUT", reason=reason)
        )

    return [(PlaceOrder, "_lose_track", lose_track)]


@bug("No answer in time is answered by sending again at once.")
def timeout_sends_again() -> Sequence[Patch]:
    original = PlaceOrder._lose_track

    def lose_track(self: PlaceOrder, claimed: OrderRecord, reason: str) -> OrderState:
        try:
            answer = self.broker.submit(claimed.terms)
        except QuantumZeroError:
            return original(self, claimed, reason)
        if isinstance(answer, Rejection):
            return self._reject(claimed, answer)
        return self._accept(claimed, answer)

    return [(PlaceOrder, "_lose_track", lose_track)]


@bug("The broker's word that the id exists is taken for a refusal.")
def duplicate_is_rejected() -> Sequence[Patch]:
    def existing(_self: SimulatedBroker, _terms: Any) -> Rejection:
        return Rejection("40010001", "client_order_id must be unique", "request-2")

    return [(SimulatedBroker, "_existing", existing)]


@bug("An order that the broker does not know is settled at once, without a quiet period.")
def no_quiet_period() -> Sequence[Patch]:
    return [(sweep_orders, "QUIET", timedelta(0))]


@bug("The trading state is asked when the order is decided, not when it is claimed.")
def halt_only_when_deciding() -> Sequence[Patch]:
    everything = frozenset(TradingState)

    def permitted(*_: Any, **__: Any) -> frozenset[TradingState]:
        return everything

    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        return replace(change, guard=None) if change.transition.event == "claimed" else change

    return [
        *commit_of(alter),
        (place_order, "permitted_states", permitted),
        (sweep_orders, "permitted_states", permitted),
    ]


@bug("The claim reads the trading state, but its transaction does not check it.")
def halt_unchecked_in_the_claim() -> Sequence[Patch]:
    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        return replace(change, guard=None) if change.transition.event == "claimed" else change

    return commit_of(alter)


@bug("The sweep leaves intents alone.")
def intents_forgotten() -> Sequence[Patch]:
    def visit(_self: SweepOrders, record: OrderRecord, _round: Any) -> OrderState:
        return record.state

    return [(SweepOrders, "_visit_intent", visit)]


@bug("A claim that outlived its lease stays as it is.")
def leases_never_end() -> Sequence[Patch]:
    original = SweepOrders._visit_unlisted

    def visit(self: SweepOrders, record: OrderRecord, round_: Any) -> OrderState:
        if record.state is OrderState.SUBMITTING:
            return record.state
        return original(self, record, round_)

    return [(SweepOrders, "_visit_unlisted", visit)]


@bug("The sender does not look how long its claim took before it sends.")
def late_claims_sent() -> Sequence[Patch]:
    return [(place_order, "SEND_WITHIN", timedelta(days=1))]


@bug("A lost order is given up without having been looked up.")
def given_up_without_looking() -> Sequence[Patch]:
    original = SweepOrders._visit_unlisted

    def visit(self: SweepOrders, record: OrderRecord, round_: Any) -> OrderState:
        if record.state is not OrderState.UNKNOWN:
            return original(self, record, round_)
        return self.place.abandon(record, code="LOST", reason="nobody knows where it is")

    return [(SweepOrders, "_visit_unlisted", visit)]


@bug("A reason repeats the credential that the broker was called with.")
def credential_in_a_reason() -> Sequence[Patch]:
    original = PlaceOrder._lose_track

    def lose_track(self: PlaceOrder, claimed: OrderRecord, reason: str) -> OrderState:
        broker: Any = self.broker
        return original(self, claimed, f"{reason}; sent with {broker._target.credential}")

    return [(PlaceOrder, "_lose_track", lose_track)]


@bug("Whoever writes an order last wins: its version is not compared.")
def version_not_compared() -> Sequence[Patch]:
    def alter(ledger: WatchedLedger, change: LedgerChange) -> LedgerChange:
        step: Transition = change.transition
        stored = ledger.records.get(step.after.terms.client_order_id)
        if stored is None or step.before is None or stored.version == step.before.version:
            return change
        return replace(change, transition=replace(step, before=stored))

    return commit_of(alter)


@bug("A definite refusal is taken for silence: the order is sent again for ever.")
def refusal_is_silence() -> Sequence[Patch]:
    def reject(_self: PlaceOrder, claimed: OrderRecord, _answer: Rejection) -> OrderState:
        if claimed.attempts > 0:
            raise UnknownOutcomeError("taken for silence")
        return claimed.state

    def allowed(_self: SweepOrders, record: OrderRecord, *_: Any) -> OrderState:
        return record.state

    return [(PlaceOrder, "_reject", reject), (SweepOrders, "_answer_absence", allowed)]
