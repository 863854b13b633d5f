"""Replacing at the broker: once, under its own id, and a refusal only when no new order exists."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.order_snapshots import STANDINGS
from quantumzero.domain.orders import OrderState, OrderTerms, OrderType
from quantumzero.ports.brokers import Rejection
from tests.contract.brokers.test_broker import accepted, terms

if TYPE_CHECKING:
    from tests.contract.brokers.conftest import Market

D = Decimal


def limit(name: str, quantity: str, price: str) -> OrderTerms:
    return replace(terms(name, quantity=quantity), order_type=OrderType.LIMIT, limit_price=D(price))


def test_the_new_order_stands_in_the_place_of_the_old(market: Market) -> None:
    old = accepted(market.broker.submit(limit("a", "3", "20")))
    wanted = replace(limit("b", "5", "21"), replaces=old.client_order_id)
    new = accepted(market.broker.replace(old.broker_order_id, wanted))
    assert (new.client_order_id, new.quantity) == (wanted.client_order_id, 5)
    assert new.broker_order_id != old.broker_order_id
    gone = market.broker.order(old.client_order_id)
    assert gone is not None
    assert STANDINGS[gone.status] is OrderState.REPLACED
    assert [each.client_order_id for each in market.broker.orders(since=None, open_only=True)] == [
        wanted.client_order_id
    ]


def test_the_same_replacement_again_answers_the_order_that_exists(market: Market) -> None:
    old = accepted(market.broker.submit(limit("a", "3", "20")))
    wanted = limit("b", "5", "21")
    first = accepted(market.broker.replace(old.broker_order_id, wanted))
    again = accepted(market.broker.replace(old.broker_order_id, wanted))
    assert again.broker_order_id == first.broker_order_id
    assert len(market.broker.orders(since=None, open_only=False)) == 2


def test_a_closed_order_is_not_replaced(market: Market) -> None:
    old = accepted(market.broker.submit(limit("a", "3", "20")))
    market.broker.cancel(old.broker_order_id)
    answer = market.broker.replace(old.broker_order_id, limit("b", "5", "21"))
    assert isinstance(answer, Rejection)
    assert answer.code
    assert market.broker.order(limit("b", "5", "21").client_order_id) is None
