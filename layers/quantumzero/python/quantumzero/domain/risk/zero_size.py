"""Zero size: an order of no share is a refusal with its reason.

Code: ZERO_SIZE. Origin: RTS 6 article 15(1)(c), order size; sizing rounds down to whole shares.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal
from quantumzero.domain.sizing import entry_size

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    if proposal.quantity > 0:
        return None
    return Refusal(
        code="ZERO_SIZE", limit=Decimal(1), value=proposal.quantity, text=_reason(proposal)
    )


def _reason(proposal: Proposal) -> str:
    if proposal.reducing:
        return "the strategy holds nothing that is not already being sold"
    if proposal.decision is None:
        return f"the order was for {proposal.quantity} shares; ask for more than none"
    size = entry_size(proposal.decision.sizing, proposal.equity or Decimal(0), proposal.price)
    return size.reason or f"the order was for {proposal.quantity} shares"
