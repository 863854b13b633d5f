"""The trading state in memory: the part of MemoryLedger that implements TradingSwitch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError
from quantumzero.domain.risk.account_risk import AccountRisk, BrokerPower, ScopedState, TradingState
from tests.fakes import memory_risk

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class MemorySwitch:
    """Moves the RISK item of the ledger that it is a part of; the same change again moves nothing."""

    _risk: AccountRisk | None
    risk: Callable[[], AccountRisk]

    def set_state(
        self, state: TradingState, *, by: str, reason: str, at: datetime, epoch: int | None = None
    ) -> AccountRisk:
        risk = self.risk()
        asked = (state, by, reason, at)
        there = (risk.state, risk.changed_by, risk.reason, risk.since) == asked
        if there and epoch in (None, risk.epoch - 1):
            return risk
        if epoch is not None and risk.epoch != epoch:
            raise ConflictError(f"the trading state is at epoch {risk.epoch}, not {epoch}")
        self._risk = replace(
            risk, state=state, changed_by=by, reason=reason, since=at, epoch=risk.epoch + 1
        )
        return self._risk

    def set_scope(
        self, scope: str, state: TradingState, *, by: str, reason: str, at: datetime
    ) -> AccountRisk:
        risk = self.risk()
        scoped = ScopedState(state, by, reason, at)
        if risk.scopes.get(scope) == scoped:
            return risk
        scopes = {name: each for name, each in risk.scopes.items() if name != scope}
        if state is not TradingState.ACTIVE:
            scopes[scope] = scoped
        else:
            risk = memory_risk.forgetting(risk, scope)
        self._risk = replace(risk, scopes=scopes, epoch=risk.epoch + 1)
        return self._risk

    def record_reconcile(
        self, *, clean: bool, at: datetime, market_time: datetime, power: BrokerPower | None = None
    ) -> None:
        risk = self.risk()
        self._risk = replace(
            risk,
            reconcile_clean=clean,
            reconciled_at=at,
            broker_power=power or risk.broker_power,
            reconciled_market_time=market_time if clean else risk.reconciled_market_time,
        )
