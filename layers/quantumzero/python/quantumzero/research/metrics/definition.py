"""What a metric is: a name, a unit, a formula in words, its source, and the function that reads it off a run.

The formula is the function's docstring, so the page docs/metrics.md and the code cannot disagree.

Units: ratio (0.1 is 10 %), percent (10 is 10 %), money (the account's currency), count, days (of
86,400 seconds), time (microseconds since 1970 UTC), sessions.
"""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

from quantumzero.research.result import Metric

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.research.metrics.sample import Sample

UNITS = ("ratio", "percent", "money", "count", "days", "time", "sessions")
NOT_FINITE = "the formula gives no finite number for this run"


class Undefined(Exception):
    """Raised by a metric that this run does not define; the argument says why."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One metric of one convention."""

    name: str
    unit: str
    source: str
    read: Callable[[Sample], float]

    @property
    def formula(self) -> str:
        """Return the definition in words, on one line."""
        return " ".join(inspect.cleandoc(self.read.__doc__ or "").split())

    def measure(self, sample: Sample) -> Metric:
        """Return the figure, or None with the reason when the run does not define it."""
        try:
            value = float(self.read(sample))
        except Undefined as verdict:
            return Metric(None, self.unit, str(verdict))
        except (OverflowError, ZeroDivisionError):
            return Metric(None, self.unit, NOT_FINITE)
        if not math.isfinite(value):
            return Metric(None, self.unit, NOT_FINITE)
        return Metric(value, self.unit)


def metric(
    unit: str, source: str, *, name: str | None = None
) -> Callable[[Callable[[Sample], float]], Definition]:
    """Turn a function of a sample into a definition; name is the function's when none is given.

    A figure that others are made of is computed once a sample.
    """

    def declare(read: Callable[[Sample], float]) -> Definition:
        @wraps(read)
        def once(sample: Sample) -> float:
            if read not in sample.memory:
                sample.memory[read] = read(sample)
            value: float = sample.memory[read]
            return value

        return Definition(name or read.__name__, unit, source, once)

    return declare


def divide(numerator: float, denominator: float, reason: str) -> float:
    """Return the quotient; Undefined with the reason when the denominator is 0 or not a number."""
    if not denominator:
        raise Undefined(reason)
    quotient = numerator / denominator
    if not math.isfinite(quotient):
        raise Undefined(reason)
    return quotient
