"""One node's values over all bars, as an array: exact numerators, doubles or truths.

Undefined is -2**63 in an exact column, NaN in doubles, -1 in truths. An exact value that could pass
2**62 is kept as a Python integer (`is_big`): such columns are only stepped, never given to arrays'
arithmetic. A scaled column shares its source's array: `raw` times `factor`.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from quantumzero.domain.strategy.graph import Value

UNDEFINED = -(2**63)
LARGEST = 2**62


class Column:
    """The values of one node on n bars; never changed once made.

    start counts the leading bars known to be undefined; holes says whether a later one may be.
    bound is the greatest possible absolute numerator (exact columns). constant is the one value of
    a column that never changes, None elsewhere.
    """

    __slots__ = (
        "_list", "_values", "bound", "constant", "denominator", "factor", "holes", "is_truth",
        "length", "prefix", "raw", "start", "sums",
    )  # fmt: skip

    def __init__(
        self, raw: NDArray[Any] | None, length: int, denominator: int | None, *, start: int = 0,
        holes: bool = True, bound: int = 0, factor: int = 1,
    ) -> None:  # fmt: skip
        self.raw: NDArray[Any] | None = raw
        self.length = length
        self.denominator = denominator
        self.start = min(start, length)
        self.holes = holes
        self.bound = bound
        self.factor = factor
        self.is_truth = raw is not None and raw.dtype == np.int8
        self.constant: int | float | None = None
        self.prefix: NDArray[np.uint64] | None = None
        self.sums = 0  # how many sums of windows were asked of it
        self._values: NDArray[Any] | None = raw if factor == 1 else None
        self._list: list[Value] | None = None

    @classmethod
    def of_constant(cls, value: int | float, length: int, denominator: int | None) -> Column:
        """Make the column of one number; its array is made only when somebody needs it."""
        column = cls(None, length, denominator, holes=False)
        column.constant = value
        column.bound = abs(value) if isinstance(value, int) else 0
        return column

    @classmethod
    def of_list(cls, values: Sequence[Value], denominator: int | None, is_truth: bool) -> Column:
        """Make a column of stepped values: None is undefined."""
        length = len(values)
        if is_truth:
            truths = np.array([-1 if value is None else value for value in values], np.int8)
            column = cls(truths, length, None)
        elif denominator is None:
            doubles = [np.nan if value is None else value for value in values]
            column = cls(np.array(doubles, np.float64), length, None)
        else:
            bound = max((abs(value) for value in values if value is not None), default=0)
            if bound > LARGEST:
                column = cls(None, length, denominator, bound=int(bound))
            else:
                whole = [UNDEFINED if value is None else value for value in values]
                array = np.array(whole, np.int64)
                column = cls(array, length, denominator, bound=int(bound))
        column._list = list(values)
        column._skip_undefined(values)
        return column

    def _skip_undefined(self, values: Sequence[Value]) -> None:
        start = next((at for at, value in enumerate(values) if value is not None), self.length)
        self.start, self.holes = start, None in values[start:]

    @property
    def is_big(self) -> bool:
        """Say whether the values are only available as Python integers."""
        return self.raw is None and (self.constant is None or self.bound > LARGEST)

    @property
    def is_exact(self) -> bool:
        return self.denominator is not None

    @property
    def values(self) -> NDArray[Any]:
        """The array of values, scaled; never of a big column."""
        if self._values is None:
            if self.raw is None:
                kind = np.int64 if self.is_exact else np.float64
                self._values = np.full(self.length, self.constant, kind)
            else:
                scaled = self.raw * self.factor
                self._values = np.where(self.raw == UNDEFINED, UNDEFINED, scaled)
        return self._values

    def scaled(self, factor: int, denominator: int | None) -> Column:
        """Return the column times an integer, sharing the array; the bound is the caller's care."""
        if self.raw is None:
            constant = int(self.constant or 0) * factor
            return Column.of_constant(constant, self.length, denominator)
        return Column(
            self.raw, self.length, denominator, start=self.start, holes=self.holes,
            bound=self.bound * abs(factor), factor=self.factor * factor,
        )  # fmt: skip

    def as_list(self) -> list[Value]:
        """Return the values as the incremental evaluator has them: int, float, bool or None."""
        if self._list is None:
            if self.constant is not None:
                self._list = [self.constant] * self.length
            elif self.is_truth:
                known = (False, True, None)
                self._list = [known[truth] for truth in self.values.tolist()]
            elif self.is_exact:
                self._list = [None if x == UNDEFINED else x for x in self.values.tolist()]
            else:
                self._list = [x if isfinite(x) else None for x in self.values.tolist()]
        return self._list

    def doubles(self) -> NDArray[np.float64]:
        """Return the values as doubles, NaN where undefined: the numerator, then divided."""
        if not self.is_exact:
            return self.values
        denominator = self.denominator or 1
        if self.is_big:
            listed = [np.nan if x is None else float(x) / denominator for x in self.as_list()]
            return np.array(listed, np.float64)
        values = self.values
        return np.where(values == UNDEFINED, np.nan, values.astype(np.float64) / denominator)
