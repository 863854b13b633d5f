"""The events of the account, kept in the process while nothing has moved: a listing of many pages reads them once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from quantumzero.domain.errors import StoppedError
from quantumzero.ports.ledger import AccountLedger
from quantumzero.ports.lots import LotJournal, NamedLots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from quantumzero.domain.lots.events import AccountEvent
    from quantumzero.ports.ledger import AccountPicture


class Books(LotJournal, AccountLedger, Protocol):
    """What is kept of, and what tells whether it moved."""


class KeptLotEvents:
    """Implements LotJournal over the ledger.

    Every fill, split, correction, dividend and fee moves the version of a position or of the cash, in its own
    transaction: while these versions are the same, so are the events.
    """

    def __init__(self, books: Books) -> None:
        self._books = books
        self._versions: object = None
        self._events: Sequence[AccountEvent] = ()

    def account_events(self) -> Sequence[AccountEvent]:
        """Return the events as they are now; none while the account has no books."""
        try:
            versions = _versions(self._books.picture())
        except StoppedError:
            return ()
        if versions != self._versions:
            # The versions are those of before the reading: what came meanwhile is read again next time.
            self._events = self._books.account_events()
            self._versions = versions
        return self._events

    def named_lots(self) -> Mapping[str, Sequence[tuple[str, Decimal]]]:
        """Return for each order the lots that were named for it, as stored now."""
        return self._books.named_lots()

    def name_lots(self, named: NamedLots) -> bool:
        """Store what lots an order closes, once."""
        return self._books.name_lots(named)


def _versions(picture: AccountPicture) -> object:
    return picture.cash_version, frozenset(
        (each.symbol, each.version) for each in picture.positions
    )
