"""The benchmark of a live step steps what it says."""

from __future__ import annotations

from bench.live_step import DOCUMENT, INDICATORS, bars, measure
from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator


def test_a_round_measures_every_bar_and_says_the_goal() -> None:
    figures = measure(rounds=1)
    assert figures["bars"] == 5_000
    assert figures["indicators"] == 10
    assert figures["microseconds"] > 0
    assert figures["goal_microseconds"] == 25


def test_every_indicator_has_a_value_while_the_clock_runs() -> None:
    evaluator = IncrementalEvaluator(compile_strategy(parse_document(DOCUMENT)))
    for bar in bars()[:500]:
        values = evaluator.step(bar).values
    assert all(values[name] is not None for name in INDICATORS)
