"""Buying power: cash less what working buys may still cost pays for the order.

Code: BUYING_POWER. Origin: SEC 15c3-5(c)(1)(i), credit. Checked again, exactly, in the transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    free = proposal.cash - proposal.account.open_reserved
    if proposal.reducing or proposal.value <= free:
        return None
    return Refusal(
        code="BUYING_POWER",
        limit=free,
        value=proposal.value,
        text=f"the order costs about {proposal.value} and {free} of cash is not promised to other orders",
    )
