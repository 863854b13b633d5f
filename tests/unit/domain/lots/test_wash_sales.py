"""Wash sales by hand, after the examples of IRS Publication 550."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.lots.account_lots import build_lots
from tests.unit.domain.lots.histories import split, trade

if TYPE_CHECKING:
    from quantumzero.domain.lots.events import SplitApplied, Trade
    from quantumzero.domain.lots.matching import Closing


def losses(*events: Trade | SplitApplied) -> list[Closing]:
    return [each for each in build_lots(events).closings["AAPL"] if each.profit < 0]


def test_the_example_of_the_publication() -> None:
    # Buy 100 for 1,000; sell them for 750; within 30 days buy 100 again for 800: the loss of 250 is disallowed.
    (loss,) = losses(
        trade("a", "100", "1000", 0, sequence=1),
        trade("s", "-100", "750", 40, sequence=2),
        trade("b", "100", "800", 60, sequence=3),
    )
    assert loss.wash_sale is not None
    assert loss.wash_sale.disallowed == 250
    assert loss.wash_sale.replacements == (("b", Decimal(100)),)


@pytest.mark.parametrize(("day", "washed"), [(69, True), (70, True), (71, False)])
def test_the_window_ends_after_thirty_days(day: int, washed: bool) -> None:
    (loss,) = losses(
        trade("a", "100", "1000", 0, sequence=1),
        trade("s", "-100", "750", 40, sequence=2),
        trade("b", "100", "800", day, sequence=3),
    )
    assert (loss.wash_sale is not None) is washed


@pytest.mark.parametrize(("day", "washed"), [(9, False), (10, True), (39, True)])
def test_the_window_begins_thirty_days_before(day: int, washed: bool) -> None:
    (loss,) = losses(
        trade("a", "100", "1000", 0, sequence=1),
        trade("b", "100", "800", day, sequence=2),
        trade("s", "-100", "750", 40, sequence=3),
    )
    assert (loss.wash_sale is not None) is washed


def test_fewer_shares_bought_disallow_their_part_and_each_replaces_only_once() -> None:
    first, second = losses(
        trade("a", "100", "1000", 0, sequence=1),
        trade("s", "-50", "400", 40, sequence=2),
        trade("t", "-50", "400", 41, sequence=3),
        trade("b", "75", "600", 45, sequence=4),
    )
    assert first.wash_sale is not None
    assert first.wash_sale.disallowed == 100
    assert second.wash_sale is not None
    assert second.wash_sale.disallowed == 50
    assert second.wash_sale.replacements == (("b", Decimal(25)),)


def test_what_is_sold_together_replaces_nothing() -> None:
    assert [
        each.wash_sale
        for each in losses(
            trade("a", "100", "1000", 0, sequence=1),
            trade("b", "100", "1000", 20, sequence=2),
            trade("s", "-200", "1500", 25, sequence=3),
        )
    ] == [None, None]


def test_shares_bought_after_a_split_replace_by_what_they_were_before() -> None:
    (loss,) = losses(
        trade("a", "100", "1000", 0, sequence=1),
        trade("s", "-100", "750", 40, sequence=2),
        split("x", 2, 1, 41, 3),
        trade("b", "100", "400", 42, sequence=4),
    )
    assert loss.wash_sale is not None
    assert loss.wash_sale.disallowed == 125
    assert loss.wash_sale.replacements == (("b", Decimal(50)),)


def test_a_short_sale_closed_at_a_loss_is_replaced_by_another_short_sale() -> None:
    (loss,) = losses(
        trade("a", "-10", "100", 0, sequence=1),
        trade("b", "10", "150", 5, sequence=2),
        trade("c", "-10", "140", 6, sequence=3),
    )
    assert loss.wash_sale is not None
    assert loss.wash_sale.disallowed == 50
