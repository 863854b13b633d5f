"""The shapes of /v1/orders beyond the listing: ordering by hand, replacing, and an order's whole story."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from quantumzero.contracts.api import ApiModel, DecimalText, Order, StrategyName, Symbol, UtcTime

Positive = Annotated[str, Field(pattern=r"^\d{1,12}(\.\d{1,9})?$", examples=["12.5"])]
Price = Annotated[str, Field(pattern=r"^\d{1,8}(\.\d{1,4})?$", examples=["41.25"])]
OrderTypeName = Literal["market", "limit", "stop", "stop_limit", "trailing_stop"]
TimeInForceName = Literal["day", "gtc", "opg", "cls", "ioc", "fok"]


class ManualOrderRequest(ApiModel):
    """Exactly one of quantity and notional (an amount of money). limit_price and stop_price go with the type;
    trail_price (money) or trail_percent with trailing_stop.

    strategy is the name under which the shares are booked. Every strategy has its own part of the account's position;
    so has "manual", which no strategy trades. An order changes the part of its name alone: a sell closes at most what
    that part holds, a buy closes its short position before it opens a long one.

    take_profit_price, stop_loss_price (with stop_loss_limit_price: a stop-limit order) and stop_loss_trail_price
    (money) or stop_loss_trail_percent, how far a stop follows the best price, protect what the order opens: they are
    orders for what it has filled, of which one takes the other away. opens_short: the sell may open a short position.
    """

    symbol: Symbol
    side: Literal["buy", "sell"]
    quantity: Positive | None = None
    notional: Positive | None = None
    order_type: OrderTypeName = "market"
    time_in_force: TimeInForceName = "day"
    limit_price: Price | None = None
    stop_price: Price | None = None
    trail_price: Price | None = None
    trail_percent: Positive | None = None
    extended_hours: bool = False
    strategy: StrategyName = "manual"
    take_profit_price: Price | None = None
    stop_loss_price: Price | None = None
    stop_loss_limit_price: Price | None = None
    stop_loss_trail_price: Price | None = None
    stop_loss_trail_percent: Positive | None = None
    opens_short: bool = False


class ReplaceRequest(ApiModel):
    """What is to be different about a working order; what is left out stays. quantity is what the new order may fill,
    trail the distance of a trailing stop in the unit it has.
    """

    quantity: Positive | None = None
    limit_price: Price | None = None
    stop_price: Price | None = None
    trail: Positive | None = None
    time_in_force: TimeInForceName | None = None


class OrderEventView(ApiModel):
    """One step of an order. from_state is null at its beginning. filled_quantity and fill_price are what this step
    filled. reason is set where this step gave one. claim names who took the sole right to send; broker_order_id and
    broker_time are the broker's word that the step rests on.
    """

    version: int
    at: UtcTime
    event: str
    from_state: str | None
    to_state: str
    changes: list[str]
    filled_quantity: DecimalText | None
    fill_price: DecimalText | None
    code: str | None
    reason: str | None
    claim: str | None
    broker_order_id: str | None
    broker_time: UtcTime | None


class OrderDetail(ApiModel):
    """An order with all its terms and every step of it, the first one first. replaced_by is the order that took its
    place or is to take it.
    """

    order: Order
    origin: Literal["strategy", "manual", "protective", "external"]
    extended_hours: bool
    reduce_only: bool
    opens_short: bool
    stop_loss_limit_price: DecimalText | None
    replaces: str | None
    replaced_by: str | None
    reserved_value: DecimalText
    attempts: int
    version: int
    events: list[OrderEventView]
