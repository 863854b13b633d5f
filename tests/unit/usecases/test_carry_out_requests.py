"""What people wrote into the ledger is carried out at the broker at once, once, and only while it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.ledger_requests import Asked, LedgerRequest
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.usecases.cancel_scope import CancelScope
from quantumzero.usecases.carry_out_requests import CarryOutRequests
from quantumzero.usecases.empty_book import EmptyBook
from quantumzero.usecases.place_order import LEASE
from quantumzero.usecases.request_cancel import RequestCancel
from tests.fakes.manual_clock import NoBackoff
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from collections.abc import Callable

HALT = LedgerRequest(Asked.HALT)


class Turning:
    """A pause that turns the machine's clock, and lets something happen meanwhile."""

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk
        self.meanwhile: Callable[[], object] = lambda: None

    def wait(self, attempt: int) -> None:
        self._desk.machine.advance(float(attempt))
        self.meanwhile()


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    for symbol in ("AAPL", "IBM"):
        desk.price(symbol, "40")
    return desk


@pytest.fixture
def pause(desk: OrderDesk) -> Turning:
    return Turning(desk)


@pytest.fixture
def requests(desk: OrderDesk, pause: Turning) -> CarryOutRequests:
    empty = EmptyBook(
        ledger=desk.ledger,
        broker=desk.broker,
        book=desk.broker,
        cancel=desk.cancel,
        machine=desk.machine,
        pause=pause,
    )
    scope = CancelScope(ledger=desk.ledger, cancel=desk.cancel, machine=desk.machine, pause=pause)
    return CarryOutRequests(
        ledger=desk.ledger, place=desk.place, cancel=desk.cancel, empty=empty, scope=scope
    )


def carry_out(requests: CarryOutRequests, request: LedgerRequest, invocation: str = "one") -> str:
    return requests.carry_out(request, invocation=invocation, seconds=60)


def approved(desk: OrderDesk, symbol: str) -> str:
    """Approve an order and leave it."""
    verdict = desk.decide.decide(desk.decision(symbol, Action.ENTER_LONG), NO_MODEL)
    return verdict.client_order_id


def statuses(desk: OrderDesk) -> dict[str, str]:
    return {each.symbol: each.status for each in desk.broker.accepted.values()}


def stop(desk: OrderDesk, scope: str | None = None) -> None:
    at = desk.market.now()
    if scope is None:
        desk.ledger.set_state(TradingState.HALTED, by="me", reason="test", at=at)
    else:
        desk.ledger.set_scope(scope, TradingState.HALTED, by="me", reason="test", at=at)


def test_an_order_is_sent_once_however_often_it_is_asked_for(
    desk: OrderDesk, requests: CarryOutRequests
) -> None:
    request = LedgerRequest(Asked.SEND, approved(desk, "AAPL"))
    assert carry_out(requests, request) == "sent: ACCEPTED"
    assert carry_out(requests, request) == "sent: ACCEPTED"
    assert carry_out(requests, request, "two") == "sent: ACCEPTED"
    assert desk.broker.submits == 1


def test_an_order_that_a_restored_ledger_forgot_is_not_sent(
    desk: OrderDesk, requests: CarryOutRequests
) -> None:
    said = carry_out(requests, LedgerRequest(Asked.SEND, "qz1-forgotten"))
    assert (said, desk.broker.submits) == ("the order is not in the ledger any more", 0)


def test_after_a_halt_no_order_is_sent(desk: OrderDesk, requests: CarryOutRequests) -> None:
    name = approved(desk, "AAPL")
    stop(desk)
    assert carry_out(requests, LedgerRequest(Asked.SEND, name)) == "sent: INTENT"
    assert desk.broker.submits == 0


def test_a_cancel_reaches_the_broker_and_a_second_one_asks_nobody(
    desk: OrderDesk, requests: CarryOutRequests
) -> None:
    name = desk.buy("AAPL")
    asking = RequestCancel(ledger=desk.ledger, market=desk.market, backoff=NoBackoff())
    asking.request(name, by="me")
    assert statuses(desk) == {"AAPL": "new"}
    assert carry_out(requests, LedgerRequest(Asked.CANCEL, name)) == "cancel asked"
    assert statuses(desk) == {"AAPL": "canceled"}
    desk.sweep.sweep(request="sweep")
    again = carry_out(requests, LedgerRequest(Asked.CANCEL, name))
    assert again == "nothing to cancel any more"
    assert desk.ledger.records[name].state is OrderState.CANCELED


