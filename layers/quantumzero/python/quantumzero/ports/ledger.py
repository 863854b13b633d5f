"""The order ledger: reservations, orders, positions and cash, moved only by transactions.

One ledger serves one trading account. Every write raises ConflictError when what it was decided on has changed (read
again, decide again) and UnavailableError when the table does not answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from quantumzero.domain.orders import Side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from quantumzero.domain.bars import Split
    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.order_events import OrderEvent
    from quantumzero.domain.orders import OrderRecord, OrderState
    from quantumzero.domain.portfolio import Position
    from quantumzero.domain.risk.account_risk import (
        AccountRisk,
        BrokerPower,
        RiskLimits,
        TradingState,
    )


@dataclass(frozen=True, slots=True)
class Holding:
    """The account's quantity of one symbol and what it cost."""

    symbol: str
    quantity: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class StrategyHolding:
    """One strategy's part of a holding, with what its working orders may still buy and sell.

    resting is what its stops and targets at the broker cover: not pending, because an exit takes them away first.
    last_order is the newest order's fingerprint and last_order_at the market time at which it was decided.
    """

    strategy: str
    symbol: str
    quantity: Decimal
    pending_buy: Decimal
    pending_sell: Decimal
    version: int = 0
    last_order: str | None = field(default=None, compare=False)
    last_order_at: datetime | None = field(default=None, compare=False)
    resting: Decimal = Decimal(0)

    def held(self, side: Side) -> Decimal:
        """Return how much an order of the side could close; below zero is a position of the other kind."""
        return self.quantity if side is Side.SELL else -self.quantity

    def free(self, side: Side) -> Decimal:
        """Return how much of that no other order of the side may fill; below zero is too much."""
        return self.held(side) - self.pending(side)

    def pending(self, side: Side) -> Decimal:
        """Return how much working orders of the side may still fill."""
        return self.pending_sell if side is Side.SELL else self.pending_buy

    def opening(self, side: Side) -> Decimal:
        """Return how much working orders of the side may open: what they do not close."""
        return max(self.pending(side) - max(self.held(side), Decimal(0)), Decimal(0))


@dataclass(frozen=True, slots=True)
class EquitySnapshot:
    time: datetime
    equity: Decimal
    cash: Decimal


@dataclass(frozen=True, slots=True)
class LedgerAlert:
    """Something a person should read. id names the cause: raising the same alert again changes nothing."""

    id: str
    time: datetime
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class AccountPicture:
    """The account read in one go: cash with its version, every position (also empty ones)."""

    cash: Decimal
    cash_version: int
    positions: Sequence[Position]


class StrategyHoldings(Protocol):
    """What the evaluation of a strategy may know of the ledger."""

    def strategy_holdings(self, strategy: str) -> Sequence[StrategyHolding]:
        """Return the strategy's holdings by symbol."""

    def has_order_of(self, decision: Decision) -> bool:
        """Tell whether the decision's order is written, approved or denied; holdings read after know of it."""


class OrderLedger(Protocol):
    """The order path: read consistently, decide, commit one transition."""

    def order(self, client_order_id: str) -> OrderRecord | None:
        """Return the order as stored now, None when there is none."""

    def open_orders(self) -> Sequence[OrderRecord]:
        """Return every order that is sent or to be sent, oldest first; may lag a moment behind commits."""

    def held_orders(self) -> Sequence[OrderRecord]:
        """Return every order that waits here for its price, oldest first; may lag a moment behind commits."""

    def risk(self) -> AccountRisk:
        """Return the trading state and limits. Raises StoppedError when the account was never initialised."""

    def position(self, symbol: str) -> Position:
        """Return the position, an empty one when there never was any."""

    def strategy_holding(self, strategy: str, symbol: str) -> StrategyHolding:
        """Return the strategy's part of the holding as stored now, an empty one when there never was any."""

    def commit(self, change: LedgerChange) -> None:
        """Write the order, its event and everything that moves with it in one transaction."""


class AccountLedger(Protocol):
    """The account as a whole."""

    def picture(self) -> AccountPicture:
        """Return cash and positions. Raises StoppedError when the account was never initialised."""

    def parts(self) -> Sequence[StrategyHolding]:
        """Return every strategy's part of every holding, also empty ones, by strategy and symbol."""

    def initialise(self, picture: AccountPicture, limits: RiskLimits, *, session: date) -> bool:
        """Create cash, positions and risk state; False, changing nothing, when the account exists.

        session is the exchange date up to which the splits are already in the quantities.
        """


class SessionLedger(Protocol):
    """What happens to the account once a session."""

    def prepared_until(self) -> date | None:
        """Return the newest exchange date whose splits are in the quantities."""

    def mark_prepared(self, session: date) -> None:
        """Remember that date; an earlier one changes nothing."""

    def apply_split(self, split: Split, *, at: datetime) -> bool:
        """Multiply the holdings of the symbol once; False when the split was applied before."""

    def put_equity(self, snapshot: EquitySnapshot) -> None:
        """Store the equity at a session's close; the same time again replaces it.

        It becomes the opening equity that a day's loss is measured from, and the peak when none was higher.
        """


class Alerts(Protocol):
    """Who is told when a person should look."""

    def raise_alert(self, alert: LedgerAlert) -> None:
        """Store an alert."""


class TradingSwitch(Protocol):
    """The kill switch and what may turn it."""

    def risk(self) -> AccountRisk:
        """Return the trading state and limits. Raises StoppedError when the account was never initialised."""

    def set_state(
        self, state: TradingState, *, by: str, reason: str, at: datetime, epoch: int | None = None
    ) -> AccountRisk:
        """Change the trading state in one write; with an epoch only if it is still that (else ConflictError)."""

    def set_scope(
        self, scope: str, state: TradingState, *, by: str, reason: str, at: datetime
    ) -> AccountRisk:
        """Change the state of one strategy or symbol (account_risk names scopes).

        ACTIVE leaves it to the account, and forgets a strategy's rejections and executions.
        """

    def record_reconcile(
        self, *, clean: bool, at: datetime, market_time: datetime, power: BrokerPower | None = None
    ) -> None:
        """Store the verdict of a comparison; at is machine time, and only a clean one's market time is kept.

        power is the broker's buying power as it was compared; without it the one of before stays, and ages.
        """


class LedgerReader(Protocol):
    """What the API and reports read."""

    def cash(self) -> Decimal:
        """Return the account's cash."""

    def holdings(self) -> Sequence[Holding]:
        """Return all non-zero holdings by symbol."""

    def orders(
        self, *, state: OrderState | None, symbol: str | None, limit: int, cursor: str | None
    ) -> tuple[Sequence[OrderRecord], str | None]:
        """Return orders newest first and a cursor for the next page."""

    def order(self, client_order_id: str) -> OrderRecord | None:
        """Return the order as stored now, None when there is none."""

    def order_events(self, client_order_id: str) -> Sequence[OrderEvent]:
        """Return every step of the order, the first one first; none of an unknown order."""

    def equity_snapshots(self, *, limit: int) -> Sequence[EquitySnapshot]:
        """Return the newest limit snapshots, oldest first."""

    def alerts(self, *, limit: int) -> Sequence[LedgerAlert]:
        """Return the newest alerts, newest first."""
