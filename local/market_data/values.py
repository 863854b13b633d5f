"""The values that market data is made of.

Times are aware UTC; prices are exact Decimals of at most four decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Session:
    """One trading session: its exchange date, its first instant and the first instant after it."""

    date: date
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """One print: identifier grows per symbol through all sessions; size counts whole shares."""

    symbol: str
    identifier: int
    at: datetime
    price: Decimal
    size: int


@dataclass(frozen=True, slots=True)
class SourceTick:
    """One print as read from a file, before it has an identifier."""

    at: datetime
    price: Decimal
    size: int


@dataclass(frozen=True, slots=True)
class SourceBar:
    """One bar as read, raw: never adjusted for splits. It covers [opens_at, closes_at)."""

    opens_at: datetime
    closes_at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int


@dataclass(frozen=True, slots=True)
class StockSplit:
    """Each share held before the open of `ex_date` becomes new / old shares."""

    symbol: str
    ex_date: date
    new: int
    old: int
