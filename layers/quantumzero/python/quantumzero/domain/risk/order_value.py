"""Order value: one entry is worth at most the limit.

Code: MAX_VALUE. Origin: RTS 6 article 15(1)(b). A full limit never blocks an exit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    limit = proposal.account.limits.order_value
    if proposal.reducing or proposal.value <= limit:
        return None
    return Refusal(
        code="MAX_VALUE",
        limit=limit,
        value=proposal.value,
        text=f"the order is worth {proposal.value}; one order may be worth {limit}",
    )
