"""Price collar: an entry is priced within a few percent of the newest price, in a market that is not wild.

Code: PRICE_COLLAR. Origin: RTS 6 article 15(1)(a); SEC 15c3-5(c)(1)(ii). The price is the order's limit, else what it
is valued at. A quote's spread and the drift of the newest closes are held to limits too, where these are set. Exits
pass: a fast market must not lock a position in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from decimal import Decimal

    from quantumzero.domain.risk.proposal import Proposal

_CODE = "PRICE_COLLAR"


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    if proposal.reducing:
        return None
    return _away(proposal) or _spread(proposal) or _drift(proposal)


def _away(proposal: Proposal) -> Refusal | None:
    limit = proposal.account.limits.price_collar_percent
    price = proposal.terms.limit_price or proposal.price
    if proposal.newest_price <= 0:
        text = f"there is no newest price of {proposal.symbol} to hold {price} against"
        return Refusal(_CODE, text, limit=limit)
    away = abs(price - proposal.newest_price) * 100 / proposal.newest_price
    if away <= limit:
        return None
    text = (
        f"the order's price {price} is {away:.2f} % from the newest price "
        f"{proposal.newest_price}; at most {limit} % may be"
    )
    return Refusal(_CODE, text, limit=limit, value=_rounded(away))


def _spread(proposal: Proposal) -> Refusal | None:
    quote, limit = proposal.quote, proposal.account.limits.spread_percent
    if quote is None or not quote.sound or limit is None or proposal.terms.limit_price is not None:
        return None
    spread = (quote.ask - quote.bid) * 200 / (quote.ask + quote.bid)
    if spread <= limit:
        return None
    text = (
        f"{proposal.symbol} is quoted {quote.bid} to {quote.ask}, a spread of {spread:.2f} %; "
        f"a market order needs {limit} % or less: send a limit order"
    )
    return Refusal(_CODE, text, limit=limit, value=_rounded(spread))


def _drift(proposal: Proposal) -> Refusal | None:
    earlier, limit = proposal.earlier_price, proposal.account.limits.drift_percent
    if earlier is None or limit is None or earlier <= 0:
        return None
    drift = abs(proposal.newest_price - earlier) * 100 / earlier
    if drift <= limit:
        return None
    text = (
        f"{proposal.symbol} went from {earlier} to {proposal.newest_price} in the newest bars, "
        f"{drift:.2f} %; entries pass up to {limit} %"
    )
    return Refusal(_CODE, text, limit=limit, value=_rounded(drift))


def _rounded(percent: Decimal) -> Decimal:
    return round(percent, 4)
