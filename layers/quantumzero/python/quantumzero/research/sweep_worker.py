"""One combination after the other on the same memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.research.metrics import quick_metrics
from quantumzero.research.plan import compile_for
from quantumzero.research.requests import request_of
from quantumzero.research.result import Curves
from quantumzero.research.simulation.binding import session_ends
from quantumzero.research.simulation.simulate import PreparedSimulation, simulate

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from quantumzero.research.plan import Plan
    from quantumzero.research.requests import Surroundings
    from quantumzero.research.simulation.request import SimulationRequest
    from quantumzero.research.vector import VectorEvaluator

Row = tuple[float, float, float, float]
"""Final equity, greatest drawdown, Sharpe ratio, number of closed trades."""
_VARYING = (
    "weights", "limit", "stop", "size", "stop_distance", "target_distance", "trail_distance",
    "volatility",
)  # fmt: skip


class Worker:
    """Make the requests of combinations and run them; not for several threads at once."""

    def __init__(self, plan: Plan, evaluator: VectorEvaluator, around: Surroundings) -> None:
        self._plan = plan
        self._evaluator = evaluator
        self._around = around
        self._ends = session_ends(plan.grid.session)
        self._prepared: PreparedSimulation | None = None

    def request(self, parameters: Mapping[str, Any]) -> SimulationRequest:
        """Return the request of one combination; raises InvalidInputError as compile_for does."""
        compiled = compile_for(self._plan, parameters)
        return request_of(self._plan, compiled, self._evaluator, self._around)

    def figures(self, request: SimulationRequest) -> Row:
        """Run the request. Where only signals differ between combinations, memory is used again."""
        if any(getattr(request, name) is not None for name in _VARYING):
            outcome = simulate(request)
            return self._row(outcome.curves.equity, len(outcome.trades))
        if self._prepared is None:
            self._prepared = PreparedSimulation(request)
        summary = self._prepared.run(signals=request.signals)
        return self._row(summary.equity, summary.trades)

    def _row(self, equity: NDArray[np.float64], trades: int) -> Row:
        # Drawdown and Sharpe ratio read equity and the ends of sessions, nothing else.
        curves = Curves(self._plan.grid.time, equity, equity, equity, equity, self._ends)
        drawdown, sharpe = quick_metrics(
            curves,
            cash=self._plan.conventions.settings.cash,
            sessions_per_year=self._plan.sessions_per_year,
        )
        return float(equity[-1]), drawdown, sharpe, float(trades)
