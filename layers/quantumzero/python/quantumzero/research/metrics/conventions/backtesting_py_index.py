"""The index of backtesting.py rebuilt from closes, and what its statistics take from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quantumzero.research.metrics.definition import Undefined
from quantumzero.research.metrics.sample import DAY, Sample

Doubles = NDArray[np.float64]
Times = NDArray[np.int64]
_UNITS = (DAY, 3_600_000_000, 60_000_000, 1_000_000, 1_000, 1)  # D, h, min, s, ms, us
_SUNDAY_WEEKS, _MONTHS, _YEARS = 7, 31, 365
_WEEKEND_SHARE = 2 / 7 * 0.6


@dataclass(frozen=True)
class Falls:
    """The drawdowns longer than a bar: deepest point of each, and time from high to high."""

    peaks: Doubles
    spans: Times


@dataclass(frozen=True)
class Index:
    """time labels the bars, in microseconds; equity is that of their closes."""

    time: Times
    equity: Doubles

    @cached_property
    def period(self) -> int:
        """Median distance of the last 100 labels."""
        if len(self.time) < 2:
            raise Undefined("fewer than two bars")
        return int(np.median(np.diff(self.time[-100:])))

    @cached_property
    def periods(self) -> int:
        """A: 52, 12 or 1 for bars of 7, 31 or 365 days, else 252, or 365 when weekends are traded."""
        known = {_SUNDAY_WEEKS: 52, _MONTHS: 12, _YEARS: 1}.get(self.period // DAY)
        if known is not None:
            return known
        weekday = (self.time // DAY + 3) % 7  # 1970 began on a Thursday
        return 365 if float(np.mean(weekday >= 5)) > _WEEKEND_SHARE else 252

    @cached_property
    def day_returns(self) -> Doubles:
        """Returns from each day's last equity to the next day's (or week's, month's, year's)."""
        days = self.time // DAY
        length = self.period // DAY
        keys = days
        if length == _SUNDAY_WEEKS:
            keys = (days + 3) // 7
        elif length in (_MONTHS, _YEARS):
            unit = "datetime64[M]" if length == _MONTHS else "datetime64[Y]"
            keys = days.astype("datetime64[D]").astype(unit).astype(np.int64)
        last = self.equity[np.append(np.flatnonzero(np.diff(keys)), len(keys) - 1)]
        returns: Doubles = last[1:] / last[:-1] - 1.0
        return returns

    @cached_property
    def growth(self) -> float:
        """g: geometric mean of the day's returns; 0 when one is -100 % or less."""
        factors = self.day_returns + 1.0
        if not len(factors):
            raise Undefined("fewer than two days")
        if float(factors.min()) <= 0.0:
            return 0.0
        return math.exp(float(np.log(factors).sum()) / len(factors)) - 1.0

    @cached_property
    def depth(self) -> Doubles:
        """1 - equity / highest equity so far, at each bar."""
        return 1.0 - self.equity / np.maximum.accumulate(self.equity)

    @cached_property
    def falls(self) -> Falls:
        """The stretches between neighbouring bars at a high (the end counts as one) more than a bar apart."""
        edges = np.unique(np.append(np.flatnonzero(self.depth == 0.0), len(self.depth) - 1))
        chosen = np.flatnonzero(np.diff(edges) > 1)
        first, last = edges[chosen], edges[chosen + 1]
        bounds = np.column_stack((first, last + 1)).ravel()
        if not len(bounds):
            return Falls(np.zeros(0), np.zeros(0, np.int64))
        padded = np.append(self.depth, -math.inf)  # so that the last bound may be one past the end
        peaks = np.maximum.reduceat(padded, bounds)[::2]
        return Falls(peaks, self.time[last] - self.time[first])

    def round_up(self, span: float) -> float:
        """Return a time span in days, rounded up to whole units of the bar (days for daily bars, hours for hourly)."""
        unit = next(unit for unit in _UNITS if self.period % unit == 0)
        return math.ceil(span / unit) * unit / DAY

    @staticmethod
    def mean_time(spans: Times) -> float:
        """Return the mean, cut to whole microseconds as a time span is."""
        return float(int(np.mean(spans)))


def index_of(sample: Sample) -> Index:
    """Rebuild the labels: midnight UTC of the day for bars that end a session, else the bar's opening."""
    if "index" in sample.memory:
        found: Index = sample.memory["index"]
        return found
    time = sample.curves.time
    if not len(time):
        raise Undefined("the run has no bars")
    if bool(sample.curves.session_end.all()):
        labels = (time - 1) // DAY * DAY
    else:
        labels = time - int(np.median(np.diff(time[-100:])))
    index = Index(labels, sample.curves.equity)
    sample.memory["index"] = index
    return index
