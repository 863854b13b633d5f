"""Stop and resume the account, one strategy or one symbol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, InvalidInputError, RefusedError
from quantumzero.domain.risk.account_risk import (
    AccountRisk,
    TradingState,
    strategy_scope,
    symbol_scope,
)

if TYPE_CHECKING:
    from quantumzero.ports.clocks import MarketClock
    from quantumzero.ports.ledger import TradingSwitch
    from quantumzero.usecases.halt_trading import HaltTrading


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeTrading:
    """The switch with its scopes; carry_out_requests cancels what works in a halted scope, the sweep what is left."""

    halting: HaltTrading
    switch: TradingSwitch
    market: MarketClock

    def stop(
        self,
        state: TradingState,
        *,
        by: str,
        reason: str,
        strategy: str | None = None,
        symbol: str | None = None,
    ) -> AccountRisk:
        """Reduce or halt; doing it again is success and keeps the first reason.

        Raises RefusedError when the scope is halted and only reducing is asked: that would loosen it.
        """
        scope = _scope(strategy, symbol)
        risk = self.switch.risk()
        if scope is None:
            return self._stop_account(risk, state, by, reason)
        current = risk.scopes[scope].state if scope in risk.scopes else TradingState.ACTIVE
        if current is state:
            return risk
        if current is TradingState.HALTED:
            raise RefusedError(f"{scope} is HALTED; resume it before it may be reducing")
        now = self.market.now()
        return self.switch.set_scope(scope, state, by=by, reason=reason, at=now)

    def exits_only_above_limit(self, *, by: str, reason: str) -> None:
        """Reduce after a limit was lowered below what is used.

        Else the next sweep would find more used than may be, take it for an order that nobody approved, and halt.
        """
        risk = self.switch.risk()
        if risk.above_limit and risk.state is TradingState.ACTIVE:
            text = f"gross_exposure was lowered below what is used: {reason}"
            self.stop(TradingState.REDUCING, by=by, reason=text)

    def resume(
        self, *, by: str, reason: str, strategy: str | None = None, symbol: str | None = None
    ) -> AccountRisk:
        """Resume what was stopped; what was not stopped stays as it is."""
        scope = _scope(strategy, symbol)
        if scope is None:
            return self.halting.resume(by=by, reason=reason)
        risk = self.switch.risk()
        if scope not in risk.scopes:
            return risk
        now = self.market.now()
        return self.switch.set_scope(scope, TradingState.ACTIVE, by=by, reason=reason, at=now)

    def _stop_account(
        self, risk: AccountRisk, state: TradingState, by: str, reason: str
    ) -> AccountRisk:
        if state is TradingState.HALTED:
            return self.halting.halt(reason=reason, by=by)
        if risk.state is TradingState.HALTED:
            raise RefusedError("the account is HALTED; resume it before it may be reducing")
        if risk.state is state:
            return risk
        now = self.market.now()
        try:
            return self.switch.set_state(state, by=by, reason=reason, at=now, epoch=risk.epoch)
        except ConflictError as error:
            raise RefusedError(
                "the trading state changed meanwhile; read it and ask again"
            ) from error


def _scope(strategy: str | None, symbol: str | None) -> str | None:
    if strategy is not None and symbol is not None:
        raise InvalidInputError("name a strategy or a symbol, not both", field="body.symbol")
    if strategy is not None:
        return strategy_scope(strategy)
    return None if symbol is None else symbol_scope(symbol)
