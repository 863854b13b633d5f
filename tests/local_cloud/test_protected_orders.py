"""A bracket by hand through the deployed API: its legs rest at the exchange, and an exit or its stop closes it once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.local_cloud.replays import with_two_sessions

if TYPE_CHECKING:
    from local.cloud import LocalCloud

pytestmark = pytest.mark.timeout(600)
OPEN = ("accepted", "new", "held", "partially_filled")


@pytest.fixture
def cloud(deployed_cloud: LocalCloud) -> LocalCloud:
    return with_two_sessions(deployed_cloud)


def order(cloud: LocalCloud, key: str, **body: Any) -> str:
    status, written = cloud.api.call(
        "POST", "/v1/orders", body=body, headers={"idempotency-key": key}
    )
    assert (status, written["order"]["state"]) == (201, "INTENT")
    return str(written["order"]["client_order_id"])


def sweep(cloud: LocalCloud, times: int = 2) -> None:
    for _ in range(times):
        cloud.invoke("sweep_orders", {"settled": True})


def session(cloud: LocalCloud) -> None:
    cloud.exchange.open_session()
    cloud.exchange.run_session()
    sweep(cloud)


def working(cloud: LocalCloud, symbol: str) -> dict[str, str]:
    """Return type and status of what the exchange has open in the symbol."""
    orders = cloud.exchange.books()["orders"]
    chosen = (each for each in orders if each["symbol"] == symbol and each["status"] in OPEN)
    return {each["type"]: each["status"] for each in chosen}


def legs_of(cloud: LocalCloud, entry: str) -> dict[str, Any]:
    """Return every order that protects the entry, by its id."""
    listed = cloud.api.get("/v1/orders")["orders"]
    return {each["client_order_id"]: each for each in listed if each["parent"] == entry}


def test_a_bracket_rests_and_is_closed_once_by_an_exit_or_by_its_stop(cloud: LocalCloud) -> None:
    levels = {"take_profit_price": "500", "stop_loss_price": "1"}
    quiet = order(cloud, "bracket-ibm", symbol="IBM", side="buy", quantity="3", **levels)
    # GOOG opens its third day above 109 and closes its fourth below 105.
    levels = {"take_profit_price": "500", "stop_loss_price": "107"}
    stopped = order(cloud, "bracket-goog", symbol="GOOG", side="buy", quantity="3", **levels)
    sweep(cloud)
    session(cloud)
    for entry, symbol in ((quiet, "IBM"), (stopped, "GOOG")):
        assert cloud.api.get(f"/v1/orders/{entry}")["order"]["state"] == "FILLED"
        assert working(cloud, symbol) == {"limit": "accepted", "stop": "held"}
        resting = [each for each in legs_of(cloud, entry).values() if each["rests"]]
        assert [(each["state"], each["leg"]) for each in resting] == [("ACCEPTED", "stop")]
    sold = order(cloud, "exit-ibm", symbol="IBM", side="sell", quantity="3")
    sweep(cloud)
    assert working(cloud, "IBM") == {"market": "accepted"}
    session(cloud)
    sweep(cloud)
    assert cloud.api.get(f"/v1/orders/{sold}")["order"]["state"] == "FILLED"
    states = {each["state"] for each in legs_of(cloud, quiet).values()}
    assert states == {"CANCELED", "ABANDONED"}
    ended = [each for each in legs_of(cloud, stopped).values() if each["rests"]]
    assert [each["state"] for each in ended] == ["FILLED"]
    for symbol in ("IBM", "GOOG"):
        assert working(cloud, symbol) == {}
    assert cloud.invoke("reconcile_account", {})["clean"]
    held = {
        each["symbol"]: each["quantity"] for each in cloud.api.get("/v1/positions")["positions"]
    }
    assert "GOOG" not in held
    assert [
        each for each in cloud.api.get("/v1/orders")["orders"] if each["strategy"] == "external"
    ] == []
