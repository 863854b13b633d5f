"""Prefix invariance of a Python strategy: what it decides must not depend on what comes after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.calendars import from_us
from quantumzero.research.python_strategy import Certificate, Strategy, python_signals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from quantumzero.research.history import BarSeries, MarketHistory

CUTS = 8
_COLUMNS = (
    "opens_at", "closes_at", "open", "high", "low", "close", "volume", "vwap", "bid", "ask",
)  # fmt: skip


def certify(
    kind: type[Strategy],
    history: MarketHistory,
    parameters: Mapping[str, Any],
    signals: Mapping[str, NDArray[np.uint8]],
    symbols: tuple[str, ...],
) -> Certificate:
    """Run the strategy again on data that ends earlier, and compare every decision up to the cut
    with those of the whole run.

    The cuts are CUTS instants spread over the run and as many spread over the bars that decided
    something: there a look ahead by a single bar shows.
    """
    cuts = _cuts(history, signals, symbols)
    for cut in cuts.tolist():
        shorter = ended(history, cut)
        kept = tuple(symbol for symbol in symbols if len(shorter.series[symbol]))
        found = python_signals(kind, shorter, parameters, kept)
        for symbol in kept:
            whole = signals[symbol][: len(found[symbol])]
            differs = np.flatnonzero(whole != found[symbol])
            if len(differs):
                at = from_us(int(history.series[symbol].closes_at[differs[0]]))
                return Certificate(
                    f"look-ahead: the decision on the bar of {symbol} that closed at "
                    f"{at:%Y-%m-%d %H:%M} UTC changed when the data ended at "
                    f"{from_us(cut):%Y-%m-%d %H:%M} UTC; the result shows what cannot be traded",
                    False,
                )
    return Certificate(
        f"prefix-invariant: the same decisions on data cut at {len(cuts)} instants", True
    )


def _cuts(
    history: MarketHistory, signals: Mapping[str, NDArray[np.uint8]], symbols: tuple[str, ...]
) -> NDArray[np.int64]:
    times = np.unique(np.concatenate([history.series[symbol].closes_at for symbol in symbols]))
    acting = np.unique(
        np.concatenate(
            [history.series[symbol].closes_at[signals[symbol] > 0] for symbol in symbols]
        )
    )
    return np.unique(np.concatenate([_spread(each) for each in (times, acting)]))


def _spread(times: NDArray[np.int64]) -> NDArray[np.int64]:
    if not len(times):
        return times
    places = np.linspace(0, len(times) - 1, CUTS + 2)[1:-1].astype(int)
    return np.asarray(times[places])


def ended(history: MarketHistory, cut: int) -> MarketHistory:
    """Return the history without the bars that close after the instant."""
    series = {symbol: _shortened(each, cut) for symbol, each in history.series.items()}
    return replace(history, series=series)


def _shortened(series: BarSeries, cut: int) -> BarSeries:
    last = int(np.searchsorted(series.closes_at, cut, side="right"))
    return replace(
        series,
        **{
            name: values[:last]
            for name in _COLUMNS
            if (values := getattr(series, name)) is not None
        },
    )
