"""Higher timeframes built from a strategy's own bars: the bucket of a bar, and the bar it becomes.

Times are whole microseconds since 1970 UTC. A bar belongs to the bucket in which it opens. With
the calendar XNYS a day is the exchange's session, a week its sessions from Monday to Friday, and
shorter buckets count from the session's open, the last one cut at its close; a bar outside every
session belongs to none. With the calendar none a day is a UTC day, a week begins on Monday, and
shorter buckets are whole multiples in UTC. The values of a bucket may be read by a bar that closes
at or after the bucket's end, never earlier; the first bucket counts from the first bar on.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from quantumzero.domain.bars import TIMEFRAMES
from quantumzero.domain.calendars import DAY_US, session_bounds_us, to_us

if TYPE_CHECKING:
    from quantumzero.domain.bars import Bar

HIGHER_FIELDS = ("open", "high", "low", "close", "volume")
_MINUTE_US = 60_000_000
_MINUTES = {"1m": 1, "5m": 5, "15m": 15, "30m": 30, "1h": 60}
_SESSION_MINUTES = 390
_UTC_DAY_MINUTES = 1440

Bucket = tuple[int, int]
"""When a bucket starts and ends: start <= t < end."""


def is_longer(timeframe: str, than: str) -> bool:
    """Say whether bars of the timeframe last longer than those of the other."""
    return TIMEFRAMES.index(timeframe) > TIMEFRAMES.index(than)


def bars_a_day(timeframe: str, calendar: str) -> int:
    """Return how many bars of an intraday timeframe a whole day holds, 1 for longer ones."""
    minutes = _SESSION_MINUTES if calendar == "XNYS" else _UTC_DAY_MINUTES
    own = _MINUTES.get(timeframe)
    return 1 if own is None else -(-minutes // own)


def bars_in(higher: str, timeframe: str, calendar: str) -> int:
    """Return how many bars of the timeframe a whole bucket of the higher one holds."""
    if higher == "1w":
        return (5 if calendar == "XNYS" else 7) * bars_a_day(timeframe, calendar)
    if higher == "1d":
        return bars_a_day(timeframe, calendar)
    return _MINUTES[higher] // _MINUTES[timeframe]


def bucket_of(opens_us: int, timeframe: str, calendar: str) -> Bucket | None:
    """Return the bucket of that timeframe in which a bar opens, None when it belongs to none."""
    if calendar == "XNYS":
        return _exchange_bucket(opens_us, timeframe)
    if timeframe == "1w":
        monday = _monday(opens_us // DAY_US) * DAY_US
        return (monday, monday + 7 * DAY_US)
    length = DAY_US if timeframe == "1d" else _MINUTES[timeframe] * _MINUTE_US
    start = opens_us // length * length
    return (start, start + length)


def _exchange_bucket(opens_us: int, timeframe: str) -> Bucket | None:
    day = opens_us // DAY_US
    if timeframe == "1w":
        week = _exchange_week(_monday(day))
        return week if week and opens_us < week[1] else None
    opens, closes = session_bounds_us(day)
    if opens_us >= closes:  # a day without a session has the bounds 0
        return None
    if timeframe == "1d":
        return (opens, closes)
    if opens_us < opens:
        return None
    length = _MINUTES[timeframe] * _MINUTE_US
    start = opens + (opens_us - opens) // length * length
    return (start, min(start + length, closes))


@cache
def _exchange_week(monday: int) -> Bucket | None:
    sessions = [
        bounds for day in range(monday, monday + 5) if (bounds := session_bounds_us(day))[1]
    ]
    return (monday * DAY_US, sessions[-1][1]) if sessions else None


def _monday(utc_day: int) -> int:
    return utc_day - (utc_day + 3) % 7  # day 0, 1970-01-01, was a Thursday


class Aggregation:
    """Fold bars into the bars of one higher timeframe; only the newest of each kind is kept.

    completed holds open, high, low, close, volume of the last higher bar that has closed, None
    before the first.
    """

    def __init__(self, timeframe: str, calendar: str) -> None:
        self._timeframe = timeframe
        self._calendar = calendar
        self._bucket: Bucket | None = None
        self._forming: list[int] = []
        self.completed: list[int] | None = None

    def step(self, bar: Bar) -> None:
        """Take the next bar, which closes later than the one before."""
        opens_us, closes_us = to_us(bar.opens_at), to_us(bar.closes_at)
        forming, end = self._forming, self._bucket[1] if self._bucket else 0
        if forming and opens_us >= end:
            self.completed, forming = forming, []
        bucket = bucket_of(opens_us, self._timeframe, self._calendar)
        if bucket is None:
            pass
        elif not forming:
            self._bucket = bucket
            forming = [bar.open, bar.high, bar.low, bar.close, bar.volume]
        else:
            forming[1] = max(forming[1], bar.high)
            forming[2] = min(forming[2], bar.low)
            forming[3] = bar.close
            forming[4] += bar.volume
        if forming and self._bucket and closes_us >= self._bucket[1]:
            self.completed, forming = forming, []
        self._forming = forming

    def dump(self) -> Any:
        return [list(self._bucket) if self._bucket else None, self._forming, self.completed]

    def load(self, memory: Any) -> None:
        bucket, self._forming, self.completed = memory
        self._bucket = (int(bucket[0]), int(bucket[1])) if bucket else None
