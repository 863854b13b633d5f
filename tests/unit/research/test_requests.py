"""What a document's settings become in the simulation: prices by expression, distances, sizes."""

from __future__ import annotations

import itertools
from math import log, sqrt
from statistics import pstdev
from typing import TYPE_CHECKING

import numpy as np
import pytest

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research import backtest
from quantumzero.research.plan import Options, compile_for, plan_run
from quantumzero.research.requests import request_of, surroundings_of
from quantumzero.research.targets import rebalance_rows
from quantumzero.research.vector import VectorEvaluator
from tests.unit.research.markets import daily_history, session_days

if TYPE_CHECKING:
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.simulation.request import SimulationRequest

BASE = """
strategy: held
version: 1
universe: [GOOG]
timeframe: 1d
entry: {long: "close > 0"}
exit: {long: "close < 0"}
"""
WALK = np.round(100 + np.cumsum(np.random.default_rng(11).normal(0, 1, 80)), 2).tolist()
BARS = daily_history({"GOOG": WALK})


def request(text: str, bars: MarketHistory = BARS) -> SimulationRequest:
    plan = plan_run(parse_document(text), bars, Options())
    compiled = compile_for(plan, None)
    evaluator = VectorEvaluator(plan.history, plan.calendar)
    return request_of(plan, compiled, evaluator, surroundings_of(plan))


def test_limit_and_stop_prices_are_read_on_the_decisions_bar() -> None:
    found = request(
        BASE + "sizing: {percent_of_equity: 50}\n"
        'execution: {order: stop_limit, limit: "close * 1.02", stop: "high"}\n'
    )
    assert found.limit is not None
    assert found.limit[0, 5] == pytest.approx(WALK[5] * 1.02)
    assert found.stop is not None
    assert found.stop[0].tolist() == found.high[0].tolist()


def test_a_distance_in_atr_is_money_and_undefined_before_its_warm_up() -> None:
    found = request(
        BASE + "sizing: {risk_percent: 1}\nprotect: {stop_loss: {atr: 14, multiple: 2}}\n"
    )
    assert found.stop_distance is not None
    assert np.isnan(found.stop_distance[0, :13]).all()
    assert (found.stop_distance[0, 14:] > 0).all()
    assert found.target_distance is None


def test_a_volatility_target_is_the_share_of_equity_of_that_volatility() -> None:
    found = request(BASE + "sizing: {volatility_target: {percent: 10, bars: 20}}\n")
    assert found.size is not None
    returns = [log(now / before) for before, now in itertools.pairwise(WALK)]
    annual = pstdev(returns[20:40]) * sqrt(252)
    assert found.size[0, 40] == pytest.approx(min(1.0, 0.10 / annual), rel=1e-12)
    assert found.size[0, 5] == 0.0


def test_no_signal_before_the_warm_up_is_over() -> None:
    slow = BASE.replace("close > 0", "sma(close, 30) > 0") + "sizing: {percent_of_equity: 50}\n"
    signals = request(slow).signals
    assert signals is not None
    assert np.flatnonzero(signals[0]).tolist() == list(range(29, 80))


def test_a_fill_at_the_quote_needs_quotes() -> None:
    with pytest.raises(InvalidInputError, match="the data has no quotes; give columns bid and ask"):
        request(BASE + "sizing: {percent_of_equity: 50}\nexecution: {fill: quote}\n")


def test_new_periods_begin_on_their_first_row() -> None:
    history = daily_history({"GOOG": [10.0] * 25})
    plan = plan_run(parse_document(BASE + "sizing: {percent_of_equity: 9}\n"), history, Options())
    days = session_days(25)
    months = np.flatnonzero(rebalance_rows(plan.grid, "month")).tolist()
    assert [days[row].isoformat() for row in months] == ["2024-01-02", "2024-02-01"]
    weeks = np.flatnonzero(rebalance_rows(plan.grid, "week")).tolist()
    assert [days[row].isoformat() for row in weeks][:3] == [
        "2024-01-02",
        "2024-01-08",
        "2024-01-16",
    ]
    assert rebalance_rows(plan.grid, "day").all()
    assert rebalance_rows(plan.grid, "quarter").sum() == 1


LONG_SHORT = """
strategy: long-short
version: 1
universe: [A, B, C]
timeframe: 1d
weights: {long: "top(roc(close, 2), 1) -> equal", short: "bottom(roc(close, 2), 1) -> equal"}
rebalance: {every: day, exposure_percent: 80}
account: {type: reg_t}
"""


def test_each_side_of_a_long_short_portfolio_gets_half_of_the_exposure() -> None:
    closes = {"A": [10.0, 11.0, 12.0, 13.0], "B": [10.0] * 4, "C": [10.0, 9.0, 8.0, 7.0]}
    weights = request(LONG_SHORT, daily_history(closes)).weights
    assert weights is not None
    assert np.isnan(weights[:, :2]).all()
    assert weights[:, 2].tolist() == [0.4, 0.0, -0.4]


def test_an_account_of_cash_sells_nothing_short() -> None:
    closes = {"A": [10.0, 11.0, 12.0, 13.0], "B": [10.0] * 4, "C": [10.0, 9.0, 8.0, 7.0]}
    text = LONG_SHORT.replace("account: {type: reg_t}\n", "")
    result = backtest(text, daily_history(closes))
    assert {(each.code, each.symbol) for each in result.refusals} == {("NOT_SHORTABLE", "C")}
    assert result.refusals[0].text == "a short sale of C was asked; this account allows none"
