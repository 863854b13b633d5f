"""Strategy exposure: what one strategy holds and has working, with this order, is at most the limit.

Code: EXPOSURE_STRATEGY. Origin: RTS 6 article 15(5). Checked again, exactly, in the transaction: what its orders
reserve by a counter, what it holds by the version of the cash, which every fill moves.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def reserved_before(proposal: Proposal) -> Decimal | None:
    """Return the most that the strategy's orders may reserve beside this one, None without a limit."""
    limit = proposal.account.limits.strategy_exposure
    return None if limit is None else limit - proposal.strategy_at_market - proposal.value


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    room, limit = reserved_before(proposal), proposal.account.limits.strategy_exposure
    reserved = proposal.account.strategy_reserved.get(proposal.strategy, Decimal(0))
    if proposal.reducing or room is None or limit is None or reserved <= room:
        return None
    after = limit - room + reserved
    return Refusal(
        code="EXPOSURE_STRATEGY",
        limit=limit,
        value=after,
        text=f"with this order {proposal.strategy} would be {after} of exposure; at most {limit} may be",
    )
