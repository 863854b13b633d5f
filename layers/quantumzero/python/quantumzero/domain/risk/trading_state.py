"""Trading state: HALTED refuses everything, REDUCING refuses what does not make a position smaller.

Codes: TRADING_HALTED, TRADING_REDUCING. Origin: RTS 6 article 12; the trading states of nautilus_trader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.account_risk import TradingState, permitted_states
from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    state = proposal.account.state
    if state in permitted_states(proposal.side):
        return None
    halted = state is TradingState.HALTED
    return Refusal(
        code="TRADING_HALTED" if halted else "TRADING_REDUCING",
        text=f"trading is {state} ({proposal.account.reason or 'no reason given'}); "
        f"{'resume it before any order' if halted else 'only exits are sent until it is resumed'}",
    )
