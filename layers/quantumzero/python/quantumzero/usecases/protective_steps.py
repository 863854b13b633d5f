"""What a fill does to the legs of its entry: written with the fill, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.protection import grow, held_leg, leg_id, legs_of, protects

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.orders import Leg, OrderRecord
    from quantumzero.ports.ledger import OrderLedger


def protective_steps(
    ledger: OrderLedger, step: Transition, *, at: datetime
) -> tuple[Transition, ...]:
    """Return the steps of the legs: the held ones grow by what filled, or the first ones are written."""
    if step.fill is None or not protects(step.after.terms):
        return ()
    more = step.fill.quantity
    return tuple(_of_leg(ledger, step.after, leg, more, at) for leg in legs_of(step.after.terms))


def newest_leg(ledger: OrderLedger, entry: str, leg: Leg) -> tuple[OrderRecord | None, int]:
    """Return the newest generation of the entry's leg and its number; None and 0 before the first."""
    newest, generation = None, 0
    while (found := ledger.order(leg_id(entry, leg, generation + 1))) is not None:
        newest, generation = found, generation + 1
    return newest, generation


def _of_leg(
    ledger: OrderLedger, entry: OrderRecord, leg: Leg, more: Decimal, at: datetime
) -> Transition:
    newest, generation = newest_leg(ledger, entry.terms.client_order_id, leg)
    if newest is not None and newest.held and not newest.terminal:
        return grow(newest, newest.terms.quantity + more)
    return held_leg(entry, leg, generation + 1, more, at=at)
