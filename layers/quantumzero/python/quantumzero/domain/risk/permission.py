"""Permission: a strategy enters while it is enabled, and where the account names who may trade it, only if named.

Code: NOT_AUTHORISED. Origin: SEC 15c3-5(c)(2); RTS 6 article 15(5). A decision that comes after its strategy was
disabled may still exit. A strategy that was stopped is a matter of its own trading state; an account is of one mode,
paper or live, since every mode has a ledger of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal

_CODE = "NOT_AUTHORISED"


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    permitted = proposal.account.limits.strategies
    if proposal.reducing:
        return None
    if not proposal.enabled:
        text = f"{proposal.strategy} is not enabled any more; enable it before it may enter"
        return Refusal(code=_CODE, text=text)
    if not permitted or proposal.strategy in permitted:
        return None
    return Refusal(
        code=_CODE,
        text=f"{proposal.strategy} may not enter in this account; {', '.join(sorted(permitted))} may",
    )
