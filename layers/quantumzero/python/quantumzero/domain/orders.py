"""Orders: their terms and their states. The transitions live in order_lifecycle.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from quantumzero.domain.protection_plan import ProtectionPlan


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"

    @property
    def opposite(self) -> Side:
        return Side.SELL if self is Side.BUY else Side.BUY


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


class OrderClass(StrEnum):
    """How orders hang together: BRACKET an entry with target and stop, OTO with one, OCO both without an entry."""

    SIMPLE = "simple"
    BRACKET = "bracket"
    OCO = "oco"
    OTO = "oto"


class Leg(StrEnum):
    """What an order is for; the legs of one decision have different ids."""

    ENTRY = "entry"
    EXIT = "exit"
    STOP = "stop"
    TARGET = "target"
    TIME = "time"
    MANUAL = "manual"
    LIQUIDATION = "liquidation"


class Origin(StrEnum):
    """Who asked for an order. EXTERNAL orders were made at the broker by somebody else and are never fought."""

    STRATEGY = "strategy"
    MANUAL = "manual"
    PROTECTIVE = "protective"
    EXTERNAL = "external"


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
    """What is to be done: written before anything is sent, never changed after.

    notional is an order for an amount of money; quantity is then what it was expected to buy. trail_price is money,
    trail_percent percent, one of the two. parent is the order that this one protects, replaces the order whose place
    it takes; intent grows with each replacement. A reduce_only order never makes a position larger or turns it. A sell
    opens or enlarges a short position only if opens_short says so. emulated says that the legs of the order's class
    are ours, not the broker's. protection gives an entry legs by distance from what it costs. rests marks a protective
    order that waits for its price at the broker: its shares stay free for an exit, before which it is cancelled.
    """

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
    notional: Decimal | None = None
    trail_price: Decimal | None = None
    trail_percent: Decimal | None = None
    extended_hours: bool = False
    order_class: OrderClass = OrderClass.SIMPLE
    take_profit_price: Decimal | None = None
    stop_loss_price: Decimal | None = None
    stop_loss_limit_price: Decimal | None = None
    parent: str | None = None
    leg: Leg = Leg.ENTRY
    reduce_only: bool = False
    intent: int = 0
    replaces: str | None = None
    origin: Origin = Origin.STRATEGY
    opens_short: bool = False
    emulated: bool = False
    protection: ProtectionPlan | None = None
    rests: bool = False

    @property
    def reducing(self) -> bool:
        """Whether the order only makes a position smaller: it reserves nothing and a full limit never blocks it."""
        return self.reduce_only or (self.side is Side.SELL and not self.opens_short)


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order as the ledger knows it; version grows by one with each transition.

    created_at is market time (it decides freshness); recorded_at, lease_until and last_sent_at are machine time.
    reference_price is what one share was valued at when it was decided; reserved_value is the money still
    reserved for what may yet fill, zero for sells and for closed orders.
    broker_updated_at is the broker's own time of the newest snapshot that changed the record.
    code, reason, limit and value say why it was refused: limit and value are what our control compared. replaced_by is
    the order that was asked to take its place. A held order is kept here until its price is met; it is not open before.
    schema is the shape it was stored in.
    """

    terms: OrderTerms
    state: OrderState
    version: int
    created_at: datetime
    reference_price: Decimal
    recorded_at: datetime | None = None
    reserved_value: Decimal = Decimal(0)
    filled_quantity: Decimal = Decimal(0)
    filled_cost: Decimal = Decimal(0)
    attempts: int = 0
    claim_id: str | None = None
    lease_until: datetime | None = None
    last_sent_at: datetime | None = None
    retry_allowed: bool = False
    cancel_requested: bool = False
    broker_order_id: str | None = None
    broker_updated_at: datetime | None = None
    filled_at: datetime | None = None
    code: str | None = None
    reason: str | None = None
    limit: Decimal | None = None
    value: Decimal | None = None
    replaced_by: str | None = None
    held: bool = False
    schema: int = field(default=1, compare=False)

    @property
    def terminal(self) -> bool:
        return self.state in TERMINAL_STATES

    @property
    def open_quantity(self) -> Decimal:
        """What may still fill as far as we know: zero once closed, and while it is held here."""
        if self.terminal or self.held:
            return Decimal(0)
        return self.terms.quantity - self.filled_quantity

    @property
    def pending_quantity(self) -> Decimal:
        """What may still fill and is no longer free for an exit: nothing of an order that rests."""
        return Decimal(0) if self.terms.rests else self.open_quantity

    @property
    def resting_quantity(self) -> Decimal:
        """What may still fill of an order that rests at the broker, or is on its way to."""
        return self.open_quantity if self.terms.rests else Decimal(0)

    @property
    def at_large(self) -> bool:
        """Whether the order may be sent or is at the broker."""
        return not self.terminal and not self.held


@dataclass(frozen=True, slots=True)
class BrokerOrder:
    """The broker's word about one order: cumulative figures, never increments.

    status is in the vocabulary of domain/order_lifecycle.py; words it does not list are tolerated. An order for an
    amount of money has notional, and as quantity what has filled so far.
    """

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
    created_at: datetime | None = None
    notional: Decimal | None = None
