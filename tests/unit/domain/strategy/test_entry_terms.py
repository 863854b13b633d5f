"""An entry is sized and protected by what its bar says, and not made where the bar does not tell its protection."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.protection_plan import Offset
from quantumzero.domain.sizing import SizeRequest
from quantumzero.domain.strategy import entry_terms
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.document import SizingMethod
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from quantumzero.research import sessions, settings

HEAD = """\
strategy: page
version: 1
universe: [AAPL]
timeframe: 1d
entry: {long: close > 0}
exit: {long: close < 0}
"""
D = Decimal


def entered(daily_bars, tail: str, closes: list[float], position: int = 0) -> Decision:
    """Return the decision on the last of the bars, had it concluded to enter."""
    compiled = compile_strategy(parse_document(HEAD + tail))
    evaluator = IncrementalEvaluator(compiled)
    for bar in daily_bars(closes):
        close = bar.close
        evaluation = evaluator.step(replace(bar, open=close, high=close, low=close))
    decision = Decision(
        id="page-v1-AAPL-20240301T210000Z",
        strategy="page",
        version=1,
        symbol="AAPL",
        timeframe="1d",
        closes_at=datetime(2024, 3, 1, 21, tzinfo=UTC),
        action=Action.ENTER_LONG,
        reason="entered: close > 0 is true",
        price=round(closes[-1] * 10_000),
        position=D(position),
        bar_revision=0,
        percent_of_equity=D(0),
    )
    return entry_terms.with_entry_terms(decision, compiled, evaluation)


def test_a_risk_is_measured_by_the_stop_of_the_bar(daily_bars):
    by_percent = "sizing: {risk_percent: 1}\nprotect: {stop_loss: {percent: 2.5}}\n"
    found = entered(daily_bars, by_percent, [39, 40])
    assert found.size == SizeRequest(SizingMethod.RISK_PERCENT, D(1), stop_distance=D(1))
    assert found.protection is not None
    assert found.protection.stop_loss == Offset(percent=D("2.5"))
    by_range = "sizing: {risk_percent: 1}\nprotect: {stop_loss: {atr: 2, multiple: 1.5}}\n"
    found = entered(daily_bars, by_range, [30, 32, 36, 36])
    assert found.size is not None
    assert found.protection is not None
    assert found.protection.stop_loss == Offset(money=found.size.stop_distance)
    assert found.size.stop_distance is not None
    assert found.size.stop_distance > 0


def test_a_distance_that_the_bar_does_not_tell_holds_the_entry(daily_bars):
    tail = "sizing: {fixed_quantity: 1}\nprotect: {trailing_stop: {atr: 2, multiple: 1.5}}\n"
    flat = [30, 30, 30, 30]
    found = entered(daily_bars, tail, flat)
    assert (found.action, found.size, found.protection) == (Action.HOLD, None, None)
    assert found.reason == "held: trailing_stop is 1.5 x atr(2), and that is 0 on this bar"
    turning = entered(daily_bars, tail, flat, position=-7)
    assert (turning.action, turning.size) == (Action.EXIT_SHORT, None)
    assert "only exited: trailing_stop is 1.5 x atr(2)" in turning.reason
    assert entered(daily_bars, tail, flat, position=7).action is Action.EXIT_LONG


@pytest.mark.parametrize("action", [Action.HOLD, Action.EXIT_LONG, Action.EXIT_SHORT])
def test_what_does_not_enter_has_no_size(daily_bars, action):
    decision = entered(daily_bars, "sizing: {fixed_quantity: 1}\n", [30, 31])
    other = replace(decision, action=action, size=None)
    compiled = compile_strategy(parse_document(HEAD + "sizing: {fixed_quantity: 1}\n"))
    evaluation = IncrementalEvaluator(compiled).step(daily_bars([30])[0])
    assert entry_terms.with_entry_terms(other, compiled, evaluation) is other


def test_a_year_and_an_account_are_those_of_a_backtest():
    assert entry_terms.SESSIONS_A_YEAR == sessions.XNYS_SESSIONS_PER_YEAR
    assert entry_terms.WEEKS_A_YEAR == sessions.WEEKS_PER_YEAR
    most = entry_terms._MOST_PERCENT
    assert most == {
        "cash": D(100),
        "reg_t": D(str(settings._REG_T_LEVERAGE)) * 100,
    }


@pytest.mark.parametrize(
    ("tail", "percent"),
    [
        ("sizing: {percent_of_equity: 12.5}\n", "12.5"),
        ("sizing: {equal_weight: 4}\n", "25"),
        ("sizing: {percent_of_equity: 12.5, lot: 10}\n", "0"),
        ("sizing: {percent_of_equity: 12.5, lot: fractional}\n", "0"),
        ("sizing: {percent_of_equity: 12.5}\nprotect: {time_stop: {bars: 3}}\n", "0"),
        ("sizing: {fixed_quantity: 12}\n", "0"),
    ],
)
def test_the_release_before_is_told_only_what_it_can_trade(tail, percent):
    assert entry_terms.percent_of_equity(parse_document(HEAD + tail)) == D(percent)
