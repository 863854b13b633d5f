"""Bugs of deciding and reserving: limits, identities, reservations."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from quantumzero.domain.order_identity import client_order_id
from quantumzero.domain.risk import controls
from quantumzero.usecases import decide_order, place_order
from quantumzero.usecases.carry_decisions import CarryDecisions, CarryReport
from quantumzero.usecases.decide_order import DecideOrder
from tests.simulation.planted.bugs import bug, commit_of, unguarded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.ledger_changes import LedgerChange
    from tests.simulation.planted.bugs import Patch
    from tests.simulation.watched_ledger import WatchedLedger


@bug("The limits are checked nowhere: neither before the reservation nor in it.")
def exposure_unchecked() -> Sequence[Patch]:
    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        return unguarded(change)

    original = controls.first_refusal

    def allow(proposal: Any) -> Any:
        found = original(proposal)
        limited = found is not None and found.code.startswith(("EXPOSURE", "BUYING_POWER"))
        return None if limited else found

    return [*commit_of(alter), (decide_order, "first_refusal", allow)]


@bug("The limits are read first and the reservation is written without a condition.")
def read_then_write() -> Sequence[Patch]:
    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        return unguarded(change)

    return commit_of(alter)


@bug("Every attempt to decide makes a new order id.")
def new_id_per_decision() -> Sequence[Patch]:
    count = itertools.count()

    def order_id(account: str, decision: Decision) -> str:
        return _order_id(account, decision, next(count))

    return [(decide_order, "order_id_of", order_id)]


@bug("The order id comes from the machine's clock, not from the bar that was decided on.")
def id_from_the_clock() -> Sequence[Patch]:
    original = DecideOrder.decide

    def decide(self: DecideOrder, decision: Decision, inference: Any) -> Any:
        stamp = self.machine.now()
        late = replace(decision, closes_at=decision.closes_at.replace(microsecond=stamp.second))
        return original(self, late, inference)

    return [(DecideOrder, "decide", decide)]


@bug("A decision whose execution died is never taken up again.")
def decisions_not_carried() -> Sequence[Patch]:
    def carry(_self: CarryDecisions, **_: object) -> CarryReport:
        return CarryReport(0, 0)

    return [(CarryDecisions, "carry", carry)]


@bug("An order that is given up keeps its reservation.")
def reservation_kept() -> Sequence[Patch]:
    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        if change.transition.event != "abandoned":
            return change
        zero = change.gross_used * 0
        return replace(change, gross_used=zero, open_reserved=zero)

    return commit_of(alter)


@bug("A reservation is given back twice when an order is cancelled.")
def reservation_released_twice() -> Sequence[Patch]:
    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        if change.transition.event != "canceled":
            return change
        return replace(
            change, gross_used=change.gross_used * 2, open_reserved=change.open_reserved * 2
        )

    return commit_of(alter)


@bug("A fill frees its reservation, but the position does not count as exposure.")
def fills_use_nothing() -> Sequence[Patch]:
    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        if change.position is None:
            return change
        return replace(change, gross_used=change.open_reserved)

    return commit_of(alter)


@bug("A stale intent is still sent: nobody asks how old the decision is.")
def stale_intents_sent() -> Sequence[Patch]:
    def fresh(_self: place_order.PlaceOrder, _record: Any) -> bool:
        return True

    return [(place_order.PlaceOrder, "fresh", fresh)]


def _order_id(account: str, decision: Decision, intent: int) -> str:
    return client_order_id(
        account=account,
        strategy=decision.strategy,
        version=decision.version,
        decided_at=decision.closes_at,
        symbol=decision.symbol,
        leg=str(decision.action),
        intent=intent,
    )
