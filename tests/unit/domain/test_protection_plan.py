"""Prices of a plan: measured from what the entry cost, rounded to what brokers take."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quantumzero.domain.protection_plan import (
    Offset,
    ProtectionPlan,
    stop_price,
    target_price,
    trailed,
)

FIVE_PERCENT = Offset(percent=Decimal(5))
TWO_DOLLARS = Offset(money=Decimal(2))


@pytest.mark.parametrize(
    ("plan", "long", "expected"),
    [
        (ProtectionPlan(stop_loss=FIVE_PERCENT), True, "95.01"),
        (ProtectionPlan(stop_loss=FIVE_PERCENT), False, "105.01"),
        (ProtectionPlan(stop_loss=TWO_DOLLARS), True, "98.01"),
        (ProtectionPlan(trailing_stop=TWO_DOLLARS), False, "102.01"),
        (ProtectionPlan(stop_loss=FIVE_PERCENT, trailing_stop=TWO_DOLLARS), True, "98.01"),
        (ProtectionPlan(stop_loss=FIVE_PERCENT, trailing_stop=TWO_DOLLARS), False, "102.01"),
    ],
)
def test_the_stop_is_the_one_that_is_hit_first(
    plan: ProtectionPlan, *, long: bool, expected: str
) -> None:
    assert stop_price(plan, Decimal("100.01"), long=long) == Decimal(expected)


def test_a_plan_without_a_stop_or_a_target_has_no_price_for_it() -> None:
    assert stop_price(ProtectionPlan(take_profit=TWO_DOLLARS), Decimal(100), long=True) is None
    assert target_price(ProtectionPlan(stop_loss=TWO_DOLLARS), Decimal(100), long=True) is None


def test_the_target_is_above_a_long_position_and_below_a_short_one() -> None:
    plan = ProtectionPlan(take_profit=FIVE_PERCENT)
    assert target_price(plan, Decimal("41.33"), long=True) == Decimal("43.40")
    assert target_price(plan, Decimal("41.33"), long=False) == Decimal("39.26")
    assert target_price(plan, Decimal("0.5"), long=True) == Decimal("0.5250")


def test_a_trailing_stop_follows_the_best_price_and_never_goes_back() -> None:
    plan = ProtectionPlan(trailing_stop=TWO_DOLLARS)
    assert trailed(plan, Decimal(98), Decimal("103.25"), long=True) == Decimal("101.25")
    assert trailed(plan, Decimal(98), Decimal("99.99"), long=True) == Decimal(98)
    assert trailed(plan, Decimal(102), Decimal(95), long=False) == Decimal(97)
    assert trailed(plan, Decimal(102), Decimal(101), long=False) == Decimal(102)


def test_a_trailing_stop_in_percent_is_measured_from_the_best_price() -> None:
    plan = ProtectionPlan(trailing_stop=FIVE_PERCENT)
    assert trailed(plan, Decimal(95), Decimal(120), long=True) == Decimal(114)


def test_a_stepped_stop_moves_by_whole_steps_only() -> None:
    plan = ProtectionPlan(trailing_stop=TWO_DOLLARS, trailing_step=Decimal("0.50"))
    assert trailed(plan, Decimal(98), Decimal("100.49"), long=True) == Decimal(98)
    assert trailed(plan, Decimal(98), Decimal("101.30"), long=True) == Decimal(99)
    assert trailed(plan, Decimal(102), Decimal("98.70"), long=False) == Decimal("101.00")


def test_a_fixed_stop_stays_where_it_is() -> None:
    plan = ProtectionPlan(stop_loss=TWO_DOLLARS)
    assert trailed(plan, Decimal(98), Decimal(150), long=True) == Decimal(98)
