"""Trading state: HALTED refuses everything, REDUCING what does not make a position smaller.

Codes: TRADING_HALTED, TRADING_REDUCING. Origin: RTS 6 article 12; the trading states of nautilus_trader. The strictest
state of account, strategy and symbol counts; all three are checked again, exactly, in the reservation and in the claim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.risk.account_risk import TradingState, permitted_states
from quantumzero.domain.risk.refusals import Refusal

if TYPE_CHECKING:
    from quantumzero.domain.risk.proposal import Proposal


def check(proposal: Proposal) -> Refusal | None:
    """Return the refusal, None when the order passes."""
    account = proposal.account
    governing = account.governing(proposal.strategy, proposal.symbol)
    if governing.state in permitted_states(proposal.side, reducing=proposal.reducing):
        return None
    scopes = (
        "" if account.state is governing.state else f" for {proposal.strategy} or {proposal.symbol}"
    )
    halted = governing.state is TradingState.HALTED
    return Refusal(
        code="TRADING_HALTED" if halted else "TRADING_REDUCING",
        text=f"trading is {governing.state}{scopes} ({governing.reason or 'no reason given'}); "
        f"{'resume it before any order' if halted else 'only exits are sent until it is resumed'}",
    )