def test_a_halt_of_the_account_cancels_everything(
    desk: OrderDesk, requests: CarryOutRequests
) -> None:
    desk.buy("AAPL")
    desk.buy("IBM")
    stop(desk)
    assert carry_out(requests, HALT).startswith("book empty after")
    assert statuses(desk) == {"AAPL": "canceled", "IBM": "canceled"}


def test_a_halt_waits_for_what_is_on_its_way_and_for_nothing_else(
    desk: OrderDesk, requests: CarryOutRequests
) -> None:
    desk.buy("AAPL")
    stop(desk)
    carry_out(requests, HALT)
    assert desk.machine.monotonic() < LEASE.total_seconds()
    desk.broker.submit_faults = ["lost"]
    desk.ledger.set_state(TradingState.ACTIVE, by="me", reason="test", at=desk.market.now())
    desk.buy("IBM")
    stop(desk)
    began = desk.machine.monotonic()
    carry_out(requests, HALT)
    assert desk.machine.monotonic() - began >= LEASE.total_seconds()


def test_a_halt_that_was_resumed_before_it_came_cancels_nothing(
    desk: OrderDesk, requests: CarryOutRequests
) -> None:
    desk.buy("AAPL")
    assert carry_out(requests, HALT) == "trading is not halted any more"
    assert carry_out(requests, LedgerRequest(Asked.HALT, "symbol:AAPL")).startswith("0 orders")
    assert statuses(desk) == {"AAPL": "new"}


def test_a_halt_with_orders_left_is_asked_for_again(
    desk: OrderDesk, requests: CarryOutRequests
) -> None:
    desk.buy("AAPL")
    stop(desk)
    desk.broker.read_faults = [True] * 1000
    with pytest.raises(UnavailableError, match="an unknown number of orders are still open"):
        carry_out(requests, HALT)


@pytest.mark.parametrize(
    ("scope", "cancelled"),
    [
        ("symbol:AAPL", {"AAPL"}),
        ("strategy:sma-cross", {"AAPL", "IBM"}),
        ("strategy:other", set()),
        ("symbol:MSFT", set()),
    ],
)
def test_a_halted_scope_loses_its_own_orders_and_no_others(
    desk: OrderDesk, requests: CarryOutRequests, scope: str, cancelled: set[str]
) -> None:
    desk.buy("AAPL")
    desk.buy("IBM")
    stop(desk, scope)
    carry_out(requests, LedgerRequest(Asked.HALT, scope))
    found = {symbol for symbol, status in statuses(desk).items() if status == "canceled"}
    assert found == cancelled
    assert desk.machine.monotonic() == 0, "nothing was on its way, so nobody waits"


def test_an_order_on_its_way_at_the_halt_of_its_symbol_is_cancelled_when_it_arrives(
    desk: OrderDesk, requests: CarryOutRequests, pause: Turning
) -> None:
    desk.broker.submit_faults = ["accept_then_lost"]
    name = desk.buy("AAPL")
    assert desk.ledger.records[name].state is OrderState.UNKNOWN
    stop(desk, "symbol:AAPL")
    pause.meanwhile = lambda: desk.apply.apply(desk.broker.accepted[name])
    assert carry_out(requests, LedgerRequest(Asked.HALT, "symbol:AAPL")).startswith("1 orders")
    assert statuses(desk) == {"AAPL": "canceled"}


def test_what_never_arrives_is_left_to_the_sweep_after_its_lease(
    desk: OrderDesk, requests: CarryOutRequests
) -> None:
    desk.broker.submit_faults = ["lost"]
    desk.buy("AAPL")
    stop(desk, "symbol:AAPL")
    assert carry_out(requests, LedgerRequest(Asked.HALT, "symbol:AAPL")).startswith("0 orders")
    assert LEASE.total_seconds() <= desk.machine.monotonic() < 2 * LEASE.total_seconds()
