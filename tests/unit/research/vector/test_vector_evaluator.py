"""The vector evaluator's answers: gated by the warm-up, shared, adjusted, and named when they cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from bench.parity import chooser
from bench.parity_subjects import compiled_truths, compiled_weights, real_history
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.history import Action, BarSeries, MarketHistory
from quantumzero.research.kernel import force_fallback
from quantumzero.research.simulation.request import ENTER_LONG, EXIT_LONG
from quantumzero.research.vector import VectorEvaluator, epoch_columns

DAY_US = 86_400_000_000
FIRST_US = 1_704_205_800_000_000  # 2024-01-02 14:30 UTC, the open of a session
CROSS_ABOVE = "cross_above(sma(close, 2), sma(close, 3))"
CROSS_BELOW = "cross_below(sma(close, 2), sma(close, 3))"


def history_of(closes: list[int], actions: tuple[Action, ...] = (), **others) -> MarketHistory:
    series = {
        symbol: _series(symbol, values) for symbol, values in {"AAPL": closes, **others}.items()
    }
    return MarketHistory(series, "1d", actions=actions)


def _series(symbol: str, closes: list[int]) -> BarSeries:
    close = np.array(closes, np.int64) * 10_000
    opens_at = FIRST_US + np.arange(len(closes), dtype=np.int64) * DAY_US
    return BarSeries(
        symbol, opens_at, opens_at + DAY_US // 4, close, close, close, close,
        np.full(len(closes), 7),
    )  # fmt: skip


@pytest.fixture(params=["kernel", "NumPy"])
def evaluator_of(request):
    def make(history: MarketHistory) -> VectorEvaluator:
        if request.param == "kernel":
            return VectorEvaluator(history)
        with force_fallback():
            return VectorEvaluator(history)

    return make


def test_nothing_is_defined_before_the_warm_up_of_the_whole_strategy(evaluator_of):
    compiled = compiled_truths("close > 0", "close > sma(close, 4)", ("AAPL",))
    evaluator = evaluator_of(history_of([1, 2, 3, 4, 5, 6]))
    assert compiled.warm_up_bars == 4
    truths = evaluator.truths(compiled, compiled.entry_long)["AAPL"]
    assert truths.tolist() == [-1, -1, -1, 1, 1, 1]
    field = [node.operation for node in compiled.nodes].index("field")
    numbers = evaluator.numbers(compiled, field)["AAPL"]
    assert np.isnan(numbers[:3]).all()
    assert numbers[3:].tolist() == [4.0, 5.0, 6.0]


def test_signals_carry_a_bit_for_each_truth_that_holds(evaluator_of):
    compiled = compiled_truths("close > 2", "volume == 7 and close > 3", ("AAPL",))
    signals = evaluator_of(history_of([1, 2, 3, 4])).signals(compiled)["AAPL"]
    assert signals.tolist() == [0, 0, ENTER_LONG, ENTER_LONG | EXIT_LONG]


def test_signals_of_crossings_equal_their_truths(evaluator_of):
    choose = chooser(1)
    closes = [5 + choose(4) for _ in range(700)]
    compiled = compiled_truths(CROSS_ABOVE, CROSS_BELOW, ("AAPL",))
    evaluator = evaluator_of(history_of(closes))
    signals = evaluator.signals(compiled)["AAPL"]
    entries = evaluator.truths(compiled, compiled.entry_long)["AAPL"]
    exits = evaluator.truths(compiled, compiled.exit_long)["AAPL"]
    assert signals.tolist() == ((entries == 1) * ENTER_LONG + (exits == 1) * EXIT_LONG).tolist()
    assert signals.any()


def test_crossings_of_a_level_are_signals_too(evaluator_of):
    compiled = compiled_truths("cross_above(close, 3)", "cross_below(close, 3)", ("AAPL",))
    signals = evaluator_of(history_of([1, 5, 3, 4, 2, 3, 4])).signals(compiled)["AAPL"]
    assert signals.tolist() == [0, ENTER_LONG, 0, ENTER_LONG, EXIT_LONG, 0, ENTER_LONG]


def test_equal_parts_of_two_strategies_are_computed_once(evaluator_of, monkeypatch):
    computed = []
    average = epoch_columns.OPERATIONS["sma"]

    def counted(computation, inputs, machine):
        computed.append(computation.node.constants)
        return average(computation, inputs, machine)

    monkeypatch.setitem(epoch_columns.OPERATIONS, "sma", counted)
    evaluator = evaluator_of(history_of([1, 2, 3, 4, 5, 6]))
    for fast, slow in ((2, 4), (3, 4), (2, 5), (3, 5)):
        text = f"cross_above(sma(close, {fast}), sma(close, {slow}))"
        evaluator.signals(compiled_truths(text, "close < 1", ("AAPL",)))
    assert sorted(computed) == [(2,), (3,), (4,), (5,)]
    evaluator.forget()
    evaluator.signals(compiled_truths(CROSS_ABOVE, "close < 1", ("AAPL",)))
    assert sorted(computed[4:]) == [(2,), (3,)]


def test_bars_before_a_split_count_in_the_shares_after_it(evaluator_of):
    splits = (Action("AAPL", "2024-01-05", "split", new=2, old=1),)
    compiled = compiled_truths("close == highest(close, 4)", "close < 1", ("AAPL",))
    evaluator = evaluator_of(history_of([10, 12, 11, 6, 7], splits))
    highest = [node.operation for node in compiled.nodes].index("highest")
    found = evaluator.numbers(compiled, highest)["AAPL"]
    assert found[3:].tolist() == [6.0, 7.0]


def test_only_symbols_with_bars_are_answered(evaluator_of):
    compiled = compiled_truths("close > 1", "close < 1", ("MSFT", "AAPL"))
    assert list(evaluator_of(history_of([1, 2])).signals(compiled)) == ["AAPL"]


def test_another_instrument_without_bars_is_named(evaluator_of):
    compiled = compiled_truths("close > SPY.close", "close < 1", ("AAPL",))
    with pytest.raises(InvalidInputError, match="reads SPY, but the data holds AAPL; add bars of"):
        evaluator_of(history_of([1, 2])).signals(compiled)


def test_prices_of_other_decimals_than_compiled_for_are_refused(evaluator_of):
    compiled = compiled_truths("close > 1", "close < 1", ("AAPL",))
    history = MarketHistory(history_of([1, 2]).series, "1d", price_decimals=5)
    with pytest.raises(InvalidInputError, match="for prices of 4 decimals, but the data's have 5"):
        evaluator_of(history).signals(compiled)


def test_another_instruments_newest_closed_bar_is_read(evaluator_of):
    compiled = compiled_truths("close > MSFT.close", "close < 1", ("AAPL",))
    history = history_of([4, 4, 4, 4], MSFT=[3, 5])
    truths = evaluator_of(history).truths(compiled, compiled.entry_long)["AAPL"]
    assert truths.tolist() == [1, 0, 0, 0]


def test_a_symbol_that_left_the_universe_is_not_compared(evaluator_of):
    compiled = compiled_weights("top(close, 1)", ("AAPL", "MSFT"))
    history = history_of([4, 4, 4], (Action("MSFT", "2024-01-04", "leave"),), MSFT=[5, 5, 5])
    truths = evaluator_of(history).truths(compiled, compiled.weight_long)
    assert truths["AAPL"].tolist() == [0, 0, 1]
    assert truths["MSFT"].tolist() == [1, 1, -1]


def test_no_bars_give_no_signals(evaluator_of):
    compiled = compiled_truths(CROSS_ABOVE, CROSS_BELOW, ("AAPL",))
    assert evaluator_of(history_of([])).signals(compiled)["AAPL"].tolist() == []


def test_fewer_bars_than_the_warm_up_give_none_that_are_set(evaluator_of):
    compiled = compiled_truths("close > sma(close, 9)", CROSS_BELOW, ("AAPL",))
    assert evaluator_of(history_of([1, 2])).signals(compiled)["AAPL"].tolist() == [0, 0]


def test_the_value_of_a_bar_does_not_depend_on_later_bars(evaluator_of):
    compiled = compiled_truths(
        "macd(close) > 0 and rsi(close, 14) > stochastic(14)", CROSS_BELOW, ("AAPL",)
    )
    whole = evaluator_of(real_history(("AAPL",), 300)).signals(compiled)["AAPL"]
    part = evaluator_of(real_history(("AAPL",), 200)).signals(compiled)["AAPL"]
    assert whole[:200].tolist() == part.tolist()
