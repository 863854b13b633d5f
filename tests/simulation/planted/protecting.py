"""Bugs of protecting, shorting, turning, trading amounts, and changing limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain import order_dependencies, order_snapshots
from quantumzero.domain.order_dependencies import READY
from quantumzero.domain.orders import Leg, OrderClass, OrderState, OrderTerms, Side
from quantumzero.domain.risk import limit_changes
from quantumzero.usecases import (
    apply_broker_order,
    clear_the_way,
    decide_order,
    protective_steps,
)
from quantumzero.usecases.clear_the_way import ClearTheWay
from quantumzero.usecases.rest_legs import Family
from tests.fakes.memory_broker import MemoryBroker
from tests.fakes.memory_ledger import MemoryLedger
from tests.simulation.broker_books import BrokerBooks
from tests.simulation.planted.bugs import bug, commit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.order_dependencies import Standing
    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.orders import BrokerOrder, OrderRecord
    from tests.simulation.planted.bugs import Patch
    from tests.simulation.watched_ledger import WatchedLedger


@bug("An exit is sent while a stop or target of the same shares rests at the broker.")
def exits_do_not_wait() -> Sequence[Patch]:
    return _nothing_in_the_way()


@bug("A leg that goes to rest leaves no successor: when the broker drops it nothing protects.")
def resting_legs_without_heir() -> Sequence[Patch]:
    return _without_heir("rests")


@bug("A leg that is let go leaves no successor: when it comes to nothing nothing protects.")
def fired_legs_without_heir() -> Sequence[Patch]:
    return _without_heir("fired")


@bug("A leg is for the first fill of its entry; later fills do not make it larger.")
def legs_do_not_grow() -> Sequence[Patch]:
    original = protective_steps.grow

    def grow(leg: OrderRecord, _quantity: Decimal, *more: Any) -> Transition:
        return original(leg, leg.terms.quantity, *more)

    return [(protective_steps, "grow", grow)]


@bug("A leg is for what was ordered, not for what has filled.")
def legs_sized_by_the_order() -> Sequence[Patch]:
    original = protective_steps.held_leg

    def held_leg(
        entry: OrderRecord, leg: Leg, generation: int, _: Decimal, **at: Any
    ) -> Transition:
        return original(entry, leg, generation, entry.terms.quantity, **at)

    return [(protective_steps, "held_leg", held_leg)]


@bug("The successor of a leg is let go, or goes to rest too, while the leg rests at the broker.")
def heirs_do_not_wait() -> Sequence[Patch]:
    def resting(_self: Family) -> None:
        return None

    return [(Family, "resting", property(resting)), *_nothing_in_the_way()]


@bug("A leg is multiplied when its split is known, though the books are not multiplied yet.")
def legs_multiplied_before_the_books() -> Sequence[Patch]:
    def prepared(_self: WatchedLedger) -> date:
        return date.max

    return [(MemoryLedger, "prepared_until", prepared)]


@bug("The stop in an exit by target or stop, listed by the broker, is taken for somebody else's.")
def nested_stop_adopted() -> Sequence[Patch]:
    original = MemoryBroker.orders

    def orders(self: Any, **asked: Any) -> Sequence[BrokerOrder]:
        listed = original(self, **asked)
        pairs = [each for each in listed if _is_pair(self, each)]
        return [*listed, *(self.stop_of(each) for each in pairs)]

    return [(MemoryBroker, "orders", orders)]


@bug("The end of the target is taken for the end of the exit, though its stop has filled.")
def target_speaks_for_its_stop() -> Sequence[Patch]:
    original = BrokerBooks.tell

    def tell(self: BrokerBooks, order: BrokerOrder) -> None:
        original(self, order)
        if _is_pair(self, order) and order.status == "filled":
            closed = replace(order, filled_quantity=Decimal(0), average_fill_price=None)
            self.told.append(replace(closed, status="canceled"))

    return [(BrokerBooks, "tell", tell)]


@bug("A limit that is raised is in force at once.")
def raises_take_effect_at_once() -> Sequence[Patch]:
    def looser(*_: Any) -> bool:
        return False

    return [(limit_changes, "looser", looser)]


@bug("A short sale counts as a sale: it reserves nothing.")
def shorts_reserve_nothing() -> Sequence[Patch]:
    def reducing(self: OrderTerms) -> bool:
        return self.reduce_only or self.side is Side.SELL

    return [(OrderTerms, "reducing", property(reducing))]


@bug("An entry against a position turns it in one order.")
def turned_in_one_order() -> Sequence[Patch]:
    def split(terms: OrderTerms, _held: Decimal) -> tuple[OrderTerms, ...]:
        return (terms,)

    return [(decide_order, "split_flip", split), *_openings_do_not_wait()]


@bug("The opening half of a turn does not wait for the closing half.")
def second_half_at_once() -> Sequence[Patch]:
    def of_second_half(_first: OrderRecord | None) -> Standing:
        return READY

    return [(order_dependencies, "_of_second_half", of_second_half), *_openings_do_not_wait()]


@bug("What an order for an amount of money has bought so far is taken for all that it will buy.")
def amounts_counted_in_shares() -> Sequence[Patch]:
    def counted(_record: OrderRecord, snapshot: BrokerOrder) -> BrokerOrder:
        return snapshot

    return [(order_snapshots, "_counted_in_shares", counted)]


@bug("What a restored table refused again stays refused, though the broker has it.")
def denied_for_ever() -> Sequence[Patch]:
    original = order_snapshots.apply_snapshot

    def apply(record: OrderRecord, snapshot: BrokerOrder) -> Transition | None:
        return None if record.state is OrderState.DENIED else original(record, snapshot)

    return [(apply_broker_order, "apply_snapshot", apply)]


def _nothing_in_the_way() -> Sequence[Patch]:
    """Let nothing wait for what rests at the broker or is being closed."""

    def standing(_self: ClearTheWay, *_: Any) -> Standing:
        return READY

    return [(ClearTheWay, "standing", standing)]


def _openings_do_not_wait() -> Sequence[Patch]:
    """Let no order wait for the position of the other side to be closed; it would hide what else is wrong."""
    original = clear_the_way.clearance

    def clearance(record: OrderRecord, **known: Decimal) -> Standing:
        found = original(record, **known)
        return READY if found.code == "WAITS" else found

    return [(clear_the_way, "clearance", clearance)]


def _without_heir(event: str) -> Sequence[Patch]:
    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        return replace(change, companions=()) if change.transition.event == event else change

    return commit_of(alter)


def _is_pair(broker: BrokerBooks, order: BrokerOrder) -> bool:
    terms = broker.terms.get(order.client_order_id)
    return terms is not None and terms.order_class is OrderClass.OCO
