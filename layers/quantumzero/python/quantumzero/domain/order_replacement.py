"""Replacing a working order: a new order of the next intent in the place of the old one.

Until the old order is closed both reserve all of their own where there is room for both: then whatever either fills is
within the limit. Where there is not, they reserve together the greater of their values: the old keeps what it has, the
new holds the excess and takes over all of its own when the old is closed or when it fills itself, which proves that the
old is gone; what the old one fills meanwhile unheard comes on top, and the new order says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.errors import RefusedError
from quantumzero.domain.order_dependencies import trails
from quantumzero.domain.order_identity import successor_id
from quantumzero.domain.order_lifecycle import Transition, intend, move
from quantumzero.domain.orders import OrderState, Origin

if TYPE_CHECKING:
    from datetime import datetime

    from quantumzero.domain.orders import BrokerOrder, OrderRecord, OrderTerms, TimeInForce

_WORKING = (OrderState.ACCEPTED, OrderState.PARTIAL)
# Why a replacement reserves less than its own value beside the old order.
NO_ROOM_FOR_BOTH = (
    "no room for both: what the order that it replaces fills meanwhile comes on top of it"
)
# What the roundings of partial fills may take from a reservation.
_ROUNDED = Decimal("0.01")
_NEVER_LIVED = (OrderState.REJECTED, OrderState.ABANDONED, OrderState.DENIED)


@dataclass(frozen=True, slots=True)
class OrderChanges:
    """What is to be different; None leaves it. quantity is what the new order may fill, trail money or percent."""

    quantity: Decimal | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail: Decimal | None = None
    time_in_force: TimeInForce | None = None


def replacement_terms(
    old: OrderRecord, changes: OrderChanges, failed: OrderRecord | None = None
) -> OrderTerms:
    """Return the new order; failed is a replacement that was asked for before and never lived.

    Raises RefusedError when the old order is not working, or is a stop or target: these follow what their entry filled.
    """
    terms = old.terms
    if terms.origin is Origin.PROTECTIVE:
        raise RefusedError(
            f"order {terms.client_order_id} protects what order {terms.parent} filled and is kept in step with it; "
            "cancel it, or close the position"
        )
    if old.state not in _WORKING:
        raise RefusedError(
            f"order {terms.client_order_id} is {old.state}; only an order that works at the broker is replaced"
        )
    trail_price, trail_percent = terms.trail_price, terms.trail_percent
    if changes.trail is not None:
        if not trails(terms):
            raise RefusedError(
                f"order {terms.client_order_id} is {terms.order_type}; it has no trail"
            )
        by_money = trail_price is not None
        trail_price, trail_percent = (changes.trail, None) if by_money else (None, changes.trail)
    intent = (failed or old).terms.intent + 1
    return replace(
        terms,
        client_order_id=successor_id(terms.client_order_id, f"replace-{intent}"),
        quantity=old.open_quantity if changes.quantity is None else changes.quantity,
        limit_price=terms.limit_price if changes.limit_price is None else changes.limit_price,
        stop_price=terms.stop_price if changes.stop_price is None else changes.stop_price,
        trail_price=trail_price,
        trail_percent=trail_percent,
        time_in_force=changes.time_in_force or terms.time_in_force,
        intent=intent,
        replaces=terms.client_order_id,
    )


def never_lived(successor: OrderRecord) -> bool:
    """Tell whether a replacement that was asked for came to nothing, so that another may be."""
    return successor.state in _NEVER_LIVED


def asks_for(terms: OrderTerms, changes: OrderChanges) -> bool:
    """Tell whether the order is what the changes asked for."""
    trail = terms.trail_price if terms.trail_price is not None else terms.trail_percent
    asked = (
        (changes.quantity, terms.quantity),
        (changes.limit_price, terms.limit_price),
        (changes.stop_price, terms.stop_price),
        (changes.trail, trail),
        (changes.time_in_force, terms.time_in_force),
    )
    return all(wanted is None or wanted == found for wanted, found in asked)


def replace_step(
    old: OrderRecord,
    terms: OrderTerms,
    *,
    at: datetime,
    recorded_at: datetime,
    reference_price: Decimal,
    both: bool = False,
) -> tuple[Transition, Transition]:
    """Return the new order's intent and the old order's note of who follows.

    both says that there is room for the two; else the new one reserves the excess over the old one, and its reason says
    what that means.
    """
    after = intend(terms, at=at, recorded_at=recorded_at, reference_price=reference_price).after
    if not both:
        excess = max(after.reserved_value - old.reserved_value, Decimal(0))
        after = replace(after, reserved_value=excess, reason=NO_ROOM_FOR_BOTH)
    child = Transition(None, after, "replacement_intended")
    noted = move(old, old.state, "replace_requested", replaced_by=terms.client_order_id)
    return child, noted


def before_snapshot(
    record: OrderRecord, other: OrderRecord | None, snapshot: BrokerOrder
) -> OrderRecord:
    """Return the order as the snapshot meets it: a replacement that lives has taken over what it reserves."""
    if other is None or record.terms.replaces != other.terms.client_order_id:
        return record
    fills = snapshot.filled_quantity > record.filled_quantity
    if record.terminal or not (fills or other.terminal):
        return record
    return replace(record, reserved_value=_whole(record))


def companions(step: Transition, other: OrderRecord | None) -> tuple[Transition, ...]:
    """Return what the step of one of the two orders does to the other one.

    An old order beside which the new one has reserved all of its own keeps its reservation until its end is heard.
    """
    if other is None or other.terminal:
        return ()
    before, after = step.before, step.after
    if after.terms.replaces == other.terms.client_order_id:
        whole_before = before is not None and _whole(before) - before.reserved_value < _ROUNDED
        if step.fill is None or not other.reserved_value or whole_before:
            return ()
        return (move(other, other.state, "handed_over", reserved_value=Decimal(0)),)
    proven = after.state is OrderState.REPLACED or other.broker_order_id is not None
    whole = _whole(other)
    if not after.terminal or not proven or other.reserved_value == whole:
        return ()
    return (move(other, other.state, "took_over", reserved_value=whole),)


def counterpart(record: OrderRecord) -> str | None:
    """Return the order that this one replaces or is replaced by, None when there is none."""
    return record.replaced_by or record.terms.replaces


def _whole(record: OrderRecord) -> Decimal:
    if record.terms.reducing:
        return Decimal(0)
    return record.open_quantity * record.reference_price
