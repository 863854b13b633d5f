"""Short sale: a sell is at most what is held and not already being sold, unless it opens a short where that is allowed.

Code: NOT_SHORTABLE. Origin: SEC 15c3-5(c)(2), locate requirement. Short selling is off unless the account's limits
allow it. Two exits of one holding are kept apart, exactly, by the version of the strategy's part in the transaction.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.orders import Side
from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    if proposal.side is not Side.SELL:
        return None
    if proposal.terms.opens_short:
        if proposal.account.limits.short_selling:
            return None
        text = f"a short sale of {proposal.symbol} was asked; this account allows none"
        return Refusal("NOT_SHORTABLE", text, limit=Decimal(0), value=proposal.quantity)
    if proposal.quantity <= proposal.available:
        return None
    return Refusal(
        code="NOT_SHORTABLE",
        limit=proposal.available,
        value=proposal.quantity,
        text=f"a sale of {proposal.quantity} {proposal.symbol} was asked and "
        f"{proposal.available} may be sold; a short sale must say that it is one",
    )
