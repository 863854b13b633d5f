"""Gross exposure: everything held, everything working and this order together are at most the limit.

Code: EXPOSURE_GROSS. Origin: SEC 15c3-5(c)(1)(i); RTS 6 article 15(2) and (4). What is held counts at the greater of
its newest value and the value its orders reserved; the reserved sum is checked again, exactly, in the transaction.
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
    account = proposal.account
    limit = account.limits.gross_exposure
    after = (
        max(account.gross_used, proposal.gross_at_market + account.open_reserved) + proposal.value
    )
    if after <= limit:
        return None
    return Refusal(
        code="EXPOSURE_GROSS",
        limit=limit,
        value=after,
        text=f"with this order the account would be exposed to {after}; at most {limit} may be",
    )
