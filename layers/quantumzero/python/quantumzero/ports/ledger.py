"""The order ledger: reservations, orders, positions and cash, moved only by transactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from quantumzero.domain.orders import OrderRecord, OrderState


@dataclass(frozen=True, slots=True)
class Holding:
    """The account's quantity of one symbol and what it cost."""

    symbol: str
    quantity: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class StrategyHolding:
    """One strategy's part of a holding, with what its working orders may still buy and sell."""

    strategy: str
    symbol: str
    quantity: Decimal
    pending_buy: Decimal
    pending_sell: Decimal


@dataclass(frozen=True, slots=True)
class EquitySnapshot:
    time: datetime
    equity: Decimal
    cash: Decimal


class StrategyHoldings(Protocol):
    """What the evaluation of a strategy may know of the ledger."""

    def strategy_holdings(self, strategy: str) -> Sequence[StrategyHolding]:
        """Return the strategy's holdings by symbol."""


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

    def equity_snapshots(self, *, limit: int) -> Sequence[EquitySnapshot]:
        """Return the newest limit snapshots, oldest first."""
