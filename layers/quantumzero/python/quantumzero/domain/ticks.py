"""Ticks: single trades and quotes as a vendor reported them, and why one may be refused.

Times are integers of microseconds since 1970 UTC, prices integers of 0.0001 (domain/prices.py),
sizes whole shares. An id names a trade of its symbol for ever: the same trade sent twice carries
the same id, two trades never share one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade; `id` is the vendor's trade number with its venue, as an integer below 2**63."""

    symbol: str
    time_us: int
    price: int
    size: int
    id: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The best bid and ask at one moment; sizes are shares."""

    symbol: str
    time_us: int
    bid: int
    ask: int
    bid_size: int
    ask_size: int


class Reason(StrEnum):
    """Why a tick or a whole record is in quarantine."""

    UNDECODABLE = "undecodable"
    MALFORMED = "malformed"
    UNKNOWN_SYMBOL = "unknown_symbol"
    PRICE_NOT_POSITIVE = "price_not_positive"
    PRICE_ABSURD = "price_absurd"
    SIZE_NOT_POSITIVE = "size_not_positive"
    SIZE_ABSURD = "size_absurd"
    TIME_IMPOSSIBLE = "time_impossible"
    TIME_IN_FUTURE = "time_in_future"
    LATE = "late"
    CROSSED_QUOTE = "crossed_quote"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A refused tick: the reason, the tick as it was read, and a sentence for who looks at it."""

    reason: Reason
    tick: str
    detail: str
