"""The relay holds the stream alone and applies what it hears."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.errors import ConflictError, UnavailableError
from quantumzero.domain.orders import Leg, OrderState
from quantumzero.usecases.conflicts import ATTEMPTS
from quantumzero.usecases.relay_trade_updates import LEASE, RelayTradeUpdates
from tests.fakes.held_leases import HeldBeats, HeldLeases
from tests.fakes.legs_desk import ENTRY, enter, leg, legs_desk
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.orders import BrokerOrder


class Told:
    """Implements TradeUpdates: tells the given words, a few seconds apart."""

    def __init__(self, desk: OrderDesk, words: Sequence[BrokerOrder | None]) -> None:
        self._desk = desk
        self._words = words

    def updates(self, *, seconds: float) -> Iterator[BrokerOrder | None]:
        for word in self._words:
            self._desk.machine.advance(6)
            yield word


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


def relay_of(
    desk: OrderDesk, words: Sequence[BrokerOrder | None], leases: HeldLeases | None = None
) -> RelayTradeUpdates:
    return RelayTradeUpdates(
        stream=Told(desk, words),
        apply=desk.apply,
        leases=leases or HeldLeases(desk.machine),
        heartbeats=HeldBeats(),
        alerts=desk.ledger,
        market=desk.market,
        machine=desk.machine,
        legs=desk.legs,
    )


def test_fills_are_applied_and_the_lease_is_given_back(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    filled = desk.broker.fill(name, Decimal(500), Decimal(40))
    foreign = replace(filled, client_order_id="by-hand")
    leases = HeldLeases(desk.machine)
    relay = relay_of(desk, [None, foreign, filled, None], leases)
    assert relay.relay(owner="first", seconds=60) == 1
    assert desk.ledger.records[name].state is OrderState.FILLED
    assert leases.acquire(LEASE, "second", seconds=1) is not None
    assert relay.heartbeats.beats


def test_somebody_elses_stream_is_left_alone(desk: OrderDesk) -> None:
    leases = HeldLeases(desk.machine)
    leases.acquire(LEASE, "other", seconds=60)
    assert relay_of(desk, [None], leases).relay(owner="first", seconds=60) is None


def test_a_lost_lease_ends_the_relay(desk: OrderDesk) -> None:
    leases = HeldLeases(desk.machine)
    relay = relay_of(desk, [None] * 50, leases)
    started = desk.machine.monotonic()
    taking = leases.renew
    leases.renew = lambda lease, *, seconds: None
    assert relay.relay(owner="first", seconds=600) == 0
    assert desk.machine.monotonic() - started <= 12
    leases.renew = taking


def test_a_contradiction_raises_an_alert_and_the_relay_goes_on(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    filled = desk.broker.fill(name, Decimal(500), Decimal(40))
    wrong = replace(filled, symbol="IBM")
    assert relay_of(desk, [wrong, filled]).relay(owner="first", seconds=60) == 1
    assert desk.ledger.alerts(limit=1)[0].id == f"corrupt-{name}"


@pytest.mark.parametrize("error", [UnavailableError("throttled"), ConflictError("contended")])
def test_a_word_that_cannot_be_applied_now_does_not_end_the_relay(
    desk: OrderDesk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    name = desk.buy("AAPL")
    first = desk.broker.fill(name, Decimal(100), Decimal(40))
    second = desk.broker.fill(name, Decimal(400), Decimal(40))
    troubles = [error] * ATTEMPTS
    commit = desk.ledger.commit

    def troubled(change: LedgerChange) -> None:
        if troubles:
            raise troubles.pop()
        commit(change)

    monkeypatch.setattr(desk.ledger, "commit", troubled)
    words = [first, *([second] * ATTEMPTS)]
    relay_of(desk, words).relay(owner="first", seconds=60)
    assert desk.ledger.records[name].state is OrderState.FILLED


def test_tables_that_do_not_answer_do_not_end_the_relay(
    desk: OrderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = desk.buy("AAPL")
    filled = desk.broker.fill(name, Decimal(500), Decimal(40))

    def silent(*_arguments: object, **_named: object) -> None:
        raise UnavailableError("no answer")

    leases = HeldLeases(desk.machine)
    monkeypatch.setattr(leases, "renew", silent)
    monkeypatch.setattr(leases, "release", silent)
    monkeypatch.setattr(desk.ledger, "raise_alert", silent)
    words = [None, None, replace(filled, symbol="IBM"), None, filled]
    assert relay_of(desk, words, leases).relay(owner="first", seconds=60) == 1


def test_with_the_news_that_an_entry_is_filled_its_legs_go_to_rest() -> None:
    desk = legs_desk()
    enter(desk)
    words = [desk.broker.fill(ENTRY, Decimal(4), Decimal(40))]
    words.append(desk.broker.fill(ENTRY, Decimal(6), Decimal(40)))
    assert relay_of(desk, words).relay(owner="first", seconds=60) == 2
    assert leg(desk, Leg.STOP).state is OrderState.ACCEPTED
    assert leg(desk, Leg.STOP).terms.quantity == 10
    assert desk.broker.submits == 2
