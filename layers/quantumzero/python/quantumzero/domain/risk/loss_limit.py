"""Loss limit: the day's loss and the drawdown, realised and unrealised, in percent.

Code: LOSS_LIMIT. Origin: practice. The day's loss is against the equity at the last close, the drawdown against the
highest close. A breach stops entries (REDUCING), one and a half times the limit everything (HALTED). Looked at with
every decision and at every close; prices are the newest closes, so it is as exact as they are.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.account_risk import AccountRisk
    from quantumzero.domain.risk.proposal import Proposal

CODE = "LOSS_LIMIT"
HALTS_FROM = Decimal("1.5")
_ZERO = Decimal(0)


def losses(
    account: AccountRisk, equity: Decimal
) -> tuple[tuple[str, Decimal, Decimal | None], ...]:
    """Return by name what is lost in percent, at least 0, and how much may be."""
    limits = account.limits
    return (
        ("the day's loss", _lost(account.opening_equity, equity), limits.daily_loss_percent),
        ("the drawdown", _lost(account.peak_equity, equity), limits.drawdown_percent),
    )


def required_state(account: AccountRisk, equity: Decimal) -> TradingState:
    """Return the state that the losses ask for."""
    breached = [(lost, most) for _, lost, most in losses(account, equity) if _breach(lost, most)]
    if any(most is not None and lost >= most * HALTS_FROM for lost, most in breached):
        return TradingState.HALTED
    return TradingState.REDUCING if breached else TradingState.ACTIVE


def refusal_of(account: AccountRisk, equity: Decimal) -> Refusal | None:
    """Return what a loss above its limit is refused with, None when none is."""
    for name, lost, most in losses(account, equity):
        if _breach(lost, most):
            text = f"{name} is {lost} % and may be {most} %; entries resume with another limit or equity"
            return Refusal(CODE, text, limit=most, value=lost)
    return None


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    if proposal.equity is None:
        return None
    state = required_state(proposal.account, proposal.equity)
    if state is TradingState.ACTIVE or (proposal.reducing and state is TradingState.REDUCING):
        return None
    return refusal_of(proposal.account, proposal.equity)


def _breach(lost: Decimal, most: Decimal | None) -> bool:
    return most is not None and lost > most


def _lost(before: Decimal | None, equity: Decimal) -> Decimal:
    if before is None or before <= 0:
        return _ZERO
    return max(round((before - equity) * 100 / before, 4), _ZERO)
