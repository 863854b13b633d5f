"""How many shares an entry buys, and which control refuses it."""

from __future__ import annotations

from typing import Any

import pytest

from quantumzero.research.simulation.codes import Code
from quantumzero.research.simulation.request import SizeBy
from tests.unit.research.simulation.markets import market, row

REJECTED = 4
NAN = float("nan")


def test_a_fractional_order_of_money_covers_cost_and_fee_together(run: Any) -> None:
    out = run(market([10.0, 20.0], signals={0: "long"}, lot=0.0, rate=0.001))
    assert out.fills.quantity.tolist() == [1000.0 / (20.0 * 1.001)]
    assert out.curves.cash[-1] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("price", "shares"), [(3.0, 333.0), (1000.0 / 7.0, 7.0)])
def test_whole_lots_are_rounded_down_and_a_billionth_short_of_one_counts(
    run: Any, price: float, shares: float
) -> None:
    out = run(market([price, price], signals={0: "long"}))
    assert out.fills.quantity.tolist() == [shares]


def test_lots_of_ten(run: Any) -> None:
    out = run(market([3.0, 3.0], signals={0: "long"}, lot=10.0))
    assert out.fills.quantity.tolist() == [330.0]


def test_size_at_the_fill_uses_the_fills_price_and_its_fee(run: Any) -> None:
    sized = {"size_at_fill": True, "rate": 0.1}
    out = run(market([10.0, 8.0], signals={0: "long"}, **sized))
    assert out.fills.quantity.tolist() == [113.0]  # 1000 / 8.8 = 113.6


def test_a_cash_account_buys_what_it_can_pay_for_with_the_fee(run: Any) -> None:
    out = run(market([10.0, 10.0], signals={0: "long"}, per_trade=5.0))
    assert out.fills.quantity.tolist() == [99.0]
    assert out.orders.quantity.tolist() == [99.0]
    assert out.curves.cash[-1] == 1000.0 - 990.0 - 5.0


def test_an_order_that_pays_for_nothing_is_rejected_with_buying_power(run: Any) -> None:
    out = run(market([900.0, 1100.0], signals={0: "long"}))
    assert out.orders.state.tolist() == [REJECTED]
    assert out.refusals.code.tolist() == [Code.BUYING_POWER]
    assert (out.refusals.value.tolist(), out.refusals.limit.tolist()) == ([1100.0], [1000.0])


def test_fixed_quantity_notional_and_risk(run: Any) -> None:
    signals = {0: "long"}
    bars = [10.0, 10.0]
    fixed = run(market(bars, signals=signals, size_by=SizeBy.QUANTITY, amount=7.0))
    notional = run(market(bars, signals=signals, size_by=SizeBy.NOTIONAL, amount=455.0))
    distances = {"stop_distance": row(0.5, NAN)}
    risk = {"size_by": SizeBy.RISK_FRACTION, "amount": 0.02}
    risked = run(market(bars, signals=signals, more=distances, **risk))
    assert fixed.fills.quantity.tolist() == [7.0]
    assert notional.fills.quantity.tolist() == [45.0]
    assert risked.fills.quantity.tolist() == [40.0]  # 2 % of 1000 is lost at 0.5 a share


def test_the_size_array_overrides_the_amount(run: Any) -> None:
    sizes = {"size": row(0.5, NAN)}
    out = run(market([10.0, 10.0], signals={0: "long"}, more=sizes))
    assert out.fills.quantity.tolist() == [50.0]


