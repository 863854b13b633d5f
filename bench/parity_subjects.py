"""What parity is proven on: real bars, one call or more of every function, the shipped documents."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from bokeh_sampledata import stocks

from bench.random_graphs import random_history
from quantumzero.domain.calendars import session_on, to_us
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.document import (
    Formula,
    Rebalance,
    StrategyDocument,
    Weights,
)
from quantumzero.domain.strategy.function_definition import Argument, ArgumentKind
from quantumzero.domain.strategy.graph import Kind
from quantumzero.domain.strategy.parser import parse_expression
from quantumzero.research.history import Action, BarSeries, MarketHistory

if TYPE_CHECKING:
    from bench.random_graphs import Choose
    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.function_definition import FunctionDefinition

SYMBOLS = ("AAPL", "IBM", "MSFT", "GOOG")
_SPLITS = (
    Action("AAPL", "2000-06-21", "split", new=2, old=1),
    Action("MSFT", "2003-02-18", "split", new=2, old=1),
    Action("AAPL", "2005-02-28", "split", new=2, old=1),
)
# The exact form of an argument, and one whose values are doubles.
_EXACT = ("close", "open", "high")
_DOUBLES = ("log(close)", "log(open)", "log(high)")


def real_history(symbols: tuple[str, ...] = SYMBOLS, bars: int | None = None) -> MarketHistory:
    """Return daily bars of 2000 to 2013 of bokeh_sampledata, raw, with their splits; the first
    `bars` of each symbol.
    """
    series = {symbol: _real_series(symbol, bars) for symbol in symbols}
    actions = tuple(action for action in _SPLITS if action.symbol in symbols)
    return MarketHistory(series, "1d", actions=actions)


def _real_series(symbol: str, bars: int | None) -> BarSeries:
    table = getattr(stocks, symbol)
    sessions = [session_on(date.fromisoformat(day)) for day in table["date"][:bars]]
    times = [(to_us(each.opens_at), to_us(each.closes_at)) for each in sessions if each]
    opens_at, closes_at = np.array(times, np.int64).T.copy()
    prices = {
        name: np.array([round(value * 10_000) for value in table[name][:bars]], np.int64)
        for name in ("open", "high", "low", "close")
    }
    volume = np.array(table["volume"][:bars], np.int64)
    return BarSeries(symbol, opens_at, closes_at, **prices, volume=volume)


def calls_of(definition: FunctionDefinition) -> list[str]:
    """Return calls of a function whose inputs are exact, then doubles where it takes a series."""
    kinds = {argument.kind for argument in definition.arguments}
    ways = (_EXACT, _DOUBLES) if ArgumentKind.SERIES in kinds else (_EXACT,)
    calls = []
    for series in ways:
        given = [_argument(each, series, place) for place, each in enumerate(definition.arguments)]
        calls.append(f"{definition.name}({', '.join(given)})")
    return calls


def _argument(argument: Argument, series: tuple[str, ...], place: int) -> str:
    if argument.kind is ArgumentKind.SERIES:
        return series[place % len(series)]
    if argument.kind is ArgumentKind.TRUTH:
        return "close > open"
    if argument.kind is ArgumentKind.GROUP:
        return "groups"
    if argument.default is not None:
        return f"{float(argument.default):g}"
    return "10" if argument.kind is ArgumentKind.PERIOD else "2"


def function_strategy(definition: FunctionDefinition, call: str) -> CompiledStrategy:
    """Return a strategy whose graph holds the call."""
    if definition.across:
        return compiled_weights(call, SYMBOLS)
    truth = call if definition.result is Kind.TRUTH else f"{call} > 0"
    return compiled_truths(truth, "close < open", SYMBOLS[:1])


def compiled_truths(
    entry: str, leave: str, universe: tuple[str, ...], timeframe: str = "1d"
) -> CompiledStrategy:
    """Compile a strategy of two expressions."""
    return compile_strategy(
        StrategyDocument("parity", 1, universe, timeframe, (), _formula(entry), _formula(leave))
    )


def compiled_weights(
    weights: str, universe: tuple[str, ...], timeframe: str = "1d"
) -> CompiledStrategy:
    """Compile a portfolio strategy of one expression; every second symbol is of one group."""
    return compile_strategy(
        StrategyDocument(
            "parity", 1, universe, timeframe, (),
            weights=Weights(_formula(weights), None, "equal"), rebalance=Rebalance(),
            groups={"even": universe[::2]},
        )
    )  # fmt: skip


def _formula(text: str) -> Formula:
    return Formula("parity", text, parse_expression(text))


def history_for(compiled: CompiledStrategy, choose: Choose) -> MarketHistory:
    """Return real daily bars for a shipped document, random ones for an intraday one."""
    document = compiled.document
    symbols = tuple(dict.fromkeys((*document.universe, *compiled.others)))
    if document.timeframe == "1d" and set(symbols) <= set(SYMBOLS):
        return real_history(symbols, 400)
    days = [date(2024, 1, 2) + timedelta(days=count) for count in range(14)]
    return random_history(choose, days, document.timeframe, symbols, 700)
