"""Orders by hand and halts through the deployed API: written there, at the exchange within seconds, told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.local_cloud.emulator.cloud import until
from tests.local_cloud.replays import with_two_sessions

if TYPE_CHECKING:
    from local.cloud import LocalCloud

# Without a sweep: the stream carries what was written to the exchange.
SECONDS = 20.0
pytestmark = pytest.mark.timeout(600)
BUY = {"symbol": "IBM", "side": "buy", "quantity": "3"}


@pytest.fixture
def cloud(deployed_cloud: LocalCloud) -> LocalCloud:
    return with_two_sessions(deployed_cloud)


def order(cloud: LocalCloud, key: str, **changes: Any) -> tuple[int, Any]:
    body = {**BUY, **changes}
    return cloud.api.call("POST", "/v1/orders", body=body, headers={"idempotency-key": key})


def sweep(cloud: LocalCloud) -> None:
    cloud.invoke("sweep_orders", {"settled": True})


def at_exchange(cloud: LocalCloud) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = cloud.exchange.books()["orders"]
    return orders


def status_of(cloud: LocalCloud, name: str) -> str | None:
    found = {each["client_order_id"]: each["status"] for each in at_exchange(cloud)}
    return found.get(name)


def test_orders_by_hand_reach_the_exchange_once_and_are_cancelled_there(cloud: LocalCloud) -> None:
    before = len(at_exchange(cloud))
    status, written = order(cloud, "first-key")
    assert (status, written["order"]["state"]) == (201, "INTENT")
    assert order(cloud, "first-key")[0] == 200
    assert order(cloud, "first-key", quantity="4")[0] == 409
    _, second = order(cloud, "second-key", symbol="MSFT")
    kept, dropped = (each["order"]["client_order_id"] for each in (written, second))
    until(lambda: len(at_exchange(cloud)) == before + 2, SECONDS)
    sweep(cloud)
    assert len(at_exchange(cloud)) == before + 2
    cancelled = cloud.api.call("POST", f"/v1/orders/{dropped}/cancel")
    assert (cancelled[0], cancelled[1]["order"]["cancel_requested"]) == (200, True)
    until(lambda: status_of(cloud, dropped) == "canceled", SECONDS)
    cloud.exchange.open_session()
    cloud.exchange.run_session()
    sweep(cloud)
    states = {each["client_order_id"]: each["status"] for each in at_exchange(cloud)}
    assert (states[kept], states[dropped]) == ("filled", "canceled")
    story = cloud.api.get(f"/v1/orders/{kept}")
    assert (story["order"]["state"], story["order"]["filled_quantity"]) == ("FILLED", "3")
    assert story["events"][0]["reason"] == "ordered by local-operator"
    assert [each["to_state"] for each in story["events"]][:3] == [
        "INTENT",
        "SUBMITTING",
        "ACCEPTED",
    ]
    assert cloud.api.get(f"/v1/orders/{dropped}")["order"]["state"] == "CANCELED"


def open_symbols(cloud: LocalCloud) -> set[str]:
    closed = ("canceled", "filled", "expired", "replaced", "rejected")
    return {each["symbol"] for each in at_exchange(cloud) if each["status"] not in closed}


def seconds_until_open(cloud: LocalCloud, symbols: set[str], began: float) -> float:
    """Return how long it took from that moment until only these symbols had an open order."""
    until(lambda: open_symbols(cloud) == symbols, SECONDS)
    return time.monotonic() - began


def test_a_halt_from_the_page_cancels_at_the_exchange_within_seconds(cloud: LocalCloud) -> None:
    # The exchange is closed, so that what is sent rests.
    symbols = {"IBM", "MSFT", "AAPL"}
    # What strategies have open at the beginning is not what is measured.
    until(lambda: not cloud.invoke("sweep_orders", {"settled": True})["unresolved"], SECONDS)
    began = time.monotonic()
    for symbol in sorted(symbols):
        status, written = order(cloud, f"resting-{symbol}", symbol=symbol)
        assert (status, written["order"]["state"]) == (201, "INTENT"), written
    sent = seconds_until_open(cloud, symbols, began)
    began = time.monotonic()
    assert (
        cloud.api.call("POST", "/v1/risk/halt", body={"reason": "test", "symbol": "IBM"})[0] == 200
    )
    scoped = seconds_until_open(cloud, {"AAPL", "MSFT"}, began)
    began = time.monotonic()
    assert cloud.api.call("POST", "/v1/risk/halt", body={"reason": "test"})[0] == 200
    halted = seconds_until_open(cloud, set(), began)
    print(f"3 orders sent {sent:.2f} s, symbol emptied {scoped:.2f} s, account {halted:.2f} s")
    assert max(sent, scoped, halted) < SECONDS


def test_flatten_leaves_every_position_at_the_next_open(cloud: LocalCloud) -> None:
    order(cloud, "to-be-left", symbol="MSFT")
    until(lambda: "MSFT" in open_symbols(cloud), SECONDS)
    cloud.exchange.open_session()
    cloud.exchange.run_session()
    sweep(cloud)
    assert "MSFT" in {each["symbol"] for each in cloud.api.get("/v1/positions")["positions"]}
    order(cloud, "to-be-cancelled")
    until(lambda: open_symbols(cloud) >= {"IBM"}, SECONDS)
    key = {"idempotency-key": "leave-it-all"}

    def left() -> bool:
        status, body = cloud.api.call(
            "POST", "/v1/risk/flatten", body={"reason": "test"}, headers=key
        )
        assert (status, body["risk"]["state"]) == (200, "REDUCING")
        return not body["left"] and all(each["code"] is None for each in body["orders"])

    until(left, SECONDS)
    until(lambda: "IBM" not in open_symbols(cloud) and "MSFT" in open_symbols(cloud), SECONDS)
    cloud.exchange.open_session()
    cloud.exchange.run_session()
    sweep(cloud)
    assert cloud.api.get("/v1/positions")["positions"] == []
    books = cloud.exchange.books()["positions"]
    assert not any(float(each["quantity"]) for each in books.values())
