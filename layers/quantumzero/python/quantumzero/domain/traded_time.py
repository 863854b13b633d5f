"""Ages in trading time: nights, weekends and holidays do not make a price old or a service late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE, sessions_between

if TYPE_CHECKING:
    from collections.abc import Mapping

_SESSION = timedelta(hours=6, minutes=30)
BAR_LENGTHS: Mapping[str, timedelta] = {
    "1m": timedelta(minutes=1),
    "5m": timedelta(minutes=5),
    "15m": timedelta(minutes=15),
    "30m": timedelta(minutes=30),
    "1h": timedelta(hours=1),
    "1d": _SESSION,
    "1w": 5 * _SESSION,
}


def traded_time(since: datetime, until: datetime) -> timedelta:
    """Return how long the exchange was open between two instants, zero when until is not after since."""
    total = timedelta(0)
    if until <= since:
        return total
    first = since.astimezone(EXCHANGE_ZONE).date()
    last = until.astimezone(EXCHANGE_ZONE).date()
    for session in sessions_between(first, last):
        overlap = min(until, session.closes_at) - max(since, session.opens_at)
        total += max(overlap, timedelta(0))
    return total


def older_than_two_bars(closed_at: datetime, timeframe: str, now: datetime) -> bool:
    """Say whether more than two bars of the timeframe could have closed since."""
    return traded_time(closed_at, now) > 2 * BAR_LENGTHS[timeframe]
