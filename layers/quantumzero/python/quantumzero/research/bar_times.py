"""When each bar opens and closes: from timestamps as they stand in data to instants of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.bars import TIMEFRAMES
from quantumzero.domain.calendars import DAY_US, from_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.sessions import XNYS, date_of, new_york_days, session_bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

MINUTE_US = 60_000_000
INTERVALS_US: Mapping[str, int] = {
    "1m": MINUTE_US, "5m": 5 * MINUTE_US, "15m": 15 * MINUTE_US, "30m": 30 * MINUTE_US,
    "1h": 60 * MINUTE_US, "1d": DAY_US, "1w": 7 * DAY_US,
}  # fmt: skip
_DAILY_FROM = 20 * 60 * MINUTE_US  # a day may be 23 hours long, and a close may come early
_WEEKLY_FROM = 4 * DAY_US
_MONDAY_SHIFT = 3  # 1970-01-01 was a Thursday: (day + 3) % 7 is 0 on Mondays


@dataclass(frozen=True, slots=True)
class BarTimes:
    """Opening and closing instants of the bars that stay; kept selects their rows (None: all)."""

    opens_at: Integers
    closes_at: Integers
    kept: NDArray[np.int64] | None
    timeframe: str
    notes: tuple[str, ...] = ()


def bar_times(
    symbol: str, times: Integers, zoned: bool, calendar: str, timeframe: str | None
) -> BarTimes:
    """Return the times of one symbol's bars; timeframe None means: as the data's smallest gap says.

    Raises InvalidInputError naming the row.
    """
    gaps = np.diff(times)
    smallest = int(gaps.min()) if len(gaps) else None
    if smallest is not None and smallest <= 0:
        _refuse_order(symbol, times, gaps)
    found = _timeframe_of(symbol, times, smallest, timeframe)
    if found in ("1d", "1w"):
        return _by_day(symbol, _dates(times, zoned, calendar), calendar, found)
    if not zoned and calendar == XNYS:
        raise InvalidInputError(
            f"{symbol}, row 1: timestamp {from_us(int(times[0])):%Y-%m-%d %H:%M} had no time zone; "
            "write 2024-01-02T09:30:00-05:00 or ...Z (or say calendar none, which reads it as UTC)"
        )
    if calendar != XNYS:
        return BarTimes(times, times + INTERVALS_US[found], None, found)
    return _in_sessions(symbol, times, found)


def _refuse_order(symbol: str, times: Integers, gaps: Integers) -> None:
    row = int((gaps <= 0).argmax()) + 1
    now, before = from_us(int(times[row])), from_us(int(times[row - 1]))
    what = "repeated that of row" if now == before else f"came after {before:%Y-%m-%d %H:%M} of row"
    raise InvalidInputError(
        f"{symbol}, row {row + 1}: timestamp {now:%Y-%m-%d %H:%M} {what} {row}; "
        "rows must be in order of time, each time once: sort the data and remove repetitions"
    )


def _timeframe_of(symbol: str, times: Integers, smallest: int | None, asked: str | None) -> str:
    if smallest is None:
        return asked or "1d"
    if smallest >= _WEEKLY_FROM and (asked == "1w" or len(times) > 3):
        found = "1w"
    elif smallest >= _DAILY_FROM:
        found = "1d"
    else:
        found = next((name for name, gap in INTERVALS_US.items() if gap == smallest), "")
    sparse_days = asked == "1d" and found == "1w"
    if asked in (None, found) and found:
        return found
    if sparse_days:
        return "1d"
    gap = f"{smallest / MINUTE_US:g} minutes" if smallest < _DAILY_FROM else found
    raise InvalidInputError(
        f"{symbol}: the smallest gap between two bars was {gap}; "
        + (
            f"the strategy's timeframe is {asked}"
            if asked
            else f"it may be {', '.join(TIMEFRAMES)}"
        )
        + ": give bars of that interval"
    )


def _dates(times: Integers, zoned: bool, calendar: str) -> Integers:
    """Return the day numbers that daily timestamps name: a bare date, UTC midnight, or New York's."""
    days = times // DAY_US
    if not zoned or calendar != XNYS or not (times - days * DAY_US).any():
        return days
    return new_york_days(times)


def _by_day(symbol: str, days: Integers, calendar: str, timeframe: str) -> BarTimes:
    gaps = np.diff(days)
    if len(gaps) and gaps.min() <= 0:
        row = int((gaps <= 0).argmax()) + 1
        raise InvalidInputError(
            f"{symbol}, row {row + 1}: date {date_of(int(days[row]))} repeated that of row {row}; "
            "give one bar a day"
        )
    if timeframe == "1w":
        return _by_week(days, calendar)
    if calendar != XNYS:
        return BarTimes(days * DAY_US, (days + 1) * DAY_US, None, timeframe)
    opens, closes = session_bounds(days)
    kept, notes = _inside(symbol, opens > 0)
    if kept is None:
        return BarTimes(opens, closes, None, timeframe)
    return BarTimes(opens[kept], closes[kept], kept, timeframe, notes)


def _by_week(days: Integers, calendar: str) -> BarTimes:
    """A week's bar covers Monday to Sunday: from its first session's open to its last one's close."""
    mondays = days - (days + _MONDAY_SHIFT) % 7
    if calendar != XNYS:
        return BarTimes(mondays * DAY_US, (mondays + 7) * DAY_US, None, "1w")
    week = mondays[:, None] + np.arange(7)
    opens, closes = (bounds.reshape(week.shape) for bounds in session_bounds(week.ravel()))
    first = np.where(opens > 0, opens, np.iinfo(np.int64).max).min(axis=1)
    return BarTimes(first, closes.max(axis=1), None, "1w")


def _in_sessions(symbol: str, times: Integers, timeframe: str) -> BarTimes:
    days = np.arange(times[0] // DAY_US, times[-1] // DAY_US + 1, dtype=np.int64)
    opens, closes = session_bounds(days)
    starts = np.searchsorted(times, opens)
    ends = np.searchsorted(times, closes)  # a day without session has opens = closes = 0: no rows
    count = int((ends - starts).sum())
    if count == len(times):
        kept, notes = None, tuple[str, ...]()
    else:
        inside = np.zeros(len(times) + 1, np.int64)
        np.add.at(inside, starts, 1)
        np.add.at(inside, ends, -1)
        kept, notes = _inside(symbol, np.cumsum(inside[:-1]) > 0)
        times = times[kept]
    bar_closes = times + INTERVALS_US[timeframe]
    held = ends > starts
    last = np.cumsum(ends - starts)[held] - 1
    bar_closes[last] = np.minimum(bar_closes[last], closes[held])
    return BarTimes(times, bar_closes, kept, timeframe, notes)


def _inside(
    symbol: str, inside: NDArray[np.bool_]
) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    kept = np.flatnonzero(inside)
    outside = len(inside) - len(kept)
    if not outside:
        return None, ()
    if not len(kept):
        raise InvalidInputError(
            f"{symbol}: none of the {outside} bars lies in a session of XNYS; "
            "if the instrument trades at other times, say calendar none"
        )
    return kept, (f"{symbol}: {outside} bars outside the sessions of XNYS were left out",)
