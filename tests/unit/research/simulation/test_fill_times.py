"""When and at what price orders trade."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from quantumzero.research.simulation.request import FillAt, Life, OrderKind, SizeBy
from tests.unit.research.simulation.markets import market, row

FILLED, CANCELLED, EXPIRED = 1, 2, 3
NAN = float("nan")


def test_a_market_order_trades_at_the_open_of_the_next_bar(run: Any) -> None:
    out = run(market([10.0, (11.0, 12.0, 10.0, 12.0), 12.0], signals={0: "long"}, lot=1.0))
    # 1000 / 10 = 100 shares were wanted, the open at 11 pays for 90.
    assert out.fills.price.tolist() == [11.0]
    assert out.fills.quantity.tolist() == [90.0]
    assert out.fills.time.tolist() == [100]
    assert out.curves.equity.tolist() == [1000.0, 10.0 + 90 * 12.0, 10.0 + 90 * 12.0]


def test_a_missing_bar_is_waited_for(run: Any) -> None:
    out = run(market([10.0, None, 20.0], signals={0: "long"}, lot=0.0))
    assert out.fills.time.tolist() == [200]
    assert out.fills.quantity.tolist() == [50.0]


@pytest.mark.parametrize(
    ("fill_at", "price", "time"),
    [(FillAt.CLOSE, 10.0, 90), (FillAt.NEXT_CLOSE, 12.0, 190), (FillAt.QUOTE, 10.5, 90)],
)
def test_other_moments_of_a_fill(run: Any, fill_at: FillAt, price: float, time: int) -> None:
    quotes = {"ask": row(10.5, 9.0, 9.0), "bid": row(9.5, 9.0, 9.0)}
    bars = [10.0, (11.0, 12.0, 10.0, 12.0), 12.0]
    out = run(market(bars, signals={0: "long"}, fill_at=fill_at, more=quotes))
    assert (out.fills.price.tolist(), out.fills.time.tolist()) == ([price], [time])


def test_a_missing_quote_leaves_the_order_unfilled_and_it_expires(run: Any) -> None:
    quotes = {"ask": row(0.0, 9.0), "bid": row(0.0, 9.0)}
    out = run(market([10.0, 10.0], signals={0: "long"}, fill_at=FillAt.QUOTE, more=quotes))
    assert out.orders.state.tolist() == [EXPIRED]
    assert np.isnan(out.orders.filled_price[0])


def test_a_reversal_sells_and_sells_short_at_the_same_open_exit_first(run: Any) -> None:
    bars = [10.0, 10.0, 10.0, 8.0]
    out = run(market(bars, signals={0: "long", 2: "exit short"}, lot=0.0))
    assert out.orders.purpose.tolist() == [0, 1, 0]
    assert out.fills.time.tolist() == [100, 300, 300]
    # 100 shares bought at 10 and sold at 8, then 1000 of money sold short at 8.
    assert out.fills.quantity.tolist() == [100.0, 100.0, 800.0 / 8.0]
    assert out.held.tolist() == [-100.0]


def test_an_entry_signal_while_something_is_held_does_nothing(run: Any) -> None:
    out = run(market([10.0, 10.0, 10.0, 10.0], signals={0: "long", 1: "long", 2: "long"}))
    assert len(out.orders) == 1


@pytest.mark.parametrize(
    ("bar", "price"),
    [((9.0, 9.5, 8.0, 9.0), 9.0), ((11.0, 11.0, 9.5, 10.0), 9.5), ((11.0, 11.0, 9.6, 10.0), None)],
)
def test_a_buy_limit_fills_at_the_open_or_at_its_limit(
    run: Any, bar: tuple[float, float, float, float], price: float | None
) -> None:
    limits = {"limit": row(9.5, NAN)}
    request = market([10.0, bar], signals={0: "long"}, order_kind=OrderKind.LIMIT, more=limits)
    out = run(request)
    assert out.fills.price.tolist() == ([] if price is None else [price])
    assert out.orders.state.tolist() == [EXPIRED if price is None else FILLED]


@pytest.mark.parametrize(
    ("bar", "price"),
    [
        ((12.0, 12.0, 9.0, 9.0), 12.0),
        ((10.0, 11.0, 9.0, 9.0), 11.0),
        ((10.0, 10.9, 9.0, 9.0), None),
    ],
)
def test_a_buy_stop_fills_at_the_gapped_open_or_at_its_stop(
    run: Any, bar: tuple[float, float, float, float], price: float | None
) -> None:
    stops = {"stop": row(11.0, NAN)}
    request = market([10.0, bar], signals={0: "long"}, order_kind=OrderKind.STOP, more=stops)
    assert run(request).fills.price.tolist() == ([] if price is None else [price])


def test_a_stop_limit_triggered_inside_the_bar_waits_when_its_limit_is_better(run: Any) -> None:
    prices = {"stop": row(11.0, NAN, NAN), "limit": row(10.5, NAN, NAN)}
    bars = [10.0, (10.0, 11.5, 9.0, 11.0), (11.0, 11.0, 10.0, 10.0)]
    kind = {"order_kind": OrderKind.STOP_LIMIT, "life": Life.GOOD_TIL_CANCELLED}
    out = run(market(bars, signals={0: "long"}, more=prices, **kind))
    assert (out.fills.price.tolist(), out.fills.time.tolist()) == ([10.5], [290])


def test_a_trailing_entry_follows_the_low_after_the_bar_has_been_checked(run: Any) -> None:
    # Buys 10 % above the lowest price: 11 after the decision, 8.8 once the low of 8 is over.
    bars = [10.0, (10.0, 10.0, 8.0, 8.0), (8.0, 9.0, 8.0, 9.0)]
    kind = {"order_kind": OrderKind.TRAILING_STOP, "entry_trail_fraction": 0.1}
    out = run(market(bars, signals={0: "long"}, life=Life.GOOD_TIL_CANCELLED, **kind))
    assert out.fills.price.tolist() == [8.0 * 1.1]


def test_market_on_open_and_on_close_wait_for_their_auction(run: Any) -> None:
    bars = [10.0, (10.0, 11.0, 10.0, 11.0), (12.0, 13.0, 12.0, 13.0), (14.0, 15.0, 14.0, 15.0)]
    sessions = [0, 0, 0, 1]
    opening = market(
        bars, signals={0: "long"}, sessions=sessions, order_kind=OrderKind.MARKET_ON_OPEN
    )
    closing = market(
        bars, signals={0: "long"}, sessions=sessions, order_kind=OrderKind.MARKET_ON_CLOSE
    )
    assert run(opening).fills.price.tolist() == [14.0]
    assert run(closing).fills.price.tolist() == [13.0]


def test_a_day_order_lives_to_the_end_of_its_first_session_and_gtc_beyond(run: Any) -> None:
    limits = {"limit": row(9.0, NAN, NAN, NAN)}
    bars = [10.0, 10.0, 10.0, (9.0, 9.0, 9.0, 9.0)]
    kind = {"order_kind": OrderKind.LIMIT, "sessions": [0, 1, 1, 2], "more": limits}
    day = run(market(bars, signals={0: "long"}, **kind))
    stays = run(market(bars, signals={0: "long"}, life=Life.GOOD_TIL_CANCELLED, **kind))
    assert day.orders.state.tolist() == [EXPIRED]
    assert stays.fills.time.tolist() == [300]


def test_ioc_takes_what_the_open_gives_and_fok_all_or_nothing(run: Any) -> None:
    part = {"participation": 0.01, "size_by": SizeBy.QUANTITY, "amount": 25.0, "volume": 1000.0}
    bars = [10.0, 10.0, 10.0]
    soon = run(market(bars, signals={0: "long"}, life=Life.IMMEDIATE_OR_CANCEL, **part))
    whole = run(market(bars, signals={0: "long"}, life=Life.FILL_OR_KILL, **part))
    assert (soon.fills.quantity.tolist(), soon.orders.state.tolist()) == ([10.0], [CANCELLED])
    assert (whole.fills.quantity.tolist(), whole.orders.state.tolist()) == ([], [CANCELLED])


def test_the_participation_cap_leaves_the_rest_for_later_bars(run: Any) -> None:
    part = {"participation": 0.01, "size_by": SizeBy.QUANTITY, "amount": 25.0, "volume": 1099.0}
    bars = [10.0, 10.0, 11.0, 12.0]
    out = run(market(bars, signals={0: "long"}, life=Life.GOOD_TIL_CANCELLED, **part))
    assert out.fills.quantity.tolist() == [10.0, 10.0, 5.0]
    assert out.orders.filled_price.tolist() == [(100.0 + 110.0 + 60.0) / 25.0]


def test_a_tiny_volume_still_gives_one_share_and_fractions_their_part(run: Any) -> None:
    part = {"participation": 0.01, "size_by": SizeBy.QUANTITY, "amount": 3.0, "volume": 10.0}
    whole = run(market([10.0, 10.0], signals={0: "long"}, **part))
    fine = run(market([10.0, 10.0], signals={0: "long"}, lot=0.0, **part))
    assert whole.fills.quantity.tolist() == [1.0]
    assert fine.fills.quantity.tolist() == [0.1]


def test_an_exit_cancels_what_still_works_of_the_entry(run: Any) -> None:
    part = {"participation": 0.01, "size_by": SizeBy.QUANTITY, "amount": 25.0}
    bars = [10.0, 10.0, 10.0, 10.0]
    signals = {0: "long", 1: "exit"}
    out = run(market(bars, signals=signals, life=Life.GOOD_TIL_CANCELLED, **part))
    assert out.orders.state.tolist() == [CANCELLED, FILLED]
    assert out.trades.quantity.tolist() == [10.0]


def test_the_last_bars_decision_leaves_its_order_open(run: Any) -> None:
    out = run(market([10.0, 10.0], signals={1: "long"}))
    assert out.orders.state.tolist() == [0]


def test_no_entry_for_an_instrument_that_is_no_member(run: Any) -> None:
    member = {"member": np.array([[0, 1, 1]], dtype=np.uint8)}
    out = run(market([10.0, 10.0, 10.0], signals={0: "long", 1: "long"}, more=member))
    assert out.orders.decided_at.tolist() == [190]


def test_finalise_closes_at_the_last_close(run: Any) -> None:
    out = run(market([10.0, 10.0, (10.0, 12.0, 10.0, 12.0)], signals={0: "long"}, finalise=True))
    assert (out.trades.exit_price.tolist(), out.trades.reason.tolist()) == ([12.0], [8])
    assert out.curves.equity.tolist() == [1000.0, 1000.0, 1200.0]
    assert out.curves.gross.tolist() == [0.0, 1000.0, 0.0]


@pytest.mark.parametrize(
    ("kind", "bar", "price"),
    [
        (OrderKind.LIMIT, (9.0, 10.6, 9.0, 10.0), 10.5),
        (OrderKind.LIMIT, (11.0, 11.0, 9.0, 10.0), 11.0),
        (OrderKind.STOP, (10.0, 10.0, 8.9, 9.0), 9.0),
        (OrderKind.STOP, (8.0, 9.0, 8.0, 9.0), 8.0),
    ],
)
def test_short_entries_mirror_the_comparisons(
    run: Any, kind: OrderKind, bar: tuple[float, float, float, float], price: float
) -> None:
    levels = {"limit": row(10.5, NAN), "stop": row(9.0, NAN)}
    out = run(market([10.0, bar], signals={0: "short"}, order_kind=kind, more=levels))
    assert out.fills.price.tolist() == [price]
    assert out.held[0] < 0


def test_an_entry_whose_limit_is_unknown_is_not_sent(run: Any) -> None:
    limits = {"limit": row(NAN, NAN)}
    out = run(market([10.0, 10.0], signals={0: "long"}, order_kind=OrderKind.LIMIT, more=limits))
    assert (len(out.orders), len(out.refusals)) == (0, 0)


def test_a_signal_on_a_missing_bar_is_ignored(run: Any) -> None:
    out = run(market([10.0, None, 10.0, 10.0], signals={1: "long"}))
    assert len(out.orders) == 0


def test_a_reversal_whose_exit_is_capped_keeps_its_entry_waiting(run: Any) -> None:
    size = {"size_by": SizeBy.QUANTITY, "amount": 10.0}
    volumes = {"volume": np.array([[1000.0, 1000.0, 1000.0, 600.0, 1000.0, 1000.0]])}
    stays = {"participation": 0.01, "life": Life.GOOD_TIL_CANCELLED, "more": volumes}
    out = run(market([10.0] * 6, signals={0: "long", 2: "exit short"}, **size, **stays))
    # 6 of the 10 leave on row 3; on row 4 the last 4 do, and the short of 10 is opened after them.
    assert out.fills.time.tolist() == [100, 300, 400, 400]
    assert out.fills.quantity.tolist() == [10.0, 6.0, 4.0, 10.0]
    assert out.trades.quantity.tolist() == [10.0]


def test_exits_of_all_instruments_trade_before_entries_so_that_they_pay_for_them(run: Any) -> None:
    bars = [10.0] * 4
    signals = [{2: "long"}, {0: "long", 2: "exit"}]
    out = run(market(bars, bars, signals=signals, amount=0.5))
    assert out.orders.symbol.tolist() == [1, 0, 1]
    assert out.fills.order.tolist() == [0, 2, 1]
