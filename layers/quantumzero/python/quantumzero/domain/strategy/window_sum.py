"""The running sum of a window, exact whatever its values: no drift, O(1) per bar."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quantumzero.domain.strategy.function_definition import Instance

# Every finite double is a whole multiple of 2 to the power -1074: their sums stay exact too.
_FINEST = 1074
_FINEST_UNIT = 1 << _FINEST


class WindowSum:
    """Keep the window and its exact sum: adding the newest, taking off the oldest."""

    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._is_exact = instance.inputs[0] is not None
        self._window: deque[int | float] = deque()
        self._sum = 0

    def add(self, value: int | float) -> int | float | None:
        """Return the sum of the window that ends here, None before it is full.

        The sum of exact values is their integer, of doubles the exact sum rounded once.
        """
        self._window.append(value)
        self._sum += self._whole(value)
        if len(self._window) > self._period:
            self._sum -= self._whole(self._window.popleft())
        if len(self._window) < self._period:
            return None
        return self._sum if self._is_exact else self._sum / _FINEST_UNIT

    def _whole(self, value: int | float) -> int:
        if self._is_exact:
            return int(value)
        numerator, denominator = value.as_integer_ratio()
        return numerator << (_FINEST + 1 - denominator.bit_length())

    def dump(self) -> Any:
        return list(self._window)

    def load(self, memory: Any) -> None:
        self._window = deque(memory)
        self._sum = sum(self._whole(value) for value in self._window)
