"""Stops and targets that rest, on every broker that offers them: the real adapters, the exchange's real prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import intend
from quantumzero.domain.orders import (
    Leg,
    OrderClass,
    OrderState,
    OrderTerms,
    OrderType,
    Side,
    TimeInForce,
)
from quantumzero.domain.portfolio import Position
from quantumzero.domain.protection import kept_here, leg_id
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from quantumzero.usecases.relay_trade_updates import RelayTradeUpdates
from tests.contract.brokers.test_alpaca_trade_updates import Listening
from tests.contract.brokers.trading_desk import BRACKET, ENTRY, STOP_ONLY, Trading
from tests.fakes.held_leases import HeldLeases
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.exchange.control import Exchange
    from quantumzero.adapters.brokers.alpaca import AlpacaBroker, AlpacaClock
    from quantumzero.domain.orders import BrokerOrder
    from tests.contract.brokers.conftest import PaperMarket

D = Decimal
S = OrderState


@pytest.fixture
def trading(exchange: Exchange, alpaca: AlpacaBroker, alpaca_clock: AlpacaClock) -> Trading:
    return Trading(exchange, alpaca, alpaca_clock)


def test_a_target_and_a_stop_rest_as_one_order(trading: Trading) -> None:
    trading.enter()
    trading.day()
    leg = trading.leg()
    assert (leg.state, leg.terms.order_class, leg.terms.quantity) == (S.ACCEPTED, OrderClass.OCO, 3)
    assert trading.shown() == {"limit": "accepted", "stop": "held"}
    told = trading.desk.broker.orders(since=None, open_only=True)
    assert [each.client_order_id for each in told] == [leg.terms.client_order_id]
    trading.day()
    assert trading.leg().state is S.ACCEPTED
    trading.assert_books_agree()


@pytest.mark.parametrize(
    ("target", "stop", "price_of"), [("500", "107", "stop"), ("109", "1", "limit")]
)
def test_whichever_half_fills_the_one_order_is_filled(
    trading: Trading, target: str, stop: str, price_of: str
) -> None:
    trading.enter(replace(BRACKET, take_profit_price=D(target), stop_loss_price=D(stop)))
    for _ in range(3):
        trading.day()
    leg = trading.leg()
    assert (leg.state, leg.filled_quantity) == (S.FILLED, 3)
    fills = trading.exchange.control.books()["fills"]
    assert leg.filled_cost == 3 * D(fills[-1]["price"])
    assert (fills[-1]["client_order_id"] == leg.terms.client_order_id) == (price_of == "limit")
    trading.sweep()
    assert trading.desk.ledger.held_orders() == []
    assert trading.desk.ledger.position("GOOG").quantity == 0
    trading.assert_books_agree()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "stop"),
        ({"stop_loss_limit_price": D("100.50")}, "stop_limit"),
        ({"stop_loss_price": None, "take_profit_price": D("109")}, "limit"),
        (
            {
                "order_class": OrderClass.SIMPLE,
                "stop_loss_price": None,
                "protection": ProtectionPlan(trailing_stop=Offset(money=D("1.50"))),
            },
            "trailing_stop",
        ),
    ],
)
def test_one_leg_alone_rests_and_closes_the_position(
    trading: Trading, changes: dict[str, Any], kind: str
) -> None:
    trading.enter(replace(STOP_ONLY, **changes))
    trading.day()
    name = Leg.TARGET if kind == "limit" else Leg.STOP
    assert trading.leg(kind=name).state is S.ACCEPTED
    assert trading.shown() == {kind: "accepted"}
    for _ in range(3):
        trading.day()
    assert trading.leg(kind=name).state is S.FILLED
    trading.sweep()
    assert trading.desk.ledger.position("GOOG").quantity == 0
    assert trading.desk.ledger.held_orders() == []
    trading.assert_books_agree()


def test_of_an_entry_that_ends_half_filled_the_half_is_protected(trading: Trading) -> None:
    large = replace(BRACKET, quantity=D(900), time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL)
    trading.enter(large)
    trading.day()
    entry = trading.desk.ledger.records[ENTRY]
    assert entry.state is S.CANCELED
    assert 0 < entry.filled_quantity < 900
    assert trading.leg().terms.quantity == entry.filled_quantity
    assert trading.leg().state is S.ACCEPTED
    trading.assert_books_agree()


def test_an_exit_takes_the_pair_off_and_sells_once(trading: Trading) -> None:
    trading.enter()
    trading.day()
    exits = OrderTerms("qz1-exit", "x", "by-hand", "GOOG", Side.SELL, D(3), leg=Leg.EXIT)
    assert trading.send(exits) is S.ACCEPTED
    assert trading.leg().state is S.CANCELED
    assert trading.shown() == {"market": "accepted"}
    trading.day()
    trading.sweep()
    assert trading.desk.ledger.records["qz1-exit"].state is S.FILLED
    assert trading.desk.ledger.held_orders() == []
    assert trading.desk.ledger.position("GOOG").quantity == 0
    trading.assert_books_agree()


def test_a_pair_whose_stop_works_alone_is_cancelled_whole(trading: Trading) -> None:
    # The stop is met on the fourth day, its limit never is: the target is gone and the stop works.
    trading.enter(replace(BRACKET, stop_loss_price=D(107), stop_loss_limit_price=D(300)))
    for _ in range(3):
        trading.day()
    assert trading.shown() == {"stop_limit": "new"}
    assert trading.leg().state is S.ACCEPTED
    assert trading.desk.cancel.cancel(trading.leg())
    trading.sweep()
    assert trading.leg().state is S.CANCELED
    # The position is never bare: the pair rests again under its next id.
    assert trading.leg(2).state is S.ACCEPTED
    trading.assert_books_agree()


@pytest.mark.parametrize("action", ["accept_then_drop", "accept_then_status"])
def test_a_lost_answer_to_a_pair_is_resolved_by_our_id(trading: Trading, action: str) -> None:
    trading.enter()
    rule = {"method": "POST", "path": "^/v2/orders$", "nth": 1, "action": action}
    trading.exchange.control.add_faults(rule)
    trading.day()
    assert trading.leg().state is S.UNKNOWN
    trading.sweep()
    assert trading.leg().state is S.ACCEPTED
    assert trading.shown() == {"limit": "accepted", "stop": "held"}
    trading.assert_books_agree()


def test_news_of_either_half_never_makes_an_order_of_somebody_elses(trading: Trading) -> None:
    desk = trading.desk
    trading.enter(replace(BRACKET, stop_loss_price=D(107)))
    trading.day()
    relay = RelayTradeUpdates(
        stream=Told(_two_days_of_news(trading)),
        apply=desk.apply,
        leases=HeldLeases(desk.machine),
        heartbeats=desk.heartbeats,
        alerts=desk.ledger,
        market=desk.market,
        machine=desk.machine,
        legs=desk.legs,
    )
    assert relay.relay(owner="relay", seconds=1) == 1
    # The target's end without the stop's fill is no news of the whole: the order still works here.
    assert trading.leg().state is S.ACCEPTED
    assert set(desk.ledger.records) == {
        ENTRY,
        *(leg_id(ENTRY, Leg.STOP, generation) for generation in (1, 2)),
        leg_id(ENTRY, Leg.TARGET, 1),
    }
    trading.keep_time()
    trading.sweep()
    assert trading.leg().state is S.FILLED
    trading.sweep()
    trading.assert_books_agree()


class Told:
    """Implements TradeUpdates by what was heard before."""

    def __init__(self, heard: list[BrokerOrder]) -> None:
        self._heard = heard

    def updates(self, *, seconds: float) -> Iterator[BrokerOrder | None]:
        assert seconds > 0
        yield from self._heard


def _two_days_of_news(trading: Trading) -> list[BrokerOrder]:
    """Return what the stream tells while the pair's stop is met."""
    listening = Listening(trading.exchange, seconds=2.5)
    for _ in range(2):
        trading.exchange.control.open_session()
        trading.exchange.control.run_session()
    listening.end()
    assert listening.heard
    return listening.heard


