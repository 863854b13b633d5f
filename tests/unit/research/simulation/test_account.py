"""Costs, corporate actions, interest, margin calls, weights and prints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.simulation.reference import simulate_reference
from quantumzero.research.simulation.request import (
    Detail,
    Happening,
    SimulationRequest,
    SizeBy,
)
from quantumzero.research.simulation.simulate import simulate
from tests.unit.research.simulation.markets import market, row
from tests.unit.research.simulation.random_requests import requests

SPLIT, DIVIDEND, DELISTING = 0, 1, 2
LONG = {0: "long"}
TEN = {"size_by": SizeBy.QUANTITY, "amount": 10.0}
NAN = float("nan")


def test_commission_has_a_minimum_and_a_most(run: Any) -> None:
    costs = {"per_share": 0.01, "minimum": 1.0, "maximum_rate": 0.005}
    out = run(market([10.0, 10.0, 10.0], signals={0: "long", 1: "exit"}, **TEN, **costs))
    assert out.fills.fees.tolist() == [0.5, 0.5]  # 0.1, at least 1, at most 0.5 % of 100


def test_sales_pay_regulatory_charges(run: Any) -> None:
    costs = {"sell_value_rate": 0.01, "sell_per_share": 0.5, "sell_per_share_cap": 2.0}
    out = run(market([10.0, 10.0, 10.0], signals={0: "long", 1: "exit"}, **TEN, **costs))
    assert out.fills.fees.tolist() == [0.0, 1.0 + 2.0]
    assert out.trades.fees.tolist() == [3.0]
    assert out.trades.profit.tolist() == [-3.0]
    assert out.charges.commission == 3.0


def test_commission_is_reckoned_on_the_whole_order_over_its_fills(run: Any) -> None:
    part = {"participation": 0.005, "minimum": 1.0, "rate": 0.01, "sessions": [0, 1, 1]}
    out = run(market([10.0, 10.0, 10.0], signals=LONG, **TEN, **part))
    assert out.fills.quantity.tolist() == [5.0, 5.0]
    assert out.fills.fees.tolist() == [1.0, 0.0]  # 0.5, at least 1; then 1 for the whole of 100


def test_the_tier_is_that_of_the_shares_traded_before_in_the_month(run: Any) -> None:
    tiers = {"tier_shares": (0.0, 10.0), "tier_rates": (0.1, 0.05)}
    request = market([10.0] * 4, signals={0: "long", 1: "exit", 2: "long"}, **TEN, **tiers)
    out = run(replace(request, month=np.array([0, 0, 0, 1], dtype=np.int32)))
    assert out.fills.fees.tolist() == [1.0, 0.5, 1.0]


def test_slippage_models_add_up_and_move_against_the_order(run: Any) -> None:
    models = {
        "slippage_rate": 0.01,
        "volume_share_impact": 0.5,
        "square_root_coefficient": 2.0,
        "more": {"volatility": row(0.02, 0.02)},
    }
    out = run(market([10.0, 10.0], signals=LONG, volume=1000.0, **TEN, **models))
    adverse = 0.01 + 0.5 * 0.01 * 0.01 + 2.0 * 0.02 * 0.1
    assert out.fills.price.tolist() == [pytest.approx(10.0 * (1 + adverse), abs=1e-12)]
    assert out.charges.slippage == pytest.approx(100.0 * adverse, abs=1e-9)


def test_a_split_multiplies_shares_and_working_orders_and_divides_prices(run: Any) -> None:
    splits = {"happenings": (Happening(2, 0, SPLIT, 1.5),)}
    bars = [10.0, 12.0, 8.0, (8.0, 8.0, 7.0, 7.0)]
    request = market(
        bars, signals=LONG, more=splits, stop_fraction=0.1, size_by=SizeBy.QUANTITY, amount=5.0
    )
    out = run(request)
    assert out.trades.quantity.tolist() == [7.5]
    assert out.trades.entry_price.tolist() == [8.0]
    assert out.trades.exit_price.tolist() == [12.0 * 0.9 / 1.5]
    assert out.curves.equity.tolist()[:3] == [1000.0, 1000.0, 1000.0]


def test_a_working_order_is_split(run: Any) -> None:
    splits = {"happenings": (Happening(1, 0, SPLIT, 2.0),)}
    out = run(market([10.0, 5.0], signals=LONG, more=splits, **TEN))
    assert (out.fills.quantity.tolist(), out.fills.price.tolist()) == ([20.0], [5.0])


@pytest.mark.parametrize(("word", "paid"), [("long", 5.0), ("short", -5.0)])
def test_a_dividend_is_paid_to_the_long_and_by_the_short(run: Any, word: str, paid: float) -> None:
    dividends = {"happenings": (Happening(2, 0, DIVIDEND, 0.5),)}
    out = run(market([10.0, 10.0, 10.0], signals={0: word}, more=dividends, **TEN))
    assert out.curves.equity[-1] == 1000.0 + paid
    assert out.charges.dividends == paid


def test_the_buyer_at_the_ex_dates_open_gets_no_dividend(run: Any) -> None:
    dividends = {"happenings": (Happening(1, 0, DIVIDEND, 0.5),)}
    assert run(market([10.0, 10.0], signals=LONG, more=dividends)).charges.dividends == 0.0


def test_a_delisting_closes_at_its_value_without_fees(run: Any) -> None:
    ends = {"happenings": (Happening(2, 0, DELISTING, 4.0),)}
    out = run(market([10.0, 10.0, None, None], signals=LONG, more=ends, rate=0.01, **TEN))
    assert (out.trades.exit_price.tolist(), out.trades.reason.tolist()) == ([4.0], [6])
    assert out.fills.fees.tolist() == [1.0, 0.0]
    assert out.orders.purpose.tolist() == [0, 8]


def test_a_halted_instrument_is_valued_at_its_last_close(run: Any) -> None:
    out = run(market([10.0, (10.0, 12.0, 10.0, 12.0), None], signals=LONG))
    assert out.curves.equity.tolist() == [1000.0, 1200.0, 1200.0]


def test_negative_cash_pays_interest_for_the_days_on_a_year_of_360(run: Any) -> None:
    rates = {"interest_rate": 0.36, "leverage": 2.0, "amount": 2.0}
    out = run(market([10.0, 10.0, 10.0], signals=LONG, days=[0, 1, 3], **rates))
    assert out.curves.cash.tolist()[1:] == [-1000.0, -1003.0]
    assert out.charges.margin_interest == 3.0


def test_short_value_at_the_previous_close_pays_borrow(run: Any) -> None:
    bars = [10.0, (10.0, 20.0, 10.0, 20.0), 5.0]
    out = run(market(bars, signals={0: "short"}, days=[0, 1, 2], borrow_rate=0.36, **TEN))
    assert out.charges.borrow == pytest.approx(200.0 * 0.36 * 2 / 360, abs=1e-12)


def test_a_margin_call_closes_the_largest_position_at_the_next_open(run: Any) -> None:
    size = {"size": np.array([[1.2, NAN, NAN, NAN], [0.8, NAN, NAN, NAN]])}
    fallen = [10.0, 10.0, (10.0, 10.0, 4.0, 4.0), 4.0]
    account = {"leverage": 2.0, "maintenance": 0.25, "more": size}
    flat = [10.0, 10.0, 10.0, 10.0]
    out = run(market(fallen, flat, signals=[LONG, LONG], **account))
    # Equity 1000 - 720 = 280 is below a quarter of 480 + 800; the larger one, 800, is closed.
    assert out.curves.equity[2] == 280.0
    assert (out.trades.symbol.tolist(), out.trades.reason.tolist()) == ([1], [7])
    assert out.trades.exit_time.tolist() == [300]


def weighted(*rows: tuple[float, ...], turn: tuple[int, ...], **others: Any) -> dict[str, Any]:
    weights = np.array(rows, dtype=np.float64).T.copy()
    rebalance = np.array(turn, dtype=np.uint8)
    return {"more": {"weights": weights, "rebalance": rebalance, "signals": None}, **others}


def test_weights_are_rounded_toward_zero_and_reductions_pay_for_increases(run: Any) -> None:
    bars = [10.0, 10.0, 10.0, 10.0]
    asked = weighted((0.0, 1.0), (NAN, NAN), (0.5, 0.45), (NAN, NAN), turn=(1, 0, 1, 0))
    out = run(market(bars, [3.0] * 4, **asked))
    assert out.orders.symbol.tolist() == [1, 0, 1]
    assert out.fills.order.tolist() == [0, 2, 1]  # the reduction of 1 before the increase of 0
    assert out.held.tolist() == [50.0, 150.0]  # of 1000: 0.5 / 10 and 0.45 / 3
    assert out.orders.purpose.tolist() == [2, 2, 2]


def test_a_weight_within_the_drift_band_is_left_alone_but_zero_closes(run: Any) -> None:
    band = {"drift_band": 0.05}
    asked = weighted((0.50,), (0.52,), (0.0,), (NAN,), turn=(1, 1, 1, 1), **band)
    out = run(market([10.0] * 4, **asked))
    assert out.orders.quantity.tolist() == [50.0, 50.0]
    assert out.trades.reason.tolist() == [5]


def test_the_cash_buffer_is_never_invested_and_a_short_crossing_is_two_orders(run: Any) -> None:
    asked = weighted((1.0,), (-0.5,), (NAN,), turn=(1, 1, 0), cash_buffer=0.1)
    out = run(market([10.0] * 3, **asked))
    assert out.orders.quantity.tolist() == [90.0, 90.0, 45.0]
    assert out.held.tolist() == [-45.0]


def prints(*entries: tuple[int, int, float, float], instruments: int, rows: int) -> Detail:
    """Prints of row 1: instrument, time, price, size, in order of instruments."""
    start = np.zeros((instruments, rows + 1), dtype=np.int64)
    for instrument in range(instruments):
        before = sum(1 for each in entries if each[0] < instrument)
        until = sum(1 for each in entries if each[0] <= instrument)
        start[instrument] = [before] * 2 + [until] * (rows - 1)
    price = np.array([each[2] for each in entries])
    time = np.array([each[1] for each in entries], dtype=np.int64)
    return Detail(start, time, price, price, price, price, np.array([each[3] for each in entries]))


def test_prints_fill_in_order_of_time_then_of_instruments_and_the_rest_expires(run: Any) -> None:
    entries = [(0, 100, 10.0, 400.0), (0, 150, 11.0, 90.0), (1, 100, 20.0, 90.0)]
    tape = prints(*entries, instruments=2, rows=2)
    signals = [LONG, LONG]
    request = market(
        [10.0, 10.0],
        [20.0, 20.0],
        signals=signals,
        replay_prints=True,
        participation=0.01,
        more={"detail": tape},
        **TEN,
    )
    out = run(request)
    assert out.fills.order.tolist() == [0, 1, 0]
    assert out.fills.time.tolist() == [100, 100, 150]
    assert out.fills.quantity.tolist() == [4.0, 1.0, 1.0]
    assert out.orders.state.tolist() == [3, 3]


@given(request=requests())
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
def test_money_is_conserved(request: SimulationRequest) -> None:
    out = simulate_reference(request)
    flows = request.settings.cash + out.charges.dividends
    flows -= out.charges.commission + out.charges.borrow + out.charges.margin_interest
    side = np.where(out.orders.side == 0, 1.0, -1.0)[out.fills.order]
    traded = float(np.sum(side * out.fills.quantity * out.fills.price))
    assert out.curves.cash[-1] == pytest.approx(flows - traded, abs=1e-6)
    assert np.array_equal(out.curves.equity, out.curves.cash + out.curves.net)
    assert float(out.fills.fees.sum()) == pytest.approx(out.charges.commission, abs=1e-9)
    assert not np.isnan(out.curves.equity).any()


@given(request=requests())
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
def test_a_cash_account_without_shorts_or_carrying_costs_never_owes(
    request: SimulationRequest,
) -> None:
    account = replace(
        request.settings, leverage=1.0, allow_short=False, replay_prints=False, lot=1.0
    )
    out = simulate_reference(replace(request, settings=account))
    assert out.curves.cash.min() >= -1e-6


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"close": np.zeros((1, 3))}, r"close was float64 \(1, 3\); it must be float64 \(1, 2\)"),
        ({"signals": np.zeros((1, 2))}, "signals was float64"),
        ({"happenings": (Happening(9, 0, 0, 2.0),)}, "outside the grid"),
        ({"happenings": (Happening(1, 0, 0, 0.0),)}, "a value out of range"),
        ({"weights": np.zeros((1, 2))}, "without the rows on which to rebalance"),
    ],
)
def test_an_unsound_request_is_refused_with_a_sentence(change: Any, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        simulate(replace(market([10.0, 10.0]), **change))


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"cash": 0.0}, "cash was 0.0"),
        ({"leverage": 0.5}, "leverage was 0.5"),
        ({"stop_fraction": -0.1}, "stop_fraction was -0.1; it must be at least 0"),
        ({"rate": -1.0}, "rate was -1.0"),
        ({"tier_shares": (0.0,)}, "1 tier_shares"),
        ({"replay_prints": True}, "without the prints"),
    ],
)
def test_an_impossible_setting_is_refused_with_a_sentence(setting: Any, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        simulate(market([10.0, 10.0], **setting))


def test_a_delisting_cancels_what_works(run: Any) -> None:
    ends = {"happenings": (Happening(1, 0, DELISTING, 4.0),)}
    out = run(market([10.0, 10.0], signals=LONG, more=ends))
    assert (out.orders.state.tolist(), len(out.fills)) == ([2], 0)


def test_a_short_weight_that_is_not_allowed_is_refused_and_the_long_is_closed(run: Any) -> None:
    asked = weighted((1.0,), (-0.5,), (NAN,), turn=(1, 1, 0), allow_short=False)
    out = run(market([10.0] * 3, **asked))
    assert out.refusals.code.tolist() == [5]
    assert out.held.tolist() == [0.0]


def test_an_instrument_that_is_no_member_is_only_reduced(run: Any) -> None:
    asked = weighted((0.5,), (1.0,), (0.2,), (NAN,), turn=(1, 1, 1, 0))
    asked["more"]["member"] = np.array([[1, 0, 0, 0]], dtype=np.uint8)
    assert run(market([10.0] * 4, **asked)).orders.quantity.tolist() == [50.0, 30.0]


def test_prints_take_fractions_of_an_order_of_money(run: Any) -> None:
    entries = [(0, 100, 10.0, 2000.0), (0, 150, 20.0, 9000.0)]
    tape = prints(*entries, instruments=1, rows=2)
    request = market(
        [10.0, 10.0],
        signals=LONG,
        lot=0.0,
        replay_prints=True,
        participation=0.01,
        more={"detail": tape},
    )
    out = run(request)
    assert out.fills.quantity.tolist() == [20.0, 40.0]  # 200 of the 1000, then 800 at 20
    assert out.orders.state.tolist() == [1]
