"""Read the stored bars of a backtest as the columns that the engine computes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import to_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.history import Action, BarSeries, MarketHistory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from quantumzero.domain.bars import Bar
    from quantumzero.ports.market_data import BarStore

# What the function's memory holds with room to spare; a year of minutes of one symbol is 98,280.
MOST_BARS = 2_000_000
PRICE_DECIMALS = 4  # bars are stored in units of 0.0001


def gather_history(
    store: BarStore,
    symbols: Sequence[str],
    timeframe: str,
    *,
    until: datetime,
    progress: Callable[[float], None],
) -> MarketHistory:
    """Return all bars of the symbols that closed by until, raw, with their splits.

    Bars from before the first day of a run are read too: strategies warm up on them. Raises
    InvalidInputError when there are more than MOST_BARS.
    """
    series: dict[str, BarSeries] = {}
    actions: list[Action] = []
    room = MOST_BARS
    # By name, as a folder of files is read: the same bars then have the same snapshot everywhere.
    for number, symbol in enumerate(sorted(symbols)):
        bars = store.bars(symbol, timeframe, until=until, limit=room + 1)
        if len(bars) > room:
            raise InvalidInputError(
                f"the {len(symbols)} symbols have more than {MOST_BARS} {timeframe} bars; name "
                "fewer symbols, or run it with qz backtest on your own machine",
                field="body.symbols",
            )
        room -= len(bars)
        series[symbol] = bar_series(symbol, bars)
        actions += [
            Action(symbol, split.ex_date, "split", new=split.new, old=split.old)
            for split in store.splits(symbol)
        ]
        progress((number + 1) / len(symbols))
    return MarketHistory(series, timeframe, PRICE_DECIMALS, tuple(actions), "stored bars")


def bar_series(symbol: str, bars: Sequence[Bar]) -> BarSeries:
    """Return the columns of one symbol's bars, oldest first; quotes only where some were seen."""

    def column(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(values, dtype=np.int64)

    quotes = {
        side: column([value if (value := getattr(bar, side)) is not None else 0 for bar in bars])
        for side in ("bid", "ask")
        if any(getattr(bar, side) is not None for bar in bars)
    }
    return BarSeries(
        symbol,
        opens_at=column([to_us(bar.opens_at) for bar in bars]),
        closes_at=column([to_us(bar.closes_at) for bar in bars]),
        open=column([bar.open for bar in bars]),
        high=column([bar.high for bar in bars]),
        low=column([bar.low for bar in bars]),
        close=column([bar.close for bar in bars]),
        volume=column([bar.volume for bar in bars]),
        **quotes,
    )
