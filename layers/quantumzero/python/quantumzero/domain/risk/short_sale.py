"""Short sale: a sell is at most what is held and not already being sold.

Code: NOT_SHORTABLE. Origin: SEC 15c3-5(c)(2), locate requirement; short selling is not enabled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    if not proposal.reducing or proposal.quantity <= proposal.available:
        return None
    return Refusal(
        code="NOT_SHORTABLE",
        limit=proposal.available,
        value=proposal.quantity,
        text=f"a sale of {proposal.quantity} {proposal.decision.symbol} was asked and "
        f"{proposal.available} may be sold; short selling is not enabled",
    )
