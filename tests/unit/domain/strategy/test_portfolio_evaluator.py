"""A whole universe stepped together, against each member alone and the members' definitions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.bars import Bar
from quantumzero.domain.errors import CorruptDataError, InvalidInputError
from quantumzero.domain.strategy.compiler import CompiledStrategy, compile_strategy
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from quantumzero.domain.strategy.portfolio_evaluator import PortfolioEvaluator
from quantumzero.domain.strategy.weights import target_weights
from tests.unit.domain.strategy.random_strategies import START

UNIVERSE = ("AAPL", "IBM", "MSFT", "XOM")
HEAD = f"""\
strategy: members
version: 1
universe: [{", ".join(UNIVERSE)}]
timeframe: 1d
groups: {{technology: [AAPL, IBM, MSFT]}}
"""


def strategy(weights: str, rest: str = "") -> CompiledStrategy:
    return compile_strategy(parse_document(f"{HEAD}{rest}weights:{weights}\n"))


def bars_on(day: int, closes: dict[str, int]) -> dict[str, Bar]:
    closes_at = START + timedelta(days=day)
    return {
        symbol: Bar(symbol, "1d", closes_at - timedelta(hours=6), closes_at, *[close * 10_000] * 4,
                    close, 1)
        for symbol, close in closes.items()
    }  # fmt: skip


def test_the_strongest_members_get_equal_weights():
    evaluator = PortfolioEvaluator(strategy(" top(roc(close, 1), 2) -> equal"))
    evaluator.step(bars_on(0, {"AAPL": 10, "IBM": 10, "MSFT": 10, "XOM": 10}))
    assert evaluator.weights_at() == {}  # nobody has seen two bars yet
    evaluator.step(bars_on(1, {"AAPL": 9, "IBM": 12, "MSFT": 11, "XOM": 11}))
    assert evaluator.weights_at() == {"AAPL": 0.0, "IBM": 0.5, "MSFT": 0.5, "XOM": 0.0}


def test_a_member_without_a_bar_takes_no_part_and_keeps_its_memory():
    evaluator = PortfolioEvaluator(strategy(" rank(sma(close, 2)) -> proportional"))
    evaluator.step(bars_on(0, {"AAPL": 10, "IBM": 20}))
    evaluator.step(bars_on(1, {"AAPL": 30, "MSFT": 5}))
    assert evaluator.weights_at() == {"AAPL": 1.0, "MSFT": 0.0}  # MSFT is still warming up
    answer = evaluator.step(bars_on(2, {"IBM": 40, "AAPL": 1}))
    assert answer["IBM"].values["sma(close, 2)"] == 30.0
    assert answer["IBM"].values["rank(sma(close, 2))"] == 1.0
    assert "MSFT" not in answer


def test_only_members_are_compared():
    evaluator = PortfolioEvaluator(strategy(" demean(close) -> proportional"))
    closes = {"AAPL": 10, "IBM": 20, "MSFT": 99}
    answer = evaluator.step(bars_on(0, closes), members=("AAPL", "IBM"))
    assert answer["MSFT"].values["demean(close)"] is None
    assert answer["IBM"].values["demean(close)"] == 5.0
    assert evaluator.weights_at() == {"AAPL": -0.5, "IBM": 0.5, "MSFT": 0.0}
    again = PortfolioEvaluator.load(strategy(" demean(close) -> proportional"), evaluator.dump())
    assert again.weights_at() == evaluator.weights_at()


def test_both_sides_get_half_and_exposure_scales_them():
    compiled = strategy(
        "\n  long: top(close, 1) -> inverse_volatility(2)"
        "\n  short: bottom(close, 1) -> inverse_volatility(2)",
        "rebalance: {every: day, exposure_percent: 150}\n",
    )
    evaluator = PortfolioEvaluator(compiled)
    for day, up in enumerate((0, 1, 3, 2)):
        evaluator.step(bars_on(day, {"AAPL": 10 + up, "IBM": 20 + up, "XOM": 30 + up}))
    assert evaluator.weights_at() == {"AAPL": -0.75, "IBM": 0.0, "XOM": 0.75}


def test_members_may_read_each_other_and_an_instrument_outside():
    evaluator = PortfolioEvaluator(strategy(" close > IBM.close and close > SPY.close -> equal"))
    evaluator.step(bars_on(0, {"AAPL": 30, "IBM": 20, "XOM": 10, "SPY": 5}))
    assert evaluator.weights_at() == {"AAPL": 1.0, "IBM": 0.0, "XOM": 0.0}


def test_bars_that_close_apart_are_refused():
    evaluator = PortfolioEvaluator(strategy(" top(close, 1) -> equal"))
    apart = {"AAPL": bars_on(0, {"AAPL": 1})["AAPL"], "IBM": bars_on(1, {"IBM": 1})["IBM"]}
    with pytest.raises(InvalidInputError, match="must close together"):
        evaluator.step(apart)


def test_one_symbol_alone_cannot_step_a_comparison_of_members():
    compiled = strategy(" top(close, 1) -> equal")
    with pytest.raises(InvalidInputError, match="step all of them together"):
        IncrementalEvaluator(compiled)


def test_the_state_of_another_universe_is_refused():
    state = PortfolioEvaluator(strategy(" top(close, 1) -> equal")).dump()
    with pytest.raises(CorruptDataError):
        PortfolioEvaluator.load(strategy(" top(close, 2) -> equal"), state)


days = st.lists(
    st.dictionaries(st.sampled_from(UNIVERSE), st.integers(1, 6), min_size=1), min_size=1,
    max_size=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(days, st.data())
def test_restarts_and_repetitions_change_nothing(drawn, data):
    compiled = strategy(
        " zscore(neutralise(ema(close, 2), groups)) + rank(highest(close, 2)) -> proportional"
    )
    unbroken, restarted = PortfolioEvaluator(compiled), PortfolioEvaluator(compiled)
    for day, closes in enumerate(drawn):
        if data.draw(st.booleans()):
            restarted = PortfolioEvaluator.load(compiled, restarted.dump())
        expected = unbroken.step(bars_on(day, closes))
        assert restarted.step(bars_on(day, closes)) == expected
        assert restarted.step(bars_on(0, drawn[0])) == expected
        assert restarted.weights_at() == unbroken.weights_at()
    assert restarted.dump() == unbroken.dump()


@settings(max_examples=60, deadline=None)
@given(days)
def test_members_equal_what_each_says_alone(drawn):
    together = PortfolioEvaluator(strategy(" sma(close, 3) - close@1w -> proportional"))
    alone = {symbol: IncrementalEvaluator(strategy(" sma(close, 3) - close@1w -> proportional"))
             for symbol in UNIVERSE}  # fmt: skip
    for day, closes in enumerate(drawn):
        bars = bars_on(day, closes)
        answer = together.step(bars)
        apart = {symbol: alone[symbol].step(bar) for symbol, bar in bars.items()}
        assert answer == apart
        wishes = [
            apart[symbol].values["sma(close, 3) - close@1w"]
            if symbol in apart and apart[symbol].warm
            else None
            for symbol in UNIVERSE
        ]
        if not any(evaluation.warm for evaluation in apart.values()):
            assert together.weights_at() == {}
            continue
        expected = dict(zip(UNIVERSE, target_weights(wishes, None, "proportional"), strict=True))
        weights = together.weights_at()
        assert weights == pytest.approx({symbol: expected[symbol] for symbol in apart})
