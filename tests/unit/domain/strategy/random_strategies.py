"""Hypothesis: well-typed random expressions and random bars, small enough for many ties and gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from quantumzero.domain.bars import Bar
from quantumzero.domain.strategy.compiler import CompiledStrategy, compile_strategy
from quantumzero.domain.strategy.document import (
    Formula,
    Sizing,
    SizingMethod,
    StrategyDocument,
)
from quantumzero.domain.strategy.parser import parse_expression

START = datetime(2024, 1, 2, 21, 0, tzinfo=UTC)
_periods = st.integers(1, 6)
_literals = st.sampled_from(["0", "1", "2", "3.5", "0.25", "10"])
_comparisons = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


def _prices(depth: int) -> st.SearchStrategy[str]:
    fields = st.sampled_from(["open", "high", "low", "close"])
    if depth == 0:
        return fields
    inner = _prices(depth - 1)
    return st.one_of(
        fields,
        st.builds("{}({}, {})".format, st.sampled_from(["sma", "ema", "highest", "lowest"]),
                  inner, _periods),
        st.builds("({} {} {})".format, inner, st.sampled_from("+-"), inner),
        st.builds("{} * {}".format, inner.map("({})".format), _literals),
        st.builds("({}) / {}".format, inner, st.sampled_from(["2", "3", "0.5"])),
        st.builds("-({})".format, inner),
        st.builds("atr({})".format, _periods),
        st.builds("({}) * (({}) / ({}))".format, inner, inner, inner),
    )  # fmt: skip


def _truths(depth: int) -> st.SearchStrategy[str]:
    prices = _prices(2)
    simple = st.one_of(
        st.builds("({}) {} ({})".format, prices, _comparisons, st.one_of(prices, _literals)),
        st.builds("{}({}, {})".format, st.sampled_from(["cross_above", "cross_below"]),
                  prices, st.one_of(prices, _literals)),
        st.builds("rsi({}, {}) {} {}".format, prices, _periods, _comparisons,
                  st.sampled_from(["30", "50", "70"])),
        st.builds("({}) / ({}) > 1".format, prices, prices),
    )  # fmt: skip
    if depth == 0:
        return simple
    inner = _truths(depth - 1)
    return st.one_of(
        simple,
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("not ({})".format, inner),
    )


truth_texts = _truths(2)


@st.composite
def bar_lists(draw: st.DrawFn, least: int = 1, most: int = 25) -> list[Bar]:
    """Draw consecutive daily bars of one symbol whose prices often tie."""
    closes = draw(st.lists(st.integers(1, 12), min_size=least, max_size=most))
    unit = draw(st.sampled_from([10_000, 100, 1]))
    bars = []
    for day, close in enumerate(closes):
        opened = draw(st.integers(1, 12))
        high = max(opened, close) + draw(st.integers(0, 2))
        low = max(1, min(opened, close) - draw(st.integers(0, 2)))
        bars.append(
            Bar(
                "AAPL", "1d", START + timedelta(days=day, hours=-6), START + timedelta(days=day),
                opened * unit, high * unit, low * unit, close * unit, draw(st.integers(0, 9)), 1,
            )
        )  # fmt: skip
    return bars


def formula(path: str, text: str) -> Formula:
    """Return the formula of an expression's text."""
    return Formula(path, text, parse_expression(text))


def compiled(entry: str, leave: str = "close > 0") -> CompiledStrategy:
    """Compile a strategy of two expressions."""
    return compile_strategy(
        StrategyDocument(
            strategy="random",
            version=1,
            universe=("AAPL",),
            timeframe="1d",
            signals=(),
            entry_long=formula("entry.long", entry),
            exit_long=formula("exit.long", leave),
            sizing=Sizing(SizingMethod.PERCENT_OF_EQUITY, Decimal(20)),
        )
    )
