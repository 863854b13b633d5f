"""vwap: the volume-weighted average price of the session so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import FunctionDefinition, Instance
from quantumzero.domain.strategy.graph import Unit
from quantumzero.domain.strategy.session_clock import session_number

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    """Both sums are exact."""

    def __init__(self, instance: Instance) -> None:
        self._denominator = float(3 * (instance.inputs[1] or 1))
        self._session: int | None = None
        self._value = 0
        self._volume = 0

    def step(self, opens_at: int, high: int, low: int, close: int, volume: int) -> Value:
        session = session_number(opens_at)
        if session != self._session:
            self._session, self._value, self._volume = session, 0, 0
        self._value += (high + low + close) * volume
        self._volume += volume
        if not self._volume:
            return None
        return float(self._value) / self._denominator / float(self._volume)

    def dump(self) -> Any:
        return [self._session, self._value, self._volume]

    def load(self, memory: Any) -> None:
        self._session, self._value, self._volume = memory


DEFINITION = FunctionDefinition(
    name="vwap",
    operation="session_vwap",
    summary="Volume-weighted average price of the session up to this bar, of typical prices; "
    "undefined before the session's first share. (The field vwap, without brackets, is the bar's "
    "own, where the data has it.)",
    formula="sum of (high + low + close) / 3 * volume over the session's bars, / sum of volume",
    source="Berkowitz, Logue and Noser, The Total Cost of Transactions on the NYSE (1988); "
    "Stock.Indicators GetVwap from the session's first bar",
    arguments=(),
    unit=Unit.PRICE,
    fields=("opens_at", "high", "low", "close", "volume"),
    running=_Running,
)
