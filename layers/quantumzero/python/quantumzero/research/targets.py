"""Target weights of a portfolio on the run's rows, and the rows that trade them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.weights import target_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.research.grid import Grid
    from quantumzero.research.vector import VectorEvaluator

    Doubles = NDArray[np.float64]

_MONDAY_SHIFT = 3


def rebalance_rows(grid: Grid, every: str) -> NDArray[np.uint8]:
    """Return 1 on the first row of each new period; the run's first row begins one."""
    months = grid.month.astype(np.int64)
    periods: dict[str, Callable[[], NDArray[np.int64]]] = {
        "bar": lambda: np.arange(len(grid.time)),
        "day": lambda: grid.session.astype(np.int64),
        "week": lambda: (grid.day + _MONDAY_SHIFT) // 7,
        "month": lambda: months,
        "quarter": lambda: months // 3,
    }
    if every not in periods:
        raise InvalidInputError(f"rebalance every was {every!r}; it may be {', '.join(periods)}")
    numbers = periods[every]()
    begins = np.diff(numbers, prepend=numbers[0] - 1) != 0
    return np.asarray(begins, dtype=np.uint8)


def weights_on(
    grid: Grid,
    compiled: CompiledStrategy,
    evaluator: VectorEvaluator,
    rows: NDArray[np.uint8],
    member: NDArray[np.uint8] | None,
) -> Doubles:
    """Return the target weights [N, T] on rebalancing rows, NaN elsewhere and where an instrument
    has no bar; a row on which no symbol has warmed up is left alone.
    """
    document = compiled.document
    weights, rebalance = document.weights, document.rebalance
    if weights is None:
        raise InvalidInputError("the document has no weights")
    exposure = float(rebalance.exposure_percent) / 100 if rebalance else 1.0
    long = _wishes(grid, compiled, evaluator, compiled.weight_long)
    short = _wishes(grid, compiled, evaluator, compiled.weight_short)
    volatility = _wishes(grid, compiled, evaluator, compiled.volatility)
    targets = np.full(grid.close.shape, np.nan)
    warm = _warm(grid, compiled)
    for row in np.flatnonzero(rows).tolist():
        inside = warm[:, row] if member is None else warm[:, row] & (member[:, row] > 0)
        present = ~np.isnan(grid.close[:, row])
        if not warm[:, row].any():
            continue
        found = target_weights(
            _at(long, row, inside),
            _at(short, row, inside),
            weights.scheme,
            None if volatility is None else _known(volatility[:, row]),
        )
        targets[present, row] = np.array(found)[present] * exposure
    return targets


def _wishes(
    grid: Grid, compiled: CompiledStrategy, evaluator: VectorEvaluator, node: int | None
) -> Doubles | None:
    if node is None:
        return None
    truth = compiled.nodes[node].kind.name == "TRUTH"
    found = (evaluator.truths if truth else evaluator.numbers)(compiled, node)
    values = np.full(grid.close.shape, np.nan)
    for index, symbol in enumerate(grid.symbols):
        own = found[symbol]
        if truth:
            own = np.where(own < 0, np.nan, own.astype(np.float64))
        grid.spread(index, own, values)
    return values


def _warm(grid: Grid, compiled: CompiledStrategy) -> NDArray[np.bool_]:
    """Return where a symbol has a bar and has seen as many as the strategy needs."""
    warm = np.zeros(grid.close.shape, dtype=bool)
    for index, part in enumerate(grid.bars):
        seen = np.arange(part.stop) + 1 >= compiled.warm_up_bars
        grid.spread(index, seen, warm)
    return warm


def _at(values: Doubles | None, row: int, inside: NDArray[np.bool_]) -> list[float | None] | None:
    if values is None:
        return None
    return _known(np.where(inside, values[:, row], np.nan))


def _known(values: Doubles) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - NaN
