"""Open the account's books with what the broker holds: once, and never again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import StoppedError
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.ports.ledger import AccountLedger, AccountPicture

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from quantumzero.ports.brokers import Broker


@dataclass(frozen=True, slots=True, kw_only=True)
class InitialiseAccount:
    """Create cash, holdings and default limits from the broker's account."""

    books: AccountLedger
    broker: Broker

    def ensure(self, *, session: date) -> bool:
        """Open the books if there are none; session is the exchange date of the broker's figures.

        Returns whether they were opened now. Holdings found there belong to no strategy.
        """
        try:
            self.books.picture()
        except StoppedError:
            account, held = self.broker.holdings()
            positions = [
                _opening(each.symbol, each.quantity, each.average_entry_price) for each in held
            ]
            picture = AccountPicture(account.cash, 1, positions)
            return self.books.initialise(picture, default_limits(account.equity), session=session)
        return False


def _opening(symbol: str, quantity: Decimal, price: Decimal) -> Position:
    cost = quantity * price
    return Position(symbol, quantity, cost, abs(cost), 1)
