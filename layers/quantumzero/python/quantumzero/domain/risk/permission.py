"""Permission: where the account names the strategies that may trade it, no other enters.

Code: NOT_AUTHORISED. Origin: SEC 15c3-5(c)(2); RTS 6 article 15(5). A strategy that was stopped is a matter of its own
trading state; an account is of one mode, paper or live, since every mode has a ledger of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    permitted = proposal.account.limits.strategies
    if proposal.reducing or not permitted or proposal.strategy in permitted:
        return None
    return Refusal(
        code="NOT_AUTHORISED",
        text=f"{proposal.strategy} may not enter in this account; {', '.join(sorted(permitted))} may",
    )
