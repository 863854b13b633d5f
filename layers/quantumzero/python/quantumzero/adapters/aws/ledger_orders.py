"""The order path on the table: consistent reads, one transaction a transition."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.adapters.aws.ledger_items import (
    held_bucket,
    order_record,
    position_of,
    strategy_holding,
)
from quantumzero.adapters.aws.ledger_table import LedgerTable, attribute
from quantumzero.adapters.aws.ledger_transactions import actions_of
from quantumzero.adapters.aws.risk_items import account_risk
from quantumzero.domain.errors import StoppedError
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.portfolio import Position
from quantumzero.ports.ledger import StrategyHolding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.domain.risk.account_risk import AccountRisk

_ZERO = Decimal(0)


class LedgerOrders(LedgerTable):
    """Implements OrderLedger and StrategyHoldings."""

    def order(self, client_order_id: str) -> OrderRecord | None:
        """Return the order as stored now."""
        values = self.get(f"O#{client_order_id}")
        return order_record(values) if values else None

    def open_orders(self) -> Sequence[OrderRecord]:
        """Return what the sparse index holds, oldest first; an index lags a moment behind."""
        return self._bucket(self.account)

    def held_orders(self) -> Sequence[OrderRecord]:
        """Return the orders that wait here for their price, oldest first; the index lags a moment behind."""
        return self._bucket(held_bucket(self.account))

    def _bucket(self, name: str) -> Sequence[OrderRecord]:
        found = self.query(
            IndexName="open_orders",
            KeyConditionExpression="open_bucket = :bucket",
            ExpressionAttributeValues={":bucket": attribute(name)},
        )
        return [order_record(values) for values in found]

    def risk(self) -> AccountRisk:
        """Return the risk item; without one nothing may trade."""
        values = self.get("RISK")
        if values is None:
            raise StoppedError(
                f"account {self.account} has no risk state yet; run prepare_session to open its books"
            )
        return account_risk(values)

    def position(self, symbol: str) -> Position:
        """Return the position, an empty one when there never was any."""
        values = self.get(f"P#{symbol}")
        return position_of(values) if values else Position(symbol)

    def strategy_holding(self, strategy: str, symbol: str) -> StrategyHolding:
        """Return the strategy's part of the holding, an empty one when there never was any."""
        values = self.get(f"SP#{strategy}#{symbol}")
        if values is None:
            return StrategyHolding(strategy, symbol, _ZERO, _ZERO, _ZERO)
        return strategy_holding(values)

    def commit(self, change: LedgerChange) -> None:
        """Write the change whole or not at all."""
        self.write(actions_of(self, change))

    def strategy_holdings(self, strategy: str) -> Sequence[StrategyHolding]:
        """Return the strategy's holdings by symbol."""
        return [strategy_holding(values) for values in self.starting_with(f"SP#{strategy}#")]

    def has_order_of(self, decision: Decision) -> bool:
        """Tell whether the decision's order is stored now."""
        return self.get(f"O#{order_id_of(self.account, decision)}") is not None
