"""The workloads' bars: synthetic, reproducible, on the exchange's real sessions.

Minutes: Student-t steps with a U-shaped volatility over the session, prices with 4 decimals. Panel: daily bars of many
instruments with a common and an own part. The same seed gives the same bars everywhere NumPy's generator does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.calendars import session_on, to_us

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from quantumzero.domain.calendars import Session

FIRST_DAY = date(2023, 1, 3)
FIRST_PANEL_DAY = date(2014, 1, 2)
MINUTE_US = 60_000_000
YEAR_OF_MINUTES = 98_280
PANEL_DAYS = 2_520
PANEL_SIZE = 500
FAST, SLOW = 10, 30
FASTS, SLOWS = range(5, 45), range(50, 243, 8)
COMMISSION, CASH = 0.001, 10_000_000.0


@dataclass(frozen=True, slots=True)
class Bars:
    """Columns of one or more instruments: time [T] in microseconds (the bar's opening), the rest [N, T]."""

    time: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]

    def save(self, path: Path) -> None:
        """Write the columns to one file."""
        np.savez(path, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, path: Path) -> Bars:
        """Read what save wrote."""
        with np.load(path) as stored:
            return cls(**{name: stored[name] for name in cls.__slots__})

    def frame(self, row: int = 0) -> Any:
        """Return one instrument as a DataFrame indexed by time (UTC, without zone)."""
        import pandas as pd

        index = pd.DatetimeIndex(self.time.astype("datetime64[us]"))
        columns = {
            name.capitalize(): getattr(self, name)[row] for name in self.__slots__ if name != "time"
        }
        return pd.DataFrame(columns, index=index)


def pairs(count: int = 1000) -> list[tuple[int, int]]:
    """Return the sweep's pairs of periods, fast 5..44 by slow 50..242 step 8, evenly thinned to the count."""
    found = [(fast, slow) for fast in FASTS for slow in SLOWS]
    return found[:: max(1, len(found) // count)][:count]


def minutes(count: int = YEAR_OF_MINUTES, seed: int = 3) -> Bars:
    """Return one instrument's minute bars of whole sessions from FIRST_DAY on, the last cut at the count.

    Seed 3 has no exact tie of the averages of 10 and 30 bars at a year: there float engines decide as exact ones do.
    """
    time = np.empty(count, np.int64)
    shape = np.empty(count)
    row = 0
    for session in _sessions(FIRST_DAY):
        opens, closes = to_us(session.opens_at), to_us(session.closes_at)
        inside = np.arange(opens, closes, MINUTE_US)[: count - row]
        place = (inside - opens) / (closes - opens)
        time[row : row + len(inside)] = inside
        shape[row : row + len(inside)] = 0.6 + 1.6 * (2.0 * place - 1.0) ** 2
        row += len(inside)
        if row == count:
            break
    random = np.random.default_rng(seed)
    steps = random.standard_t(4, count) * 4e-4 * shape
    return _bars(time, random, steps[None, :], 4e-4, 2_000.0)


def panel(instruments: int = PANEL_SIZE, days: int = PANEL_DAYS, seed: int = 11) -> Bars:
    """Return daily bars; the time is midnight of the exchange's day."""
    sessions = _sessions(FIRST_PANEL_DAY)
    time = np.array([(next(sessions).day - date(1970, 1, 1)).days for _ in range(days)], np.int64)
    random = np.random.default_rng(seed)
    market = random.standard_t(4, days) * 6e-3
    own = random.standard_t(4, (instruments, days)) * 1e-2
    return _bars(time * 86_400_000_000, random, market + own + 2e-4, 6e-3, 1e6)


def _bars(
    time: NDArray[np.int64],
    random: np.random.Generator,
    steps: NDArray[np.float64],
    spread: float,
    volume: float,
) -> Bars:
    """Round the walk to 4 decimals, open near the close before, reach a little beyond both."""
    close = np.round(100.0 * np.exp(np.cumsum(steps, axis=1)), 4)
    before = np.concatenate((np.full((len(close), 1), 100.0), close[:, :-1]), axis=1)
    opened = np.round(before * (1.0 + random.normal(0.0, spread / 4, close.shape)), 4)
    reach = np.abs(random.normal(0.0, spread / 2, (2, *close.shape)))
    high = np.round(np.maximum(opened, close) * (1.0 + reach[0]), 4)
    low = np.round(np.minimum(opened, close) * (1.0 - reach[1]), 4)
    shares = np.floor(random.lognormal(0.0, 0.6, close.shape) * volume) + 1.0
    return Bars(time, opened, high, low, close, shares)


def _sessions(day: date) -> Iterator[Session]:
    while True:
        session = session_on(day)
        if session is not None:
            yield session
        day += timedelta(days=1)
