"""One strategy over one history three ways: stepped bar by bar as live does, in C, and in NumPy.

The incremental evaluator is run as the platform runs it: it is rebuilt from adjusted bars after a
split, stored and loaded again in between, and given bars twice. Every value of every node on every
bar must be the same bits in all three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.bars import Bar, Split
from quantumzero.domain.calendars import from_us
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from quantumzero.domain.strategy.portfolio_evaluator import PortfolioEvaluator
from quantumzero.domain.strategy.split_adjustment import adjusted, exchange_date, splits_by
from quantumzero.research.kernel import force_fallback
from quantumzero.research.simulation.request import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
)
from quantumzero.research.vector import VectorEvaluator
from quantumzero.research.vector.columns import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.evaluator import Evaluation
    from quantumzero.domain.strategy.graph import GraphNode, Value
    from quantumzero.research.history import MarketHistory

    Rows = dict[str, list[Evaluation]]


class DifferenceError(AssertionError):
    """Two evaluators gave different bits; the text names the node and the bar."""


def prove(
    compiled: CompiledStrategy,
    history: MarketHistory,
    *,
    restart: Callable[[], bool] = lambda: False,
    repeat: Callable[[], bool] = lambda: False,
) -> int:
    """Compare the three evaluators on every node, bar and symbol; return how many values were.

    restart says before a bar whether the state is stored and loaded, repeat whether the bar is
    given twice. Raises DifferenceError.
    """
    expected = stepped_rows(compiled, history, restart, repeat)
    compared = 0
    for way in ("kernel", "NumPy"):
        evaluator = vector_evaluator(compiled, history, fallback=way == "NumPy")
        signals = evaluator.signals(compiled)
        for symbol, rows in expected.items():
            found = evaluator.raw(compiled, symbol)
            for index, node in enumerate(compiled.nodes):
                values = [row.nodes[index] for row in rows]
                _require_equal(values, found[index], node, f"{way}, {symbol}")
                compared += len(values)
            _require_signals([_ends(row) for row in rows], signals[symbol].tolist(), way)
    return compared


def vector_evaluator(
    compiled: CompiledStrategy, history: MarketHistory, *, fallback: bool
) -> VectorEvaluator:
    """Return the vector evaluator of a history, with the kernel or without."""
    if not fallback:
        return VectorEvaluator(history, compiled.document.calendar)
    with force_fallback():
        return VectorEvaluator(history, compiled.document.calendar)


def _ends(evaluation: Evaluation) -> int:
    return (
        ENTER_LONG * evaluation.entry_long
        + EXIT_LONG * evaluation.exit_long
        + ENTER_SHORT * evaluation.entry_short
        + EXIT_SHORT * evaluation.exit_short
    )


def _require_signals(expected: list[int], found: list[int], way: str) -> None:
    for bar, (one, other) in enumerate(zip(expected, found, strict=True)):
        if one != other:
            raise DifferenceError(
                f"the signals of bar {bar} were {other} ({way}); stepped they were {one}"
            )


def _require_equal(expected: list[Value], found: list[Value], node: GraphNode, where: str) -> None:
    if _bits(expected, node) == _bits(found, node):
        return
    for bar, (one, other) in enumerate(zip(expected, found, strict=True)):
        if _bits([one], node) != _bits([other], node):
            raise DifferenceError(
                f"{node.operation}{node.constants} was {other!r} ({where}) on bar {bar}; stepped it "
                f"was {one!r}"
            )


def _bits(values: list[Value], node: GraphNode) -> bytes | list[Value]:
    column = Column.of_list(values, node.denominator, node.kind.name == "TRUTH")
    if column.is_big:
        return values
    array = column.values
    if array.dtype == np.float64:
        array = np.where(np.isnan(array), np.nan, array)  # one NaN for all
    return array.tobytes()


def stepped_rows(
    compiled: CompiledStrategy,
    history: MarketHistory,
    restart: Callable[[], bool],
    repeat: Callable[[], bool],
) -> Rows:
    """Return what each symbol's bars say, as the live platform computes it."""
    if compiled.cross_sectional:
        return _portfolio_rows(compiled, history, restart, repeat)
    symbols = [each for each in compiled.document.universe if each in history.series]
    return {each: _symbol_rows(compiled, history, each, restart, repeat) for each in symbols}


def _symbol_rows(
    compiled: CompiledStrategy,
    history: MarketHistory,
    symbol: str,
    restart: Callable[[], bool],
    repeat: Callable[[], bool],
) -> list[Evaluation]:
    bars, rows = bars_of(history, symbol), []
    market = _Market(history, (symbol, *compiled.others))
    evaluator = IncrementalEvaluator(compiled, symbol)
    for place, bar in enumerate(bars):
        if market.know(bar):
            evaluator = IncrementalEvaluator(compiled, symbol)
            for past in market.adjusted(bars[:place], symbol):
                evaluator.step(past, market.newest(compiled.others, past))
        elif restart():
            evaluator = IncrementalEvaluator.load(compiled, evaluator.dump(), symbol)
        (now,) = market.adjusted([bar], symbol)
        others = market.newest(compiled.others, bar)
        evaluation = evaluator.step(now, others)
        if repeat():
            evaluation = evaluator.step(now, others)
        rows.append(evaluation)
    return rows


