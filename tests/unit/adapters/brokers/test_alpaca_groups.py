"""An exit by target or stop is two orders of the vendor's and one of ours, whatever has become of the two."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from quantumzero.adapters.brokers.alpaca_groups import open_ids, read_nested, read_open, read_order
from quantumzero.domain.errors import CorruptDataError

D = Decimal
TARGET: dict[str, Any] = {
    "id": "b-1",
    "client_order_id": "qz1-a",
    "symbol": "AAPL",
    "side": "sell",
    "qty": "10",
    "filled_qty": "0",
    "filled_avg_price": None,
    "status": "new",
    "order_class": "oco",
    "submitted_at": "2005-03-01T21:00:00Z",
    "updated_at": "2005-03-01T21:00:00Z",
}
STOP = {
    **TARGET,
    "id": "b-2",
    "client_order_id": "f1e2-of-the-vendor",
    "status": "held",
    "updated_at": "2005-03-01T21:05:00Z",
}


def pair(target: dict[str, Any], stop: dict[str, Any]) -> dict[str, Any]:
    return {**TARGET, **target, "legs": [{**STOP, **stop}]}


def filled(quantity: str, price: str, status: str = "filled") -> dict[str, Any]:
    return {"filled_qty": quantity, "filled_avg_price": price, "status": status}


@pytest.mark.parametrize(
    ("target", "stop", "status", "quantity", "price"),
    [
        ({}, {}, "new", "0", None),
        (filled("10", "44"), {"status": "canceled", "qty": "0"}, "filled", "10", "44"),
        ({"status": "canceled"}, filled("10", "37.9"), "filled", "10", "37.9"),
        ({"status": "canceled"}, {"status": "new"}, "new", "0", None),
        ({"status": "canceled"}, {"status": "canceled"}, "canceled", "0", None),
        ({"status": "expired"}, {"status": "canceled"}, "expired", "0", None),
        ({"status": "rejected"}, {"status": "canceled"}, "rejected", "0", None),
        ({"status": "a word of tomorrow"}, {}, "a word of tomorrow", "0", None),
        (
            filled("4", "44", "canceled"),
            {**filled("6", "37"), "qty": "6"},
            "filled",
            "10",
            "39.8",
        ),
        (
            filled("4", "44", "canceled"),
            {**filled("1", "39", "partially_filled"), "qty": "6"},
            "partially_filled",
            "5",
            "43",
        ),
        (filled("4", "44", "canceled"), {"status": "canceled"}, "canceled", "4", "44"),
    ],
)
def test_what_either_fills_is_filled_and_it_is_closed_when_both_are(
    target: dict[str, Any], stop: dict[str, Any], status: str, quantity: str, price: str | None
) -> None:
    (order,) = read_nested(pair(target, stop))
    assert (order.broker_order_id, order.client_order_id) == ("b-1", "qz1-a")
    assert (order.status, order.quantity, order.filled_quantity) == (status, 10, D(quantity))
    assert order.average_fill_price == (None if price is None else D(price))
    assert order.updated_at.minute == 5


@pytest.mark.parametrize("status", ["new", "partially_filled", "held", "pending_cancel"])
def test_a_target_that_works_tells_of_the_whole(status: str) -> None:
    order = read_order({**TARGET, "status": status, "legs": None})
    assert order is not None
    assert order.status == status


def test_a_filled_target_tells_of_the_whole() -> None:
    order = read_order({**TARGET, **filled("10", "44")})
    assert order is not None
    assert order.filled_quantity == 10


@pytest.mark.parametrize(
    "body",
    [
        {**TARGET, "status": "canceled"},
        {**TARGET, "status": "expired"},
        STOP,
        {**STOP, **filled("10", "37.9")},
        {**TARGET, "client_order_id": "somebody-else"},
    ],
)
def test_one_half_that_cannot_tell_of_the_whole_is_passed_over(body: dict[str, Any]) -> None:
    assert read_order(body) is None
    assert list(read_nested(body)) == []


def test_legs_of_an_entry_are_orders_by_themselves() -> None:
    legs = [{**STOP, "order_class": "bracket"}]
    found = read_nested({**TARGET, "order_class": "bracket", "legs": legs})
    assert [each.broker_order_id for each in found] == ["b-1", "b-2"]


def test_the_halves_that_work_are_named() -> None:
    assert open_ids(pair({"status": "canceled"}, {"status": "new"})) == ["b-2"]
    assert open_ids(pair({}, {})) == ["b-1", "b-2"]
    assert open_ids({**TARGET, "order_class": ""}) == []


def test_a_half_that_is_not_readable_is_corrupt() -> None:
    with pytest.raises(CorruptDataError):
        read_nested(pair({}, {"status": None, "updated_at": None, "submitted_at": None}))
    with pytest.raises(CorruptDataError, match="has no price"):
        read_nested(pair(filled("4", "44", "canceled"), filled("6", "")))


def test_among_open_orders_the_stop_of_a_pair_of_ours_is_not_told_twice() -> None:
    foreign = {**TARGET, "id": "b-3", "client_order_id": "somebody-else", "symbol": "IBM"}
    theirs = {**STOP, "id": "b-4", "symbol": "IBM"}
    listed = [TARGET, STOP, foreign, theirs, {**STOP, "id": "b-5", "order_class": "bracket"}]
    told = [each.broker_order_id for each in read_open(listed)]
    assert told == ["b-1", "b-3", "b-4", "b-5"]
    # Its target is closed: then it is what works.
    assert [each.broker_order_id for each in read_open([STOP])] == ["b-2"]
