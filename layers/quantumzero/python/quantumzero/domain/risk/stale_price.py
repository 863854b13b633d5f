"""Stale price: a decision is acted on while its bar is one of the two newest.

Code: STALE_PRICE. Origin: fail-closed practice. Age counts in bars of market time, so nights and holidays make
nothing old: bars that closed since, or could have closed when none arrived.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal
from quantumzero.domain.traded_time import older_than_two_bars

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal

CODE = "STALE_PRICE"
MAXIMUM_NEWER_BARS = 2


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    decision, now = proposal.decision, proposal.market_time
    old = older_than_two_bars(decision.closes_at, decision.timeframe, now)
    if proposal.newer_bars < MAXIMUM_NEWER_BARS and not old:
        return None
    return Refusal(
        code=CODE,
        limit=Decimal(MAXIMUM_NEWER_BARS),
        value=Decimal(proposal.newer_bars),
        text=f"the decision's bar closed at {decision.closes_at:%Y-%m-%dT%H:%M:%SZ} and the market "
        f"is at {now:%Y-%m-%dT%H:%M:%SZ}; the price is too old to trade on",
    )
