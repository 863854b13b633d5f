"""The design's table of states, written down a second time on purpose, and orders as the audit tells them."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.orders import OrderState, Side

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderRecord, OrderTerms

ZERO = Decimal(0)
S = OrderState
CLOSED = frozenset({S.FILLED, S.CANCELED, S.EXPIRED, S.REPLACED, S.REJECTED, S.ABANDONED, S.DENIED})
_AT_BROKER = frozenset({S.ACCEPTED, S.PARTIAL, S.FILLED, S.CANCELED, S.EXPIRED, S.REPLACED})
EDGES = {
    None: {S.INTENT, S.DENIED, S.REJECTED, *_AT_BROKER},
    S.INTENT: {S.SUBMITTING, S.ABANDONED, S.REJECTED, *_AT_BROKER},
    S.SUBMITTING: {S.UNKNOWN, S.REJECTED, *_AT_BROKER},
    S.UNKNOWN: {S.UNKNOWN, S.SUBMITTING, S.ABANDONED, S.REJECTED, *_AT_BROKER},
    S.ACCEPTED: {S.REJECTED, *_AT_BROKER},
    S.PARTIAL: _AT_BROKER - {S.ACCEPTED},
    S.CANCELED: {S.CANCELED, S.FILLED},
    S.EXPIRED: {S.EXPIRED, S.FILLED},
    S.REPLACED: {S.REPLACED, S.FILLED},
    S.REJECTED: _AT_BROKER,
    S.ABANDONED: {S.REJECTED, *_AT_BROKER},
    S.FILLED: set(),
    S.DENIED: {S.REJECTED, *_AT_BROKER},
}
# What is written beside an order that stays where it is.
NOTES = frozenset(
    {
        "cancel_requested", "replace_requested", "handed_over", "took_over", "resized", "fired",
        "restated", "rests", "followed",
    }
)  # fmt: skip

Standing = tuple[str, int, Decimal, Decimal]


def zero() -> Decimal:
    """Return nothing, for counters that begin with it."""
    return ZERO


def works(record: OrderRecord | None) -> bool:
    """Whether the order may be sent or is at the broker: a held leg waits for its price and counts nowhere."""
    return record is not None and record.state not in CLOSED and not record.held


def open_quantity(record: OrderRecord | None, *, rests: bool = False) -> Decimal:
    """Return what the order may still fill; what rests at the broker to protect is counted by itself."""
    if record is None or not works(record) or record.terms.rests is not rests:
        return ZERO
    return record.terms.quantity - record.filled_quantity


def reduces(terms: OrderTerms) -> bool:
    """Whether the order only makes a position smaller: written down a second time, like the table."""
    return terms.reduce_only or (terms.side is Side.SELL and not terms.opens_short)


def standing(record: OrderRecord) -> Standing:
    """Return what the audit keeps of an order."""
    return (record.state.value, record.version, record.filled_quantity, record.filled_cost)


def digest(orders: dict[str, Standing], held: dict[str, Decimal], cash: Decimal) -> str:
    """Return the hash of the books."""
    told = [
        [(name, one[0], one[1], *map(_plain, one[2:])) for name, one in sorted(orders.items())],
        sorted((symbol, _plain(quantity)) for symbol, quantity in held.items() if quantity),
        _plain(cash),
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
