"""Raw bars as a holder of today's shares sees them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from quantumzero.domain.bars import Bar, Split


def exchange_date(instant: datetime) -> str:
    """Return the exchange's date of an aware instant, ISO 8601."""
    return instant.astimezone(EXCHANGE_ZONE).date().isoformat()


def splits_by(splits: Sequence[Split], date: str) -> list[Split]:
    """Return the splits whose ex-date is at or before the exchange date."""
    return [split for split in splits if split.ex_date <= date]


def adjusted(bars: Sequence[Bar], splits: Sequence[Split]) -> Iterator[Bar]:
    """Yield the bars with prices divided and volumes multiplied by every later split.

    A split changes the bars of dates before its ex-date; prices round half to even to the unit.
    """
    if not splits:
        yield from bars
        return
    for bar in bars:
        date = exchange_date(bar.opens_at)
        shares = Fraction(1)
        for split in splits:
            if split.ex_date > date:
                shares *= Fraction(split.new, split.old)
        yield bar if shares == 1 else _adjusted(bar, shares)


def _adjusted(bar: Bar, shares: Fraction) -> Bar:
    return replace(
        bar,
        open=round(bar.open / shares),
        high=round(bar.high / shares),
        low=round(bar.low / shares),
        close=round(bar.close / shares),
        volume=round(bar.volume * shares),
        bid=None if bar.bid is None else round(bar.bid / shares),
        ask=None if bar.ask is None else round(bar.ask / shares),
        vwap=None if bar.vwap is None else round(bar.vwap / shares),
    )
