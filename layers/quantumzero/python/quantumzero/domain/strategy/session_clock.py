"""Where a bar lies in its day: pure functions of its times, microseconds since 1970 UTC.

A New York session never crosses midnight UTC, so the UTC day of a bar's open names its session;
without a calendar a day is the UTC day and opens at midnight.
"""

from __future__ import annotations

from quantumzero.domain.calendars import DAY_US, session_bounds_us

MINUTE_US = 60_000_000
_THURSDAY = 4  # 1 January 1970


def session_number(opens_at: int) -> int:
    """Return the number of the bar's day, counted from 1 January 1970."""
    return opens_at // DAY_US


def day_of_week(opens_at: int) -> int:
    """Return the bar's day of the week: 1 is Monday, 7 is Sunday."""
    return (session_number(opens_at) + _THURSDAY - 1) % 7 + 1


def session_time(opens_at: int, closes_at: int, calendar: str) -> int | None:
    """Return whole minutes from the session's open to the bar's close, None outside sessions."""
    day = session_number(opens_at)
    begins_at = day * DAY_US
    if calendar != "none":
        begins_at, _ = session_bounds_us(day)
        if not begins_at:
            return None
    return (closes_at - begins_at) // MINUTE_US
