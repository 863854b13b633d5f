"""The account's trading state, its limits and how much of each is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from quantumzero.domain.orders import Side
from quantumzero.domain.risk.limits import RiskLimits, default_limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# Whoever asks for the account asks for its limits here.
__all__ = [
    "AccountRisk",
    "BrokerPower",
    "RiskLimits",
    "ScopedState",
    "TradingState",
    "default_limits",
]


class TradingState(StrEnum):
    """What may be sent. ACTIVE everything; REDUCING only what makes a position smaller; HALTED nothing."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    HALTED = "HALTED"


_CENT = Decimal("0.01")
_STRICTNESS = {TradingState.ACTIVE: 0, TradingState.REDUCING: 1, TradingState.HALTED: 2}
STATE_MESSAGES: Mapping[TradingState, str] = {
    TradingState.ACTIVE: "Trading: entries and exits are sent.",
    TradingState.REDUCING: "Exits only: entries are stopped until an operator resumes.",
    TradingState.HALTED: "Everything frozen: nothing is sent and working orders are being cancelled.",
}


def permitted_states(side: Side, *, reducing: bool | None = None) -> frozenset[TradingState]:
    """Return the trading states in which an order may be sent; unless it is said, sells reduce and buys do not."""
    if reducing if reducing is not None else side is Side.SELL:
        return frozenset({TradingState.ACTIVE, TradingState.REDUCING})
    return frozenset({TradingState.ACTIVE})


@dataclass(frozen=True, slots=True)
class ScopedState:
    """The trading state of one strategy or one symbol; without one it is the account's."""

    state: TradingState
    changed_by: str | None = None
    reason: str | None = None
    since: datetime | None = None


def strategy_scope(strategy: str) -> str:
    """Return the name of the scope of one strategy."""
    return f"strategy:{strategy}"


def named_strategy(scope: str) -> str | None:
    """Return the strategy whose scope it is, None for a symbol's."""
    kind, name = scope.split(":", 1)
    return name if kind == "strategy" else None


def symbol_scope(symbol: str) -> str:
    """Return the name of the scope of one symbol."""
    return f"symbol:{symbol}"


@dataclass(frozen=True, slots=True)
class BrokerPower:
    """The buying power that the broker named at a machine time, and the ledger's free cash of the same look."""

    buying_power: Decimal
    free: Decimal
    at: datetime

    @property
    def shortfall(self) -> Decimal:
        """Return how much less the broker lends than the ledger thinks; what rounds to no cent is nothing."""
        missing = self.free - self.buying_power
        return missing if missing >= _CENT else Decimal(0)


@dataclass(frozen=True, slots=True)
class AccountRisk:
    """The one RISK item.

    gross_used is open_reserved (what working buys may still cost) plus the exposure of every position, both at the
    prices of their orders; symbol_used the same by symbol. epoch grows with each change of state. reconciled_at is
    machine time of the last comparison with the broker that reached a verdict, and reconcile_clean that verdict;
    reconciled_market_time is the market's time of the last clean one: the broker's orders since are still to compare.
    strategy_reserved is what each strategy's working orders may still cost; working counts the open orders by symbol,
    rejects the broker's refusals of a strategy since its last fill, and buckets say until when a rate is spent.
    scopes are the states of single strategies and symbols. opening_equity is that of the last close, peak_equity the
    highest of any. limits_due is machine time from which a change of limits that was asked for takes effect.
    broker_power is the broker's word of the last clean comparison.
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
    strategy_reserved: Mapping[str, Decimal] = field(default_factory=dict)
    open_orders: int = 0
    working: Mapping[str, int] = field(default_factory=dict)
    rejects: Mapping[str, int] = field(default_factory=dict)
    buckets: Mapping[str, int] = field(default_factory=dict)
    scopes: Mapping[str, ScopedState] = field(default_factory=dict)
    opening_equity: Decimal | None = None
    peak_equity: Decimal | None = None
    limits_due: datetime | None = None
    broker_power: BrokerPower | None = None

    def governing(self, strategy: str, symbol: str) -> ScopedState:
        """Return the strictest of the states of account, strategy and symbol."""
        account = ScopedState(self.state, self.changed_by, self.reason, self.since)
        names = (strategy_scope(strategy), symbol_scope(symbol))
        states = [account, *(self.scopes[name] for name in names if name in self.scopes)]
        return max(states, key=lambda each: _STRICTNESS[each.state])

    @property
    def above_limit(self) -> bool:
        """Whether more is used than may be: an order that was given up lived, or filled after its cancel."""
        return self.gross_used > self.limits.gross_exposure

    @property
    def message(self) -> str:
        """Say what still works."""
        return STATE_MESSAGES[self.state]