def _portfolio_rows(
    compiled: CompiledStrategy,
    history: MarketHistory,
    restart: Callable[[], bool],
    repeat: Callable[[], bool],
) -> Rows:
    symbols = [each for each in compiled.document.universe if each in history.series]
    instants: dict[int, dict[str, Bar]] = {}
    for symbol in symbols:
        closes = history.series[symbol].closes_at.tolist()
        for time, bar in zip(closes, bars_of(history, symbol), strict=True):
            instants.setdefault(time, {})[symbol] = bar
    ordered = [instants[time] for time in sorted(instants)]
    market = _Market(history, (*symbols, *compiled.others))
    evaluator = PortfolioEvaluator(compiled)
    rows: Rows = {symbol: [] for symbol in symbols}
    for place, bars in enumerate(ordered):
        if market.know(next(iter(bars.values()))):
            evaluator = PortfolioEvaluator(compiled)
            for past in ordered[:place]:
                _step_all(evaluator, compiled, market, past)
        elif restart():
            evaluator = PortfolioEvaluator.load(compiled, evaluator.dump())
        evaluations = _step_all(evaluator, compiled, market, bars)
        if repeat():
            evaluations = _step_all(evaluator, compiled, market, bars)
        for symbol, evaluation in evaluations.items():
            rows[symbol].append(evaluation)
    return rows


def _step_all(
    evaluator: PortfolioEvaluator,
    compiled: CompiledStrategy,
    market: _Market,
    bars: dict[str, Bar],
) -> dict[str, Evaluation]:
    now = {symbol: next(market.adjusted([bar], symbol)) for symbol, bar in bars.items()}
    first = next(iter(bars.values()))
    others = market.newest(compiled.others, first)
    members = market.members(compiled.document.universe, first)
    return evaluator.step(now, others, members)


class _Market:
    """What is known of splits, members and other instruments at a bar."""

    def __init__(self, history: MarketHistory, symbols: Sequence[str]) -> None:
        self._history = history
        self._splits = {
            symbol: [
                Split(symbol, each.ex_date, each.new, each.old)
                for each in history.actions
                if each.kind == "split" and each.symbol == symbol
            ]
            for symbol in symbols
        }
        self._bars = {symbol: bars_of(history, symbol) for symbol in symbols}
        self._date = ""

    def know(self, bar: Bar) -> bool:
        """Come to the bar's date; return whether a split has become known."""
        before, self._date = self._date, exchange_date(bar.closes_at)
        return any(
            len(splits_by(splits, before)) != len(splits_by(splits, self._date))
            for splits in self._splits.values()
        )

    def adjusted(self, bars: Sequence[Bar], symbol: str) -> Iterator[Bar]:
        return adjusted(bars, splits_by(self._splits[symbol], self._date))

    def newest(self, others: Sequence[str], bar: Bar) -> dict[str, Bar]:
        """Return the newest bar of each other instrument that closed by the bar's close."""
        found = {}
        for symbol in others:
            closed = [each for each in self._bars[symbol] if each.closes_at <= bar.closes_at]
            if closed:
                (found[symbol],) = self.adjusted(closed[-1:], symbol)
        return found

    def members(self, universe: Sequence[str], bar: Bar) -> Collection[str]:
        """Return the members at the bar's date; whose first change is join begins outside."""
        date, found = exchange_date(bar.closes_at), []
        for symbol in universe:
            changes = sorted(
                (each.ex_date, each.kind)
                for each in self._history.actions
                if each.symbol == symbol and each.kind in ("join", "leave")
            )
            past = [kind for day, kind in changes if day <= date]
            begins = "leave" if changes and changes[0][1] == "join" else "join"
            if (past[-1] if past else begins) == "join":
                found.append(symbol)
        return found


def bars_of(history: MarketHistory, symbol: str) -> list[Bar]:
    """Return a symbol's bars as the live platform has them."""
    series = history.series[symbol]
    vwap = [None] * len(series) if series.vwap is None else series.vwap.tolist()
    columns = zip(
        series.opens_at.tolist(), series.closes_at.tolist(), series.open.tolist(),
        series.high.tolist(), series.low.tolist(), series.close.tolist(),
        series.volume.tolist(), vwap, strict=True,
    )  # fmt: skip
    return [
        Bar(
            symbol=symbol, timeframe=history.timeframe, opens_at=from_us(opens),
            closes_at=from_us(closes), open=opened, high=high, low=low, close=close,
            volume=volume, trade_count=1, vwap=average or None,
        )
        for opens, closes, opened, high, low, close, volume, average in columns
    ]  # fmt: skip
