"""What losses and too many executions stop, and what goes on then."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from quantumzero.research.simulation.codes import Code
from quantumzero.research.simulation.request import OrderKind
from tests.unit.research.simulation.markets import market, row

CANCELLED = 2
DAY = 86_400_000_000


def codes(outcome: Any) -> list[tuple[int, Code]]:
    """Row and code of every refusal."""
    refusals = outcome.refusals
    return [
        (at, Code(code))
        for at, code in zip(refusals.row.tolist(), refusals.code.tolist(), strict=True)
    ]


def test_a_days_loss_is_measured_from_the_last_close_and_stops_entries_for_good(run: Any) -> None:
    fallen = [10.0, 10.0, (10.0, 10.0, 8.0, 8.0), 8.0, 8.0]
    signals = [{0: "long", 3: "exit"}, {2: "long", 4: "long"}]
    out = run(market(fallen, [5.0] * 5, signals=signals, amount=0.6, limit_daily_loss=10.0))
    assert codes(out) == [(2, Code.LOSS_LIMIT), (4, Code.TRADING_REDUCING)]
    assert out.refusals.value.tolist() == [12.0, 12.0]
    assert out.refusals.limit.tolist() == [10.0, 10.0]
    assert out.orders.side.tolist() == [0, 1]  # the exit passes


def test_a_loss_within_one_session_counts_and_yesterdays_does_not(run: Any) -> None:
    bars = [10.0, 10.0, 9.0, 8.0]
    signals = [{0: "long"}, {3: "long"}]
    limits: dict[str, Any] = {"limit_daily_loss": 9.5, "amount": 0.5}
    within = run(market(bars, bars, signals=signals, sessions=[0, 0, 1, 1], **limits))
    apart = run(market(bars, bars, signals=signals, sessions=[0, 0, 1, 2], **limits))
    assert codes(within) == [(3, Code.LOSS_LIMIT)]
    assert codes(apart) == []


def test_the_drawdown_is_measured_from_the_highest_close(run: Any) -> None:
    bars = [10.0, 10.0, 20.0, 16.0, 16.0]
    signals = [{0: "long"}, {3: "long"}]
    out = run(market(bars, [5.0] * 5, signals=signals, amount=0.5, limit_drawdown=10.0))
    assert codes(out) == [(3, Code.LOSS_DRAWDOWN)]
    assert out.refusals.value.tolist() == [13.3333]  # 1500 at its highest, 1300 now


def test_half_as_much_again_halts_exits_and_protection_too(run: Any) -> None:
    bars = [10.0, 10.0, (10.0, 10.0, 8.0, 8.0), (8.0, 8.0, 1.0, 1.0), 1.0]
    signals = {0: "long", 2: "exit", 3: "exit"}
    limits: dict[str, Any] = {"limit_daily_loss": 10.0}
    out = run(market(bars, signals=signals, stop_fraction=0.5, time_stop_bars=2, **limits))
    assert codes(out) == [(2, Code.LOSS_LIMIT), (3, Code.TRADING_HALTED)]
    assert out.refusals.side.tolist() == [1, 1]
    assert out.held.tolist() == [100.0]
    assert len(out.orders) == 1


def test_a_halt_cancels_what_works(run: Any) -> None:
    bars = [10.0, 10.0, (10.0, 10.0, 5.0, 5.0), 5.0]
    resting = {
        "order_kind": OrderKind.LIMIT,
        "life": 1,
        "limit_daily_loss": 10.0,
        "amount": 0.4,
    }
    limit = np.array([[10.0] * 4, [1.0] * 4])
    signals = [{0: "long"}, {1: "long"}]
    out = run(market(bars, [10.0] * 4, signals=signals, more={"limit": limit}, **resting))
    assert codes(out) == []
    assert out.orders.state.tolist() == [1, CANCELLED]


def test_a_close_that_halts_is_judged_before_the_next_day_is_measured_from_it(run: Any) -> None:
    bars = [10.0, 10.0, 7.0, 7.0]
    out = run(market(bars, signals={0: "long", 3: "exit"}, limit_daily_loss=10.0))
    assert codes(out) == [(3, Code.TRADING_HALTED)]
    assert out.refusals.value.tolist() == [30.0]


def test_it_resumes_with_the_next_session_when_that_was_chosen(run: Any) -> None:
    bars = [10.0, 10.0, 7.0, 7.0, 7.0]
    limits: dict[str, Any] = {"limit_daily_loss": 10.0, "resume_next_session": True}
    out = run(market(bars, signals={0: "long", 3: "exit"}, **limits))
    assert codes(out) == []
    assert out.held.tolist() == [0.0]


def test_a_strategy_that_orders_too_often_is_stopped_and_its_exits_pass(run: Any) -> None:
    bars = [10.0] * 5
    signals = [{0: "long", 1: "exit"}, {2: "long", 3: "long"}]
    limits: dict[str, Any] = {"limit_executions": 1.0, "amount": 0.1}
    out = run(market(bars, bars, signals=signals, **limits))
    assert codes(out) == [(2, Code.EXEC_THROTTLE), (3, Code.REDUCING_BY_THROTTLE)]
    assert out.refusals.value[0] == pytest.approx(3.0)  # an entry and an exit, and this one
    assert out.orders.side.tolist() == [0, 1]


def test_a_day_later_there_is_room_again_and_a_new_session_forgets(run: Any) -> None:
    bars = [10.0] * 4
    signals = [{0: "long", 1: "exit"}, {2: "long"}]
    limits: dict[str, Any] = {"limit_executions": 2.0, "amount": 0.1}
    times = {"time": np.arange(4, dtype=np.int64) * DAY + 1, "opens": np.arange(4) * DAY}
    daily = run(market(bars, bars, signals=signals, more=times, **limits))
    assert codes(daily) == []
    resumed = {"resume_next_session": True, "limit_executions": 1.0, "amount": 0.1}
    twice = [{0: "long"}, {0: "long", 1: "long"}]
    forgotten = run(market(bars, bars, signals=twice, sessions=[0, 1, 2, 3], **resumed))
    assert codes(forgotten) == [(0, Code.EXEC_THROTTLE)]
    assert len(forgotten.orders) == 2


def test_turning_a_position_counts_as_one_order(run: Any) -> None:
    bars = [10.0] * 4
    signals = {0: "long", 1: "exit short", 2: "cover long"}
    out = run(market(bars, signals=signals, limit_executions=2.0, amount=0.5))
    assert codes(out) == [(2, Code.EXEC_THROTTLE)]
    assert out.refusals.value.tolist() == [pytest.approx(3.0)]


def test_target_weights_are_held_to_the_halt_too(run: Any) -> None:
    bars = [10.0, 10.0, 7.0, 7.0]
    weights = np.array([[0.9, np.nan, 0.2, 0.5]])
    more = {
        "signals": None,
        "weights": weights,
        "rebalance": np.array([1, 1, 1, 1], dtype=np.uint8),
    }
    out = run(market(bars, more=more, limit_daily_loss=10.0))
    assert codes(out) == [(2, Code.LOSS_LIMIT), (3, Code.TRADING_HALTED)]
    assert out.held.tolist() == [90.0]


@pytest.mark.parametrize(
    ("settings", "more", "code", "value", "limit"),
    [
        ({"limit_net": 999.0}, {}, Code.EXPOSURE_NET, 1000.0, 999.0),
        ({"limit_strategy": 999.0}, {}, Code.EXPOSURE_STRATEGY, 1000.0, 999.0),
        ({"limit_sector": 999.0}, {"sector": [0]}, Code.EXPOSURE_SECTOR, 1000.0, 999.0),
        ({"limit_open_orders": 0.0}, {}, Code.OPEN_ORDERS, 1.0, 0.0),
    ],
)
def test_each_new_limit_refuses_at_the_decision(
    run: Any, settings: Any, more: Any, code: Code, value: float, limit: float
) -> None:
    arrays = {name: np.array(values, dtype=np.int32) for name, values in more.items()}
    out = run(market([10.0, 10.0], signals={0: "long"}, more=arrays, **settings))
    assert codes(out) == [(0, code)]
    assert (out.refusals.value.tolist(), out.refusals.limit.tolist()) == ([value], [limit])


def test_a_haircut_holds_a_part_of_the_cash_back(run: Any) -> None:
    enough = run(market([10.0, 10.0], signals={0: "long"}, amount=0.8, haircut=20.0))
    more = run(market([10.0, 10.0], signals={0: "long"}, amount=0.81, haircut=20.0))
    assert codes(enough) == []
    assert codes(more) == [(0, Code.BUYING_POWER)]
    assert (more.refusals.value.tolist(), more.refusals.limit.tolist()) == ([810.0], [800.0])


def test_turning_a_position_works_two_orders(run: Any) -> None:
    bars = [10.0] * 4
    signals = {0: "long", 1: "exit short"}
    limits: dict[str, Any] = {"amount": 0.5}
    one = run(market(bars, signals=signals, limit_open_orders=1.0, **limits))
    two = run(market(bars, signals=signals, limit_open_orders=2.0, **limits))
    assert codes(one) == [(1, Code.OPEN_ORDERS)]
    assert one.refusals.value.tolist() == [2.0]
    assert codes(two) == []


def test_symbols_without_a_sector_are_not_limited_by_it(run: Any) -> None:
    bars = [10.0, 10.0]
    signals = [{0: "long"}] * 3
    sector = {"sector": np.array([0, 0, -1], dtype=np.int32)}
    limits: dict[str, Any] = {"limit_sector": 300.0, "amount": 0.2}
    out = run(market(bars, bars, bars, signals=signals, more=sector, **limits))
    assert codes(out) == [(0, Code.EXPOSURE_SECTOR)]
    assert out.refusals.symbol.tolist() == [1]
    assert out.refusals.value.tolist() == [400.0]


def test_lists_and_moments_refuse_entries_and_let_exits_pass(run: Any) -> None:
    bars = [10.0] * 3
    listed = {
        "restricted": np.array([0, 1], dtype=np.uint8),
        "closed": np.array([0, 1, 0], dtype=np.uint8),
    }
    signals = [{0: "long", 1: "exit"}, {0: "long"}]
    out = run(market(bars, bars, signals=signals, more=listed, amount=0.2))
    assert codes(out) == [(0, Code.RESTRICTED)]
    late = run(market(bars, signals={1: "long"}, more={"closed": listed["closed"]}))
    assert codes(late) == [(1, Code.SESSION)]


@pytest.mark.parametrize(
    ("kind", "prices", "refused"),
    [
        (OrderKind.LIMIT, {"limit": 10.5}, False),
        (OrderKind.LIMIT, {"limit": 10.51}, True),
        (OrderKind.LIMIT, {"limit": 9.49}, True),
        (OrderKind.STOP, {"stop": 10.51}, True),
        (OrderKind.STOP, {"stop": 9.0}, False),
        (OrderKind.STOP_LIMIT, {"limit": 10.2, "stop": 11.0}, False),
    ],
)
def test_limit_and_stop_entries_are_held_to_the_collar(
    run: Any, kind: OrderKind, prices: Any, refused: bool
) -> None:
    arrays = {name: row(price, price) for name, price in prices.items()}
    limits: dict[str, Any] = {"limit_collar": 5.0, "order_kind": kind}
    out = run(market([10.0, 10.0], signals={0: "long"}, more=arrays, **limits))
    assert codes(out) == ([(0, Code.PRICE_COLLAR)] if refused else [])


def test_closes_that_drift_over_the_three_newest_bars_keep_entries_out(run: Any) -> None:
    bars = [10.0, 20.0, None, 20.5, 21.0]
    late = run(market(bars, signals={4: "long"}, limit_drift=6.0))
    early = run(market(bars, signals={3: "long"}, limit_drift=6.0))
    assert codes(late) == []
    assert codes(early) == [(3, Code.PRICE_DRIFT)]
    assert early.refusals.value.tolist() == [10.0]
