"""Orders that depend on another: the second half of a turn waits for the first, a replacement needs the old order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from quantumzero.domain.order_identity import successor_id
from quantumzero.domain.orders import Leg, OrderClass, OrderState, OrderType, Side

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderRecord, OrderTerms
    from quantumzero.domain.portfolio import Position

_WORKING = (OrderState.ACCEPTED, OrderState.PARTIAL)


class Readiness(StrEnum):
    """Whether an order may be sent: now, later, or never."""

    READY = "ready"
    WAITING = "waiting"
    HOPELESS = "hopeless"


@dataclass(frozen=True, slots=True)
class Standing:
    """An order's readiness and, when it is not ready, the reason in words."""

    readiness: Readiness
    code: str = ""
    reason: str = ""


READY = Standing(Readiness.READY)


def split_flip(terms: OrderTerms, held: Decimal) -> tuple[OrderTerms, ...]:
    """Return the order, or what it amounts to when it would turn the position: close it first, then open the rest.

    held is what the order may close, negative for a short position. An entry that only makes it smaller becomes
    reduce-only. No broker takes the two halves of a turn in one order; the second waits for the first.
    """
    signed = terms.quantity if terms.side is Side.BUY else -terms.quantity
    if terms.reducing or held * signed >= 0:
        return (terms,)
    if terms.quantity <= abs(held):
        return (replace(terms, reduce_only=True, opens_short=False, leg=Leg.EXIT),)
    close = replace(
        terms,
        quantity=abs(held),
        leg=Leg.EXIT,
        reduce_only=True,
        opens_short=False,
        order_class=OrderClass.SIMPLE,
        take_profit_price=None,
        stop_loss_price=None,
        stop_loss_limit_price=None,
    )
    opening = replace(
        terms,
        client_order_id=successor_id(terms.client_order_id, "open"),
        quantity=terms.quantity - abs(held),
        parent=terms.client_order_id,
        leg=Leg.ENTRY,
        opens_short=terms.side is Side.SELL,
    )
    return close, opening


def standing(record: OrderRecord, other: OrderRecord | None) -> Standing:
    """Tell whether the order may be sent; other is the order that it replaces or waits for, None without one."""
    if record.terms.replaces is not None:
        return _of_replacement(other)
    if waits_for(record.terms) is not None:
        return _of_second_half(other)
    return READY


def waits_for(terms: OrderTerms) -> str | None:
    """Return the order that must be settled before this one is sent, None when it depends on none."""
    if terms.replaces is not None:
        return terms.replaces
    return terms.parent if terms.leg is Leg.ENTRY else None


def reducible(record: OrderRecord, position: Position) -> Standing:
    """Tell whether a reduce-only order still makes the position smaller by all that it may yet fill."""
    closing = position.quantity if record.terms.side is Side.SELL else -position.quantity
    if not record.terms.reduce_only or record.open_quantity <= max(closing, Decimal(0)):
        return READY
    return Standing(
        Readiness.HOPELESS,
        "REDUCE_ONLY",
        f"a reduce-only {record.terms.side} of {record.open_quantity:f} {record.terms.symbol} was asked and "
        f"{position.quantity:f} is held",
    )


def _of_replacement(old: OrderRecord | None) -> Standing:
    if old is None or old.terminal:
        state = "not in the ledger" if old is None else old.state
        text = f"the order that it was to replace is {state}"
        return Standing(Readiness.HOPELESS, "NOTHING_TO_REPLACE", text)
    if old.state in _WORKING and old.broker_order_id is not None:
        return READY
    text = f"the order that it replaces is {old.state}; it is sent when that works at the broker"
    return Standing(Readiness.WAITING, "WAITS", text)


def _of_second_half(first: OrderRecord | None) -> Standing:
    if first is not None and first.state is OrderState.FILLED:
        return READY
    if first is None or first.terminal:
        state = "not in the ledger" if first is None else first.state
        text = f"the position was to be closed first and that order is {state}"
        return Standing(Readiness.HOPELESS, "NOT_CLOSED", text)
    return Standing(Readiness.WAITING, "WAITS", "the position is not closed yet")


def trails(terms: OrderTerms) -> bool:
    """Tell whether the order's stop follows the market."""
    return terms.order_type is OrderType.TRAILING_STOP
