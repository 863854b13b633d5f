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
    """An order's readiness and, when it is not ready, the reason in words; quantity is what may still be sent of it."""

    readiness: Readiness
    code: str = ""
    reason: str = ""
    quantity: Decimal | None = None


READY = Standing(Readiness.READY)
COVERED = "COVERED"


def split_flip(terms: OrderTerms, held: Decimal) -> tuple[OrderTerms, ...]:
    """Return the order, or what it amounts to when it would turn the position: close it first, then open the rest.

    held is what the order may close, negative for a short position. An entry that only makes it smaller becomes
    reduce-only. No broker takes the two halves of a turn in one order; the second waits for the first. Of an amount of
    money each half is the shares that it is worth now: the amount is for both together.
    """
    signed = terms.quantity if terms.side is Side.BUY else -terms.quantity
    if terms.reducing or held * signed >= 0:
        return (terms,)
    close = replace(
        terms,
        quantity=min(terms.quantity, abs(held)),
        notional=None,
        leg=Leg.EXIT,
        reduce_only=True,
        opens_short=False,
        order_class=OrderClass.SIMPLE,
        take_profit_price=None,
        stop_loss_price=None,
        stop_loss_limit_price=None,
        protection=None,
    )
    if terms.quantity <= abs(held):
        return (close,)
    opening = replace(
        terms,
        client_order_id=second_half_id(terms.client_order_id),
        quantity=terms.quantity - abs(held),
        notional=None,
        parent=terms.client_order_id,
        leg=Leg.ENTRY,
        opens_short=terms.side is Side.SELL,
    )
    return close, opening


def second_half_id(first: str) -> str:
    """Return the id of the order that opens the rest when that one has closed the position."""
    return successor_id(first, "open")


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


def clearance(
    record: OrderRecord, *, held: Decimal, free: Decimal, resting: Decimal, replaced: Decimal
) -> Standing:
    """Tell whether the shares that the order needs are free of other exits and of legs that rest at the broker.

    held is the strategy's quantity, free what its orders in the ledger, this one among them, leave of it to close;
    resting is what its resting legs cover, replaced what the order that this one replaces may still fill. An exit
    waits until the legs in its way are gone; of what a leg has sold meanwhile it sells no second time. An order that
    adds to the position waits too: brokers take no order against one that rests. One that opens a position waits while
    one of the other side is being closed: the two together would turn it, and brokers count neither as a close.
    """
    terms = record.terms
    if terms.rests:
        return READY
    if not terms.reducing:
        along = held if terms.side is Side.BUY else -held
        if along < 0:
            return Standing(
                Readiness.WAITING, "WAITS", "the position is being closed and is not yet"
            )
        return _covered(record, resting) if resting > 0 else READY
    slack = free + replaced
    if resting > max(slack, Decimal(0)):
        return _covered(record, resting)
    if slack >= 0:
        return READY
    return _too_large(record, record.open_quantity + slack)


def _covered(record: OrderRecord, resting: Decimal) -> Standing:
    text = f"{resting:f} {record.terms.symbol} are covered by a stop or target that is being cancelled first"
    return Standing(Readiness.WAITING, COVERED, text)


def _too_large(record: OrderRecord, left: Decimal) -> Standing:
    text = f"{record.open_quantity:f} {record.terms.symbol} were to be closed and {max(left, Decimal(0)):f} are left"
    untouched = record.state is OrderState.INTENT and record.terms.notional is None
    quantity = left if left > 0 and untouched else None
    return Standing(Readiness.HOPELESS, "REDUCE_ONLY", text, quantity)


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
