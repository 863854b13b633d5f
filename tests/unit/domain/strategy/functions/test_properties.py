"""What holds for every function: no look ahead, restarts, bars delivered again, undefined input."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from quantumzero.domain.strategy.function_definition import ArgumentKind
from tests.unit.domain.strategy.functions.calls_of import call_of, own_bar_functions
from tests.unit.domain.strategy.functions.real_bars import (
    apple_bars,
    compiled_expression,
    values_of,
)
from tests.unit.domain.strategy.random_strategies import bar_lists

DEFINITIONS = {each.node_operation: each for each in own_bar_functions()}
OF_SERIES = sorted(
    name
    for name, each in DEFINITIONS.items()
    if any(argument.kind is ArgumentKind.SERIES for argument in each.arguments)
)
few = settings(max_examples=4, deadline=None)


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
@few
@given(bar_lists(least=12, most=20), st.data())
def test_neither_a_restart_nor_a_repeated_bar_nor_the_future_changes_a_value(name, bars, data):
    compiled = compiled_expression(call_of(DEFINITIONS[name]))
    unbroken = IncrementalEvaluator(compiled, "AAPL")
    values = [unbroken.step(bar).nodes for bar in bars]
    stop = data.draw(st.integers(1, len(bars) - 1))
    broken = IncrementalEvaluator(compiled, "AAPL")
    for row, bar in enumerate(bars):
        assert broken.step(bar).nodes == values[row]
        if row == stop:
            assert broken.step(bars[data.draw(st.integers(0, row))]).nodes == values[row]
            broken = IncrementalEvaluator.load(compiled, broken.dump(), "AAPL")
    assert broken.dump() == unbroken.dump()
    part = IncrementalEvaluator(compiled, "AAPL")
    assert [part.step(bar).nodes for bar in bars[:stop]] == values[:stop]


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_the_first_value_on_real_bars_comes_when_the_warm_up_says(name):
    compiled = compiled_expression(call_of(DEFINITIONS[name]))
    index = compiled.weight_long
    values = values_of(call_of(DEFINITIONS[name]), apple_bars(60))
    first = next(row for row, value in enumerate(values) if value is not None)
    # A condition that has not held yet has no newest bar.
    late = 3 if name in ("bars_since", "value_when") else 0
    warm_up = compiled.nodes[index].warm_up
    assert warm_up <= first + 1 <= warm_up + late
    assert None not in values[first:]


@pytest.mark.parametrize("name", OF_SERIES)
@few
@given(bar_lists(least=14, most=20), st.data())
def test_after_an_undefined_value_a_function_is_as_new(name, bars, data):
    gap = data.draw(st.integers(1, 6))
    traded = [
        replace(bar, volume=0 if row == gap else bar.volume + 1) for row, bar in enumerate(bars)
    ]
    text = call_of(DEFINITIONS[name], "close / volume")  # undefined where nothing traded
    values = values_of(text, traded)
    assert values[gap] is None or name == "where"
    fresh = values_of(text, traded[gap + 1 :])
    for left, right in zip(values[gap + 1 :], fresh, strict=True):
        assert left == right or right is None
