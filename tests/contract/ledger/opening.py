"""The books that the contract suite starts from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.ports.ledger import AccountPicture


def open_books(ledger: Any) -> bool:
    """Open the books with 1000 of cash and the default limits; say whether they were opened now."""
    cash = Decimal(1000)
    picture = AccountPicture(cash, 1, ())
    opened: bool = ledger.initialise(picture, default_limits(cash), session=date(2005, 3, 1))
    return opened
