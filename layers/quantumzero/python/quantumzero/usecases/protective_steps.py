"""What the broker's word does to legs: those of an entry that fills, and one that a restored ledger still holds here.

Written with the word, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.protection import grow, heir, held_leg, leg_id, legs_of, protects

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.orders import Leg, OrderRecord
    from quantumzero.ports.ledger import OrderLedger


def protective_steps(
    ledger: OrderLedger, step: Transition, *, at: datetime
) -> tuple[Transition, ...]:
    """Return the steps of the legs: the held ones grow by what filled, or the first ones are written.

    at is market time now. A leg is as old as the fill: heard a day late, it is in the shares of its own day.
    """
    before = step.before
    if before is not None and before.held and not step.after.held:
        known = generations(ledger, before.terms.parent or "", before.terms.leg)
        return (heir(before, len(known) + 1, at=at),)
    if step.fill is None or not protects(step.after.terms):
        return ()
    more, at = step.fill.quantity, min(at, step.after.filled_at or at)
    return tuple(_of_leg(ledger, step.after, leg, more, at) for leg in legs_of(step.after.terms))


def generations(ledger: OrderLedger, entry: str, leg: Leg) -> Sequence[OrderRecord]:
    """Return every generation of the entry's leg, oldest first."""
    found: list[OrderRecord] = []
    while (following := ledger.order(leg_id(entry, leg, len(found) + 1))) is not None:
        found.append(following)
    return found


def _of_leg(
    ledger: OrderLedger, entry: OrderRecord, leg: Leg, more: Decimal, at: datetime
) -> Transition:
    known = generations(ledger, entry.terms.client_order_id, leg)
    newest = known[-1] if known else None
    if newest is not None and newest.held and not newest.terminal:
        return grow(newest, newest.terms.quantity + more, entry)
    return held_leg(entry, leg, len(known) + 1, more, at=at)
