"""The incremental evaluator against recomputation by definition, and the four things that must not matter."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from quantumzero.domain.strategy.parser import parse_expression
from tests.unit.domain.strategy.random_strategies import bar_lists, compiled, truth_texts
from tests.unit.domain.strategy.recomputation import value_of


@settings(max_examples=150, deadline=None)
@given(truth_texts, truth_texts, bar_lists())
def test_every_node_equals_its_recomputation_by_definition_to_the_last_bit(entry, leave, bars):
    strategy = compiled(entry, leave)
    evaluator = IncrementalEvaluator(strategy)
    for count, bar in enumerate(bars, start=1):
        evaluation = evaluator.step(bar)
        for label, shown in evaluation.values.items():
            expected = value_of(parse_expression(label), bars[:count])
            if isinstance(expected, Fraction):
                expected = float(expected)
            assert shown == expected, label
        warm = count >= strategy.warm_up_bars
        by_definition = value_of(parse_expression(entry), bars[:count])
        assert evaluation.entry_long is (warm and by_definition is True)


@settings(max_examples=100, deadline=None)
@given(truth_texts, bar_lists(least=2), st.data())
def test_a_restart_from_the_stored_state_changes_nothing(entry, bars, data):
    strategy = compiled(entry)
    unbroken = IncrementalEvaluator(strategy)
    restarted = IncrementalEvaluator(strategy)
    for bar in bars:
        if data.draw(st.booleans()):
            restarted = IncrementalEvaluator.load(strategy, restarted.dump())
        assert restarted.step(bar) == unbroken.step(bar)
    assert restarted.dump() == unbroken.dump()


@settings(max_examples=75, deadline=None)
@given(truth_texts, bar_lists(least=2), st.data())
def test_bars_delivered_again_change_nothing_and_answer_the_newest_result(entry, bars, data):
    strategy = compiled(entry)
    once, often = IncrementalEvaluator(strategy), IncrementalEvaluator(strategy)
    for count, bar in enumerate(bars, start=1):
        expected = once.step(bar)
        often.step(bar)
        repeated = data.draw(st.integers(0, count - 1))
        assert often.step(bars[repeated]) == expected
    assert often.dump() == once.dump()


@settings(max_examples=75, deadline=None)
@given(truth_texts, bar_lists(least=3), st.data())
def test_no_value_depends_on_later_bars(entry, bars, data):
    strategy = compiled(entry)
    whole = IncrementalEvaluator(strategy)
    results = [whole.step(bar) for bar in bars]
    end = data.draw(st.integers(1, len(bars)))
    part = IncrementalEvaluator(strategy)
    assert [part.step(bar) for bar in bars[:end]] == results[:end]


@settings(max_examples=75, deadline=None)
@given(truth_texts, bar_lists())
def test_nothing_is_concluded_before_the_warm_up_ends_and_the_warm_up_suffices(entry, bars):
    strategy = compiled(entry)
    evaluator = IncrementalEvaluator(strategy)
    for bar in bars:
        evaluation = evaluator.step(bar)
        if evaluation.bars_seen < strategy.warm_up_bars:
            assert not evaluation.warm
            assert not evaluation.entry_long
            assert not evaluation.exit_long


def test_averages_that_tie_in_their_decimals_do_not_cross(daily_bars):
    # sma(close, 3) and sma(close, 6) are both 10 + 1/3 at the tie: rounded sums would differ.
    closes = [10.0, 10.0, 11.0, 10.0, 10.0, 11.0, 10.0]
    strategy = compiled(
        "cross_above(sma(close, 3), sma(close, 6))", "sma(close, 3) == sma(close, 6)"
    )
    evaluator = IncrementalEvaluator(strategy)
    results = [evaluator.step(bar) for bar in daily_bars(closes)]
    assert results[5].values["sma(close, 3) == sma(close, 6)"] is True
    assert not any(result.entry_long for result in results)


def test_the_state_of_another_graph_is_refused_with_what_to_do(daily_bars):
    evaluator = IncrementalEvaluator(compiled("close > sma(close, 2)"))
    evaluator.step(daily_bars([10.0])[0])
    other = compiled("close > sma(close, 3)")
    with pytest.raises(CorruptDataError, match="delete it, and it is rebuilt"):
        IncrementalEvaluator.load(other, evaluator.dump())
    with pytest.raises(CorruptDataError):
        IncrementalEvaluator.load(other, b"\x00not json")


def test_a_value_beyond_the_doubles_is_undefined_and_can_be_stored(daily_bars):
    power = "volume"  # to the 64th power 1.25e308: the sum of two is no double any more
    for _ in range(6):
        power = f"({power}) * ({power})"
    strategy = compiled(f"sma({power}, 2) > 0 or ema({power}, 2) > 0")
    evaluator = IncrementalEvaluator(strategy)
    for bar in daily_bars([10.0, 11.0, 12.0, 13.0], volume=65_163):
        evaluation = evaluator.step(bar)
    assert not evaluation.entry_long
    restored = IncrementalEvaluator.load(strategy, evaluator.dump())
    assert restored.evaluation() == evaluation
