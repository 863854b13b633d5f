"""Small markets for the tests of the simulation, written bar by bar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.simulation.request import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
    CostSettings,
    SimulationRequest,
    SimulationSettings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Bar = tuple[float, float, float, float] | float | None

WORDS = {
    "long": ENTER_LONG,
    "exit": EXIT_LONG,
    "short": ENTER_SHORT,
    "cover": EXIT_SHORT,
    "exit short": EXIT_LONG | ENTER_SHORT,
    "cover long": EXIT_SHORT | ENTER_LONG,
}
GAP = (float("nan"),) * 4


def market(
    *bars: Sequence[Bar],
    signals: Mapping[int, str] | Sequence[Mapping[int, str]] = (),
    volume: float = 1000.0,
    sessions: Sequence[int] | None = None,
    days: Sequence[int] | None = None,
    more: Mapping[str, Any] | None = None,
    **settings: Any,
) -> SimulationRequest:
    """Return a request: one sequence of bars for each instrument, (open, high, low, close), one
    number for four equal prices, None for no bar. signals: words by row, for each instrument.
    Costs may stand among the settings. Row t opens at 100 t and closes at 100 t + 90.
    """
    grid = np.array([[_bar(each) for each in series] for series in bars], dtype=np.float64)
    count, rows = grid.shape[:2]
    words = [signals] if hasattr(signals, "items") else list(signals)
    bits = np.zeros((count, rows), dtype=np.uint8)
    for instrument, by_row in enumerate(words):
        for row, word in by_row.items():
            bits[instrument, row] = WORDS[word]
    opens = np.arange(rows, dtype=np.int64) * 100
    costs = {name: settings.pop(name) for name in CostSettings.__slots__ if name in settings}
    request = SimulationRequest(
        time=opens + 90,
        opens=opens,
        session=np.array(range(rows) if sessions is None else sessions, dtype=np.int32),
        days=np.array([1] * rows if days is None else days, dtype=np.int32),
        month=np.zeros(rows, dtype=np.int32),
        open=grid[:, :, 0].copy(),
        high=grid[:, :, 1].copy(),
        low=grid[:, :, 2].copy(),
        close=grid[:, :, 3].copy(),
        volume=np.full((count, rows), volume),
        settings=SimulationSettings(**{"cash": 1000.0, "costs": CostSettings(**costs), **settings}),
        signals=bits,
    )
    return replace(request, **(more or {}))


def _bar(bar: Bar) -> tuple[float, float, float, float]:
    if bar is None:
        return GAP
    return bar if isinstance(bar, tuple) else (bar, bar, bar, bar)


def row(*values: float) -> Any:
    """Return an optional array of one instrument."""
    return np.array([values], dtype=np.float64)
