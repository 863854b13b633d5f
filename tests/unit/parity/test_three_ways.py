"""Stepped, in C, in NumPy: the same bits for every function, shipped document and random strategy."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bench.parity import (
    chooser,
    count_ties,
    prove_on_random_bars,
    random_strategy,
    tick_history,
)
from bench.parity_subjects import (
    calls_of,
    compiled_truths,
    compiled_weights,
    function_strategy,
    history_for,
    real_history,
)
from bench.random_graphs import random_history
from bench.three_ways import DifferenceError, prove, vector_evaluator
from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.strategy.compiler import CompileError, compile_strategy
from quantumzero.domain.strategy.functions import FUNCTIONS
from quantumzero.research.history import Action, BarSeries, MarketHistory
from quantumzero.research.vector import epoch_columns
from quantumzero.research.vector.columns import Column

STRATEGIES = sorted((Path(__file__).parents[3] / "strategies").glob("*.yaml"))
BARS = 260  # AAPL splits on bar 78


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_gives_the_same_bits_three_ways_on_real_bars_with_a_split(name):
    definition = FUNCTIONS[name]
    history = real_history(bars=60) if definition.across else real_history(("AAPL",), BARS)
    choose = chooser(1)
    for call in calls_of(definition):
        compared = prove(
            function_strategy(definition, call), history, restart=lambda: choose(40) == 0
        )
        assert compared > 0


@pytest.mark.parametrize("file", STRATEGIES, ids=lambda file: file.stem)
def test_a_shipped_document_gives_the_same_bits_three_ways(file):
    choose = chooser(2)
    compiled = compile_strategy(parse_document(file.read_text()))
    assert prove(compiled, history_for(compiled, choose), restart=lambda: choose(50) == 0) > 0


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_random_strategy_gives_the_same_bits_three_ways(data):
    try:
        compiled = random_strategy(lambda count: data.draw(st.integers(0, count - 1)))
    except CompileError:
        assume(False)
    prove_on_random_bars(compiled, chooser(data.draw(st.integers(0, 2**20))))


@pytest.mark.parametrize("seed", range(40))
def test_a_strategy_of_a_fixed_seed_gives_the_same_bits_three_ways(seed):
    for attempt in range(100):
        choose = chooser(1_000 * seed + attempt)
        try:
            compiled = random_strategy(choose)
        except CompileError:
            continue
        assert prove_on_random_bars(compiled, choose) > 0
        return
    pytest.fail("no draw of a hundred was a valid strategy")


def test_crossings_of_averages_that_tie_exactly_are_never_wrong():
    figures = count_ties(tick_history(12_000))
    assert figures["exact_ties"] >= 24
    assert figures["crossings"] > 100
    wrong = {name: count for name, count in figures.items() if name.startswith("wrong")}
    assert wrong == {"wrong_stepped": 0, "wrong_kernel": 0, "wrong_numpy": 0}


def test_another_instrument_that_splits_is_read_as_it_is_known_at_each_bar():
    days = [date(2024, 1, 2) + timedelta(days=count) for count in range(60)]
    history = random_history(chooser(3), days, "1d", ("AAPL", "MSFT"), 40)
    split = Action("MSFT", days[30].isoformat(), "split", new=4, old=1)
    history = type(history)(history.series, "1d", actions=(split,))
    compiled = compiled_truths("close > sma(MSFT.close, 5)", "lag(MSFT.volume, 3) > 4", ("AAPL",))
    assert prove(compiled, history) > 0


def test_what_was_compared_before_a_split_is_compared_anew_after_it():
    days = [date(2024, 1, 2) + timedelta(days=count) for count in range(60)]
    history = random_history(chooser(4), days, "1d", ("AAPL", "MSFT", "IBM"), 40)
    actions = (
        Action("AAPL", days[20].isoformat(), "split", new=3, old=1),
        Action("IBM", days[40].isoformat(), "split", new=1, old=2),
        Action("MSFT", days[25].isoformat(), "leave"),
    )
    history = type(history)(history.series, "1d", actions=actions)
    compiled = compiled_weights("sma(rank(close), 5) > 0.4", ("AAPL", "MSFT", "IBM"))
    assert prove(compiled, history) > 0


def test_values_beyond_64_bits_are_the_same_as_stepped():
    history = random_history(chooser(5), [date(2024, 1, 2), date(2024, 3, 29)], "1d", ("AAPL",), 40)
    series = history.series["AAPL"]
    great = {
        name: getattr(series, name) * (2**55 // 12) for name in ("open", "high", "low", "close")
    }
    columns = {"opens_at": series.opens_at, "closes_at": series.closes_at}
    grown = type(series)("AAPL", **columns, **great, volume=series.volume)
    history = type(history)({"AAPL": grown}, "1d")
    compiled = compiled_truths(
        "cross_above(sma(close, 40) * 3 + high, sum(low, 30)) or wma(close, 12) > stdev(close, 9)",
        "highest(sum(close, 20), 3) > 2 * lowest(sum(close, 25), 4) or ema(sum(close, 9), 3) > 1",
        ("AAPL",),
    )
    assert prove(compiled, history) > 0


def test_every_primitive_has_an_array_form_in_the_kernel(monkeypatch):
    stepped = set()

    def refuse(computation, inputs, length):
        stepped.add(computation.node.operation)
        return Column.of_list([None] * length, computation.node.denominator, computation.is_truth)

    monkeypatch.setattr(epoch_columns, "stepped", refuse)
    history = real_history(("AAPL",), BARS)
    for definition in FUNCTIONS.values():
        if not definition.across:
            for call in calls_of(definition):
                compiled = function_strategy(definition, call)
                vector_evaluator(compiled, history, fallback=False).raw(compiled, "AAPL")
    assert stepped == set()


def test_a_difference_of_the_last_bit_is_found_and_named(monkeypatch):
    average = epoch_columns.OPERATIONS["ema"]

    def a_little_off(computation, inputs, machine):
        column = average(computation, inputs, machine)
        if column is not None:
            column.values[-1] = np.nextafter(column.values[-1], np.inf)
        return column

    monkeypatch.setitem(epoch_columns.OPERATIONS, "ema", a_little_off)
    history = real_history(("AAPL",), 40)
    with pytest.raises(DifferenceError, match=r"ema\(5,\) was .* on bar 39; stepped it was"):
        prove(compiled_truths("close > ema(close, 5)", "close < 1", ("AAPL",)), history)


def test_a_mean_price_that_a_split_rounds_to_nothing_is_still_a_price():
    day_us = 86_400_000_000
    opens_at = np.arange(6, dtype=np.int64) * day_us + 1_704_292_200_000_000
    price = np.full(6, 3, np.int64)
    mean = np.array([3, 3, 0, 3, 3, 3], np.int64)  # the third bar has none
    series = BarSeries(
        "AAPL", opens_at, opens_at + 23_400_000_000, price, price, price, price, price, vwap=mean
    )
    split = Action("AAPL", "2024-01-07", "split", new=7, old=1)
    history = MarketHistory({"AAPL": series}, "1d", actions=(split,))
    compiled = compiled_truths("bars_since_highest(vwap, 1) < 1", "vwap < 0", ("AAPL",), "1d")
    assert prove(compiled, history) > 0
