"""Book the dividends, fees and interest that the broker tells of: each once, with its cash, as an event of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from datetime import date

    from quantumzero.domain.lots.events import Income
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.lots import AccountActivities, IncomeLedger

# Brokers book some days late; what was booked here before is recognised by its name.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookIncomes:
    """Brings the broker's incomes into the ledger's cash."""

    activities: AccountActivities
    ledger: IncomeLedger
    backoff: Backoff

    def book(self, today: date) -> int:
        """Return how many were booked now.

        What the broker booked until the day on which the books were opened is in the opening cash. Books that do not
        say when they were opened book nothing: the difference in cash is for a person then.
        """
        opened = self.ledger.opened_on()
        if opened is None:
            return 0
        since = max(opened + timedelta(days=1), today - LOOK_BACK)
        return sum(self._book(income) for income in self.activities.incomes(since=since))

    def _book(self, income: Income) -> bool:
        return decide_until_committed(lambda: self.ledger.book_income(income), self.backoff)
