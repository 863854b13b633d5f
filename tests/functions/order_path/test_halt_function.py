"""functions/halt_trading as an alarm's topic and as an operator call it: halted, and nothing of ours open."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.bootstrap import ledger as order_path
from quantumzero.domain import order_lifecycle
from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.orders import OrderState, OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import TradingState

if TYPE_CHECKING:
    from tests.functions.order_path.conftest import Deployment

ALARM = {
    "AlarmDescription": "sweep_orders has not succeeded for 3 minutes",
    "NewStateReason": "no datapoints were received for 3 periods",
}


@pytest.fixture(autouse=True)
def no_request_is_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else sends here, so the lease of a send need not be waited for."""
    monkeypatch.setattr("quantumzero.usecases.empty_book.LEASE", timedelta(0))


def topic(message: dict[str, str]) -> dict[str, Any]:
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(message)}}]}


def place(name: str) -> OrderState:
    """Approve one small order and place it."""
    now = order_path.market_clock().now()
    terms = OrderTerms(f"qz1-{name}", name, "by-hand", "AAPL", Side.BUY, Decimal(1))
    step = order_lifecycle.intend(
        terms, at=now, recorded_at=datetime.now(UTC), reference_price=Decimal(10)
    )
    order_path.ledger().commit(change_of(step, Position("AAPL"), at=now))
    return order_path.place_order().place(terms.client_order_id, request=name)


def test_without_books_there_is_nothing_to_halt(deployment: Deployment) -> None:
    assert deployment.invoke("halt_trading", topic(ALARM))["halted"] is False


def test_the_alarm_halts_and_cancels_what_is_open(deployment: Deployment) -> None:
    deployment.exchange.control.open_session()
    deployment.invoke("prepare_session")
    assert [place(name) for name in "ab"] == [OrderState.ACCEPTED] * 2
    answer = deployment.invoke("halt_trading", topic(ALARM))
    assert (answer["halted"], answer["by"], answer["open"]) == (True, "dead man's switch", 0)
    assert answer["reason"].startswith("sweep_orders has not succeeded for 3 minutes (no data")
    assert deployment.exchange.control.summary()["open_order_count"] == 0
    assert order_path.ledger().risk().state is TradingState.HALTED
    assert place("c") is OrderState.INTENT
    again = deployment.invoke("halt_trading", {"reason": "mine", "by": "me"})
    assert again["by"] == "dead man's switch", "the first reason stays"


def test_while_the_broker_refuses_the_call_fails_and_is_repeated(deployment: Deployment) -> None:
    deployment.exchange.control.open_session()
    deployment.invoke("prepare_session")
    place("a")
    deployment.exchange.control.add_faults({"action": "rate_limit", "path": "/v2/orders"})
    with pytest.raises(UnavailableError, match="an unknown number of orders are still open"):
        deployment.invoke("halt_trading", topic(ALARM), seconds=16.0)
    assert order_path.ledger().risk().state is TradingState.HALTED
    deployment.exchange.control.clear_faults()
    assert deployment.invoke("halt_trading", topic(ALARM))["open"] == 0
