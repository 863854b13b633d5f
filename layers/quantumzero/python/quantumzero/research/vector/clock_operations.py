"""Where a bar lies in its day, for whole columns; see domain/strategy/session_clock.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.calendars import DAY_US, session_bounds_us
from quantumzero.domain.strategy.session_clock import MINUTE_US, day_of_week
from quantumzero.research.vector.columns import UNDEFINED, Column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from quantumzero.research.vector.interning import Computation


def _by_day(days: NDArray[np.int64], answer: Callable[[int], int]) -> NDArray[np.int64]:
    """Return the answer for each day, asked once a day."""
    distinct, places = np.unique(days, return_inverse=True)
    return np.array([answer(int(day)) for day in distinct], np.int64)[places]


def _day_of_week(_: Computation, inputs: Sequence[Column], machine: Any) -> Column | None:
    days = inputs[0].values // DAY_US
    values = _by_day(days, lambda day: day_of_week(day * DAY_US))
    return Column(values, len(values), 1, holes=False, bound=7)


def _session_number(_: Computation, inputs: Sequence[Column], machine: Any) -> Column | None:
    values = inputs[0].values // DAY_US
    bound = int(np.abs(values).max(initial=0))
    return Column(values, len(values), 1, holes=False, bound=bound)


def _session_time(
    computation: Computation, inputs: Sequence[Column], machine: Any
) -> Column | None:
    opens_at, closes_at = (column.values for column in inputs)
    days = opens_at // DAY_US
    begins = days * DAY_US
    if computation.node.constants[0] != "none":
        begins = _by_day(days, lambda day: session_bounds_us(day)[0])
    known = (begins != 0) | (computation.node.constants[0] == "none")
    values = np.where(known, (closes_at - begins) // MINUTE_US, UNDEFINED)
    bound = int(np.abs(values[known]).max(initial=0))
    return Column(values, len(values), 1, bound=bound)


CLOCK_OPERATIONS = {
    "day_of_week": _day_of_week,
    "session_number": _session_number,
    "session_time": _session_time,
}
