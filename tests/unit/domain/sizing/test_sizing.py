"""Every sizing method: by hand, and that no size is ever more than it may be."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.sizing import percent_of_equity
from quantumzero.domain.sizing.average_range import average_range
from quantumzero.domain.sizing.capped_kelly import capped_kelly
from quantumzero.domain.sizing.equal_weight import equal_weight
from quantumzero.domain.sizing.fixed_notional import fixed_notional
from quantumzero.domain.sizing.fixed_quantity import fixed_quantity
from quantumzero.domain.sizing.fixed_risk import fixed_risk
from quantumzero.domain.sizing.risk_parity import risk_parity
from quantumzero.domain.sizing.rounding import Size, to_tick
from quantumzero.domain.sizing.volatility_target import volatility_target

D = Decimal
MONEY = st.decimals(D("0.01"), D(10**9), places=2)
PRICE = st.decimals(D("0.0001"), D(10**6), places=4)
PERCENT = st.decimals(D("0.01"), D(100), places=2)
NEAR = D("1e-9")
LOT = st.sampled_from([D(1), D(100), D("0.001"), D("0.000000001")])


def no_more(size: Size, each: Decimal, lot: Decimal, most: Decimal) -> bool:
    """A size costs at most so much, or it is the lot that it was within a billionth of."""
    return (size.quantity - NEAR * lot) * each <= most


def sound(size: Size, lot: Decimal) -> None:
    """A size is whole lots, and nothing has a reason exactly when it is nothing."""
    assert size.quantity >= 0
    assert size.quantity % lot == 0
    assert (size.reason is None) is (size.quantity > 0)


def test_each_method_by_hand() -> None:
    assert fixed_quantity(D("250.9"), lot=D(100)).quantity == 200
    assert fixed_notional(D(1000), D(30)).quantity == 33
    assert fixed_notional(D(1000), D(30), lot=D("0.01")).quantity == D("33.33")
    assert percent_of_equity(D(100000), D(20), D(30)).quantity == 666
    assert equal_weight(D(100000), 3, D(30)).quantity == 1111
    assert fixed_risk(D(100000), D(1), D(50), D(48)).quantity == 500
    assert fixed_risk(D(100000), D(1), D(50), D("49.99")).quantity == 2000
    assert average_range(D(100000), D(1), D(50), atr=D("1.25"), multiple=D(2)).quantity == 400
    target = volatility_target(D(100000), D(10), D(50), volatility_percent=D(25))
    assert target.quantity == 800
    assert volatility_target(D(100000), D(10), D(50), volatility_percent=D(5)).quantity == 2000
    # An edge of 0.55 - 0.45 / 1.5 = 0.25; half of it is 12.5 %.
    kelly = capped_kelly(D(100000), D(50), win_rate=D("0.55"), payoff=D("1.5"))
    assert kelly.quantity == 250
    capped = capped_kelly(D(100000), D(50), win_rate=D("0.55"), payoff=D("1.5"), most_percent=D(5))
    assert capped.quantity == 100
    parity = risk_parity(D(90000), {"A": D(10), "B": D(20)}, {"A": D(10), "B": D(20)})
    assert {name: each.quantity for name, each in parity.items()} == {"A": 6000, "B": 1500}
    assert to_tick(D("12.3456"), D("0.05")) == D("12.30")


def test_nothing_has_its_reason() -> None:
    assert fixed_quantity(D(99), lot=D(100)) == Size(D(0), "99 shares are less than one lot of 100")
    assert fixed_notional(D(5), D(30)).reason == "5 does not buy one share at 30"
    no_edge = capped_kelly(D(100000), D(50), win_rate=D("0.4"), payoff=D(1))
    assert no_edge == Size(D(0), "winning 0.4 of the time at 1 to 1 has no edge")
    sound(equal_weight(D(-5), 3, D(30)), D(1))
    sound(fixed_risk(D(100), D(1), D(50), D(40)), D(1))


@pytest.mark.parametrize("wrong", [D(0), D(-1), D("NaN"), D("Infinity")])
def test_what_is_no_number_above_zero_is_refused_by_name(wrong: Decimal) -> None:
    with pytest.raises(InvalidInputError, match="price was"):
        fixed_notional(D(1000), wrong)
    with pytest.raises(InvalidInputError, match="lot was"):
        fixed_quantity(D(1), lot=wrong)
    with pytest.raises(InvalidInputError, match="percent at risk was"):
        fixed_risk(D(1000), wrong, D(50), D(48))
    with pytest.raises(InvalidInputError, match="volatility_percent was"):
        volatility_target(D(1000), D(10), D(5), volatility_percent=wrong)
    with pytest.raises(InvalidInputError, match="payoff was"):
        capped_kelly(D(1000), D(5), win_rate=D("0.5"), payoff=wrong)


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="distance of the stop was 0"):
        fixed_risk(D(1000), D(1), D(50), D(50))
    with pytest.raises(InvalidInputError, match="members were 0"):
        equal_weight(D(1000), 0, D(50))
    with pytest.raises(InvalidInputError, match="other members"):
        risk_parity(D(1000), {"A": D(1)}, {"B": D(1)})
    with pytest.raises(InvalidInputError, match="win_rate was 2"):
        capped_kelly(D(1000), D(5), win_rate=D(2), payoff=D(1))
    with pytest.raises(InvalidInputError, match="fraction was 2"):
        capped_kelly(D(1000), D(5), win_rate=D("0.6"), payoff=D(1), fraction=D(2))


@given(MONEY, PRICE, LOT)
def test_money_never_buys_more_than_it_pays_for(
    money: Decimal, price: Decimal, lot: Decimal
) -> None:
    size = fixed_notional(money, price, lot=lot)
    sound(size, lot)
    assert no_more(size, price, lot, money)


@given(MONEY, PERCENT, PRICE)
def test_a_percent_of_equity_is_never_passed(
    equity: Decimal, percent: Decimal, price: Decimal
) -> None:
    size = percent_of_equity(equity, percent, price)
    sound(size, D(1))
    assert no_more(size, price, D(1), equity * percent / 100)


@given(MONEY, st.integers(1, 500), PRICE, LOT)
def test_equal_parts_together_are_at_most_the_equity(
    equity: Decimal, members: int, price: Decimal, lot: Decimal
) -> None:
    size = equal_weight(equity, members, price, lot=lot)
    sound(size, lot)
    assert no_more(size, members * price, lot, equity)


@given(MONEY, PERCENT, PRICE, PRICE, LOT)
def test_a_stop_never_loses_more_than_the_risk(
    equity: Decimal, percent: Decimal, price: Decimal, stop: Decimal, lot: Decimal
) -> None:
    if price == stop:
        return
    size = fixed_risk(equity, percent, price, stop, lot=lot)
    sound(size, lot)
    assert no_more(size, abs(price - stop), lot, equity * percent / 100)
    assert no_more(size, price, lot, equity)


@given(MONEY, PERCENT, PRICE, PRICE, st.decimals(D("0.1"), D(10), places=1), LOT)
def test_a_move_of_the_range_never_costs_more_than_the_risk(
    equity: Decimal, percent: Decimal, price: Decimal, atr: Decimal, multiple: Decimal, lot: Decimal
) -> None:
    size = average_range(equity, percent, price, atr=atr, multiple=multiple, lot=lot)
    sound(size, lot)
    assert no_more(size, atr * multiple, lot, equity * percent / 100)
    assert no_more(size, price, lot, equity)


@given(MONEY, PERCENT, PRICE, PERCENT, PERCENT, LOT)
def test_a_volatility_target_never_passes_target_or_cap(
    equity: Decimal,
    target: Decimal,
    price: Decimal,
    volatility: Decimal,
    most: Decimal,
    lot: Decimal,
) -> None:
    size = volatility_target(
        equity, target, price, volatility_percent=volatility, most_percent=most, lot=lot
    )
    sound(size, lot)
    assert no_more(size, price * volatility, lot, equity * target)
    assert no_more(size, price * 100, lot, equity * most)


@given(
    MONEY, PRICE, st.decimals(0, 1, places=3), st.decimals(D("0.01"), D(20), places=2), PERCENT, LOT
)
def test_kelly_never_passes_its_cap_nor_the_full_bet(
    equity: Decimal, price: Decimal, wins: Decimal, payoff: Decimal, most: Decimal, lot: Decimal
) -> None:
    size = capped_kelly(equity, price, win_rate=wins, payoff=payoff, most_percent=most, lot=lot)
    sound(size, lot)
    assert no_more(size, price * 100, lot, equity * most)
    assert no_more(size, price * payoff, lot, equity * max(wins * payoff - (1 - wins), D(0)))


@given(
    MONEY,
    st.dictionaries(st.sampled_from("ABCDEF"), st.tuples(PRICE, PERCENT), min_size=1),
    PERCENT,
    LOT,
)
def test_parity_spends_at_most_its_part_of_the_equity(
    equity: Decimal, members: dict[str, tuple[Decimal, Decimal]], percent: Decimal, lot: Decimal
) -> None:
    prices = {name: price for name, (price, _) in members.items()}
    volatilities = {name: volatility for name, (_, volatility) in members.items()}
    sizes = risk_parity(equity, prices, volatilities, percent=percent, lot=lot)
    assert sizes.keys() == members.keys()
    for each in sizes.values():
        sound(each, lot)
    worth = sum((size.quantity * prices[name] for name, size in sizes.items()), D(0))
    assert worth - NEAR * lot * sum(prices.values()) <= equity * percent / 100


@given(PRICE, st.sampled_from([D("0.01"), D("0.0001"), D("0.05")]))
def test_a_tick_is_rounded_down(price: Decimal, tick: Decimal) -> None:
    rounded = to_tick(price, tick)
    assert 0 <= price - rounded < tick
    assert rounded % tick == 0
