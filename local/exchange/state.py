"""Everything the exchange remembers, in one value that a snapshot writes and a rewind reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal

from local.exchange.books import Books  # noqa: TC001 - msgspec reads the annotations
from local.exchange.orders import Fill, Order  # noqa: TC001 - msgspec reads the annotations


@dataclass(frozen=True, slots=True)
class Settings:
    """The rules of this market and account.

    participation is the share of a tick's size that one order may take. multiplier is the buying
    power per unit of equity (1: a cash account). commission_per_share is money per share traded.
    """

    participation: Decimal = Decimal("0.0005")
    allow_short: bool = False
    multiplier: Decimal = Decimal(1)
    commission_per_share: Decimal = Decimal(0)


@dataclass(slots=True)
class ClockState:
    """Where market time stands.

    opened counts the sessions opened so far; replayed counts the ticks of the current session that
    have been matched; replayed_until is the time of the newest matched tick or session close: no
    later data is visible.
    """

    now: datetime
    is_open: bool
    opened: int
    replayed: int
    replayed_until: datetime


@dataclass(frozen=True, slots=True)
class AppliedSplit:
    """A split as it met the account, before the open of ex_date.

    Quantities are those of the holding.
    """

    symbol: str
    ex_date: date
    new: int
    old: int
    quantity_before: Decimal
    quantity_after: Decimal
    at: datetime


@dataclass(slots=True)
class State:
    """Clock, books, every order by its identifier in order of arrival, every fill, every split
    applied.
    """

    clock: ClockState
    books: Books
    orders: dict[str, Order] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    splits: list[AppliedSplit] = field(default_factory=list)
    next_sequence: int = 1