def test_on_paper_a_stop_rests_and_fills(paper: PaperMarket) -> None:
    desk = OrderDesk(broker=paper.broker, legs_at="paper")
    paper.broker.bars.put_bars(desk.bars._bars.values())
    terms = replace(STOP_ONLY, symbol="AAPL", stop_loss_price=D("20.50"))
    now = paper.clock.now()
    step = intend(kept_here(terms), at=now, recorded_at=now, reference_price=D(20))
    desk.ledger.commit(change_of(step, Position("AAPL"), at=now))
    assert desk.place.place(ENTRY, request="r0") is S.ACCEPTED
    for number in range(3):
        paper.trade()
        passed = (paper.clock.now() - desk.market.now()).total_seconds()
        desk.market.advance(passed)
        desk.machine.advance(passed + timedelta(minutes=1).total_seconds())
        desk.sweep.sweep(request=f"s{number}")
    stop = desk.ledger.records[leg_id(ENTRY, Leg.STOP, 1)]
    assert (stop.terms.order_type, stop.terms.time_in_force) == (
        OrderType.STOP,
        TimeInForce.GOOD_TIL_CANCELED,
    )
    assert stop.state is S.FILLED
    assert desk.ledger.position("AAPL").quantity == 0
    assert desk.reconcile.reconcile().clean
