"""Opposite side: an entry is not on the other side of what other strategies hold of the symbol.

Code: OPPOSITE_SIDE. Origin: practice. A broker nets what one account holds, so a short sale of one strategy would close
the long position of another, and the exits of both would be refused for what is not there any more.
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
    if proposal.reducing or (held >= 0 if buys else held <= 0):
        return None
    word = "short" if buys else "long"
    return Refusal(
        code="OPPOSITE_SIDE",
        limit=Decimal(0),
        value=abs(held),
        text=f"other strategies are {word} {abs(held):f} {proposal.symbol} in this account, which the broker nets; "
        "wait until they are out, or trade it in another account",
    )
