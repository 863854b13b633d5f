"""Session: entries are decided while the exchange trades, where the account asks for it.

Code: SESSION. Origin: pre-trade controls on trading hours. `any` lets entries be decided at any time, because decisions
on daily bars come after the close and their orders wait for the open.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE, is_session, session_at
from quantumzero.domain.risk.limits import SessionRule
from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from quantumzero.domain.risk.proposal import Proposal

_OPENS, _CLOSES = time(4), time(20)


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    rule, now = proposal.account.limits.session, proposal.market_time
    if proposal.reducing or trades_at(rule, now):
        return None
    return Refusal(code="SESSION", text=refusal_text(rule, now))


def trades_at(rule: SessionRule, moment: datetime) -> bool:
    """Say whether entries may be decided at the moment (aware UTC)."""
    if rule is SessionRule.ANY:
        return True
    if rule is SessionRule.REGULAR:
        return session_at(moment) is not None
    local = moment.astimezone(EXCHANGE_ZONE)
    return is_session(local.date()) and _OPENS <= local.time() < _CLOSES


def refusal_text(rule: SessionRule, moment: datetime) -> str:
    """Return why an entry of that moment is refused."""
    local = moment.astimezone(EXCHANGE_ZONE)
    return (
        f"it is {local:%Y-%m-%d %H:%M} in New York, outside the {rule} session; "
        "entries wait for the next one"
    )
