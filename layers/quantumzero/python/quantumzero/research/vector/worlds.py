"""The market as it was known before one split and after another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.strategy.cross_section import PREFIX
from quantumzero.domain.strategy.functions import FUNCTIONS
from quantumzero.research.vector.adjusted_fields import SymbolFields, splits_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.research.history import BarSeries, MarketHistory

_ADJUSTED = ("open", "high", "low", "close", "volume", "vwap")


def remembers_comparisons(compiled: CompiledStrategy) -> bool:
    """Say whether a function with memory reads, however indirectly, a comparison of members."""
    compared: list[bool] = []
    for node in compiled.nodes:
        below = any(compared[index] for index in node.inputs)
        definition = FUNCTIONS.get(node.operation)
        if below and definition is not None and definition.running is not None:
            return True
        compared.append(below or node.operation.startswith(PREFIX))
    return False


def split_times(history: MarketHistory, symbols: Sequence[str]) -> list[int]:
    """Return when any of the symbols splits, each instant once, oldest first."""
    return sorted({each.time for name in set(symbols) for each in splits_of(history.actions, name)})


def history_known(history: MarketHistory, known: int, before: int) -> MarketHistory:
    """Return the bars that close before an instant, adjusted by the splits known at another, and
    no split.
    """
    series = {}
    for symbol in history.series:
        fields = SymbolFields(history, symbol, "none")
        stop = int(np.searchsorted(fields.series.closes_at, before))
        series[symbol] = _adjusted(fields, stop, known)
    actions = tuple(action for action in history.actions if action.kind != "split")
    return replace(history, series=series, actions=actions)


def _adjusted(fields: SymbolFields, stop: int, known: int) -> BarSeries:
    whole = fields.series
    return replace(
        whole,
        opens_at=whole.opens_at[:stop],
        closes_at=whole.closes_at[:stop],
        bid=None,
        ask=None,
        **{name: fields.adjusted(name, stop, known) for name in _ADJUSTED},  # type: ignore[arg-type]
    )
