"""The broker, as the order path and reconciliation need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from quantumzero.domain.bars import Split
    from quantumzero.domain.orders import BrokerOrder, OrderTerms


@dataclass(frozen=True, slots=True)
class Rejection:
    """The broker named this request and refused it: the only evidence for REJECTED."""

    code: str
    message: str
    request_id: str


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
    """One trading account at a broker.

    A refusal of an order is returned, not raised. UnknownOutcomeError on a write means look it up; UnavailableError on
    a read means no verdict.
    """

    def submit(self, terms: OrderTerms) -> BrokerOrder | Rejection:
        """Send once, never retried inside; a repeated client order id returns the order that exists."""

    def replace(self, broker_order_id: str, terms: OrderTerms) -> BrokerOrder | Rejection:
        """Put a new order in the place of a working one, once; the same client order id again answers the new order.

        A broker that cannot answers with a Rejection; the old order then stays.
        """

    def order(self, client_order_id: str) -> BrokerOrder | None:
        """Return the broker's order of that client id; None only on the broker's definite 404."""

    def orders(self, *, since: datetime | None, open_only: bool) -> Sequence[BrokerOrder]:
        """Return all orders, every page; a failed page raises, it never truncates."""

    def cancel(self, broker_order_id: str) -> None:
        """Ask to cancel; cancelling what is already closed is success."""

    def holdings(self) -> tuple[BrokerAccount, Sequence[BrokerPosition]]:
        """Return the account and every position; a failure raises, it never means flat."""


class OpenBook(Protocol):
    """The account's open orders as one thing, whoever made them."""

    def cancel_open(self) -> None:
        """Ask in one request to cancel every open order. Raises UnknownOutcomeError when that was not understood."""


class TradeUpdates(Protocol):
    """The broker's stream of news about orders: a hint that makes things faster, never the truth."""

    def updates(self, *, seconds: float) -> Iterator[BrokerOrder | None]:
        """Yield snapshots as they arrive, None whenever a moment passed without one; reconnect by itself.

        Ends after the given seconds. What is missed between two connections is left to the sweep.
        """


class CorporateActions(Protocol):
    """The splits a market-data vendor knows."""

    def splits(self, symbols: Sequence[str], *, since: date, until: date) -> Sequence[Split]:
        """Return splits with an ex-date from since to until, both included. Raises UnavailableError: no verdict."""
