"""Open orders and positions: at most so many of each.

Code: MAX_OPEN. Origin: practice. Open orders are counted in the transaction, exactly, and as two where an order turns
a position; positions when it is decided.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def orders_before(proposal: Proposal) -> int | None:
    """Return the most orders that may be open beside what is proposed, None without a limit."""
    limit = proposal.account.limits.open_orders
    return None if limit is None else int(limit) - proposal.orders


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    if proposal.reducing:
        return None
    account = proposal.account
    held = {name for name, value in proposal.held_at_market.items() if value}
    held |= {name for name, count in account.working.items() if count > 0}
    counts = (
        ("open orders", Decimal(account.open_orders + proposal.orders), account.limits.open_orders),
        ("positions", Decimal(len(held | {proposal.symbol})), account.limits.positions),
    )
    for name, after, limit in counts:
        if limit is not None and after > limit:
            text = f"with this order there would be {after} {name}; at most {limit} may be"
            return Refusal("MAX_OPEN", text, limit=limit, value=after)
    return None
