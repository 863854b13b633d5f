"""What every broker keeps to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.order_identity import client_order_id
from quantumzero.domain.order_snapshots import STANDINGS
from quantumzero.domain.orders import BrokerOrder, OrderState, OrderTerms, Side
from tests.contract.brokers.conftest import CASH
from tests.fakes.manual_clock import ManualClock

if TYPE_CHECKING:
    from quantumzero.ports.brokers import Rejection
    from tests.contract.brokers.conftest import Market


def terms(name: str = "a", side: Side = Side.BUY, quantity: str = "3") -> OrderTerms:
    identifier = client_order_id(
        account="main",
        strategy=name,
        version=1,
        decided_at=ManualClock().now(),
        symbol="AAPL",
    )
    return OrderTerms(identifier, "decision", name, "AAPL", side, Decimal(quantity))


def accepted(answer: BrokerOrder | Rejection) -> BrokerOrder:
    assert isinstance(answer, BrokerOrder)
    return answer


def test_an_accepted_order_is_found_by_its_client_id_and_in_the_list(market: Market) -> None:
    wanted = terms()
    sent = accepted(market.broker.submit(wanted))
    assert (sent.client_order_id, sent.quantity) == (wanted.client_order_id, 3)
    assert (sent.filled_quantity, sent.average_fill_price) == (0, None)
    assert STANDINGS[sent.status] is None
    assert market.broker.order(wanted.client_order_id) == sent
    assert market.broker.orders(since=None, open_only=True) == [sent]
    assert sent.updated_at.tzinfo is not None


def test_a_repeated_client_id_answers_the_order_that_exists(market: Market) -> None:
    first = accepted(market.broker.submit(terms()))
    again = accepted(market.broker.submit(terms()))
    assert again.broker_order_id == first.broker_order_id
    assert len(market.broker.orders(since=None, open_only=False)) == 1


def test_an_unknown_client_id_is_definitely_absent(market: Market) -> None:
    assert market.broker.order("qz1-unknown") is None


def test_a_fill_moves_the_order_the_position_and_the_cash(market: Market) -> None:
    wanted = terms()
    market.broker.submit(wanted)
    market.trade()
    order = market.broker.order(wanted.client_order_id)
    assert order is not None
    assert order.status == "filled"
    assert (order.filled_quantity, order.filled_at is not None) == (3, True)
    assert order.average_fill_price is not None
    account, positions = market.broker.holdings()
    assert account.cash == CASH - order.filled_quantity * order.average_fill_price
    assert [(each.symbol, each.quantity) for each in positions] == [("AAPL", 3)]
    assert market.broker.orders(since=None, open_only=True) == []
    assert market.broker.orders(since=order.created_at, open_only=False) in ([], [order])


def test_cancelling_closes_the_order_and_may_be_repeated(market: Market) -> None:
    sent = accepted(market.broker.submit(terms()))
    market.broker.cancel(sent.broker_order_id)
    market.broker.cancel(sent.broker_order_id)
    order = market.broker.order(sent.client_order_id)
    assert order is not None
    assert STANDINGS[order.status] is OrderState.CANCELED


def test_an_empty_account_has_cash_and_no_positions(market: Market) -> None:
    account, positions = market.broker.holdings()
    assert (account.cash, account.equity, list(positions)) == (CASH, CASH, [])
