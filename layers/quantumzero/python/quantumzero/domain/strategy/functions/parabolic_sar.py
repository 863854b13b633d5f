"""parabolic_sar: Wilder's stop and reverse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    scalar,
)
from quantumzero.domain.strategy.graph import Unit

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    """Work in a mirror while short: prices with their sign changed make a short a long."""

    def __init__(self, instance: Instance) -> None:
        self._step, self._most = instance.scalars
        self._before: tuple[float, float] | None = None
        self._is_long: bool | None = None
        self._stop = self._extreme = self._acceleration = 0.0

    def step(self, high: float, low: float) -> Value:
        before, self._before = self._before, (high, low)
        if before is None:
            return None
        if self._is_long is None:
            self._begin(before, high, low)
            before = (high, low)
        if self._is_long:
            near, last_near, far, last_far = low, before[1], high, before[0]
        else:
            near, last_near, far, last_far = -high, -before[0], -low, -before[1]
        sign = 1.0 if self._is_long else -1.0
        stop = self._advance(
            sign * self._stop, sign * self._extreme, near, last_near, far, last_far
        )
        return sign * stop

    def _begin(self, before: tuple[float, float], high: float, low: float) -> None:
        """Begin long unless the first move was downward."""
        fall, rise = before[1] - low, high - before[0]
        self._is_long = not (fall > 0 and fall > rise)
        self._stop = before[1] if self._is_long else before[0]
        self._extreme = high if self._is_long else low
        self._acceleration = self._step

    def _advance(
        self, stop: float, extreme: float, near: float, last_near: float, far: float,
        last_far: float,
    ) -> float:  # fmt: skip
        """Return this bar's stop and keep the next bar's, all of them mirrored when short."""
        sign = 1.0 if self._is_long else -1.0
        if near <= stop:
            shown = max(extreme, last_far, far)
            self._is_long = not self._is_long
            self._acceleration = self._step
            extreme = near
            following = shown + self._acceleration * (extreme - shown)
            following = max(following, last_far, far)
        else:
            shown = stop
            if far > extreme:
                extreme = far
                self._acceleration = min(self._acceleration + self._step, self._most)
            following = stop + self._acceleration * (extreme - stop)
            following = min(following, last_near, near)
        self._stop, self._extreme = sign * following, sign * extreme
        return shown

    def dump(self) -> Any:
        before = None if self._before is None else list(self._before)
        return [before, self._is_long, self._stop, self._extreme, self._acceleration]

    def load(self, memory: Any) -> None:
        before, self._is_long, self._stop, self._extreme, self._acceleration = memory
        self._before = None if before is None else (before[0], before[1])


DEFINITION = FunctionDefinition(
    name="parabolic_sar",
    summary="Parabolic stop and reverse: below the lows in an uptrend, above the highs in a "
    "downtrend, from the second bar on.",
    formula="sar[t+1] = sar[t] + acceleration * (extreme - sar[t]), never inside the last two "
    "bars; acceleration grows by step with each new extreme, to maximum; touched, it turns over at "
    "the old extreme. The first direction is down when low fell more than high rose",
    source="J. Welles Wilder, New Concepts in Technical Trading Systems (1978); TA-Lib SAR",
    arguments=(
        scalar("step", "0.02", least="0.0001", greatest="1"),
        scalar("maximum", "0.2", least="0.0001", greatest="1"),
    ),
    unit=Unit.PRICE,
    warm_up=lambda inputs, _: inputs + 1,
    fields=("high", "low"),
    doubles=True,
    running=_Running,
)