@pytest.mark.parametrize(
    ("settings", "word", "code", "value", "limit"),
    [
        ({"cash": 5.0}, "long", Code.ZERO_SIZE, 0.0, 1.0),
        ({"allow_short": False}, "short", Code.NOT_SHORTABLE, 100.0, 0.0),
        ({"limit_order_value": 999.0}, "long", Code.MAX_VALUE, 1000.0, 999.0),
        ({"limit_quantity": 99.0}, "long", Code.MAX_QTY, 100.0, 99.0),
        ({"limit_positions": 0.0}, "long", Code.MAX_OPEN, 1.0, 0.0),
        ({"limit_gross": 999.0}, "long", Code.EXPOSURE_GROSS, 1000.0, 999.0),
        ({"limit_symbol": 999.0}, "long", Code.EXPOSURE_SYMBOL, 1000.0, 999.0),
        (
            {"size_by": SizeBy.QUANTITY, "amount": 101.0},
            "long",
            Code.BUYING_POWER,
            1010.0,
            1000.0,
        ),
    ],
)
def test_each_control_refuses_at_the_decision(
    run: Any, settings: Any, word: str, code: Code, value: float, limit: float
) -> None:
    out = run(market([10.0, 10.0], signals={0: word}, **settings))
    assert out.refusals.code.tolist() == [code]
    assert (out.refusals.value.tolist(), out.refusals.limit.tolist()) == ([value], [limit])
    assert out.refusals.row.tolist() == [0]
    assert len(out.orders) == 0


def test_the_first_control_that_refuses_is_the_answer(run: Any) -> None:
    limits = {"limit_order_value": 1.0, "limit_gross": 1.0, "limit_symbol": 1.0}
    out = run(market([10.0, 10.0], signals={0: "long"}, **limits))
    assert out.refusals.code.tolist() == [Code.MAX_VALUE]


def test_working_orders_reserve_cash_and_exposure_for_the_next_instrument(run: Any) -> None:
    bars = [10.0, 10.0]
    signals = [{0: "long"}, {0: "long"}]
    cash = run(market(bars, bars, signals=signals, amount=0.6))
    gross = run(market(bars, bars, signals=signals, amount=0.4, limit_gross=700.0))
    assert (cash.refusals.symbol.tolist(), cash.refusals.limit.tolist()) == ([1], [400.0])
    assert gross.refusals.code.tolist() == [Code.EXPOSURE_GROSS]
    assert gross.refusals.value.tolist() == [800.0]


def test_positions_and_working_entries_count_towards_the_most_that_may_be_open(run: Any) -> None:
    bars = [10.0, 10.0, 10.0]
    limits = {"amount": 0.2, "limit_positions": 1.0}
    working = run(market(bars, bars, signals=[{0: "long"}, {0: "long"}], **limits))
    held = run(market(bars, bars, signals=[{0: "long"}, {1: "long"}], **limits))
    for out in (working, held):
        assert (out.refusals.symbol.tolist(), out.refusals.code.tolist()) == ([1], [Code.MAX_OPEN])
        assert (out.refusals.value.tolist(), out.refusals.limit.tolist()) == ([2.0], [1.0])
    enough = run(
        market(bars, bars, signals=[{0: "long"}, {0: "long"}], amount=0.2, limit_positions=2.0)
    )
    assert len(enough.refusals) == 0


def test_a_position_counts_at_the_greater_of_market_value_and_what_its_order_reserved(
    run: Any,
) -> None:
    signals = [{0: "long"}, {1: "long"}]
    limits = {"amount": 0.4, "limit_gross": 900.0}
    risen = run(market([10.0, (10.0, 15.0, 10.0, 15.0)], [10.0, 10.0], signals=signals, **limits))
    fallen = run(market([10.0, (10.0, 10.0, 5.0, 5.0)], [10.0, 10.0], signals=signals, **limits))
    assert risen.refusals.value.tolist() == [40 * 15.0 + 48 * 10.0]
    assert len(fallen.refusals) == 0  # 400 reserved and 32 x 10 wanted
    assert fallen.orders.quantity.tolist() == [40.0, 32.0]


def test_reg_t_lends_up_to_the_leverage(run: Any) -> None:
    out = run(market([10.0, 10.0], signals={0: "long"}, leverage=2.0, amount=2.0))
    assert out.fills.quantity.tolist() == [200.0]
    assert out.curves.cash[-1] == -1000.0
    more = run(market([10.0, 10.0], signals={0: "long"}, leverage=2.0, amount=2.1))
    assert more.refusals.code.tolist() == [Code.BUYING_POWER]
