"""The account's trading state, its limits and how much of each is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from quantumzero.domain.orders import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class TradingState(StrEnum):
    """What may be sent. ACTIVE everything; REDUCING only what makes a position smaller; HALTED nothing."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    HALTED = "HALTED"


STATE_MESSAGES: Mapping[TradingState, str] = {
    TradingState.ACTIVE: "Trading: entries and exits are sent.",
    TradingState.REDUCING: "Exits only: entries are stopped until an operator resumes.",
    TradingState.HALTED: "Everything frozen: nothing is sent and working orders are being cancelled.",
}


def permitted_states(side: Side) -> frozenset[TradingState]:
    """Return the trading states in which an order of that side may be sent. Sells only ever reduce here."""
    if side is Side.SELL:
        return frozenset({TradingState.ACTIVE, TradingState.REDUCING})
    return frozenset({TradingState.ACTIVE})


@dataclass(frozen=True, slots=True)
class RiskLimits:
    """Limits as absolute money; price_collar_percent in percent. version grows with each change."""

    gross_exposure: Decimal
    symbol_exposure: Decimal
    order_value: Decimal
    price_collar_percent: Decimal
    version: int = 1


def default_limits(cash: Decimal) -> RiskLimits:
    """Return the limits of a new account: no leverage, 40 % in one symbol, 30 % in one order, a collar of 5 %."""
    return RiskLimits(
        gross_exposure=cash,
        symbol_exposure=cash * Decimal("0.40"),
        order_value=cash * Decimal("0.30"),
        price_collar_percent=Decimal(5),
    )


@dataclass(frozen=True, slots=True)
class AccountRisk:
    """The one RISK item.

    gross_used is open_reserved (what working buys may still cost) plus the exposure of every position, both at the
    prices of their orders; symbol_used the same by symbol. epoch grows with each change of state. reconciled_at is
    machine time of the last comparison with the broker that reached a verdict, and reconcile_clean that verdict;
    reconciled_market_time is the market's time of the last clean one: the broker's orders since are still to compare.
    """

    state: TradingState
    limits: RiskLimits
    gross_used: Decimal = Decimal(0)
    open_reserved: Decimal = Decimal(0)
    symbol_used: Mapping[str, Decimal] = field(default_factory=dict)
    epoch: int = 0
    changed_by: str | None = None
    reason: str | None = None
    since: datetime | None = None
    reconciled_at: datetime | None = None
    reconcile_clean: bool | None = None
    reconciled_market_time: datetime | None = None

    @property
    def above_limit(self) -> bool:
        """Whether more is used than may be: an order that was given up lived, or filled after its cancel."""
        return self.gross_used > self.limits.gross_exposure

    @property
    def message(self) -> str:
        """Say what still works."""
        return STATE_MESSAGES[self.state]
