"""After a halt the broker's book is emptied, whatever fails on the way, and nobody else's order is touched."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain import order_lifecycle
from quantumzero.domain.errors import UnavailableError, UnknownOutcomeError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.orders import OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases.empty_book import EmptyBook
from quantumzero.usecases.place_order import LEASE
from tests.fakes.legs_desk import legs_desk, rest
from tests.fakes.memory_broker import MemoryBroker
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE = 3.0


class Turning:
    """A pause that turns the clock, and lets things happen before a round."""

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk
        self.before: dict[int, Callable[[], object]] = {}

    def wait(self, attempt: int) -> None:
        self._desk.machine.advance(PAUSE)
        self.before.get(attempt + 1, lambda: None)()


class Stormy(MemoryBroker):
    """Answers 429 to everything but a send, so many times."""

    def __init__(self, desk: OrderDesk, calls: int) -> None:
        super().__init__(desk.market, Decimal(100000))
        self.calls = calls
        self.asked: list[str] = []

    def _storm(self, what: str) -> None:
        self.asked.append(what)
        self.calls -= 1
        if self.calls >= 0:
            raise UnknownOutcomeError("429") if what != "list" else UnavailableError("429")

    def _read(self) -> None:
        self._storm("list")

    def cancel(self, broker_order_id: str) -> None:
        self._storm("one")
        super().cancel(broker_order_id)

    def cancel_open(self) -> None:
        self._storm("all")
        super().cancel_open()


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.broker = Stormy(desk, 0)
    for each in (desk.place, desk.cancel, desk.sweep):
        object.__setattr__(each, "broker", desk.broker)
    return desk


def emptying(desk: OrderDesk) -> tuple[EmptyBook, Turning]:
    turning = Turning(desk)
    book = EmptyBook(
        ledger=desk.ledger,
        broker=desk.broker,
        book=desk.broker,
        cancel=desk.cancel,
        machine=desk.machine,
        pause=turning,
    )
    return book, turning


def buy(desk: OrderDesk, symbol: str) -> None:
    """Approve an order as check_risk does and place it."""
    now = desk.market.now()
    terms = OrderTerms(f"qz1-{symbol}", "decision", "s", symbol, Side.BUY, Decimal(1))
    step = order_lifecycle.intend(terms, at=now, recorded_at=now, reference_price=Decimal(40))
    desk.ledger.commit(change_of(step, Position(symbol), at=now))
    desk.place.place(terms.client_order_id, request="r1")


def halt(desk: OrderDesk) -> None:
    desk.ledger.set_state(TradingState.HALTED, by="test", reason="test", at=desk.market.now())


def statuses(desk: OrderDesk) -> set[str]:
    return {each.status for each in desk.broker.accepted.values()}


def test_one_request_cancels_what_is_all_ours(desk: OrderDesk) -> None:
    for symbol in ("AAPL", "IBM", "MSFT"):
        buy(desk, symbol)
    halt(desk)
    report = emptying(desk)[0].run(seconds=100)
    assert (report.open, report.complete, statuses(desk)) == (0, True, {"canceled"})
    assert desk.broker.asked.count("all") == 1
    assert desk.broker.asked.count("one") == 0
    assert desk.machine.monotonic() >= LEASE.total_seconds()


def test_an_order_of_somebody_else_stays(desk: OrderDesk) -> None:
    buy(desk, "AAPL")
    desk.broker.submit(OrderTerms("theirs", "-", "-", "IBM", Side.BUY, Decimal(1)))
    halt(desk)
    assert emptying(desk)[0].run(seconds=100).complete
    assert statuses(desk) == {"canceled", "new"}
    assert desk.broker.accepted["theirs"].status == "new"
    assert "all" not in desk.broker.asked


def test_an_order_that_was_on_its_way_at_the_halt_is_cancelled_when_it_arrives(
    desk: OrderDesk,
) -> None:
    desk.broker.submit_faults = ["late"]
    buy(desk, "AAPL")
    halt(desk)
    book, turning = emptying(desk)
    turning.before[3] = desk.broker.deliver
    assert book.run(seconds=100).complete
    assert statuses(desk) == {"canceled"}


@pytest.mark.parametrize("calls", [1, 2, 3, 4, 5, 20])
def test_a_storm_of_429_only_delays(desk: OrderDesk, calls: int) -> None:
    for symbol in ("AAPL", "IBM"):
        buy(desk, symbol)
    halt(desk)
    desk.broker.calls = calls
    report = emptying(desk)[0].run(seconds=300)
    assert (report.open, statuses(desk)) == (0, {"canceled"})


def test_out_of_time_it_says_what_it_knows(desk: OrderDesk) -> None:
    buy(desk, "AAPL")
    halt(desk)
    desk.broker.calls = 10_000
    report = emptying(desk)[0].run(seconds=30)
    assert (report.open, report.complete) == (None, False)
    assert statuses(desk) == {"new"}


def test_it_stops_when_trading_is_resumed(desk: OrderDesk) -> None:
    halt(desk)
    book, turning = emptying(desk)

    def resume() -> None:
        desk.ledger.set_state(TradingState.ACTIVE, by="t", reason="t", at=desk.market.now())
        buy(desk, "AAPL")

    turning.before[2] = resume
    report = book.run(seconds=100)
    assert (report.resumed, report.complete, statuses(desk)) == (True, True, {"new"})


def test_the_stop_of_a_pair_whose_target_is_gone_is_not_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = legs_desk()
    name = rest(desk).terms.client_order_id
    halt(desk)
    monkeypatch.setattr(desk.broker, "orders", lambda **_: [])
    book, _ = emptying(desk)
    report = book.run(seconds=60)
    assert (report.open, report.rounds > 1) == (0, True)
    assert desk.broker.accepted[name].status == "canceled"
