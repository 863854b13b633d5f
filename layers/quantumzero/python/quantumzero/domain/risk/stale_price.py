"""Stale price: a decision is acted on while its bar is one of the two newest.

Code: STALE_PRICE. Origin: fail-closed practice; age in bars of market time, so nights and holidays do not count. When
no newer bar has arrived, twice the timeframe plus four days of closed market bounds it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal

MAXIMUM_NEWER_BARS = 2
_LONGEST_CLOSURE = timedelta(days=4)
_MINUTES = {"1m": 1, "5m": 5, "15m": 15, "30m": 30, "1h": 60, "1d": 24 * 60, "1w": 7 * 24 * 60}


def maximum_age(timeframe: str) -> timedelta:
    """Return the age at which a bar is stale even when no newer one arrived."""
    return 2 * timedelta(minutes=_MINUTES[timeframe]) + _LONGEST_CLOSURE


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    age = proposal.market_time - proposal.decision.closes_at
    if proposal.newer_bars < MAXIMUM_NEWER_BARS and age <= maximum_age(proposal.decision.timeframe):
        return None
    return Refusal(
        code="STALE_PRICE",
        limit=f"{MAXIMUM_NEWER_BARS} bars",
        value=f"{proposal.newer_bars} newer bars, {age} old",
        text=f"the decision's bar closed at {proposal.decision.closes_at:%Y-%m-%dT%H:%M:%SZ} and the market is at "
        f"{proposal.market_time:%Y-%m-%dT%H:%M:%SZ}; the price is too old to trade on",
    )
