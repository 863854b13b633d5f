"""Orders by hand through the deployed API: written there, sent to the exchange by the sweep, cancelled, told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from local.cloud import DEPLOYED
from local.replay.supervisor import Replay

if TYPE_CHECKING:
    from local.cloud import LocalCloud

pytestmark = pytest.mark.timeout(600)
BUY = {"symbol": "IBM", "side": "buy", "quantity": "3"}


@pytest.fixture
def cloud(deployed_cloud: LocalCloud) -> LocalCloud:
    """Rewind to the moment after the deployment, and replay two sessions so that there are prices and books."""
    deployed_cloud.rewind(DEPLOYED)
    run = Replay(deployed_cloud, barrier_every=10)
    run.stop_after = 2
    run.run()
    return deployed_cloud


def order(cloud: LocalCloud, key: str, **changes: Any) -> tuple[int, Any]:
    body = {**BUY, **changes}
    return cloud.api.call("POST", "/v1/orders", body=body, headers={"idempotency-key": key})


def sweep(cloud: LocalCloud) -> None:
    cloud.invoke("sweep_orders", {"settled": True})


def at_exchange(cloud: LocalCloud) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = cloud.exchange.books()["orders"]
    return orders


def test_orders_by_hand_reach_the_exchange_once_and_are_cancelled_there(cloud: LocalCloud) -> None:
    before = len(at_exchange(cloud))
    status, written = order(cloud, "first-key")
    assert (status, written["order"]["state"]) == (201, "INTENT")
    assert order(cloud, "first-key")[0] == 200
    assert order(cloud, "first-key", quantity="4")[0] == 409
    _, second = order(cloud, "second-key", symbol="MSFT")
    kept, dropped = (each["order"]["client_order_id"] for each in (written, second))
    sweep(cloud)
    sweep(cloud)
    assert len(at_exchange(cloud)) == before + 2
    cancelled = cloud.api.call("POST", f"/v1/orders/{dropped}/cancel")
    assert (cancelled[0], cancelled[1]["cancel_requested"]) == (200, True)
    sweep(cloud)
    sweep(cloud)
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
