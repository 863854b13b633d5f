"""Orders in every state, and what the broker may say of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from quantumzero.domain.orders import (
    TERMINAL_STATES,
    BrokerOrder,
    OrderRecord,
    OrderState,
    OrderTerms,
    Side,
)

NOW = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)
BUY = OrderTerms("qz1-a", "d", "sma-cross", "AAPL", Side.BUY, Decimal(10))
S = OrderState


def record(state: OrderState, filled: int = 0, side: Side = Side.BUY) -> OrderRecord:
    """Return an order of 10 at 5 in that state; one at the broker has its id."""
    terms = replace(BUY, side=side)
    at_broker = state in (S.ACCEPTED, S.PARTIAL, S.FILLED, S.CANCELED, S.EXPIRED, S.REPLACED)
    left = Decimal(10 - filled) * 5 if state not in TERMINAL_STATES and side is Side.BUY else 0
    return OrderRecord(
        terms,
        state,
        3,
        NOW,
        Decimal(5),
        reserved_value=Decimal(left),
        filled_quantity=Decimal(filled),
        filled_cost=Decimal(filled) * 5,
        broker_order_id="b-1" if at_broker else None,
        broker_updated_at=NOW if at_broker else None,
        retry_allowed=state is S.UNKNOWN,
    )


def snapshot(
    status: str, filled: int = 0, quantity: int = 10, minutes: int = 1, side: Side = Side.BUY
) -> BrokerOrder:
    return BrokerOrder(
        "b-1",
        "qz1-a",
        "AAPL",
        side,
        Decimal(quantity),
        Decimal(filled),
        Decimal(5) if filled else None,
        status,
        NOW + timedelta(minutes=minutes),
    )
