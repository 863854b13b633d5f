"""Restricted list: symbols that are not entered; what is held of them may be sold.

Code: RESTRICTED. Origin: SEC 15c3-5(c)(2), restricted securities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    if proposal.reducing or proposal.symbol not in proposal.account.limits.restricted:
        return None
    return Refusal(
        code="RESTRICTED",
        text=f"{proposal.symbol} is on the account's restricted list; only exits of it are sent",
    )
