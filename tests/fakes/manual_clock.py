"""A clock that a test turns, and a backoff that never sleeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class ManualClock:
    """Both clocks in one: now() and monotonic() move only by advance()."""

    def __init__(self, start: datetime = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._monotonic = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds


class NoBackoff:
    """Counts the waits it was asked for."""

    def __init__(self) -> None:
        self.waits = 0

    def wait(self, attempt: int) -> None:
        self.waits += 1
