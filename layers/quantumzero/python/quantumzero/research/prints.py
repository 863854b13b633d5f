"""A bar as the prints by which the exchange simulator replays it (docs/exchange_simulator.md, 2).

Sizes are whole shares that sum to the volume; times are microseconds since 1970 UTC. The rule is
written from the document and shares no code with the simulator; a test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.simulation.request import Detail

if TYPE_CHECKING:
    from quantumzero.research.grid import Grid
    from quantumzero.research.history import MarketHistory

_MILLISECOND, _SECOND = 1_000, 1_000_000
_HOUR = 3_600 * _SECOND
_SMALL_VOLUME = 20
_SHORT_SESSION = 5 * _HOUR
_DAILY = ("1d", "1w")

Bar = tuple[int, int, int, int, int, int, int]
"""opens_at, closes_at, open, high, low, close, volume."""
Print = tuple[int, int, int]
"""time, price in the bar's units, size."""


def prints_of(bar: Bar, daily: bool) -> list[Print]:
    """Return the bar's prints in order of time; nothing for a bar without volume."""
    opens_at, closes_at, opened, high, low, closed, volume = bar
    first, second = (low, high) if closed >= opened else (high, low)
    first_at, second_at = _extremes_at(opens_at, closes_at, daily)
    last_at = closes_at - _SECOND
    if volume < _SMALL_VOLUME:
        return _few(bar, ((first_at, first), (second_at, second)), last_at)
    fifth = volume // 5
    if daily:
        each = volume // 20
        opening = [(opens_at + count * _MILLISECOND, opened, each) for count in range(3)]
    else:
        opening = [(opens_at, opened, volume * 15 // 100)]
    rest = volume - sum(size for _, _, size in opening) - 2 * fifth
    return [
        *opening,
        (first_at, first, fifth),
        (second_at, second, fifth),
        (last_at, closed, rest),
    ]


def detail_of_prints(history: MarketHistory, grid: Grid) -> Detail:
    """Return every bar of the grid as its prints: detail bars of one price each."""
    rows = len(grid.time)
    scale = 10.0**history.price_decimals
    start = np.zeros((len(grid.symbols), rows + 1), dtype=np.int64)
    times: list[int] = []
    prices: list[int] = []
    sizes: list[int] = []
    for index, symbol in enumerate(grid.symbols):
        series, part = history.series[symbol], grid.bars[index]
        own = grid.rows[index]
        places = np.arange(rows) if own is None else own
        counts = np.zeros(rows, dtype=np.int64)
        columns = (series.opens_at, series.closes_at, series.open, series.high, series.low)
        values = zip(
            *(column[part].tolist() for column in (*columns, series.close, series.volume)),
            strict=True,
        )
        begun = len(times)
        for place, bar in zip(places.tolist(), values, strict=True):
            found = prints_of(bar, history.timeframe in _DAILY)
            counts[place] = len(found)
            for time, price, size in found:
                times.append(time)
                prices.append(price)
                sizes.append(size)
        start[index, 0] = begun
        start[index, 1:] = begun + np.cumsum(counts)
    at = np.array(times, dtype=np.int64)
    paid = np.array(prices, dtype=np.int64) / scale
    return Detail(start, at, paid, paid, paid, paid, np.array(sizes, dtype=np.float64))


def _extremes_at(opens_at: int, closes_at: int, daily: bool) -> tuple[int, int]:
    length = closes_at - opens_at
    if not daily:
        return opens_at + length // 3, opens_at + 2 * length // 3
    if length < _SHORT_SESSION:
        return opens_at + _HOUR, opens_at + 5 * _HOUR // 2
    return opens_at + 2 * _HOUR, opens_at + 9 * _HOUR // 2


def _few(bar: Bar, extremes: tuple[tuple[int, int], tuple[int, int]], last_at: int) -> list[Print]:
    opens_at, _, opened, high, low, closed, volume = bar
    if volume == 0:
        return []
    if volume == 1 or opened == high == low == closed:
        return [(last_at, closed, volume)]
    found = [(opens_at, opened, 1)]
    found += [(at, price, 1) for at, price in extremes if price not in (opened, closed)]
    return [*found, (last_at, closed, volume - len(found))]
