"""functions/carry_out_requests over the real adapters: the table's changes in, orders at the exchange out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.bootstrap import ledger as order_path
from quantumzero.bootstrap import requests as bootstrap
from quantumzero.bootstrap import risk
from quantumzero.domain import order_lifecycle
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_identity import successor_id
from quantumzero.domain.order_replacement import OrderChanges
from quantumzero.domain.orders import OrderState, OrderTerms, OrderType, Origin, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases.replace_order import ReplaceOrder
from quantumzero.usecases.request_cancel import RequestCancel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.functions.order_path.conftest import Deployment


class Stream:
    """What the table's change stream says of one item while something is done."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._number = 0

    def _image(self, sort: str) -> Any:
        key = {"pk": {"S": "A#main"}, "sk": {"S": sort}}
        return self._deployment.client.get_item(TableName="ledger", Key=key).get("Item")

    def record(self, sort: str, act: Callable[[], object]) -> dict[str, Any]:
        old = self._image(sort)
        act()
        self._number += 1
        images = {"OldImage": old, "NewImage": self._image(sort)}
        return {
            "eventName": "MODIFY" if old else "INSERT",
            "dynamodb": {
                "SequenceNumber": str(self._number),
                "Keys": {"pk": {"S": "A#main"}, "sk": {"S": sort}},
                **{name: image for name, image in images.items() if image is not None},
            },
        }

    def deliver(self, *records: dict[str, Any], seconds: float = 60.0) -> Any:
        event = {"Records": list(records)}
        return self._deployment.invoke("carry_out_requests", event, seconds=seconds)


@pytest.fixture(autouse=True)
def no_request_is_on_its_way(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody else sends here, so the lease of a send need not be waited for."""
    monkeypatch.setattr("quantumzero.usecases.empty_book.LEASE", timedelta(0))
    bootstrap.carry_out_requests.cache_clear()
    yield
    bootstrap.carry_out_requests.cache_clear()


@pytest.fixture
def stream(deployment: Deployment) -> Stream:
    deployment.exchange.control.open_session()
    deployment.invoke("prepare_session")
    return Stream(deployment)


def write(name: str, symbol: str = "AAPL", **changes: Any) -> None:
    """Write an intent as the API does."""
    now = order_path.market_clock().now()
    values = {"order_type": OrderType.LIMIT, "limit_price": Decimal(1), "origin": Origin.MANUAL}
    terms = OrderTerms(name, name, "manual", symbol, Side.BUY, Decimal(1), **values | changes)
    step = order_lifecycle.intend(
        terms, at=now, recorded_at=datetime.now(UTC), reference_price=Decimal(1)
    )
    order_path.ledger().commit(change_of(step, Position(symbol), at=now))


def open_there(deployment: Deployment) -> int:
    return int(deployment.exchange.control.summary()["open_order_count"])


def halt(scope: str | None = None) -> None:
    ledger, at = order_path.ledger(), datetime.now(UTC)
    if scope is None:
        ledger.set_state(TradingState.HALTED, by="me", reason="test", at=at)
    else:
        ledger.set_scope(scope, TradingState.HALTED, by="me", reason="test", at=at)


def test_an_order_by_hand_is_sent_when_it_is_written_and_cancelled_when_that_is_asked(
    deployment: Deployment, stream: Stream
) -> None:
    written = stream.record("O#qz1-a", lambda: write("qz1-a"))
    assert stream.deliver(written) == {"batchItemFailures": []}
    assert stream.deliver(written) == {"batchItemFailures": []}
    assert open_there(deployment) == 1
    asking = RequestCancel(
        ledger=order_path.ledger(), market=order_path.market_clock(), backoff=JitteredBackoff()
    )
    stream.deliver(stream.record("O#qz1-a", lambda: asking.request("qz1-a", by="me")))
    assert open_there(deployment) == 0


def test_an_order_of_a_strategy_is_left_to_its_execution(
    deployment: Deployment, stream: Stream
) -> None:
    stream.deliver(stream.record("O#qz1-a", lambda: write("qz1-a", origin=Origin.STRATEGY)))
    assert open_there(deployment) == 0


def test_a_halted_symbol_loses_its_orders_and_a_halted_account_all(
    deployment: Deployment, stream: Stream
) -> None:
    for name, symbol in (("qz1-a", "AAPL"), ("qz1-b", "IBM"), ("qz1-c", "MSFT")):
        stream.deliver(stream.record(f"O#{name}", lambda n=name, s=symbol: write(n, s)))
    assert open_there(deployment) == 3
    stream.deliver(stream.record("RISK", lambda: halt("symbol:IBM")))
    assert open_there(deployment) == 2
    halted = stream.record("RISK", halt)
    assert stream.deliver(halted) == {"batchItemFailures": []}
    assert open_there(deployment) == 0
    assert stream.deliver(halted) == {"batchItemFailures": []}


def test_while_the_broker_refuses_a_halt_is_asked_for_again(
    deployment: Deployment, stream: Stream
) -> None:
    stream.deliver(stream.record("O#qz1-a", lambda: write("qz1-a")))
    deployment.exchange.control.add_faults({"action": "rate_limit", "path": "/v2/orders"})
    halted = stream.record("RISK", halt)
    later = stream.record("RISK", lambda: None)
    answer = stream.deliver(halted, later, seconds=16.0)
    failed = halted["dynamodb"]["SequenceNumber"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": failed}]}
    deployment.exchange.control.clear_faults()
    assert stream.deliver(halted, later) == {"batchItemFailures": []}
    assert open_there(deployment) == 0


def test_a_replacement_takes_the_old_orders_place_when_it_is_written(
    deployment: Deployment,
) -> None:
    deployment.run_session()
    stream = Stream(deployment)
    newest = order_path.bars().bars("AAPL", "1d", until=order_path.market_clock().now(), limit=1)
    below = (price_decimal(newest[-1].close) * Decimal("0.98")).quantize(Decimal("0.01"))
    stream.deliver(stream.record("O#qz1-a", lambda: write("qz1-a", limit_price=below)))
    replacing = ReplaceOrder(decide=risk.decide_order(), timeframes=("1d",))
    changes = OrderChanges(quantity=Decimal(2))
    name = successor_id("qz1-a", "replace-1")
    written = stream.record(f"O#{name}", lambda: replacing.replace("qz1-a", changes))
    assert stream.deliver(written) == {"batchItemFailures": []}
    child = order_path.ledger().order(name)
    assert child is not None
    assert (child.state, child.terms.quantity) == (OrderState.ACCEPTED, 2)
    assert open_there(deployment) == 1
