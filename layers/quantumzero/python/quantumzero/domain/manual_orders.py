"""Orders that a person asks for: named by account and key of the request, so that a repetition is the same order.

A key stands for one request: what was asked is kept as a digest in the order's decision id, and another request under
the same key is told apart by it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.order_identity import successor_id
from quantumzero.domain.orders import Leg, OrderTerms, OrderType, Origin, TimeInForce

if TYPE_CHECKING:
    from quantumzero.domain.orders import Side

STRATEGY = "manual"
_LEAST_SHARE = Decimal("0.000000001")
_DIGEST_LENGTH = 32


@dataclass(frozen=True, slots=True)
class ManualRequest:
    """What a person wants. Exactly one of quantity and notional is given; strategy says whose part is traded."""

    symbol: str
    side: Side
    quantity: Decimal | None = None
    notional: Decimal | None = None
    order_type: OrderType = OrderType.MARKET
    time_in_force: TimeInForce = TimeInForce.DAY
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail_price: Decimal | None = None
    trail_percent: Decimal | None = None
    extended_hours: bool = False
    strategy: str = STRATEGY

    @property
    def identity(self) -> str:
        """Return what the order keeps of the request: equal requests, however their numbers are written, share it."""
        parts = [f"{each.name}={_plain(getattr(self, each.name))}" for each in fields(self)]
        digest = hashlib.sha256("|".join(parts).encode()).hexdigest()
        return f"{STRATEGY}-{digest[:_DIGEST_LENGTH]}"


def manual_order_id(account: str, key: str) -> str:
    """Return the client order id of the request with that key."""
    return successor_id(f"{STRATEGY}|{account}", key)


def manual_terms(request: ManualRequest, *, account: str, key: str, price: Decimal) -> OrderTerms:
    """Return the order; price says what an amount of money is expected to buy."""
    quantity = request.quantity
    if quantity is None:
        expected = (request.notional or Decimal(0)) / price
        quantity = max(expected.quantize(_LEAST_SHARE, ROUND_DOWN), _LEAST_SHARE)
    return OrderTerms(
        client_order_id=manual_order_id(account, key),
        decision_id=request.identity,
        strategy=request.strategy,
        symbol=request.symbol,
        side=request.side,
        quantity=quantity,
        notional=request.notional,
        order_type=request.order_type,
        time_in_force=request.time_in_force,
        limit_price=request.limit_price,
        stop_price=request.stop_price,
        trail_price=request.trail_price,
        trail_percent=request.trail_percent,
        extended_hours=request.extended_hours,
        leg=Leg.MANUAL,
        origin=Origin.MANUAL,
    )


def _plain(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
