"""Reject storm: the broker refused a strategy's orders several times in a row.

Code: REJECT_STORM. Origin: practice. Counted exactly by the transaction that stores each rejection, back to zero with a
fill. A refusal stops the strategy's entries until somebody resumes it by name, which also forgets the count.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal

CODE = "REJECT_STORM"


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    limit = proposal.account.limits.consecutive_rejects
    rejects = Decimal(proposal.account.rejects.get(proposal.strategy, 0))
    if proposal.reducing or limit is None or rejects < limit:
        return None
    return Refusal(
        code=CODE,
        limit=limit,
        value=rejects,
        text=f"the broker refused {rejects} orders of {proposal.strategy} without a fill between; "
        "find out why and resume it by name",
    )
