"""Net exposure: long less short, with everything working and this order on its side, is at most the limit.

Code: EXPOSURE_NET. Origin: RTS 6 article 15(5). Every working order counts as if it were on the order's side, so the
control errs on the safe side; what is reserved is checked again, exactly, in the transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.orders import Side
from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from decimal import Decimal

    from quantumzero.domain.risk.proposal import Proposal


def reserved_before(proposal: Proposal) -> Decimal | None:
    """Return the greatest sum of open reservations that leaves room for the order, None without a limit."""
    limit = proposal.account.limits.net_exposure
    if limit is None:
        return None
    net = proposal.net_at_market
    return limit - (net if proposal.side is Side.BUY else -net) - proposal.value


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    room, limit = reserved_before(proposal), proposal.account.limits.net_exposure
    reserved = proposal.account.open_reserved
    if proposal.reducing or room is None or limit is None or reserved <= room:
        return None
    after = limit - room + reserved
    return Refusal(
        code="EXPOSURE_NET",
        limit=limit,
        value=after,
        text=f"with this order the account would be {after} net on one side; at most {limit} may be",
    )
