"""The running extreme of a window: amortised O(1) per bar, exact."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quantumzero.domain.strategy.function_definition import Instance
    from quantumzero.domain.strategy.graph import Value


class ExtremeWindow:
    """Keep only the values that may still become the extreme, with the bar number of each.

    sign is 1 for the highest, -1 for the lowest.
    """

    def __init__(self, instance: Instance, sign: int) -> None:
        self._period = instance.periods[0]
        self._sign = sign
        self._seen = 0
        self._candidates: deque[tuple[int, int | float]] = deque()

    def step(self, value: int | float) -> Value:
        extreme = self.advance(value)
        return None if extreme is None else extreme[1]

    def advance(self, value: int | float) -> tuple[int, int | float] | None:
        """Add a value; return the newest extreme's bar and value, None before the window is full."""
        candidates = self._candidates
        while candidates and (candidates[-1][1] - value) * self._sign <= 0:
            candidates.pop()
        candidates.append((self._seen, value))
        self._seen += 1
        if candidates[0][0] < self._seen - self._period:
            candidates.popleft()
        return candidates[0] if self._seen >= self._period else None

    def dump(self) -> Any:
        return [self._seen, [list(candidate) for candidate in self._candidates]]

    def load(self, memory: Any) -> None:
        self._seen = memory[0]
        self._candidates = deque((bar, value) for bar, value in memory[1])


class ExtremeAge(ExtremeWindow):
    """Say how many bars ago the newest extreme was."""

    def step(self, value: int | float) -> Value:
        extreme = self.advance(value)
        return None if extreme is None else self._seen - 1 - extreme[0]
