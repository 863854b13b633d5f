"""Shapes of /v1/risk: state, scopes, limits with their use, and changes of limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from quantumzero.contracts.api import ApiModel, DecimalText, Order, StrategyName, Symbol, UtcTime

Reason = Annotated[str, Field(min_length=3, max_length=200)]
LimitName = Literal[
    "gross_exposure", "net_exposure", "symbol_exposure", "sector_exposure", "strategy_exposure", "order_value",
    "order_quantity", "price_collar_percent", "spread_percent", "drift_percent", "quote_seconds", "duplicate_seconds",
    "messages_per_minute", "strategy_messages_per_minute", "executions_per_day", "daily_loss_percent",
    "drawdown_percent", "open_orders", "positions", "consecutive_rejects", "reconcile_minutes",
    "haircut_percent",
    "session", "short_selling", "restricted", "strategies", "sectors",
]  # fmt: skip


class LimitUse(ApiModel):
    """One limit in words. used is what it bounds now and distance what is left, for limits that bound a standing
    amount; of limits by symbol or strategy it is the greatest, named by subject.
    """

    name: LimitName
    limit: str
    used: DecimalText | None
    distance: DecimalText | None
    subject: str | None


class ScopeState(ApiModel):
    """The state of one strategy or one symbol, where it is not the account's."""

    strategy: StrategyName | None
    symbol: Symbol | None
    state: Literal["REDUCING", "HALTED"]
    changed_by: str | None
    reason: str | None
    since: UtcTime | None


class LimitChangeView(ApiModel):
    """A step of a change of a limit: pending until effective_at, applied with the version of the limits that it
    made, or withdrawn for a newer change or a ceiling.
    """

    name: LimitName
    old: str
    new: str
    author: str
    reason: str
    asked_at: UtcTime
    effective_at: UtcTime
    state: Literal["pending", "applied", "withdrawn"]
    version: int | None


class RiskState(ApiModel):
    """The account's trading state, its limits and how much of each is used. message says what
    still works. broker_buying_power is the broker's word of the last clean comparison, at that machine time.
    """

    state: Literal["ACTIVE", "REDUCING", "HALTED"]
    message: str
    halted_by: str | None
    reason: str | None
    since: UtcTime | None
    gross_exposure_used: DecimalText
    gross_exposure_limit: DecimalText
    symbol_exposure_limit: DecimalText
    order_value_limit: DecimalText
    price_collar_percent: DecimalText
    broker_buying_power: DecimalText | None
    broker_buying_power_at: UtcTime | None
    scopes: list[ScopeState]
    limits_version: int
    limits: list[LimitUse]
    pending: list[LimitChangeView]
    history: list[LimitChangeView]


class HaltRequest(ApiModel):
    """Why to stop, and what: the account, or one strategy or symbol. REDUCING still lets exits through; HALTED, which
    is meant when no state is given, nothing.
    """

    reason: Reason
    state: Literal["REDUCING", "HALTED"] | None = None
    strategy: StrategyName | None = None
    symbol: Symbol | None = None


class ResumeRequest(ApiModel):
    """Why trading may go on, for the record, and what resumes: the account, or one strategy or symbol."""

    reason: Reason = "resumed"
    strategy: StrategyName | None = None
    symbol: Symbol | None = None


class FlattenRequest(ApiModel):
    """Why every position is to be left."""

    reason: Reason


class LeftPosition(ApiModel):
    """A part of a position without an exit, and why; strategy is null for what belongs to none."""

    symbol: Symbol
    strategy: StrategyName | None
    quantity: DecimalText
    reason: str


class FlattenAnswer(ApiModel):
    """The exits, one for each strategy's part of a position, and what is left; the same request again goes on."""

    orders: list[Order]
    left: list[LeftPosition]
    risk: RiskState


class LimitValue(ApiModel):
    """A limit and its new value: a number, `none` for no limit, or words (session: any, extended, regular;
    short_selling: yes, no; restricted and strategies: a comma list; sectors: AAPL=technology,XOM=energy).
    """

    name: LimitName
    value: Annotated[str, Field(max_length=4000, examples=["25000"])]


class LimitsRequest(ApiModel):
    """What to change and why. What tightens works at once; what loosens works later."""

    changes: Annotated[list[LimitValue], Field(min_length=1, max_length=27)]
    reason: Reason


class LimitsAnswer(ApiModel):
    """What became of each change, and the state after it."""

    changes: list[LimitChangeView]
    risk: RiskState
