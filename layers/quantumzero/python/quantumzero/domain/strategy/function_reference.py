"""The page about all functions, written from their definitions: docs/functions.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.strategy.arithmetic import Series
from quantumzero.domain.strategy.checker import Checker
from quantumzero.domain.strategy.function_definition import Argument, ArgumentKind
from quantumzero.domain.strategy.functions import BY_NAME
from quantumzero.domain.strategy.graph import Kind
from quantumzero.domain.strategy.parser import parse_expression
from quantumzero.domain.strategy.surroundings import Surroundings

if TYPE_CHECKING:
    from quantumzero.domain.strategy.function_definition import FunctionDefinition

TOPICS = {
    "Averages": "sma ema wma rma dema tema hma kama vwma",
    "Oscillators": "rsi stochastic stochastic_signal stochastic_fast stochastic_rsi cci williams_r "
    "roc momentum tsi ultimate",
    "Differences of averages": "macd macd_signal macd_histogram ppo",
    "Volatility and channels": "true_range atr bollinger_upper bollinger_middle bollinger_lower "
    "keltner_upper keltner_middle keltner_lower donchian_upper donchian_middle donchian_lower stdev "
    "mean_deviation zscore",
    "Trend": "adx plus_di minus_di aroon aroon_up aroon_down parabolic_sar supertrend "
    "ichimoku_conversion ichimoku_base ichimoku_span_a ichimoku_span_b",
    "Volume": "obv vwap mfi cmf accumulation_distribution",
    "Windows and the past": "highest lowest bars_since_highest bars_since_lowest sum lag change "
    "cumulative value_when",
    "Conditions": "cross_above cross_below rising falling count_true bars_since where",
    "Numbers": "abs min max clip log sqrt sign",
    "Time": "session_time day_of_week session_number",
    "Building blocks": "blend supertrend_line",
}
ACROSS = "Across the universe"
_HEAD = """\
# Functions

Every function an expression may call. This page is written from the definitions
(`python -m cli.write_functions`, which also compares it with `--check`); each lives in a file of its own under
`layers/quantumzero/python/quantumzero/domain/strategy/functions/`.

- **Arguments**: `series` changes with each bar (a field, a signal, a call); `condition` is a series of truths; a
  period is a fixed whole number of bars up to 5,000; the others are fixed numbers. An argument with `=` may be left
  out, with all after it.
- **First value** is the bar, counted from 1, on which the example has its first value. Nested calls add up. An
  undefined value restarts what reads it: the next defined bar is its first.
- **Exact** results are fractions of whole numbers, so that ties are ties; all others are doubles. An exact value
  becomes a double by rounding its numerator and then the quotient.
- A formula that names other functions is what is computed, word for word: it is written in the language itself.
  `x[t-1]` is the value of the bar before.
- No function can look ahead: a negative period is refused, and there is none that reads a later bar.
- Results equal TA-Lib's where its start is the published one; `bench/functions_peers.py` compares all that TA-Lib has
  on real bars and says where and why some begin apart.
"""
_PERIOD = 14
_PORTFOLIO = Surroundings(
    "1d", universe=("AAPL", "MSFT"), groups={"makers": ("AAPL",)}, is_portfolio=True
)
_WRITTEN = {
    ArgumentKind.SERIES: "close",
    ArgumentKind.TRUTH: "close > open",
    ArgumentKind.PERIOD: str(_PERIOD),
    ArgumentKind.SCALAR: "2",
    ArgumentKind.GROUP: "groups",
}


def render_reference() -> str:
    """Return the whole page, Markdown."""
    parts = [_HEAD]
    for topic, names in _topics().items():
        parts.append(f"\n## {topic}\n")
        parts.extend(
            _entry(each) for name in names for each in BY_NAME[name] if _is_under(topic, each)
        )
    return "".join(parts)


def _topics() -> dict[str, list[str]]:
    topics = {topic: names.split() for topic, names in TOPICS.items()}
    across = [name for name, ways in BY_NAME.items() if any(each.across for each in ways)]
    return {**topics, ACROSS: across} if across else topics


def _is_under(topic: str, definition: FunctionDefinition) -> bool:
    return definition.across == (topic == ACROSS)


def _entry(definition: FunctionDefinition) -> str:
    lines = [f"\n### `{definition.signature}`\n", f"\n{definition.summary}\n\n"]
    lines.append(f"- Formula: `{definition.formula}`\n")
    lines.append(f"- {_example(definition)}\n")
    lines.append(f"- Source: {definition.source}\n")
    return "".join(lines)


def _example(definition: FunctionDefinition) -> str:
    """Return the sentence about an example's first value and whether it is exact."""
    written = [_written(argument) for argument in definition.arguments if argument.default is None]
    text = f"{definition.name}({', '.join(written)})"
    checker = Checker({}, [], _PORTFOLIO)
    operand = checker.visit(parse_expression(text))
    if not isinstance(operand, Series):
        raise ValueError(f"{text} cannot be checked: {checker.problems}")
    node = checker.graph[operand.index]
    result = "a double" if node.denominator is None else "exact"
    if node.kind is Kind.TRUTH:
        result = "a truth"
    return f"First value of `{text}`: bar {node.warm_up}; {result}"


def _written(argument: Argument) -> str:
    return argument.name if argument.name in ("high", "low", "close") else _WRITTEN[argument.kind]
