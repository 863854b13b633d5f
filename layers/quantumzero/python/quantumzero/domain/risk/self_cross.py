"""Self-cross: an entry does not trade with the account's own working order on the other side.

Code: SELF_CROSS. Origin: wash trades. A market order crosses any, limits cross when the buy's is at or above the
sell's. Exits pass, and so do a strategy's own stops and targets at the broker: they are cancelled before the entry is
sent. Working orders are read from an index that may lag a moment, so this is as fresh as that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.orders import Side
from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderTerms
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    if proposal.reducing:
        return None
    own = proposal.terms
    for other in proposal.working:
        if (
            other.side is not own.side
            and other.parent != own.client_order_id
            and not (other.rests and other.strategy == own.strategy)
            and _cross(own, other)
        ):
            return Refusal(
                code="SELF_CROSS",
                limit=other.limit_price,
                value=own.limit_price,
                text=f"order {other.client_order_id} of {other.strategy} works on the other side of "
                f"{own.symbol}; cancel it or wait until it is closed",
            )
    return None


def _cross(one: OrderTerms, other: OrderTerms) -> bool:
    buy, sell = (one, other) if one.side is Side.BUY else (other, one)
    if buy.limit_price is None or sell.limit_price is None:
        return True
    return buy.limit_price >= sell.limit_price
