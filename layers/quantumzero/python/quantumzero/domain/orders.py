"""Orders: their terms and their states. The transitions live in order_lifecycle.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    TRAILING_STOP = "trailing_stop"


class TimeInForce(StrEnum):
    DAY = "day"
    GOOD_TIL_CANCELED = "gtc"
    AT_OPEN = "opg"
    AT_CLOSE = "cls"
    IMMEDIATE_OR_CANCEL = "ioc"
    FILL_OR_KILL = "fok"


class OrderState(StrEnum):
    """Ledger states. DENIED is our refusal before any send, REJECTED the broker's; UNKNOWN waits for evidence."""

    INTENT = "INTENT"
    SUBMITTING = "SUBMITTING"
    UNKNOWN = "UNKNOWN"
    ACCEPTED = "ACCEPTED"
    PARTIAL = "PARTIAL"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"
    REPLACED = "REPLACED"
    REJECTED = "REJECTED"
    DENIED = "DENIED"
    ABANDONED = "ABANDONED"


TERMINAL_STATES = frozenset(
    {
        OrderState.FILLED,
        OrderState.CANCELED,
        OrderState.EXPIRED,
        OrderState.REPLACED,
        OrderState.REJECTED,
        OrderState.DENIED,
        OrderState.ABANDONED,
    }
)


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What is to be done: written before anything is sent, never changed after."""

    client_order_id: str
    decision_id: str
    strategy: str
    symbol: str
    side: Side
    quantity: Decimal
    order_type: OrderType = OrderType.MARKET
    time_in_force: TimeInForce = TimeInForce.DAY
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order as the ledger knows it. version grows by one with each transition; reserved_value is in money."""

    terms: OrderTerms
    state: OrderState
    version: int
    created_at: datetime
    reserved_quantity: Decimal = Decimal(0)
    reserved_value: Decimal = Decimal(0)
    filled_quantity: Decimal = Decimal(0)
    filled_cost: Decimal = Decimal(0)
    attempts: int = 0
    claim_id: str | None = None
    lease_until: datetime | None = None
    last_sent_at: datetime | None = None
    retry_allowed: bool = False
    broker_order_id: str | None = None
    filled_at: datetime | None = None
    code: str | None = None
    reason: str | None = None

    @property
    def terminal(self) -> bool:
        return self.state in TERMINAL_STATES


@dataclass(frozen=True, slots=True)
class BrokerOrder:
    """The broker's word about one order: cumulative figures, never increments."""

    broker_order_id: str
    client_order_id: str
    symbol: str
    side: Side
    quantity: Decimal
    filled_quantity: Decimal
    average_fill_price: Decimal | None
    status: str
    updated_at: datetime
    filled_at: datetime | None = None
