"""Orders as the exchange keeps them.

Times are aware UTC market time; prices, quantities and money are exact Decimals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003 - msgspec reads the annotations
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from quantumzero.domain.orders import (
    OrderClass,
    OrderType,
    Side,
    TimeInForce,
)

# Shares are divisible to nine decimals, as at the vendor.
SHARE_UNIT = Decimal("1e-9")
PRICE_UNIT = Decimal("0.0001")


class OrderStatus(StrEnum):
    """The vendor's words for an order's state, as far as this exchange uses them."""

    ACCEPTED = "accepted"
    NEW = "new"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    HELD = "held"
    REPLACED = "replaced"


OPEN_STATUSES = frozenset(
    {OrderStatus.ACCEPTED, OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED, OrderStatus.HELD}
)


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """A checked request for an order.

    Exactly one of quantity (shares) and notional (money) is set.
    """

    symbol: str
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: Decimal | None = None
    notional: Decimal | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail_price: Decimal | None = None
    trail_percent: Decimal | None = None
    client_order_id: str | None = None
    extended_hours: bool = False
    order_class: OrderClass = OrderClass.SIMPLE
    take_profit: Decimal | None = None
    stop_loss: Decimal | None = None
    stop_loss_limit: Decimal | None = None


@dataclass(slots=True)
class Order:
    """An order and what has become of it.

    sequence is the order of arrival. session_date is the exchange date of the first session in
    which it may trade. triggered says that a stop has fired; high_water is a trailing stop's best
    price so far. legs are the orders that hang on this one, parent the one that it hangs on.
    """

    sequence: int
    identifier: str
    client_order_id: str
    symbol: str
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: Decimal | None
    notional: Decimal | None
    limit_price: Decimal | None
    stop_price: Decimal | None
    trail_price: Decimal | None
    trail_percent: Decimal | None
    extended_hours: bool
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    session_date: date
    status: OrderStatus
    filled_quantity: Decimal = Decimal(0)
    filled_cost: Decimal = Decimal(0)
    triggered: bool = False
    high_water: Decimal | None = None
    filled_at: datetime | None = None
    canceled_at: datetime | None = None
    expired_at: datetime | None = None
    replaced_at: datetime | None = None
    replaced_by: str | None = None
    replaces: str | None = None
    order_class: OrderClass = OrderClass.SIMPLE
    parent: str | None = None
    legs: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Say whether the order may still trade."""
        return self.status in OPEN_STATUSES

    @property
    def average_price(self) -> Decimal | None:
        """Return the mean price of the fills, None before the first one."""
        return self.filled_cost / self.filled_quantity if self.filled_quantity else None

    def remaining(self, price: Decimal) -> Decimal:
        """Return the shares still to trade.

        An order of money counts them at the price, rounded down.
        """
        if self.quantity is not None:
            return self.quantity - self.filled_quantity
        money = (self.notional or Decimal(0)) - self.filled_cost
        return max((money / price).quantize(SHARE_UNIT, ROUND_DOWN), Decimal(0))

    def reference_price(self, last_price: Decimal) -> Decimal:
        """Return the price at which the order is valued before it trades.

        Its limit, its stop, or the last price.
        """
        return self.limit_price or self.stop_price or last_price

    def open_value(self, last_price: Decimal) -> Decimal:
        """Return the money that the rest of the order is expected to move."""
        if self.notional is not None:
            return self.notional - self.filled_cost
        price = self.reference_price(last_price)
        return self.remaining(price) * price

    def restate(self, new: int, old: int) -> None:
        """Restate the rest of the order for a split; what has been filled stays as it was.

        Shares are rounded down, so that orders to sell never exceed what is held.
        """
        if self.quantity is not None:
            rest = (self.quantity - self.filled_quantity) * new / old
            self.quantity = self.filled_quantity + rest.quantize(SHARE_UNIT, ROUND_DOWN)
        self.limit_price = _restated(self.limit_price, new, old)
        self.stop_price = _restated(self.stop_price, new, old)
        self.trail_price = _restated(self.trail_price, new, old)
        self.high_water = _restated(self.high_water, new, old)


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution. tick names the print it came from; commission is the money taken for it."""

    execution_id: str
    order_id: str
    client_order_id: str
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal
    commission: Decimal
    at: datetime
    tick: int
    position_quantity: Decimal
    cumulative_quantity: Decimal
    leaves_quantity: Decimal


def round_price(price: Decimal) -> Decimal:
    """Round a computed price half to even to the ten-thousandth."""
    return price.quantize(PRICE_UNIT, ROUND_HALF_EVEN)


def _restated(price: Decimal | None, new: int, old: int) -> Decimal | None:
    return None if price is None else round_price(price * old / new)
