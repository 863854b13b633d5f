"""Fields of a higher timeframe on a strategy's own bars, as domain/strategy/timeframes.py folds them.

Which bars fold into which bucket hangs on their times only, so it is found once for a series; the
folding of prices is then a reduction of arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.strategy.timeframes import bucket_of
from quantumzero.research.vector.columns import UNDEFINED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_FOLDS = {"high": np.maximum, "low": np.minimum, "volume": np.add}


class Buckets:
    """The buckets of one timeframe over one series of bars.

    taken are the bars that belong to a bucket, firsts the place in taken of each bucket's first
    bar, completed for every bar the number of the last bucket that has closed (-1: none).
    """

    def __init__(
        self, opens_at: Integers, closes_at: Integers, timeframe: str, calendar: str
    ) -> None:
        taken: list[int] = []
        firsts: list[int] = []
        completed: list[int] = []
        forming, done, end = False, -1, 0
        times = zip(opens_at.tolist(), closes_at.tolist(), strict=True)
        for bar, (opens_us, closes_us) in enumerate(times):
            if forming and opens_us >= end:
                done, forming = len(firsts) - 1, False
            bucket = bucket_of(opens_us, timeframe, calendar)
            if bucket is not None:
                if not forming:
                    end, forming = bucket[1], True
                    firsts.append(len(taken))
                taken.append(bar)
            if forming and closes_us >= end:
                done, forming = len(firsts) - 1, False
            completed.append(done)
        self._taken = np.array(taken, np.int64)
        self._firsts = np.array(firsts, np.int64)
        self._completed = np.array(completed, np.int64)

    def fold(self, field: str, values: Integers) -> Integers:
        """Return, for each of the first len(values) bars, the field of the last closed bucket."""
        count = len(values)
        taken = self._taken[: int(np.searchsorted(self._taken, count))]
        firsts = self._firsts[: int(np.searchsorted(self._firsts, len(taken)))]
        if not len(firsts):
            return np.full(count, UNDEFINED, np.int64)
        own = values[taken]
        if field == "open":
            folded = own[firsts]
        elif field == "close":
            folded = own[np.append(firsts[1:], len(taken)) - 1]
        else:
            folded = _FOLDS[field].reduceat(own, firsts)
        completed = self._completed[:count]
        return np.where(completed < 0, UNDEFINED, folded[np.maximum(completed, 0)])
