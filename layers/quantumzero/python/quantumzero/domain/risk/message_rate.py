"""Message rate: messages a minute of the account and of one strategy, 20 % below what the broker takes.

Code: RATE_LIMIT. Origin: RTS 6 article 15(1)(d). Token buckets in machine time. Exits, replacements and cancels are
counted and never refused: the 20 % that are left are theirs. Checked again, exactly, in the transaction.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.buckets import (
    ACCOUNT_MESSAGES,
    Spend,
    spend,
    strategy_messages,
)
from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.domain.risk.account_risk import AccountRisk
    from quantumzero.domain.risk.proposal import Proposal

WINDOW = timedelta(minutes=1)


def spends(proposal: Proposal) -> Sequence[Spend]:
    """Return what the order takes from the two buckets; a rate without a limit is not counted."""
    bounded = not proposal.reducing and proposal.terms.replaces is None
    return message_spends(
        proposal.account, proposal.strategy, at=proposal.machine_time, bounded=bounded
    )


def message_spends(
    account: AccountRisk, strategy: str, *, at: datetime, bounded: bool = False
) -> Sequence[Spend]:
    """Return what one message of the strategy takes at that machine time; unless it is bounded it only counts."""
    limits = account.limits
    rates = {
        ACCOUNT_MESSAGES: limits.messages_per_minute,
        strategy_messages(strategy): limits.strategy_messages_per_minute,
    }
    return tuple(
        spend(account.buckets, bucket, at=at, capacity=rate, window=WINDOW, bounded=bounded)
        for bucket, rate in rates.items()
        if rate is not None
    )


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    for each in spends(proposal):
        if each.bounded and each.full:
            who = "the account" if each.bucket == ACCOUNT_MESSAGES else proposal.strategy
            return Refusal(
                code="RATE_LIMIT",
                limit=Decimal(each.capacity),
                value=round(each.spent + 1, 2),
                text=f"{who} sent as many messages as it may in a minute ({each.capacity}); "
                "the next entries pass as the minute goes on",
            )
    return None
