"""Turn bars into ticks, always the same way: docs/exchange_simulator.md states the rule in numbers.

Every tick lies inside the bar's [low, high]; the first is at its open, the last at its close, and
the sizes sum to its volume. Sizes are whole shares.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from local.market_data.values import SourceTick

if TYPE_CHECKING:
    from decimal import Decimal

    from local.market_data.values import SourceBar

DAILY_OPENING_PRINTS = 3
_MILLISECOND = timedelta(milliseconds=1)
_SECOND = timedelta(seconds=1)
_SMALL_VOLUME = 20  # below it five per cent of the volume is less than one share
_SHORT_SESSION = timedelta(hours=5)


def daily_ticks(bar: SourceBar) -> tuple[SourceTick, ...]:
    """Return three opening prints, the two extremes and the closing print of one session's bar."""
    if bar.volume < _SMALL_VOLUME:
        return _few_ticks(bar, *_daily_extreme_offsets(bar))
    twentieth, fifth = bar.volume // 20, bar.volume // 5
    first, second = _extremes(bar)
    first_offset, second_offset = _daily_extreme_offsets(bar)
    opening = tuple(
        SourceTick(bar.opens_at + number * _MILLISECOND, bar.open, twentieth)
        for number in range(DAILY_OPENING_PRINTS)
    )
    rest = bar.volume - DAILY_OPENING_PRINTS * twentieth - 2 * fifth
    return (
        *opening,
        SourceTick(bar.opens_at + first_offset, first, fifth),
        SourceTick(bar.opens_at + second_offset, second, fifth),
        SourceTick(bar.closes_at - _SECOND, bar.close, rest),
    )


def intraday_ticks(bar: SourceBar) -> tuple[SourceTick, ...]:
    """Return the opening print, the two extremes and the closing print of a bar of minutes."""
    third = (bar.closes_at - bar.opens_at) / 3
    if bar.volume < _SMALL_VOLUME:
        return _few_ticks(bar, third, 2 * third)
    opening, fifth = bar.volume * 15 // 100, bar.volume // 5
    first, second = _extremes(bar)
    return (
        SourceTick(bar.opens_at, bar.open, opening),
        SourceTick(bar.opens_at + third, first, fifth),
        SourceTick(bar.opens_at + 2 * third, second, fifth),
        SourceTick(bar.closes_at - _SECOND, bar.close, bar.volume - opening - 2 * fifth),
    )


def least_volume(opened: Decimal, high: Decimal, low: Decimal, closed: Decimal) -> int:
    """Return how many shares must have traded for a bar to have these prices.

    One for each different price.
    """
    if opened == high == low == closed:
        return 0
    needed = 2
    return needed + sum(1 for extreme in (high, low) if extreme not in (opened, closed))


def _few_ticks(
    bar: SourceBar, first_offset: timedelta, second_offset: timedelta
) -> tuple[SourceTick, ...]:
    """Print a bar of fewer than twenty shares: one share a print, the rest in the last.

    Nothing for no volume.
    """
    if bar.volume == 0:
        return ()
    closing_at = bar.closes_at - _SECOND
    if bar.volume == 1 or bar.open == bar.high == bar.low == bar.close:
        return (SourceTick(closing_at, bar.close, bar.volume),)
    first, second = _extremes(bar)
    prints = [SourceTick(bar.opens_at, bar.open, 1)]
    for price, offset in ((first, first_offset), (second, second_offset)):
        if price not in (bar.open, bar.close):
            prints.append(SourceTick(bar.opens_at + offset, price, 1))
    return (*prints, SourceTick(closing_at, bar.close, bar.volume - len(prints)))


def _extremes(bar: SourceBar) -> tuple[Decimal, Decimal]:
    """Return low then high when the bar rose or stood still, high then low when it fell."""
    return (bar.low, bar.high) if bar.close >= bar.open else (bar.high, bar.low)


def _daily_extreme_offsets(bar: SourceBar) -> tuple[timedelta, timedelta]:
    """Return +2 h and +4.5 h, or +1 h and +2.5 h in a session shortened by an early close."""
    if bar.closes_at - bar.opens_at < _SHORT_SESSION:
        return timedelta(hours=1), timedelta(hours=2, minutes=30)
    return timedelta(hours=2), timedelta(hours=4, minutes=30)
