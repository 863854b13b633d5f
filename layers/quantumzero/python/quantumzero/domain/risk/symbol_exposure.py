"""Symbol exposure: what is held and working in one symbol, with this order, is at most the limit.

Code: EXPOSURE_SYMBOL. Origin: RTS 6 article 15(5). Checked again, exactly, in the transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    if proposal.reducing:
        return None
    symbol = proposal.symbol
    limit = proposal.account.limits.symbol_exposure
    after = proposal.symbol_used + proposal.value
    if after <= limit:
        return None
    return Refusal(
        code="EXPOSURE_SYMBOL",
        limit=limit,
        value=after,
        text=f"with this order {symbol} would be {after} of exposure; at most {limit} may be",
    )
