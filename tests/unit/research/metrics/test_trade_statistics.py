"""Closed trades of +50, -20, +30, 0 and -10, net of fees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from quantumzero.research.metrics import trade_statistics as stats
from tests.unit.research.metrics.runs import START, reason, sample_of, trades_of

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

DAY = 86_400_000_000
SPREAD = math.sqrt((40**2 + 30**2 + 20**2 + 10**2 + 20**2) / 4)


def run(profits: tuple[float, ...] = (50.0, -20.0, 30.0, 0.0, -10.0), **columns: object) -> Sample:
    return sample_of([1050.0], trades=trades_of(profits, **columns))


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (stats.trades, 5),
        (stats.win_rate, 2 / 5),
        (stats.average_win, 40),
        (stats.average_loss, -15),
        (stats.payoff, 40 / 15),
        (stats.profit_factor, 80 / 30),
        (stats.expectancy, 10),
        (stats.average_trade_return, 0.1),
        (stats.best_trade, 50),
        (stats.worst_trade, -20),
        (stats.sqn, math.sqrt(5) * 10 / SPREAD),
        (stats.sqn_100, math.sqrt(5) * 10 / SPREAD),
        (stats.kelly, 0.4 - 0.6 / (40 / 15)),
        (stats.average_mae, -5),
        (stats.average_mfe, 60),
        (stats.worst_mae, -5),
        (stats.best_mfe, 60),
        (stats.average_holding_days, 2),
        (stats.longest_holding_days, 2),
        (stats.ambiguous_share, 0),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_each_statistic_of_five_trades(definition: object, expected: float) -> None:
    assert definition.read(run()) == pytest.approx(expected)  # type: ignore[attr-defined]


def test_a_trade_of_nothing_is_neither_win_nor_loss_and_ends_a_streak() -> None:
    assert stats.winning_streak.read(run((1.0, 1.0, 0.0, 1.0))) == 2
    assert stats.losing_streak.read(run((-1.0, 0.0, -1.0, -1.0, -1.0))) == 3


def test_streaks_follow_the_exits_not_the_rows() -> None:
    order = START + np.array([3, 1, 2, 4], np.int64) * DAY
    assert stats.winning_streak.read(run((1.0, -1.0, 1.0, 1.0), exit_time=order)) == 3


def test_many_small_trades_do_not_raise_the_capped_quality_number() -> None:
    many = tuple([1.0, -0.5] * 200)
    ratio = stats.sqn.read(run(many)) / stats.sqn_100.read(run(many))
    assert ratio == pytest.approx(math.sqrt(400 / 100))


def test_ambiguous_trades_are_counted_as_a_share() -> None:
    flags = np.array([1, 0, 0, 1, 0], np.int32)
    assert stats.ambiguous_share.read(run(ambiguous=flags)) == pytest.approx(0.4)


def test_a_short_position_counts_its_quantity_without_the_sign() -> None:
    short = run((10.0,), quantity=np.array([-10.0]), side=np.array([-1], np.int32))
    assert stats.average_trade_return.read(short) == pytest.approx(0.1)


def test_without_a_closed_trade_only_the_count_is_defined() -> None:
    empty = run(())
    assert stats.trades.read(empty) == 0
    for definition in stats.DEFINITIONS[1:]:
        assert reason(definition, empty) == "no trade was closed"


def test_only_wins_leave_the_ratios_to_losses_undefined() -> None:
    winning = run((10.0, 20.0))
    assert reason(stats.profit_factor, winning) == "no trade lost"
    assert reason(stats.average_loss, winning) == "no trade lost"
    assert reason(stats.kelly, winning) == "no trade lost"
    assert reason(stats.average_win, run((-1.0,))) == "no trade won"
    assert "same profit" in reason(stats.sqn, run((10.0, 10.0)))
