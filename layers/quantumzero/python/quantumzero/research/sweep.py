"""Many combinations of parameters over one market history, sharing everything that is equal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.problems import unknown_name
from quantumzero.research.memory import keep_freed_memory
from quantumzero.research.plan import Options, Plan, exact, plan_run
from quantumzero.research.requests import surroundings_of
from quantumzero.research.sweep_worker import Row, Worker
from quantumzero.research.vector import VectorEvaluator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from pandas import DataFrame

    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.research.backtest import Progress
    from quantumzero.research.grid import Moment
    from quantumzero.research.limits import Limits
    from quantumzero.research.plan import Bars

MOST_COMBINATIONS = 100_000
_TILE = 8
RESULTS = ("final_equity", "max_drawdown", "sharpe", "trades")


@dataclass(frozen=True, slots=True)
class SweepResult:
    """One row a combination, in the order of the grid, the last parameter running fastest.

    parameters are the values by name; max_drawdown is a share (0.2 is 20 %), sharpe is annualised
    and NaN where it is undefined.
    """

    parameters: Mapping[str, NDArray[np.float64]]
    final_equity: NDArray[np.float64]
    max_drawdown: NDArray[np.float64]
    sharpe: NDArray[np.float64]
    trades: NDArray[np.int64]

    def frame(self) -> DataFrame:
        """Return the rows as a DataFrame."""
        import pandas as pd

        figures = {name: getattr(self, name) for name in RESULTS}
        return pd.DataFrame({**self.parameters, **figures})


def sweep(  # noqa: PLR0913 - the options of a run, all but three of them optional and named
    document: StrategyDocument,
    bars: Bars,
    grid: Mapping[str, Sequence[float]],
    *,
    cash: float = 100_000,
    symbol: str | None = None,
    start: Moment = None,
    end: Moment = None,
    preset: str = "default",
    calendar: str | None = None,
    limits: Limits = None,
    accept_gaps: bool = False,
    threads: int = 1,
    progress: Progress | None = None,
) -> DataFrame:
    """Return one row for each combination of the grid's values: the parameters, final_equity,
    max_drawdown, sharpe and trades (those that were closed), as backtest() computes them.

    progress hears the part done, from 0 to 1; what it raises ends the sweep. With threads above 1
    the simulations run beside each other; the result is the same.

    Raises InvalidInputError for what backtest() refuses, and for a grid with unknown parameters,
    values out of their ranges, or more than 100,000 combinations.
    """
    keep_freed_memory()
    options = Options(float(cash), symbol, start, end, preset, calendar, limits, accept_gaps)
    plan = plan_run(document, bars, options)
    return sweep_plan(plan, grid, threads=threads, progress=progress).frame()


def sweep_plan(
    plan: Plan,
    grid: Mapping[str, Sequence[float]],
    *,
    threads: int = 1,
    progress: Progress | None = None,
) -> SweepResult:
    """Return the sweep's columns; see sweep()."""
    if plan.document.model is not None:
        raise InvalidInputError(
            "a sweep asks no model: its score belongs to one set of parameters; take the model out "
            "of the document"
        )
    combinations = _combinations(plan.document, grid)
    evaluator = VectorEvaluator(plan.history, plan.calendar)
    around = surroundings_of(plan)
    workers = [Worker(plan, evaluator, around) for _ in range(max(1, threads))]
    rows = np.empty((len(combinations), len(RESULTS)))
    done = 0
    for tile in _tiles(grid):
        for number, row in zip(
            tile, _computed(workers, [combinations[place] for place in tile]), strict=True
        ):
            rows[number] = row
            done += 1
            if progress is not None:
                progress(done / len(combinations))
        evaluator.forget()
    names = list(grid)
    values = {
        name: np.array([float(combination[name]) for combination in combinations]) for name in names
    }
    return SweepResult(values, rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3].astype(np.int64))


def _tiles(grid: Mapping[str, Sequence[float]]) -> list[list[int]]:
    """Return the numbers of the combinations in tiles of _TILE values of each parameter.

    Within a tile few averages serve many combinations; between tiles all are dropped, and computing
    them again costs less than remembering those of the whole grid.
    """
    tiles: dict[tuple[int, ...], list[int]] = {}
    places = product(*(range(len(list(values))) for values in grid.values()))
    for number, place in enumerate(places):
        tiles.setdefault(tuple(each // _TILE for each in place), []).append(number)
    return list(tiles.values())


def _computed(
    workers: Sequence[Worker], combinations: Sequence[Mapping[str, Any]]
) -> Iterator[Row]:
    if len(workers) == 1:
        for each in combinations:
            yield workers[0].figures(workers[0].request(each))
        return
    # The evaluator's cache is not shared between threads: requests are made here, in order, and
    # only the simulations run beside each other, one a worker so that memory stays small.
    with ThreadPoolExecutor(len(workers)) as pool:
        for first in range(0, len(combinations), len(workers)):
            requests = [
                worker.request(each)
                for worker, each in zip(workers, combinations[first:], strict=False)
            ]
            yield from pool.map(Worker.figures, workers, requests)


def _combinations(
    document: StrategyDocument, grid: Mapping[str, Sequence[float]]
) -> list[dict[str, Any]]:
    if not grid:
        raise InvalidInputError("the grid named no parameter; give at least one with its values")
    for name, values in grid.items():
        if name not in document.parameters:
            raise InvalidInputError(
                unknown_name("the parameter", str(name), document.parameters)[0], field="grid"
            )
        if isinstance(values, str) or not len(list(values)):
            raise InvalidInputError(
                f"the grid's values of {name} were {values!r}; give a list of numbers", field="grid"
            )
        _require_range(document, name, values)
    total = prod(len(list(values)) for values in grid.values())
    if total > MOST_COMBINATIONS:
        raise InvalidInputError(
            f"the grid had {total} combinations; at most {MOST_COMBINATIONS} may be: use larger steps",
            field="grid",
        )
    names = list(grid)
    return [
        dict(zip(names, chosen, strict=True)) for chosen in product(*(grid[name] for name in names))
    ]


def _require_range(document: StrategyDocument, name: str, values: Sequence[float]) -> None:
    parameter = document.parameters[name]
    low, high = parameter.least, parameter.greatest
    for value in exact({str(place): each for place, each in enumerate(values)}).values():
        if (low is not None and value < low) or (high is not None and value > high):
            raise InvalidInputError(
                f"the grid's {name} was {float(value):g}; its range is {float(low or 0):g} to "
                f"{float(high or 0):g}",
                field="grid",
            )
