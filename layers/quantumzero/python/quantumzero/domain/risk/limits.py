"""What an account may do: every limit as data, with the defaults of a new account."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class SessionRule(StrEnum):
    """When entries may be decided: at any time, from 4:00 to 20:00 in New York, or while the exchange is open."""

    ANY = "any"
    EXTENDED = "extended"
    REGULAR = "regular"


@dataclass(frozen=True, slots=True)
class RiskLimits:
    """Limits by their unit: money, percent, shares, seconds, minutes or a count; None is no limit.

    version grows with each change. restricted symbols are never entered; strategies, when not empty, are the only ones
    that may enter; sectors says which sector a symbol is in.
    """

    gross_exposure: Decimal
    symbol_exposure: Decimal
    order_value: Decimal
    price_collar_percent: Decimal
    version: int = 1
    net_exposure: Decimal | None = None
    sector_exposure: Decimal | None = None
    strategy_exposure: Decimal | None = None
    order_quantity: Decimal | None = Decimal(1_000_000)
    spread_percent: Decimal | None = Decimal(5)
    drift_percent: Decimal | None = None
    quote_seconds: Decimal | None = Decimal(5)
    duplicate_seconds: Decimal | None = Decimal(5)
    messages_per_minute: Decimal | None = Decimal(160)
    strategy_messages_per_minute: Decimal | None = Decimal(160)
    executions_per_day: Decimal | None = Decimal(1000)
    daily_loss_percent: Decimal | None = Decimal(20)
    drawdown_percent: Decimal | None = Decimal(50)
    open_orders: Decimal | None = Decimal(500)
    positions: Decimal | None = Decimal(500)
    consecutive_rejects: Decimal | None = Decimal(5)
    reconcile_minutes: Decimal | None = None
    haircut_percent: Decimal = Decimal(0)
    session: SessionRule = SessionRule.ANY
    short_selling: bool = False
    restricted: frozenset[str] = frozenset()
    strategies: frozenset[str] = frozenset()
    sectors: Mapping[str, str] = field(default_factory=dict)


# The limits that are one number, in the order in which they are shown.
NUMBERS = (
    "gross_exposure", "net_exposure", "symbol_exposure", "sector_exposure", "strategy_exposure", "order_value",
    "order_quantity", "price_collar_percent", "spread_percent", "drift_percent", "quote_seconds", "duplicate_seconds",
    "messages_per_minute", "strategy_messages_per_minute", "executions_per_day", "daily_loss_percent",
    "drawdown_percent", "open_orders", "positions", "consecutive_rejects", "reconcile_minutes", "haircut_percent",
)  # fmt: skip
# These are never without a number.
REQUIRED = frozenset(
    {"gross_exposure", "symbol_exposure", "order_value", "price_collar_percent", "haircut_percent"}
)


def default_limits(cash: Decimal) -> RiskLimits:
    """Return the limits of a new account: no leverage, 40 % in one symbol, 30 % in one order, a collar of 5 %."""
    return RiskLimits(
        gross_exposure=cash,
        symbol_exposure=cash * Decimal("0.40"),
        order_value=cash * Decimal("0.30"),
        price_collar_percent=Decimal(5),
    )
