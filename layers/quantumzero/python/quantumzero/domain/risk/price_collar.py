"""Price collar: an entry is valued within a few percent of the newest price.

Code: PRICE_COLLAR. Origin: RTS 6 article 15(1)(a); SEC 15c3-5(c)(1)(ii). Exits are market orders that make a
position smaller: a fast market must not lock the position in, so they pass.
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
    limit = proposal.account.limits.price_collar_percent
    if proposal.newest_price <= 0:
        return Refusal(
            code="PRICE_COLLAR",
            limit=limit,
            text=f"there is no newest price of {proposal.decision.symbol} to hold {proposal.price} against",
        )
    away = abs(proposal.price - proposal.newest_price) * 100 / proposal.newest_price
    if away <= limit:
        return None
    return Refusal(
        code="PRICE_COLLAR",
        limit=limit,
        value=round(away, 4),
        text=f"the order's price {proposal.price} is {away:.2f} % from the newest price "
        f"{proposal.newest_price}; at most {limit} % may be",
    )
