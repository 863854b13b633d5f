"""Protective orders inside a bar."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from quantumzero.research.simulation.request import Detail, Life, OrderKind, SizeBy
from tests.unit.research.simulation.markets import market, row

STOP, TARGET, TRAIL, TIME = 1, 2, 3, 4
NAN = float("nan")
LONG = {0: "long"}


def outcome_of(out: Any) -> list[tuple[float, int, int]]:
    return list(
        zip(
            out.trades.exit_price.tolist(),
            out.trades.reason.tolist(),
            out.trades.exit_time.tolist(),
            strict=True,
        )
    )


def test_a_stop_inside_the_bar_fills_at_the_stop_and_a_gap_at_the_open(run: Any) -> None:
    inside = run(market([10.0, 10.0, (10.0, 10.0, 8.0, 9.0)], signals=LONG, stop_fraction=0.1))
    gapped = run(market([10.0, 10.0, (8.0, 8.0, 8.0, 8.0)], signals=LONG, stop_fraction=0.1))
    assert outcome_of(inside) == [(9.0, STOP, 290)]
    assert outcome_of(gapped) == [(8.0, STOP, 200)]


def test_gap_at_stop_fills_a_gap_at_the_stops_own_price(run: Any) -> None:
    out = run(market([10.0, 10.0, 8.0], signals=LONG, stop_fraction=0.1, gap_at_stop=True))
    assert outcome_of(out) == [(9.0, STOP, 200)]


def test_a_target_fills_at_the_target_and_a_gap_through_it_at_the_open(run: Any) -> None:
    inside = run(market([10.0, 10.0, (10.0, 12.0, 10.0, 12.0)], signals=LONG, target_fraction=0.1))
    gapped = run(market([10.0, 10.0, 12.0], signals=LONG, target_fraction=0.1))
    assert outcome_of(inside) == [(11.0, TARGET, 290)]
    assert outcome_of(gapped) == [(12.0, TARGET, 200)]


def test_the_entry_bar_counts_after_a_fill_at_its_open(run: Any) -> None:
    out = run(market([10.0, (10.0, 10.0, 8.0, 9.0)], signals=LONG, stop_fraction=0.1))
    assert outcome_of(out) == [(9.0, STOP, 190)]


def test_a_bar_that_reaches_both_is_ambiguous_and_takes_the_stop(run: Any) -> None:
    bars = [10.0, 10.0, (10.0, 12.0, 8.0, 10.0)]
    both = {"stop_fraction": 0.1, "target_fraction": 0.1}
    out = run(market(bars, signals=LONG, **both))
    assert outcome_of(out) == [(9.0, STOP, 290)]
    assert out.trades.ambiguous.tolist() == [1]
    assert (out.trades.worst_profit.tolist(), out.trades.best_profit.tolist()) == (
        [-100.0],
        [100.0],
    )
    turned = run(market(bars, signals=LONG, target_first=True, **both))
    assert outcome_of(turned) == [(11.0, TARGET, 290)]
    assert turned.trades.worst_profit.tolist() == [-100.0]


def detail(*bars: tuple[int, float, float, float, float]) -> Detail:
    """Finer bars of row 2 of three rows: time, open, high, low, close."""
    columns = [np.array(column) for column in zip(*bars, strict=True)]
    start = np.array([[0, 0, 0, len(bars)]], dtype=np.int64)
    prices = [each.astype(np.float64) for each in columns[1:]]
    volume = np.full(len(bars), 100.0)
    return Detail(start, columns[0].astype(np.int64), *prices, volume)


def test_finer_bars_tell_which_came_first(run: Any) -> None:
    bars = [10.0, 10.0, (10.0, 12.0, 8.0, 10.0)]
    both = {"stop_fraction": 0.1, "target_fraction": 0.1}
    finer = detail((210, 10.0, 12.0, 10.0, 11.5), (220, 11.5, 11.5, 8.0, 10.0))
    out = run(market(bars, signals=LONG, more={"detail": finer}, **both))
    assert outcome_of(out) == [(11.0, TARGET, 210)]
    assert out.trades.ambiguous.tolist() == [0]
    coarse = detail((210, 10.0, 12.0, 8.0, 10.0))
    still = run(market(bars, signals=LONG, more={"detail": coarse}, **both))
    assert still.trades.ambiguous.tolist() == [1]


def test_the_trail_follows_the_high_only_after_the_bar_has_been_checked(run: Any) -> None:
    # The stop stands at 9 during the bar that reaches 15 and 9.5, at 13.5 from the next one on.
    bars = [10.0, 10.0, (10.0, 15.0, 9.5, 14.0), (14.0, 14.0, 13.0, 13.0)]
    out = run(market(bars, signals=LONG, trail_fraction=0.1))
    assert outcome_of(out) == [(13.5, TRAIL, 390)]


def test_the_nearer_of_stop_and_trail_holds(run: Any) -> None:
    bars = [10.0, 10.0, (10.0, 10.0, 9.0, 9.0)]
    out = run(market(bars, signals=LONG, trail_fraction=0.2, stop_fraction=0.05))
    assert outcome_of(out) == [(9.5, STOP, 290)]


def test_short_positions_are_mirrored(run: Any) -> None:
    bars = [10.0, 10.0, (10.0, 12.0, 8.0, 10.0)]
    out = run(market(bars, signals={0: "short"}, stop_fraction=0.1, target_fraction=0.1))
    assert outcome_of(out) == [(11.0, STOP, 290)]
    assert out.trades.best_profit.tolist() == [100.0]


def test_distances_of_the_decision_count_from_the_fill(run: Any) -> None:
    distances = {"stop_distance": row(1.0, NAN, NAN), "target_distance": row(2.0, NAN, NAN)}
    bars = [10.0, 12.0, (12.0, 13.0, 11.0, 12.0)]
    out = run(market(bars, signals=LONG, more=distances))
    assert outcome_of(out) == [(11.0, STOP, 290)]


def test_a_time_stop_leaves_at_the_open_after_so_many_bars(run: Any) -> None:
    bars = [10.0, 10.0, 11.0, 12.0, (13.0, 14.0, 13.0, 14.0)]
    out = run(market(bars, signals=LONG, time_stop_bars=2))
    # Entry on row 1; rows 2 and 3 are the two bars after it; row 4 opens at 13.
    assert outcome_of(out) == [(13.0, TIME, 400)]


def test_slippage_moves_stops_but_not_targets(run: Any) -> None:
    stop = {"stop_fraction": 0.1, "slippage_rate": 0.01}
    stopped = run(market([10.0, 10.0, (10.0, 10.0, 8.0, 9.0)], signals=LONG, **stop))
    assert stopped.trades.exit_price.tolist() == [10.0 * 1.01 * 0.9 * 0.99]
    target = {"target_fraction": 0.1, "slippage_rate": 0.01}
    reached = run(market([10.0, 10.0, (10.0, 13.0, 10.0, 12.0)], signals=LONG, **target))
    assert reached.trades.exit_price.tolist() == [10.0 * 1.01 * (1.0 + 0.1)]


def test_a_bracket_covers_what_has_filled_and_ends_the_rest_of_the_entry(run: Any) -> None:
    bars = [10.0, 10.0, (10.0, 10.0, 8.0, 9.0), 9.0]
    part = {"size_by": SizeBy.QUANTITY, "amount": 25.0, "life": Life.GOOD_TIL_CANCELLED}
    volumes = {"volume": np.array([[1000.0, 1000.0, 2000.0, 1000.0]])}
    out = run(
        market(bars, signals=LONG, stop_fraction=0.1, participation=0.01, more=volumes, **part)
    )
    # 10 filled on row 1 and 15 more at the open of row 2, then 20 leave at the stop and 5 after.
    assert out.fills.quantity.tolist() == [10.0, 15.0, 20.0, 5.0]
    assert out.fills.price.tolist() == [10.0, 10.0, 9.0, 9.0]
    assert len(out.trades) == 1


def test_a_limit_entry_inside_the_bar_is_stopped_by_the_same_bar(run: Any) -> None:
    limits = {"limit": row(9.5, NAN)}
    kind = {"order_kind": OrderKind.LIMIT, "stop_fraction": 0.1, "more": limits}
    out = run(market([10.0, (10.0, 12.0, 8.0, 9.0)], signals=LONG, target_fraction=0.1, **kind))
    assert outcome_of(out) == [(9.5 * 0.9, STOP, 190)]
    assert out.trades.ambiguous.tolist() == [0]


def test_a_stop_entry_and_its_stop_in_one_bar_are_ambiguous(run: Any) -> None:
    stops = {"stop": row(11.0, NAN)}
    kind = {"order_kind": OrderKind.STOP, "stop_fraction": 0.1, "more": stops}
    request = market(
        [10.0, (10.0, 12.0, 9.0, 11.5)], signals=LONG, size_by=SizeBy.QUANTITY, amount=10.0, **kind
    )
    out = run(request)
    assert out.trades.ambiguous.tolist() == [1]
    assert out.trades.best_profit.tolist() == [10 * (11.5 - 11.0)]


def test_an_exit_by_signal_cancels_the_bracket(run: Any) -> None:
    bars = [10.0, 10.0, (10.0, 10.0, 8.0, 8.0), 8.0]
    out = run(market(bars, signals={0: "long", 1: "exit"}, stop_fraction=0.1))
    assert outcome_of(out) == [(10.0, 0, 200)]
    assert out.orders.purpose.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("word", "mae", "mfe"), [("long", -200.0, 300.0), ("short", -300.0, 200.0)]
)
def test_excursions_are_the_worst_and_best_open_profit(
    run: Any, word: str, mae: float, mfe: float
) -> None:
    bars = [10.0, (10.0, 13.0, 8.0, 10.0), (10.0, 99.0, 1.0, 10.0)]
    leave = {"long": "exit", "short": "cover"}[word]
    out = run(market(bars, signals={0: word, 1: leave}))
    # The exit's own bar is left at its open: its high and low do not count.
    assert (out.trades.mae.tolist(), out.trades.mfe.tolist()) == ([mae], [mfe])
