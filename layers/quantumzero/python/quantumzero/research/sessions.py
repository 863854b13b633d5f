"""Calendar look-ups for whole arrays: sessions of New York, or days of UTC when there is no calendar.

Times are int64 microseconds since 1970 UTC; days are UTC day numbers since 1970. A session of New
York never crosses midnight UTC, so a UTC day names it (domain/calendars.py holds the rules).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import (
    DAY_US,
    EXCHANGE_ZONE,
    FIRST_YEAR,
    LAST_YEAR,
    session_bounds_us,
)
from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

XNYS, NONE = "XNYS", "none"
CALENDARS = (XNYS, NONE)
XNYS_SESSIONS_PER_YEAR = 252.0
WEEKS_PER_YEAR = 52.0
_EPOCH = date(1970, 1, 1)
_DAYS_PER_YEAR = 365.25


def require_calendar(name: str) -> str:
    """Return the calendar's name; raises InvalidInputError for one that does not exist."""
    if name not in CALENDARS:
        raise InvalidInputError(f"calendar was {name!r}; it may be XNYS or none", field="calendar")
    return name


def day_number(day: date) -> int:
    """Return the days from 1970-01-01 to the date."""
    return (day - _EPOCH).days


def date_of(number: int) -> date:
    """Return the date of a day number."""
    return _EPOCH + timedelta(days=int(number))


def day_runs(opens: Integers) -> tuple[Integers, Integers]:
    """Return the UTC days on which rows open, in order, and how many rows follow each other there.

    opens are sorted. Many rows a day are counted by looking for midnights, without touching them.
    """
    if not len(opens):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first, last = int(opens[0]) // DAY_US, int(opens[-1]) // DAY_US
    if last - first < len(opens) // 4:
        numbers = np.arange(first, last + 2, dtype=np.int64)
        counts = np.diff(np.searchsorted(opens, numbers * DAY_US))
        held = counts > 0
        return numbers[:-1][held], counts[held]
    days = opens // DAY_US
    starts = np.flatnonzero(np.diff(days, prepend=days[0] - 1))
    return days[starts], np.diff(np.append(starts, len(days)))


def new_york_days(times: Integers) -> Integers:
    """Return the day number of the date in New York of each instant, one look-up an instant."""
    return np.array(
        [
            day_number(datetime.fromtimestamp(time / 1e6, UTC).astimezone(EXCHANGE_ZONE).date())
            for time in times.tolist()
        ],
        dtype=np.int64,
    )


def session_bounds(days: Integers) -> tuple[Integers, Integers]:
    """Return (opens, closes) of the session on each UTC day, zeros where New York was closed.

    Raises InvalidInputError for days outside the calendar's years.
    """
    if not len(days):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first, last = int(days.min()), int(days.max())
    for number in (first, last):
        if not FIRST_YEAR <= date_of(number).year <= LAST_YEAR:
            raise InvalidInputError(
                f"a bar was of {date_of(number)}; the XNYS calendar covers {FIRST_YEAR}-{LAST_YEAR}: "
                "cut the data, or say calendar none"
            )
    origin, table = _table(date_of(first).year, date_of(last).year)
    found = table[days - origin]
    return np.ascontiguousarray(found[:, 0]), np.ascontiguousarray(found[:, 1])


@lru_cache(maxsize=64)  # the instruments of a universe mostly begin and end together
def expected_days(first: int, last: int) -> Integers:
    """Return the day numbers of all sessions from day first to day last, both included."""
    days = np.arange(first, last + 1, dtype=np.int64)
    found = days[session_bounds(days)[0] > 0]
    found.setflags(write=False)
    return found


def sessions_per_year(calendar: str, days: Integers, timeframe: str = "1d") -> float:
    """Return 252 for XNYS; without a calendar the rate at which the data's own days come.

    days are the distinct session days of the run. A run of less than a month counts as 365 a year.
    Bars of a week end one session each, 52 a year.
    """
    if timeframe == "1w":
        return WEEKS_PER_YEAR
    if calendar == XNYS:
        return XNYS_SESSIONS_PER_YEAR
    span = int(days[-1] - days[0]) if len(days) else 0
    if span < 30:
        return 365.0
    return min(365.0, float(round((len(days) - 1) * _DAYS_PER_YEAR / span)))


@lru_cache(maxsize=32)
def _table(first_year: int, last_year: int) -> tuple[int, Integers]:
    years = [_year(year) for year in range(first_year, last_year + 1)]
    return day_number(date(first_year, 1, 1)), np.concatenate(years)


@lru_cache(maxsize=128)
def _year(year: int) -> Integers:
    first, after = day_number(date(year, 1, 1)), day_number(date(year + 1, 1, 1))
    return np.array([session_bounds_us(day) for day in range(first, after)], dtype=np.int64)
