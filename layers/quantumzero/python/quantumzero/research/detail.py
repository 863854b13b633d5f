"""Finer bars inside a run's bars: they settle what one bar leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.simulation.request import Detail

if TYPE_CHECKING:
    from quantumzero.research.grid import Grid
    from quantumzero.research.history import MarketHistory

_COLUMNS = ("open", "high", "low", "close", "volume")


def detail_of(finer: MarketHistory, history: MarketHistory, grid: Grid) -> Detail:
    """Return the finer bars that lie inside each bar of the grid; time is their opening.

    Raises InvalidInputError when no bar of the run has any.
    """
    rows = len(grid.time)
    start = np.zeros((len(grid.symbols), rows + 1), dtype=np.int64)
    times = [np.empty(0, np.int64)]
    columns = {name: [np.empty(0)] for name in _COLUMNS}
    begun = 0
    scale = 10.0**finer.price_decimals
    for index, symbol in enumerate(grid.symbols):
        counts = np.zeros(rows, dtype=np.int64)
        inside = finer.series.get(symbol)
        if inside is not None:
            series, part, own = history.series[symbol], grid.bars[index], grid.rows[index]
            firsts = np.searchsorted(inside.opens_at, series.opens_at[part])
            ends = np.searchsorted(inside.closes_at, series.closes_at[part], side="right")
            found = np.maximum(ends - firsts, 0)
            counts[slice(None) if own is None else own] = found
            taken = np.repeat(firsts - np.cumsum(found) + found, found) + np.arange(found.sum())
            times.append(inside.opens_at[taken])
            for name in _COLUMNS:
                values = getattr(inside, name)[taken]
                columns[name].append(values / (1.0 if name == "volume" else scale))
        start[index, 0] = begun
        start[index, 1:] = begun + np.cumsum(counts)
        begun = int(start[index, -1])
    if not begun:
        raise InvalidInputError(
            f"no finer bar ({finer.timeframe}) lies inside a bar of the run ({history.timeframe}); "
            "detail must be of the same symbols and days, and of a shorter timeframe"
        )
    return Detail(
        start, np.concatenate(times), **{name: np.concatenate(columns[name]) for name in _COLUMNS}
    )
