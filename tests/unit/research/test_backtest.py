"""A backtest from the user's side: equity to the last digit, refusals, notes and errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.scoring import ScoringModel
from quantumzero.research import backtest
from quantumzero.research.history import Action
from tests.unit.research.markets import BARS, CROSS, UP_AND_DOWN, daily_history, session_days


def refusal_of(text: str, bars: object = BARS, **options: object) -> str:
    with pytest.raises(InvalidInputError) as raised:
        backtest(text, bars, **options)  # type: ignore[arg-type]
    return str(raised.value)


def test_the_equity_is_what_paper_and_pencil_say() -> None:
    result = backtest(CROSS, BARS, cash=1_000)
    bought = 1_000 / (13.0 * 1.001)  # decided on the third close, filled at the fourth open
    sold = bought * 11.0 * (1 - 0.001)  # decided on the sixth close, filled at the seventh open
    assert result.final_equity == pytest.approx(sold, rel=1e-12)
    assert result.trades.entry_price.tolist() == [13.0]
    assert result.trades.exit_price.tolist() == [11.0]
    assert result.charges.commission == pytest.approx((13.0 + 11.0) * bought * 0.001)
    assert result.curves.equity[2] == 1_000


def test_parameters_are_exact_and_named_in_the_result() -> None:
    result = backtest(CROSS, BARS, parameters={"level": 13.5})
    assert result.parameters == {"level": "13.5"}
    assert result.trades.entry_price.tolist() == [14.0]


def test_equal_inputs_have_equal_keys_and_any_difference_another() -> None:
    runs = [
        backtest(CROSS, BARS),
        backtest(CROSS.replace("12, range", "12.0,   range"), BARS),
        backtest(CROSS, BARS, cash=5),
        backtest(CROSS, BARS, parameters={"level": 11}),
        backtest(CROSS, BARS, preset="zipline"),
        backtest(CROSS, BARS, start="2024-01-04"),
        backtest(CROSS, BARS, convention="empyrical"),
        backtest(CROSS, daily_history({"GOOG": [*UP_AND_DOWN[:-1], 10.5]})),
    ]
    keys = [run.key for run in runs]
    assert keys[0] == keys[1]
    assert len(set(keys)) == len(keys) - 1


def test_data_that_the_run_does_not_read_changes_no_key() -> None:
    more = daily_history({"GOOG": UP_AND_DOWN, "IBM": UP_AND_DOWN})
    assert backtest(CROSS, more).key == backtest(CROSS, BARS).key


def test_bars_before_the_start_warm_up_and_do_not_trade() -> None:
    days = session_days(8)
    result = backtest(CROSS, BARS, start=days[2], end=days[5])
    assert len(result.curves.time) == 4
    assert result.trades.entry_price.tolist() == []
    assert result.orders.quantity.size == 2
    assert result.notes == (f"GOOG: 2 bars before {days[2]} warmed it up",)


def test_too_little_data_for_the_warm_up_says_how_many_bars_are_missing() -> None:
    slow = CROSS.replace("cross_above(close, level)", "close > sma(close, 20) + level")
    assert refusal_of(slow) == (
        "strategy cross needs 20 bars before its first decision and GOOG had 8: 12 bars are "
        "missing; give earlier data or smaller periods"
    )


def test_a_parameter_out_of_its_range_and_one_that_is_unknown_are_refused() -> None:
    assert "parameter level was 16; its range is 10 to 15" in refusal_of(
        CROSS, parameters={"level": 16}
    )
    assert "did you mean level?" in refusal_of(CROSS, parameters={"levl": 12})
    assert "must be a number" in refusal_of(CROSS, parameters={"level": "high"})


def test_symbols_without_bars_are_named_and_another_may_be_chosen() -> None:
    other = daily_history({"IBM": UP_AND_DOWN})
    assert "no bars of GOOG; it holds IBM" in refusal_of(CROSS, other)
    assert backtest(CROSS, other, symbol="IBM").symbols == ("IBM",)


def test_missing_sessions_refuse_the_run_unless_they_are_accepted() -> None:
    days = [day for place, day in enumerate(session_days(9)) if place != 4]
    gapped = daily_history({"GOOG": UP_AND_DOWN}, days)
    assert f"lacked 1 session of XNYS: GOOG {session_days(9)[4]}" in refusal_of(CROSS, gapped)
    accepted = backtest(CROSS, gapped, accept_gaps=True)
    assert "accepted as asked" in accepted.notes[0]


def test_a_range_without_bars_and_bars_of_another_timeframe_are_refused() -> None:
    assert "no bar of GOOG lies between 2030-01-01" in refusal_of(CROSS, start="2030-01-01")
    assert "write a date as" in refusal_of(CROSS, start="tomorrow")
    assert "the strategy's timeframe is 1h" in refusal_of(CROSS.replace("1d", "1h"))


def test_a_frame_may_be_given_as_it_is() -> None:
    frame = pd.DataFrame(
        dict.fromkeys(("Open", "High", "Low", "Close"), UP_AND_DOWN) | {"Volume": 100},
        index=pd.DatetimeIndex(session_days(8)),
    )
    assert len(backtest(CROSS, frame).trades) == 1


def test_a_split_multiplies_the_shares_and_moves_no_signal() -> None:
    days = session_days(8)
    halves = [*UP_AND_DOWN[:4], *(price / 2 for price in UP_AND_DOWN[4:])]
    split = Action("GOOG", days[4].isoformat(), "split", new=2, old=1)
    raw = daily_history({"GOOG": halves}, actions=[split])
    opened = raw.series["GOOG"].open.copy()
    opened[4] //= 2  # the helper opens at the close before, which was of old shares
    series = replace(raw.series["GOOG"], open=opened)
    rising = CROSS.replace("cross_above(close, level)", "close > sma(close, 2)")
    relative = rising.replace("cross_below(close, level)", "close < sma(close, 2)")
    result = backtest(relative, replace(raw, series={"GOOG": series}))
    plain = backtest(relative, BARS)
    assert len(plain.trades) == 1
    assert result.final_equity == pytest.approx(plain.final_equity, rel=1e-12)
    assert result.orders.decided_at.tolist() == plain.orders.decided_at.tolist()


def test_a_dividend_is_paid_in_cash() -> None:
    day = session_days(8)[4].isoformat()
    paying = daily_history(
        {"GOOG": UP_AND_DOWN}, actions=[Action("GOOG", day, "dividend", amount=5_000)]
    )
    result = backtest(CROSS, paying)
    assert result.charges.dividends == pytest.approx(0.5 * result.trades.quantity[0])


def test_the_benchmark_is_all_in_at_the_first_open() -> None:
    both = daily_history(
        {"GOOG": UP_AND_DOWN, "SPY": [20.0, 22.0, 24.0, 24.0, 24.0, 24.0, 24.0, 30.0]}
    )
    result = backtest(CROSS, both, cash=100, benchmark="SPY")
    assert result.benchmark is not None
    assert result.benchmark[[0, 1, 7]].tolist() == [100.0, 110.0, 150.0]
    assert result.metrics["beta"].value is not None
    assert "benchmark SPY has no bars" in refusal_of(CROSS, benchmark="SPY")


def test_progress_is_told_and_may_stop_the_run() -> None:
    heard: list[float] = []
    backtest(CROSS, BARS, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0

    def stop(part: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backtest(CROSS, BARS, progress=stop)


GATED = CROSS + "signals: {gap: close - open}\nmodel: {name: meta, at_least: 0.6}\n"


def test_a_score_below_the_threshold_is_a_refusal() -> None:
    low = ScoringModel("meta", 1, ["gap"], logistic=False, intercept=0.5)
    result = backtest(GATED, BARS, model=low)
    assert len(result.orders) == 0
    assert [(each.code, each.side) for each in result.refusals] == [("MODEL_SCORE", "buy")]
    assert result.refusals[0].text == "model meta scored 0.5; the strategy acts from 0.6 on"


def test_an_entry_whose_feature_has_no_value_is_refused_for_want_of_a_score() -> None:
    # At the crossing the close is 13: nothing divided by 0 is a number.
    slow = GATED.replace("gap: close - open", "gap: close / (close - 13)")
    asked = ScoringModel("meta", 1, ["gap"], logistic=False, intercept=0.9)
    result = backtest(slow, BARS, model=asked)
    assert [each.code for each in result.refusals] == ["NO_MODEL"]


def test_a_score_at_the_threshold_trades_and_the_model_is_part_of_the_key() -> None:
    high = ScoringModel("meta", 1, ["gap"], logistic=False, intercept=0.1, weights=[0.25])
    result = backtest(GATED, BARS, model=high)
    assert len(result.trades) == 1
    assert result.key != backtest(GATED, BARS, model=replace(high, version=2)).key


def test_a_gated_strategy_without_a_model_or_with_one_of_other_features_is_refused() -> None:
    assert "asks model meta and none was given" in refusal_of(GATED)
    other = ScoringModel("meta", 1, ["momentum"], logistic=False)
    assert "needs momentum, which is no value" in refusal_of(GATED, model=other)


def test_finer_bars_settle_which_price_came_first() -> None:
    protected = CROSS + "protect: {stop_loss: {percent: 10}, take_profit: {percent: 10}}\n"
    wide = daily_history({"GOOG": UP_AND_DOWN})
    series = wide.series["GOOG"]
    high, low = series.high.copy(), series.low.copy()
    high[4], low[4] = 160_000, 110_000
    wide = replace(wide, series={"GOOG": replace(series, high=high, low=low)})
    coarse = backtest(protected, wide)
    assert coarse.ambiguous_trades == 1
    assert coarse.ambiguity_bounds[0] < 0 < coarse.ambiguity_bounds[1]
    first, last = int(series.opens_at[4]), int(series.closes_at[4])
    half = (first + last) // 2
    finer = replace(
        wide,
        timeframe="1h",
        series={
            "GOOG": replace(
                series,
                opens_at=np.array([first, half]),
                closes_at=np.array([half, last]),
                open=np.array([140_000, 155_000]),
                high=np.array([160_000, 155_000]),
                low=np.array([138_000, 110_000]),
                close=np.array([155_000, 130_000]),
                volume=np.array([1, 1]),
            )
        },
    )
    settled = backtest(protected, wide, detail=finer)
    assert settled.ambiguous_trades == 0
    assert settled.trades.profit[0] > 0 > coarse.trades.profit[0]


def test_a_bar_without_an_average_price_says_nothing_about_it() -> None:
    series = BARS.series["GOOG"]
    known = replace(series, vwap=np.array([0, 0, 130_000, 0, 0, 0, 0, 0]))
    text = CROSS.replace("cross_above(close, level)", "vwap > 0")
    result = backtest(text, replace(BARS, series={"GOOG": known}), decisions=True)
    assert [each["action"] for each in result.decisions][:4] == [
        "hold", "hold", "enter_long", "hold",
    ]  # fmt: skip


WEIGHTED = """
strategy: strongest
version: 1
universe: [A, B, C]
timeframe: 1d
weights: top(roc(close, 2), 1) -> equal
rebalance: {every: day}
"""


def test_weights_move_the_money_to_what_is_wished() -> None:
    bars = daily_history(
        {"A": [10.0, 11.0, 12.0, 13.0, 14.0], "B": [10.0] * 5, "C": [10.0, 9.0, 8.0, 7.0, 6.0]}
    )
    result = backtest(WEIGHTED, bars, cash=1_200)
    orders = result.orders
    assert [result.symbols[index] for index in orders.symbol.tolist()][:1] == ["A"]
    assert orders.quantity[0] == 100.0
    assert result.curves.gross[-1] > 0.9 * result.final_equity
