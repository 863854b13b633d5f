"""Opposite side: an entry is not on the other side of what other strategies hold, or of an entry that works.

Code: OPPOSITE_SIDE. Origin: practice. A broker nets what one account holds, so a short sale of one strategy would close
the long position of another, and the exits of both would be refused for what is not there any more. Two entries of one
symbol on both sides would close each other's; brokers refuse the second while a short sale works.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.orders import Side
from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    held, buys = proposal.held_by_others, proposal.side is Side.BUY
    if proposal.reducing:
        return None
    if held >= 0 if buys else held <= 0:
        return _against_entry(proposal)
    word = "short" if buys else "long"
    return Refusal(
        code="OPPOSITE_SIDE",
        limit=Decimal(0),
        value=abs(held),
        text=f"other strategies are {word} {abs(held):f} {proposal.symbol} in this account, which the broker nets; "
        "wait until they are out, or trade it in another account",
    )


def _against_entry(proposal: Proposal) -> Refusal | None:
    """Refuse while an entry of the other side works: the strategy's own by its part, others' by the index."""
    against = proposal.opening_against + sum(
        each.quantity
        for each in proposal.working
        if each.strategy != proposal.strategy
        and each.side is not proposal.side
        and not each.reducing
    )
    if against <= 0:
        return None
    return Refusal(
        code="OPPOSITE_SIDE",
        limit=Decimal(0),
        value=against,
        text=f"orders for {against:f} {proposal.symbol} work that are to open a position on the other side; "
        "cancel them or wait until they are closed",
    )
