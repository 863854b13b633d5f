"""functions/place_order on an entry that the broker fills at once: its legs go to rest in the same invocation."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.bootstrap import ledger as order_path
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import intend
from quantumzero.domain.orders import Leg, OrderClass, OrderState, OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.protection import kept_here, leg_id

if TYPE_CHECKING:
    import pytest

    from quantumzero.domain.orders import BrokerOrder
    from quantumzero.ports.brokers import Rejection
    from tests.functions.order_path.conftest import Deployment

ENTRY = OrderTerms(
    "qz1-entry",
    "d",
    "by-hand",
    "IBM",
    Side.BUY,
    Decimal(3),
    order_class=OrderClass.BRACKET,
    take_profit_price=Decimal(500),
    stop_loss_price=Decimal(1),
)


def test_the_legs_of_an_entry_that_fills_at_once_rest_at_once(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment.exchange.control.open_session()
    deployment.invoke("prepare_session")
    broker = order_path.broker()
    submit = broker.submit

    def trade_first(terms: OrderTerms) -> BrokerOrder | Rejection:
        answer = submit(terms)
        if terms.reduce_only:
            return answer
        deployment.exchange.control.run_session()
        return broker.order(terms.client_order_id) or answer

    monkeypatch.setattr(broker, "submit", trade_first)
    now = order_path.market_clock().now()
    terms = kept_here(ENTRY)
    step = intend(terms, at=now, recorded_at=datetime.now(UTC), reference_price=Decimal(90))
    order_path.ledger().commit(change_of(step, Position("IBM"), at=now))
    answer = deployment.invoke("place_order", {"client_order_id": terms.client_order_id})
    assert answer["state"] == OrderState.FILLED
    leg = order_path.ledger().order(leg_id(terms.client_order_id, Leg.STOP, 1))
    assert leg is not None
    assert (leg.state, leg.terms.order_class, leg.terms.rests) == (
        OrderState.ACCEPTED,
        OrderClass.OCO,
        True,
    )
    assert deployment.exchange.control.summary()["open_order_count"] == 2
