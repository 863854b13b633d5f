"""A plan and a compiled strategy -> the arrays that the simulation runs on."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.document import SizingMethod
from quantumzero.domain.strategy.timeframes import bars_a_day
from quantumzero.research.corporate_actions import happenings_of, members_of
from quantumzero.research.prints import detail_of_prints
from quantumzero.research.simulation.request import FillAt, SimulationRequest
from quantumzero.research.targets import rebalance_rows, weights_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.research.grid import Grid
    from quantumzero.research.plan import Plan
    from quantumzero.research.simulation.request import Detail, Happening
    from quantumzero.research.vector import VectorEvaluator

    Doubles = NDArray[np.float64]
    Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the same for every combination of parameters."""

    happenings: tuple[Happening, ...]
    member: Bytes | None
    detail: Detail | None
    rebalance: Bytes | None
    restricted: Bytes | None
    sector: NDArray[np.int32] | None
    closed: Bytes | None


def surroundings_of(plan: Plan, detail: Detail | None = None) -> Surroundings:
    """Return corporate actions, membership, finer bars, rebalancing rows and lists of the plan."""
    settings, grid, document = plan.conventions.settings, plan.grid, plan.document
    if settings.fill_at == FillAt.QUOTE and grid.bid is None:
        raise InvalidInputError(
            "fill was quote and the data has no quotes; give columns bid and ask, or choose "
            "next_open, close or next_close"
        )
    if settings.replay_prints:
        detail = detail_of_prints(plan.history, grid)
    rows = None
    if document.weights is not None:
        every = document.rebalance.every if document.rebalance else "month"
        rows = rebalance_rows(grid, every)
    limits = plan.conventions.limits
    return Surroundings(
        happenings_of(plan.history, grid),
        members_of(plan.history, grid),
        detail,
        rows,
        restricted=None if limits is None else limits.restricted(grid.symbols),
        sector=None if limits is None else limits.sectors(grid.symbols),
        closed=None if limits is None else limits.closed(grid.time),
    )


def request_of(
    plan: Plan,
    compiled: CompiledStrategy,
    evaluator: VectorEvaluator,
    around: Surroundings,
    signals: Bytes | None = None,
) -> SimulationRequest:
    """Return the request of one combination; signals None: those of the document."""
    grid = plan.grid
    weights = None
    if plan.document.weights is not None and around.rebalance is not None:
        weights = weights_on(grid, compiled, evaluator, around.rebalance, around.member)
    elif signals is None:
        signals = signals_on(grid, evaluator.signals(compiled))
    distances = _distances(grid, compiled, evaluator)
    return SimulationRequest(
        time=grid.time,
        opens=grid.opens,
        session=grid.session,
        days=grid.days,
        month=grid.month,
        open=grid.open,
        high=grid.high,
        low=grid.low,
        close=grid.close,
        volume=grid.volume,
        settings=plan.conventions.settings,
        signals=signals,
        weights=weights,
        rebalance=around.rebalance,
        bid=grid.bid,
        ask=grid.ask,
        limit=numbers_on(grid, compiled, evaluator, compiled.limit),
        stop=numbers_on(grid, compiled, evaluator, compiled.stop),
        size=_sizes(plan, compiled, evaluator),
        stop_distance=distances.get("stop_loss"),
        target_distance=distances.get("take_profit"),
        trail_distance=distances.get("trailing_stop"),
        volatility=numbers_on(grid, compiled, evaluator, compiled.daily_volatility),
        member=around.member,
        restricted=around.restricted,
        sector=around.sector,
        closed=around.closed,
        happenings=around.happenings,
        detail=around.detail,
    )


def signals_on(grid: Grid, bits: Mapping[str, Bytes]) -> Bytes:
    """Return the signals of each symbol's own bars on the grid [N, T], 0 where it has no bar."""
    if len(grid.symbols) == 1 and grid.rows[0] is None:
        return bits[grid.symbols[0]][grid.bars[0]].reshape(1, -1)
    signals = np.zeros(grid.close.shape, dtype=np.uint8)
    for index, symbol in enumerate(grid.symbols):
        grid.spread(index, bits[symbol], signals)
    return signals


def numbers_on(
    grid: Grid, compiled: CompiledStrategy, evaluator: VectorEvaluator, node: int | None
) -> Doubles | None:
    """Return a number node on the grid [N, T], NaN where it is undefined; None for no node."""
    if node is None:
        return None
    found = evaluator.numbers(compiled, node)
    values = np.full(grid.close.shape, np.nan)
    for index, symbol in enumerate(grid.symbols):
        grid.spread(index, found[symbol], values)
    return values


def _distances(
    grid: Grid, compiled: CompiledStrategy, evaluator: VectorEvaluator
) -> dict[str, Doubles]:
    distances = {}
    for name, node in compiled.distances.items():
        distance = getattr(compiled.document.protect, name)
        values = numbers_on(grid, compiled, evaluator, node)
        if values is not None:
            distances[name] = values * float(distance.multiple)
    return distances


def _sizes(plan: Plan, compiled: CompiledStrategy, evaluator: VectorEvaluator) -> Doubles | None:
    """Return the share of equity of a volatility target: target / annual volatility, at most what
    the account's leverage holds; 0 (and so a refusal) where volatility is undefined or 0.
    """
    sizing = plan.document.sizing
    if sizing is None or sizing.method is not SizingMethod.VOLATILITY_TARGET:
        return None
    values = numbers_on(plan.grid, compiled, evaluator, compiled.volatility)
    if values is None:
        return None
    annual = values * sqrt(bars_per_year(plan))
    target = float(sizing.amount) / 100
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = np.where(annual > 0, target / annual, 0.0)
    return np.minimum(sizes, plan.conventions.settings.leverage)


def bars_per_year(plan: Plan) -> float:
    """Return how many bars of the strategy's timeframe a year of the calendar holds."""
    return plan.sessions_per_year * bars_a_day(plan.document.timeframe, plan.calendar)
