"""What lots follow from: the immutable events of the ledger, and what was said about the lots that a sale closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from quantumzero.domain.lots.events import AccountEvent, Income


@dataclass(frozen=True, slots=True)
class NamedLots:
    """The lots that an order's sale closes (specific identification), with how much of each; said once."""

    order: str
    lots: Sequence[tuple[str, Decimal]]
    by: str
    at: datetime


class LotJournal(Protocol):
    """Every event that lots and profit follow from. Nothing else is stored of them, so they survive every release."""

    def account_events(self) -> Sequence[AccountEvent]:
        """Return every fill, split, opening holding, dividend and fee of the account, in no particular order."""

    def named_lots(self) -> Mapping[str, Sequence[tuple[str, Decimal]]]:
        """Return for each order the lots that were named for it."""

    def name_lots(self, named: NamedLots) -> bool:
        """Store what lots an order closes; False, changing nothing, when it was said before."""


class IncomeLedger(Protocol):
    """Dividends and fees that the broker books on the account."""

    def opened_on(self) -> date | None:
        """Return the exchange date on which the books were opened, None when they do not say."""

    def book_income(self, income: Income) -> bool:
        """Move the cash once with an event of its own; False, changing nothing, when it was booked before."""


class AccountActivities(Protocol):
    """What the broker says came and went without a trade."""

    def incomes(self, *, since: date) -> Sequence[Income]:
        """Return dividends, fees and interest that the broker booked since that date, oldest first, every page."""
