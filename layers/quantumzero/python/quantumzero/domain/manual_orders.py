"""Orders that a person asks for: named by account and key of the request, so that a repetition is the same order.

A key stands for one request: what was asked is kept as a digest in the order's decision id, and another request under
the same key is told apart by it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from decimal import ROUND_DOWN, Decimal

from quantumzero.domain.order_identity import successor_id
from quantumzero.domain.orders import (
    Leg,
    OrderClass,
    OrderTerms,
    OrderType,
    Origin,
    Side,
    TimeInForce,
)
from quantumzero.domain.protection import kept_here
from quantumzero.domain.protection_plan import Offset, ProtectionPlan

STRATEGY = "manual"
_LEAST_SHARE = Decimal("0.000000001")
_DIGEST_LENGTH = 32
_PERCENT = 100
_PROTECTION = (
    "take_profit_price",
    "stop_loss_price",
    "stop_loss_limit_price",
    "stop_loss_trail_price",
    "stop_loss_trail_percent",
)


@dataclass(frozen=True, slots=True)
class ManualRequest:
    """What a person wants. Exactly one of quantity and notional is given.

    strategy is the name under which the shares are booked: each name has a part of the account's position of its own,
    and an order closes or enlarges the part of its name alone. take_profit_price, stop_loss_price (with a limit, where
    it is to be a stop-limit order) and stop_loss_trail_price or _percent (how far a stop follows the best price)
    protect what the order opens. A sale of more than the part holds must say that it opens a short position.
    """

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
    take_profit_price: Decimal | None = None
    stop_loss_price: Decimal | None = None
    stop_loss_limit_price: Decimal | None = None
    stop_loss_trail_price: Decimal | None = None
    stop_loss_trail_percent: Decimal | None = None
    opens_short: bool = False

    @property
    def protected(self) -> bool:
        """Whether the request asks for a stop or a target beside the order."""
        return any(getattr(self, name) is not None for name in _PROTECTION)

    @property
    def order_class(self) -> OrderClass:
        """Return how the order and its legs hang together."""
        stop = self.stop_loss_price is not None or self.plan is not None
        given = (self.take_profit_price is not None) + stop
        return (OrderClass.SIMPLE, OrderClass.OTO, OrderClass.BRACKET)[given]

    @property
    def plan(self) -> ProtectionPlan | None:
        """Return the stop that follows the market, None when none is asked for."""
        money, percent = self.stop_loss_trail_price, self.stop_loss_trail_percent
        if money is None and percent is None:
            return None
        return ProtectionPlan(trailing_stop=Offset(money, percent))

    @property
    def identity(self) -> str:
        """Return what the order keeps of the request: equal requests, however their numbers are written, share it.

        What the release before did not know counts only when it is asked for, so that its orders keep their identity.
        """
        named = [(each.name, getattr(self, each.name)) for each in fields(self)]
        added = (*_PROTECTION, "opens_short")
        parts = [f"{name}={_plain(value)}" for name, value in named if value or name not in added]
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
    terms = OrderTerms(
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
        order_class=request.order_class,
        take_profit_price=request.take_profit_price,
        stop_loss_price=request.stop_loss_price,
        stop_loss_limit_price=request.stop_loss_limit_price,
        protection=request.plan,
        opens_short=request.opens_short,
    )
    return kept_here(terms)


def check_protection_of(request: ManualRequest, price: Decimal) -> tuple[str, str] | None:
    """Return the field and what is wrong with its protection, None when nothing is; price is the newest of the symbol.

    Protection is of a position that the order opens, and a stop or target that is met already would close it at once.
    """
    if not request.protected:
        return None
    if request.side is Side.SELL and not request.opens_short:
        text = "a sale that opens no short position closes one; take_profit_price and stop_loss_price are of entries"
        return "side", text
    return _check_trail(request) or _check_levels(request, price)


def _check_trail(request: ManualRequest) -> tuple[str, str] | None:
    money, percent = request.stop_loss_trail_price, request.stop_loss_trail_percent
    if money is not None and percent is not None:
        text = "give one of stop_loss_trail_price and stop_loss_trail_percent"
        return "stop_loss_trail_price", text
    if money is not None and money <= 0:
        return "stop_loss_trail_price", f"stop_loss_trail_price was {money}; it must be above 0"
    if percent is not None and not 0 < percent < _PERCENT:
        text = f"stop_loss_trail_percent was {percent}; it must be above 0 and below {_PERCENT}"
        return "stop_loss_trail_percent", text
    return None


def _check_levels(request: ManualRequest, price: Decimal) -> tuple[str, str] | None:
    base = request.limit_price or request.stop_price or price
    sign = 1 if request.side is Side.BUY else -1
    levels = (
        ("stop_loss_price", request.stop_loss_price, -sign),
        ("take_profit_price", request.take_profit_price, sign),
    )
    for name, level, above in levels:
        if level is not None and above * (level - base) <= 0:
            place = "above" if above > 0 else "below"
            return (
                name,
                f"{name} was {level:f}; it must be {place} {base:f}, where the order is expected to fill",
            )
    return None


def _plain(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
