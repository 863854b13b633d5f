"""The crossing of two series, decided on values brought to one denominator: a tie is a tie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class Crossing:
    """Remember on which side the first series was; sign is 1 for above, -1 for below."""

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._beyond: bool | None = None

    def step(self, first: int | float, second: int | float) -> Value:
        beyond = first > second if self._sign > 0 else first < second
        before, self._beyond = self._beyond, beyond
        if before is None:
            return None
        return beyond and not before

    def dump(self) -> Any:
        return self._beyond

    def load(self, memory: Any) -> None:
        self._beyond = memory
