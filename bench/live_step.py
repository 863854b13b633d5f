"""Time of one live step: ten indicators advanced by one closed bar, as evaluate_strategies does it.

Each round steps the same 5,000 one-minute bars through a fresh evaluator, warmed up before the clock starts; the
figure is the median of single steps. Reading every value by name, as a decision record does, is measured beside it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from time import perf_counter_ns
from typing import Any

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.bars import Bar
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator

GOAL_MICROSECONDS = 25
INDICATORS = {
    "sma10": "sma(close, 10)",
    "sma30": "sma(close, 30)",
    "macd_line": "macd(close, 12, 26)",
    "macd_average": "macd_signal(close, 12, 26, 9)",
    "strength": "rsi(close, 14)",
    "range14": "atr(14)",
    "deviation": "stdev(close, 20)",
    "highest20": "highest(high, 20)",
    "lowest20": "lowest(low, 20)",
    "balance": "obv()",
}
_SIGNALS = "\n".join(f"  {name}: {text}" for name, text in INDICATORS.items())
DOCUMENT = f"""\
strategy: ten-indicators
version: 1
universe: [AAPL]
timeframe: 1m
signals:
{_SIGNALS}
entry:
  long: cross_above(sma10, sma30) and macd_line > macd_average and strength < 70
exit:
  long: close < lowest20 + range14 or close > highest20 - deviation and balance < 0
sizing: {{percent_of_equity: 20}}
"""
_WARM_UP = 500
_BARS = 5_000
_ROUNDS = 7


def bars() -> list[Bar]:
    """Return one-minute bars of a random walk in cents, the same every time."""
    random = Random(7)  # noqa: S311 - prices, not secrets
    opens_at = datetime(2024, 1, 2, 14, 30, tzinfo=UTC)
    close, made = 1_000_000, []
    for minute in range(_WARM_UP + _BARS):
        opened, close = close, close + random.randint(-15, 15) * 100
        high, low = max(opened, close) + 300, min(opened, close) - 200
        begins = opens_at + timedelta(minutes=minute)
        ends = begins + timedelta(minutes=1)
        volume = random.randint(1, 5_000)
        made.append(Bar("AAPL", "1m", begins, ends, opened, high, low, close, volume, 9))
    return made


def measure(rounds: int = _ROUNDS) -> dict[str, Any]:
    """Return the medians in microseconds, and the goal."""
    compiled = compile_strategy(parse_document(DOCUMENT))
    given = bars()
    steps: list[int] = []
    readings: list[int] = []
    for _ in range(rounds):
        evaluator = IncrementalEvaluator(compiled)
        for bar in given[:_WARM_UP]:
            evaluator.step(bar)
        for bar in given[_WARM_UP:]:
            began = perf_counter_ns()
            evaluation = evaluator.step(bar)
            stepped = perf_counter_ns()
            dict(evaluation.values)
            steps.append(stepped - began)
            readings.append(perf_counter_ns() - stepped)
    return {
        "microseconds": round(median(steps) / 1000, 2),
        "microseconds_of_reading_all_values": round(median(readings) / 1000, 2),
        "indicators": len(INDICATORS),
        "nodes": len(compiled.nodes),
        "state_bytes": len(evaluator.dump()),
        "bars": len(steps),
        "goal_microseconds": GOAL_MICROSECONDS,
    }


def main() -> dict[str, Any]:
    """Measure, print, and return the figures."""
    figures = measure()
    print(
        f"one live step of {figures['indicators']} indicators ({figures['nodes']} nodes): "
        f"{figures['microseconds']:g} microseconds, median of {figures['bars']:,} "
        f"(goal {GOAL_MICROSECONDS}); reading every value by name "
        f"{figures['microseconds_of_reading_all_values']:g} more; state {figures['state_bytes']:,} bytes"
    )
    return figures


if __name__ == "__main__":
    main()
