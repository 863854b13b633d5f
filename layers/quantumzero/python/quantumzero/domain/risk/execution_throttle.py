"""Repeated executions: a strategy orders at most so often a day; more than that needs a person's look.

Code: EXEC_THROTTLE. Origin: RTS 6 article 15(3). A token bucket in market time, so nights refill it. A refusal stops
the strategy's entries until somebody resumes it by name. Exits are counted and pass. Checked again, exactly, in the
transaction.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.buckets import Spend, spend, strategy_executions
from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal

CODE = "EXEC_THROTTLE"
WINDOW = timedelta(days=1)


def spend_of(proposal: Proposal) -> Spend | None:
    """Return what the order takes from its strategy's bucket, None without a limit."""
    limit = proposal.account.limits.executions_per_day
    if limit is None:
        return None
    return spend(
        proposal.account.buckets,
        strategy_executions(proposal.strategy),
        at=proposal.market_time,
        capacity=limit,
        window=WINDOW,
        bounded=not proposal.reducing,
    )


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    taken = spend_of(proposal)
    if taken is None or not taken.bounded or not taken.full:
        return None
    return Refusal(
        code=CODE,
        limit=Decimal(taken.capacity),
        value=round(taken.spent + 1, 2),
        text=f"{proposal.strategy} ordered as often as it may in a day ({taken.capacity}); "
        "look at what it does and resume it by name",
    )
