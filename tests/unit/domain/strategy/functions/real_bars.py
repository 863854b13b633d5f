"""Real daily bars, and the values of one expression on bars."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from bokeh_sampledata import stocks

from quantumzero.domain.bars import Bar
from quantumzero.domain.strategy.compiler import CompiledStrategy, compile_strategy
from quantumzero.domain.strategy.document import Formula, StrategyDocument, Weights
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from quantumzero.domain.strategy.parser import parse_expression

if TYPE_CHECKING:
    from collections.abc import Sequence


@cache
def apple_bars(count: int) -> tuple[Bar, ...]:
    """Return the first bars of AAPL, raw, from 2000-03-01 on."""
    table = stocks.AAPL
    bars = []
    for row in range(count):
        closes_at = datetime.fromisoformat(table["date"][row]).replace(hour=21, tzinfo=UTC)
        prices = [round(table[name][row] * 10_000) for name in ("open", "high", "low", "close")]
        bars.append(
            Bar(
                "AAPL", "1d", closes_at.replace(hour=15), closes_at, *prices,
                table["volume"][row], 1,
            )
        )  # fmt: skip
    return tuple(bars)


def compiled_expression(text: str, calendar: str = "XNYS") -> CompiledStrategy:
    """Compile one expression, a number or a truth; its node is weight_long."""
    formula = Formula("weights", text, parse_expression(text))
    return compile_strategy(
        StrategyDocument(
            "one", 1, ("AAPL",), "1d", (), weights=Weights(formula, None, "equal"),
            calendar=calendar,
        )
    )  # fmt: skip


def values_of(
    text: str, bars: Sequence[Bar], calendar: str = "XNYS"
) -> list[float | int | bool | None]:
    """Return the expression's value on each bar, in currency or shares, None where it has none."""
    compiled = compiled_expression(text, calendar)
    evaluator = IncrementalEvaluator(compiled, bars[0].symbol)
    assert compiled.weight_long is not None
    return [evaluator.step(bar).value(compiled.weight_long) for bar in bars]
