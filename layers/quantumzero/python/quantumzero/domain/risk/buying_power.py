"""Buying power: what is free pays for the order: the ledger's cash, or the broker's buying power where that is less.

Code: BUYING_POWER. Origin: SEC 15c3-5(c)(1)(i), credit. The broker's word is of the last clean comparison; what was
reserved and paid since is taken off it by the ledger's own figures. A word that is too old counts for nothing, and
the ledger's cash stands alone. A haircut holds a part of what is free back. Checked again, exactly, in the transaction.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal

# Three comparisons, which come every five minutes. Machine time.
LONGEST_AGE = timedelta(minutes=15)
_WHOLE = Decimal(100)


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    missing = _missing(proposal)
    free = _after_haircut(proposal, _cash(proposal) - proposal.account.open_reserved)
    if proposal.reducing or proposal.value <= free:
        return None
    whose = "of the broker's buying power" if missing else "of cash"
    haircut = proposal.account.limits.haircut_percent
    less = f" after a haircut of {haircut:f} %" if haircut else ""
    return Refusal(
        code="BUYING_POWER",
        limit=free,
        value=proposal.value,
        text=f"the order costs about {proposal.value} and {free} {whose} is not promised to other orders{less}",
    )


def reserved_before(proposal: Proposal) -> Decimal:
    """Return the greatest sum of open reservations that leaves room for the order."""
    haircut = proposal.account.limits.haircut_percent
    needed = proposal.value * _WHOLE / (_WHOLE - haircut) if haircut else proposal.value
    return _cash(proposal) - needed


def _cash(proposal: Proposal) -> Decimal:
    return proposal.cash - _missing(proposal)


def _missing(proposal: Proposal) -> Decimal:
    """Return how much less the broker lends than the ledger's cash says, by a word that still counts."""
    power = proposal.account.broker_power
    if power is None or proposal.machine_time - power.at > LONGEST_AGE:
        return Decimal(0)
    return power.shortfall


def _after_haircut(proposal: Proposal, free: Decimal) -> Decimal:
    haircut = proposal.account.limits.haircut_percent
    return free * (_WHOLE - haircut) / _WHOLE if haircut else free
