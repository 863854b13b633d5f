"""Read the trading state, the limits and how much of them is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.contracts.api import RiskState
from quantumzero.contracts.formats import decimal_text, utc_text
from quantumzero.domain.errors import StoppedError
from quantumzero.domain.risk.account_risk import TradingState

if TYPE_CHECKING:
    from quantumzero.domain.risk.account_risk import AccountRisk
    from quantumzero.ports.ledger import TradingSwitch


def read_risk(*, switch: TradingSwitch) -> RiskState:
    """Return the trading state; an account without a ledger trades nothing and is shown as halted."""
    try:
        return risk_view(switch.risk())
    except StoppedError as error:
        return RiskState(
            state="HALTED",
            message=f"Nothing is sent: {error}",
            halted_by=None,
            reason="the account has no ledger yet; prepare_session makes it before the open",
            since=None,
            gross_exposure_used="0",
            gross_exposure_limit="0",
            symbol_exposure_limit="0",
            order_value_limit="0",
            price_collar_percent="0",
        )


def risk_view(risk: AccountRisk) -> RiskState:
    """Show the account's risk state as the API does."""
    limits = risk.limits
    return RiskState(
        state=risk.state.value,
        message=risk.message,
        halted_by=None if risk.state is TradingState.ACTIVE else risk.changed_by,
        reason=risk.reason,
        since=utc_text(risk.since) if risk.since else None,
        gross_exposure_used=decimal_text(risk.gross_used),
        gross_exposure_limit=decimal_text(limits.gross_exposure),
        symbol_exposure_limit=decimal_text(limits.symbol_exposure),
        order_value_limit=decimal_text(limits.order_value),
        price_collar_percent=decimal_text(limits.price_collar_percent),
    )
