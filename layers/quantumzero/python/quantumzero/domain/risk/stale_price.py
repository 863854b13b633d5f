"""Stale price: a decision is acted on while its bar is one of the two newest.

Code: STALE_PRICE. Origin: fail-closed practice. Age counts in bars of market time, so nights and holidays make
nothing old: bars that closed since, or could have closed when none arrived. A quote, where quotes are asked for, is
there, above zero, not crossed, and a few seconds old at most; exits pass without one.
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
    return _old_bar(proposal) or _bad_quote(proposal)


def _old_bar(proposal: Proposal) -> Refusal | None:
    made, now = proposal.priced_at, proposal.market_time
    old = older_than_two_bars(made, proposal.timeframe, now)
    if proposal.newer_bars < MAXIMUM_NEWER_BARS and not old:
        return None
    return Refusal(
        code=CODE,
        limit=Decimal(MAXIMUM_NEWER_BARS),
        value=Decimal(proposal.newer_bars),
        text=f"the decision's bar closed at {made:%Y-%m-%dT%H:%M:%SZ} and the market "
        f"is at {now:%Y-%m-%dT%H:%M:%SZ}; the price is too old to trade on",
    )


def _bad_quote(proposal: Proposal) -> Refusal | None:
    """Where a quote is known it must make sense, and be recent for an entry."""
    quote, limit = proposal.quote, proposal.account.limits.quote_seconds
    if proposal.reducing:
        return None
    if quote is None:
        missing = proposal.quote_missing
        return None if missing is None else Refusal(CODE, missing)
    if not quote.sound:
        text = f"{proposal.symbol} is quoted {quote.bid} to {quote.ask}, which is no market"
        return Refusal(CODE, text)
    age = Decimal(str((proposal.market_time - quote.at).total_seconds()))
    if limit is None or age <= limit:
        return None
    text = f"the quote of {proposal.symbol} is {age} s old; at most {limit} s may be"
    return Refusal(CODE, text, limit=limit, value=age)
