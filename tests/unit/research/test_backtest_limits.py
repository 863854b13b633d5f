"""A backtest under the limits of an account: refusals, their words, and what the result says of them."""

from __future__ import annotations

from decimal import Decimal

from quantumzero.research import backtest
from tests.unit.research.markets import BARS, CROSS, daily_history


def test_a_refusal_carries_the_code_and_the_words_of_the_live_control() -> None:
    whole = CROSS.replace("lot: fractional", "lot: 1")
    result = backtest(whole, BARS, cash=1_000, limits={"order_value": 500})
    assert [(each.code, each.side, each.symbol) for each in result.refusals] == [
        ("MAX_VALUE", "buy", "GOOG")
    ]
    assert result.refusals[0].text == "the order is worth 988; one order may be worth 500"
    assert (result.refusals[0].limit, result.refusals[0].value) == (500.0, 988.0)
    assert len(result.orders) == 0
    assert result.conventions["limits"]["order_value"] == "500"


def test_an_order_of_no_share_is_refused() -> None:
    result = backtest(CROSS.replace("lot: fractional", "lot: 1"), BARS, cash=5)
    assert [each.code for each in result.refusals] == ["ZERO_SIZE"]
    assert result.refusals[0].text == "100 % of equity does not buy one share at 13"


def test_the_account_of_a_new_user_limits_the_size() -> None:
    result = backtest(CROSS, BARS, limits="account")
    assert [each.code for each in result.refusals] == ["MAX_VALUE"]
    assert Decimal(result.conventions["limits"]["order_value"]) == 30_000


def test_a_run_that_a_loss_has_stopped_says_so_and_whether_it_goes_on() -> None:
    fallen = daily_history({"GOOG": [10.0, 13.0, 13.0, 11.0, 11.0, 13.0, 11.0, 13.0, 13.0]})
    wide = {"gross_exposure": 10_000, "symbol_exposure": 10_000, "order_value": 10_000}
    stopped = backtest(CROSS, fallen, cash=1_000, limits={**wide, "daily_loss_percent": 15})
    assert [each.code for each in stopped.refusals] == ["TRADING_REDUCING", "TRADING_REDUCING"]
    assert stopped.refusals[0].text.startswith("trading is REDUCING (the day's loss is 15.")
    assert (stopped.refusals[0].limit, stopped.refusals[0].value) == (None, None)
    assert stopped.notes[-1] == (
        "2 orders were refused because trading was stopped, from 2024-01-09 on (TRADING_REDUCING); "
        "nobody resumes a backtest: limits with resume: next_session would"
    )
    resumed = {**wide, "daily_loss_percent": 15, "resume": "next_session"}
    going_on = backtest(CROSS, fallen, cash=1_000, limits=resumed)
    assert len(going_on.refusals) == 0
    assert len(going_on.orders) > len(stopped.orders)
