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
        candidates = self._candidates
        while candidates and (candidates[-1][1] - value) * self._sign <= 0:
            candidates.pop()
        candidates.append((self._seen, value))
        self._seen += 1
        if candidates[0][0] < self._seen - self._period:
            candidates.popleft()
        return candidates[0][1] if self._seen >= self._period else None

    def dump(self) -> Any:
        return [self._seen, [list(candidate) for candidate in self._candidates]]

    def load(self, memory: Any) -> None:
        self._seen = memory[0]
        self._candidates = deque((bar, value) for bar, value in memory[1])
