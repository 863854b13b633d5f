"""`qz indicator`: the values of one expression of the strategy language, bar by bar."""

from __future__ import annotations

# ruff: noqa: TC001 - typer reads the annotations of commands while it runs
import json
import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.research_data import market_of
from cli.research_options import AsJson, Calendar, Data, Symbol
from quantumzero.contracts.backtest_result import time_text
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.compiler import CompileError, compile_strategy
from quantumzero.domain.strategy.document import Formula, StrategyDocument, Weights
from quantumzero.domain.strategy.graph import Kind
from quantumzero.domain.strategy.parser import parse_expression
from quantumzero.domain.strategy.problems import ExpressionError, ExpressionProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.research.history import MarketHistory

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    """One value for each bar, None where it is undefined; times are the bars' closes."""

    symbol: str
    times: Sequence[int]
    values: list[float | bool | None]
    warm_up: int


def indicator(
    expression: Annotated[str, typer.Argument(help='For example "rsi(close, 14)".')],
    data: Data = None,
    symbol: Symbol = None,
    calendar: Calendar = None,
    as_json: AsJson = False,
) -> None:
    """Compute one expression of the language: one value for each bar, null while it warms up."""
    history = market_of(data, symbol=symbol, calendar=calendar or "XNYS").history
    found = indicator_values(expression, history, symbol, calendar or "XNYS")
    if as_json:
        sys.stdout.write(json.dumps(found.values, allow_nan=False) + "\n")
        sys.stdout.flush()
        return
    console = Console(highlight=False)
    bars = len(found.values)
    words = f"{expression} of {found.symbol}: {bars:,} bars, of which {found.warm_up} warm up"
    table = Table(title=words, title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("bar closed")
    table.add_column("value", justify="right")
    for place in range(max(0, bars - _SHOWN), bars):
        value = found.values[place]
        table.add_row(time_text(int(found.times[place])), "null" if value is None else str(value))
    console.print(table)
    if bars > _SHOWN:
        console.print(f"· the last {_SHOWN} are shown; --json prints all", markup=False)


def indicator_values(
    expression: str, history: MarketHistory, symbol: str | None, calendar: str
) -> IndicatorValues:
    """Evaluate the expression over one instrument's bars.

    Raises InvalidInputError for an expression that cannot be read (pointing at the character), and
    for data of several instruments of which none was chosen.
    """
    from quantumzero.research.vector.evaluator import VectorEvaluator  # loads the kernel

    held = tuple(history.series)
    chosen = symbol.upper() if symbol else held[0]
    if symbol is None and len(held) > 1:
        raise InvalidInputError(
            f"the data holds {', '.join(held[:10])}; choose one of them by --symbol", field="symbol"
        )
    compiled = compiled_expression(expression, chosen, history, calendar)
    node = compiled.weight_long
    if node is None:
        raise InvalidInputError(f"{expression!r} has no value; give an expression of the language")
    evaluator = VectorEvaluator(history, calendar=calendar)
    values: list[float | bool | None]
    if compiled.nodes[node].kind is Kind.TRUTH:
        truths = evaluator.truths(compiled, node)[chosen].tolist()
        values = [None if value < 0 else bool(value) for value in truths]
    else:
        numbers = evaluator.numbers(compiled, node)[chosen].tolist()
        values = [value if math.isfinite(value) else None for value in numbers]
    times: Any = history.series[chosen].closes_at
    return IndicatorValues(chosen, times.tolist(), values, compiled.nodes[node].warm_up)


def compiled_expression(
    expression: str, symbol: str, history: MarketHistory, calendar: str
) -> CompiledStrategy:
    """Check the expression and return its graph; weight_long is its node."""
    try:
        formula = Formula("indicator", expression, parse_expression(expression))
        document = StrategyDocument(
            strategy="indicator",
            version=1,
            universe=(symbol,),
            timeframe=history.timeframe,
            signals=(),
            weights=Weights(long=formula, short=None, scheme="equal"),
            calendar=calendar,
        )
        return compile_strategy(document, None, history.price_decimals)
    except ExpressionError as error:
        raise pointed_at(expression, [error.problem]) from error
    except CompileError as error:
        raise pointed_at(expression, [problem for _, problem in error.problems]) from error


def pointed_at(expression: str, problems: Sequence[ExpressionProblem]) -> InvalidInputError:
    """Return the error that quotes the characters at fault."""
    sentences = []
    for problem in problems:
        part = expression[problem.start : problem.end]
        place = f"character {problem.start + 1}" + (f" ({part!r})" if part else "")
        sentences.append(f"{expression!r}, {place}: {problem.message}")
    return InvalidInputError("; ".join(sentences))
