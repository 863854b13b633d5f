"""Random well-typed strategies over every function of the language, and random bars that often tie.

Every choice is made by a callable choose(n) -> 0 .. n - 1, so that a seeded generator and a property
test draw from the same space.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import sessions_between, to_us
from quantumzero.domain.strategy.function_definition import Argument, ArgumentKind
from quantumzero.domain.strategy.functions import FUNCTIONS
from quantumzero.domain.strategy.graph import Kind
from quantumzero.research.history import Action, BarSeries, MarketHistory

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from quantumzero.domain.strategy.function_definition import FunctionDefinition

    Choose = Callable[[int], int]

MINUTE_US = 60_000_000
SYMBOLS = ("AAPL", "MSFT", "IBM")
_MINUTES = {"5m": 5, "1h": 60}
_FIELDS = ("open", "high", "low", "close", "close", "close", "volume", "vwap")
# Undefined on some bars in the middle: exact values, doubles, and exact values of either branch.
_GAPPY = (
    "where(close / (volume - 3) > 0, close, open)",
    "(close / (volume - 4))",
    "where(close > open, where(high / (volume - 5) > 0, high, low) * 2, low * 2)",
)
_LITERALS = ("0", "1", "2", "3.5", "0.25", "10", "100")
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_SCALARS = ("0.02", "0.5", "1", "2", "3")


class RandomGraph:
    """Draw expressions: numbers and truths of limited depth."""

    def __init__(self, choose: Choose, *, higher: str = "", other: str = "", across: bool = False):
        self._choose = choose
        self._higher = higher
        self._other = other
        self._across = across
        usable = [each for each in FUNCTIONS.values() if across or not each.across]
        self._numbers = [each for each in usable if each.result is Kind.NUMBER]
        self._truths = [each for each in usable if each.result is Kind.TRUTH]

    def truth(self, depth: int) -> str:
        """Draw an expression of truths."""
        kind = self._choose(8)
        if depth == 0 or kind < 3:
            symbol = _COMPARISONS[self._choose(6)]
            right = self.number(depth - 1) if depth and kind else self._pick(_LITERALS)
            return f"({self.number(max(depth - 1, 0))} {symbol} {right})"
        if kind < 5:
            return self.call(self._truths[self._choose(len(self._truths))], depth - 1)
        if kind == 5:
            return f"(not {self.truth(depth - 1)})"
        word = ("and", "or")[self._choose(2)]
        return f"({self.truth(depth - 1)} {word} {self.truth(depth - 1)})"

    def number(self, depth: int) -> str:
        """Draw an expression of numbers."""
        if depth <= 0:
            return self._field()
        kind = self._choose(8)
        if kind < 5:
            return self.call(self._numbers[self._choose(len(self._numbers))], depth - 1)
        if kind == 5:
            return f"(-{self.number(depth - 1)} * {self._pick(_LITERALS[1:])})"
        symbol = "+-*/"[self._choose(4)]
        return f"({self.number(depth - 1)} {symbol} {self.number(depth - 1)})"

    def call(self, definition: FunctionDefinition, depth: int) -> str:
        """Draw a call of one function."""
        given = [self._argument(each, depth) for each in definition.arguments]
        return f"{definition.name}({', '.join(given)})"

    def _argument(self, argument: Argument, depth: int) -> str:
        if argument.kind is ArgumentKind.PERIOD:
            return str(int(argument.least or 0) + self._choose(6))
        if argument.kind is ArgumentKind.SCALAR:
            fitting = [
                text
                for text in _SCALARS
                if (argument.least is None or float(text) >= argument.least)
                and (argument.greatest is None or float(text) <= argument.greatest)
            ]
            return self._pick(fitting)
        if argument.kind is ArgumentKind.GROUP:
            return "groups"
        if argument.kind is ArgumentKind.TRUTH:
            return self.truth(depth)
        return self.number(depth)

    def _field(self) -> str:
        kind = self._choose(8)
        if kind == 0 and self._higher:
            return f"{self._pick(_FIELDS[:5])}@{self._higher}"
        if kind == 1 and self._other:
            return f"{self._other}.{self._pick(_FIELDS[:5])}"
        return self._pick(_GAPPY if kind == 2 else _FIELDS)

    def _pick(self, words: list[str] | tuple[str, ...]) -> str:
        return words[self._choose(len(words))]


def random_series(
    choose: Choose, symbol: str, days: list[date], timeframe: str, count: int
) -> BarSeries:
    """Draw bars on real sessions, some of them missing, with prices of few values that often tie."""
    times = [each for each in _times(days, timeframe) if choose(8)][:count]
    unit = (10_000, 100, 1, 37, 10**14)[choose(5)]
    rows = []
    for _ in times:
        opened, close = 1 + choose(12), 1 + choose(12)
        high = max(opened, close) + choose(3)
        low = max(1, min(opened, close) - choose(3))
        rows.append((opened * unit, high * unit, low * unit, close * unit, choose(10)))
    columns = np.array(rows, np.int64).reshape(len(rows), 5).T.copy()
    opens_at, closes_at = np.array(times, np.int64).reshape(len(times), 2).T.copy()
    vwap = None if choose(2) else columns[1:3].sum(axis=0) // 2
    return BarSeries(
        symbol, opens_at, closes_at, columns[0], columns[1], columns[2], columns[3], columns[4],
        vwap,
    )  # fmt: skip


def _times(days: list[date], timeframe: str) -> list[tuple[int, int]]:
    found = []
    for session in sessions_between(days[0], days[-1]):
        opens, closes = to_us(session.opens_at), to_us(session.closes_at)
        if timeframe == "1d":
            found.append((opens, closes))
            continue
        step = _MINUTES[timeframe] * MINUTE_US
        found += [(at, min(at + step, closes)) for at in range(opens, closes, step)]
    return found


def random_history(
    choose: Choose, days: list[date], timeframe: str, symbols: tuple[str, ...], count: int
) -> MarketHistory:
    """Draw the bars of symbols, sometimes with splits in their middle and members that come and go."""
    series = {each: random_series(choose, each, days, timeframe, count) for each in symbols}
    actions = []
    for symbol in symbols:
        if choose(3) == 0:
            new, old = ((2, 1), (3, 2), (7, 1), (1, 10))[choose(4)]
            day = days[choose(len(days))]
            actions.append(Action(symbol, day.isoformat(), "split", new=new, old=old))
        if choose(4) == 0:
            kind = ("join", "leave")[choose(2)]
            actions.append(Action(symbol, days[choose(len(days))].isoformat(), kind))
    return MarketHistory(series, timeframe, actions=tuple(actions))
