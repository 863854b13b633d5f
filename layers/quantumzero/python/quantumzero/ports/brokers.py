"""The broker, as the order path and reconciliation need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from quantumzero.domain.orders import BrokerOrder, OrderTerms


@dataclass(frozen=True, slots=True)
class BrokerPosition:
    symbol: str
    quantity: Decimal
    average_entry_price: Decimal


@dataclass(frozen=True, slots=True)
class BrokerAccount:
    cash: Decimal
    equity: Decimal
    buying_power: Decimal


class Broker(Protocol):
    """Errors: RejectedByBroker-like refusals are returned by submit; UnknownOutcomeError means look it up; UnavailableError
    on reads means no verdict."""

    def submit(self, terms: OrderTerms) -> BrokerOrder | Rejection:
        """Send once, never retried inside; a repeated client order id returns the order that exists."""

    def order(self, client_order_id: str) -> BrokerOrder | None:
        """Return the broker's order of that client id; None only on the broker's definite 404."""

    def orders(self, *, since: datetime | None, open_only: bool) -> Sequence[BrokerOrder]:
        """Return all orders, every page; a failed page raises, it never truncates."""

    def cancel(self, broker_order_id: str) -> None:
        """Ask to cancel; cancelling what is already closed is success."""

    def holdings(self) -> tuple[BrokerAccount, Sequence[BrokerPosition]]:
        """Return the account and every position; a failure raises, it never means flat."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """The broker named this request and refused it: the only evidence for REJECTED."""

    code: str
    message: str
    request_id: str
