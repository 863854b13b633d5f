"""What follows a refusal that asks for more than a refusal: entries stop, of the account or of one strategy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError
from quantumzero.domain.risk import execution_throttle, loss_limit, reject_storm
from quantumzero.domain.risk.account_risk import AccountRisk, TradingState, strategy_scope
from quantumzero.ports.ledger import Alerts, LedgerAlert, TradingSwitch

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

_BY = "risk controls"
_STRICTNESS = {TradingState.ACTIVE: 0, TradingState.REDUCING: 1, TradingState.HALTED: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAtLimits:
    """Turn the trading state as the controls ask, and tell a person."""

    switch: TradingSwitch
    alerts: Alerts

    def after_loss(self, risk: AccountRisk, equity: Decimal, *, at: datetime) -> None:
        """Reduce or halt as the losses ask for; never loosens, and yields to whoever changed the state meanwhile."""
        asked = loss_limit.required_state(risk, equity)
        refusal = loss_limit.refusal_of(risk, equity)
        if refusal is None or _STRICTNESS[asked] <= _STRICTNESS[risk.state]:
            return
        try:
            self.switch.set_state(asked, by=_BY, reason=refusal.text, at=at, epoch=risk.epoch)
        except ConflictError:
            return
        self._tell(f"loss-{risk.epoch}", f"{refusal.text}: trading is {asked}", at)

    def at_close(self, equity: Decimal, *, at: datetime) -> None:
        """Judge the day by its closing equity, before that becomes what the next day is measured from."""
        self.after_loss(self.switch.risk(), equity, at=at)

    def after_refusal(self, code: str, text: str, strategy: str, *, at: datetime) -> None:
        """Stop the strategy's entries when it ordered too often or the broker keeps refusing it."""
        if code not in (execution_throttle.CODE, reject_storm.CODE):
            return
        scope = strategy_scope(strategy)
        if scope in self.switch.risk().scopes:
            return
        risk = self.switch.set_scope(
            scope, TradingState.REDUCING, by=_BY, reason=f"{code}: {text}", at=at
        )
        self._tell(f"{code}-{strategy}-{risk.epoch}", f"{code}: {text}", at)

    def _tell(self, identifier: str, text: str, at: datetime) -> None:
        self.alerts.raise_alert(LedgerAlert(identifier, at, "critical", text))
