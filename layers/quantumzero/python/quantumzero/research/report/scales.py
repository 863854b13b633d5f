"""Axes: from values to places in the unit square (0 left and bottom), and where labels stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import from_us

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Doubles = NDArray[np.float64]

_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_YEAR_US = 31_556_952_000_000
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Scale:
    """A vertical axis from low to high, both drawn; log needs low > 0."""

    low: float
    high: float
    log: bool = False

    def place(self, values: Doubles) -> Doubles:
        """Return 0 at low, 1 at high for each value; NaN stays NaN."""
        if self.log:
            bottom, top = np.log(self.low), np.log(self.high)
            heights: Doubles = (np.log(values) - bottom) / (top - bottom)
            return heights
        return (values - self.low) / (self.high - self.low)

    def ticks(self, most: int = 6) -> list[float]:
        """Return at most about `most` round values inside the axis."""
        if self.log and self.high / self.low > 4:
            found = _decades(self.low, self.high)
            return found[:: max(1, -(-len(found) // most))]
        return _round_values(self.low, self.high, most)


def fitted(curves: Sequence[Doubles], *, log: bool = False, zero: bool = False) -> Scale:
    """Return the axis that shows all finite values with a little air; zero includes 0."""
    finite = np.concatenate([curve[np.isfinite(curve)] for curve in curves] or [np.zeros(0)])
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if log and low > 0:
        air = (high / low) ** 0.05 if high > low else 1.05
        return Scale(low / air, high * air, log=True)
    air = (high - low) * 0.05 or max(abs(high) * 0.05, 0.5)
    at_zero = zero and high > low
    bottom = low if at_zero and low == 0 else low - air
    return Scale(bottom, high if at_zero and high == 0 else high + air)


def _round_values(low: float, high: float, most: int) -> list[float]:
    rough = (high - low) / max(most - 1, 1)
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(nice * power for nice in _NICE if nice * power >= rough * 0.999)
    first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
    return [float(position * step) for position in range(first, last + 1)]


def _decades(low: float, high: float) -> list[float]:
    first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    values = (digit * 10.0**power for power in range(first, last + 1) for digit in (1, 2, 5))
    return [value for value in values if low <= value <= high]


def time_ticks(times: Integers, most: int = 8) -> list[tuple[float, str]]:
    """Return places (0 to 1, by position among the instants) and words where a period begins.

    The period is the longest of year, quarter, month, day and hour that gives three labels or more.
    """
    if len(times) < 2:
        return []
    for period in ("year", "quarter", "month", "week", "day", "hour"):
        marks = _marks(times, period)
        if len(marks) >= 3 or period == "hour":
            break
    step = max(1, -(-len(marks) // most))
    last = len(times) - 1
    return [(position / last, _named(int(times[position]), period)) for position in marks[::step]]


def _marks(times: Integers, period: str) -> list[int]:
    """Return the positions whose instant is the first of its period."""
    instants = (times - 1).astype("datetime64[us]")
    if period == "hour":
        units = instants.astype("datetime64[h]").astype(np.int64)
    elif period == "week":
        units = (instants.astype("datetime64[D]").astype(np.int64) + 3) // 7
    elif period == "day":
        units = instants.astype("datetime64[D]").astype(np.int64)
    else:
        months = instants.astype("datetime64[M]").astype(np.int64)
        units = months // {"year": 12, "quarter": 3, "month": 1}[period]
    return [int(place) for place in np.flatnonzero(np.diff(units)) + 1]


def _named(time_us: int, period: str) -> str:
    moment = from_us(time_us - 1)
    if period == "year":
        return str(moment.year)
    if period in {"quarter", "month"}:
        return f"{_MONTHS[moment.month - 1]} {moment.year}"
    if period == "hour":
        return f"{moment:%d} {_MONTHS[moment.month - 1]} {moment:%H:00}"
    return f"{moment.day} {_MONTHS[moment.month - 1]}"
