"""Claim an intent and send it to the broker once.

Whoever wins the claim sends; nobody else ever does. What the broker does not answer clearly becomes UNKNOWN and is left
to the sweep, which looks it up. The claim and the trading state are checked in the same transaction, so nothing is
claimed after a halt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, repeat
from typing import TYPE_CHECKING

from quantumzero.domain import order_lifecycle
from quantumzero.domain.errors import (
    ConflictError,
    CorruptDataError,
    NotFoundError,
    UnavailableError,
    UnknownOutcomeError,
)
from quantumzero.domain.ledger_changes import RiskGuard, change_of
from quantumzero.domain.order_dependencies import (
    COVERED,
    READY,
    Readiness,
    Standing,
    reducible,
    standing,
    waits_for,
)
from quantumzero.domain.order_identity import claim_id
from quantumzero.domain.orders import BrokerOrder, OrderRecord, OrderState
from quantumzero.domain.portfolio import Position
from quantumzero.domain.protection import grow
from quantumzero.domain.risk.account_risk import permitted_states
from quantumzero.ports.brokers import Broker, Rejection
from quantumzero.usecases.cancel_orders import CancelOrders
from quantumzero.usecases.clear_the_way import ClearTheWay
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.risk.account_risk import TradingState
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.ledger import OrderLedger
    from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder

# A send begins within SEND_WITHIN of its claim and ends within connect 2 s + read 5 s, inside the lease.
LEASE = timedelta(seconds=10)
SEND_WITHIN = timedelta(seconds=2)
# An intent is sent while the market is at most this much past it.
FRESH = timedelta(seconds=300)
_UNDECIDED = (OrderState.SUBMITTING, OrderState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Send one approved intent."""

    ledger: OrderLedger
    broker: Broker
    apply: ApplyBrokerOrder
    market: MarketClock
    machine: MachineClock
    backoff: Backoff

    def place(self, client_order_id: str, *, request: str) -> OrderState:
        """Send the order if it is a fresh intent; answer its state in any case.

        request names this invocation: a repetition of it never sends again. Raises NotFoundError on an unknown id.
        """
        record = self._stored(client_order_id)
        if record.state is not OrderState.INTENT:
            return record.state
        return self.send(record, request=request)

    def send(self, record: OrderRecord, *, request: str) -> OrderState:
        """Claim and send an INTENT, or an UNKNOWN order whose retry is allowed; answer the state it has then."""
        hindrance = self._hindrance(record)
        if hindrance.code == COVERED and self._may_go(record):
            self._way.clear(record)
            hindrance = self._hindrance(record)
        if hindrance is not READY:
            return self._hold_back(record, hindrance, request)
        started = self.machine.monotonic()
        claim = claim_id(record.terms.client_order_id, request)
        claimed = self._claim(record, claim)
        if claimed is None:
            return self._stored(record.terms.client_order_id).state
        try:
            replaced = self._replaced(claimed)
            if self.machine.monotonic() - started >= SEND_WITHIN.total_seconds():
                return self._lose_track(claimed, "the claim took too long; nothing was sent")
            answer = self._send_once(claimed, replaced)
        except (UnknownOutcomeError, UnavailableError, CorruptDataError) as error:
            return self._lose_track(claimed, f"no clear answer: {error}")
        if isinstance(answer, Rejection):
            return self._reject(claimed, answer)
        return self._accept(claimed, answer)

    def _hold_back(self, record: OrderRecord, hindrance: Standing, request: str) -> OrderState:
        if hindrance.quantity is not None:
            return self._shrink(record, hindrance.quantity, request)
        if hindrance.readiness is Readiness.WAITING:
            return record.state
        return self.abandon(record, code=hindrance.code, reason=hindrance.reason)

    def _replaced(self, claimed: OrderRecord) -> str | None:
        """Return the broker's id of the order that this one replaces, if any: read before the last look at the time."""
        name = claimed.terms.replaces
        if name is None:
            return None
        old = self._stored(name).broker_order_id
        if old is None:
            raise UnknownOutcomeError(f"order {name} has no id at the broker")
        return old

    def _send_once(self, claimed: OrderRecord, replaced: str | None) -> BrokerOrder | Rejection:
        if replaced is None:
            return self.broker.submit(claimed.terms)
        return self.broker.replace(replaced, claimed.terms)

    def _hindrance(self, record: OrderRecord) -> Standing:
        """Return what keeps the order from being sent now, if anything: most orders depend on nothing."""
        if record.held:
            return Standing(Readiness.WAITING, "HELD", "its price is not met yet")
        needed = waits_for(record.terms)
        other = None if needed is None else self.ledger.order(needed)
        found = READY if needed is None else standing(record, other)
        if found is READY:
            found = self._way.standing(record, other if record.terms.replaces else None)
        if found is READY and record.terms.reduce_only:
            return reducible(record, self.ledger.position(record.terms.symbol))
        return found

    @property
    def _way(self) -> ClearTheWay:
        cancel = CancelOrders(
            ledger=self.ledger, broker=self.broker, market=self.market, machine=self.machine
        )
        return ClearTheWay(ledger=self.ledger, cancel=cancel, apply=self.apply)

    def _may_go(self, record: OrderRecord) -> bool:
        """Tell whether the order could be sent if nothing rested: protection is not given up for one that cannot."""
        terms = record.terms
        states = permitted_states(terms.side, reducing=terms.reducing)
        return not record.cancel_requested and self.fresh(record) and self._state(record) in states

    def _shrink(self, record: OrderRecord, quantity: Decimal, request: str) -> OrderState:
        """Let an exit close what a leg has left to it."""
        step = grow(record, quantity)
        try:
            self._commit(step)
        except ConflictError:
            return self._stored(record.terms.client_order_id).state
        return self.send(step.after, request=request)

    def fresh(self, record: OrderRecord) -> bool:
        """Tell whether the market is still close enough to the decision to send.

        The second half of a turn is as old as the fill of the first, and not old at all while it waits for that.
        """
        return self.market.now() - self._since(record) < FRESH

    def _since(self, record: OrderRecord) -> datetime:
        needed = None if record.terms.replaces else waits_for(record.terms)
        first = None if needed is None else self.ledger.order(needed)
        if first is None:
            return record.created_at
        return (first.filled_at if first.terminal else self.market.now()) or record.created_at

    def abandon(self, record: OrderRecord, *, code: str, reason: str) -> OrderState:
        """Give up an order that was never sent or that the broker does not know; frees its reservation."""
        return self._commit_from(
            record, lambda current: order_lifecycle.abandon(current, code=code, reason=reason)
        )

    def lose_lease(self, record: OrderRecord) -> OrderState:
        """Turn a claim that outlived its lease into UNKNOWN."""
        return self._lose_track(record, "whoever claimed it did not come back")

    def allow_retry(self, record: OrderRecord) -> OrderRecord | None:
        """Permit one more send of the same id; None when the order moved meanwhile."""
        transition = order_lifecycle.allow_retry(record)
        try:
            self._commit(transition)
        except ConflictError:
            return None
        return transition.after

    def _claim(self, record: OrderRecord, claim: str) -> OrderRecord | None:
        """Return the claimed order, None when it moved, went stale or trading does not permit it."""
        readings = chain((record,), repeat(None))

        def attempt() -> OrderRecord | None:
            current = next(readings) or self._stored(record.terms.client_order_id)
            if (current.version, current.state) != (record.version, record.state):
                return None
            if current.cancel_requested:
                return None
            states = permitted_states(current.terms.side, reducing=current.terms.reducing)
            if not self.fresh(current) or self._state(current) not in states:
                return None
            now = self.machine.now()
            transition = order_lifecycle.claim(
                current, claim_id=claim, now=now, lease_until=now + LEASE
            )
            self._commit(transition, RiskGuard(states))
            return transition.after

        return decide_until_committed(attempt, self.backoff)

    def _state(self, record: OrderRecord) -> TradingState:
        """Return the strictest of the states of account, strategy and symbol."""
        terms = record.terms
        return self.ledger.risk().governing(terms.strategy, terms.symbol).state

    def _accept(self, claimed: OrderRecord, answer: BrokerOrder) -> OrderState:
        try:
            applied = self.apply.apply(answer, known=claimed)
        except CorruptDataError as error:
            return self._lose_track(claimed, f"the answer was not usable: {error}")
        return applied.state if applied else claimed.state

    def _reject(self, claimed: OrderRecord, answer: Rejection) -> OrderState:
        reason = f"{answer.message} (request {answer.request_id})"
        return self._commit_from(
            claimed,
            lambda current: order_lifecycle.reject(current, code=answer.code, reason=reason),
        )

    def _lose_track(self, claimed: OrderRecord, reason: str) -> OrderState:
        def attempt(current: OrderRecord) -> Transition | None:
            if current.state is OrderState.UNKNOWN:
                return None
            return order_lifecycle.lose_track(current, reason)

        return self._commit_from(claimed, attempt)

    def _commit_from(
        self, record: OrderRecord, step: Callable[[OrderRecord], Transition | None]
    ) -> OrderState:
        """Commit the step from the order as it is now, unless somebody else has settled it or claimed it anew."""

        def attempt() -> OrderState:
            current = self._stored(record.terms.client_order_id)
            settled = current.state not in (*_UNDECIDED, OrderState.INTENT)
            transition = None if settled or current.claim_id != record.claim_id else step(current)
            if transition is None:
                return current.state
            self._commit(transition)
            return transition.after.state

        return decide_until_committed(attempt, self.backoff)

    def _commit(self, transition: Transition, guard: RiskGuard | None = None) -> None:
        # Nothing fills in these steps, so the position does not matter.
        untouched = Position(transition.after.terms.symbol)
        self.ledger.commit(change_of(transition, untouched, at=self.market.now(), guard=guard))

    def _stored(self, client_order_id: str) -> OrderRecord:
        record = self.ledger.order(client_order_id)
        if record is None:
            raise NotFoundError(
                f"order {client_order_id} is not in the ledger; place only what check_risk approved"
            )
        return record
