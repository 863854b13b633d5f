"""The kill switch: stop everything at once, and start again only from a clean state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, RefusedError
from quantumzero.domain.risk.account_risk import AccountRisk, TradingState

if TYPE_CHECKING:
    from quantumzero.ports.clocks import MarketClock
    from quantumzero.ports.ledger import TradingSwitch
    from quantumzero.usecases.cancel_orders import CancelOrders


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltTrading:
    """Halt and resume.

    cancel is None where no broker can be reached; functions/carry_out_requests then cancels what works within seconds,
    and the sweep where that failed.
    """

    switch: TradingSwitch
    market: MarketClock
    cancel: CancelOrders | None

    def halt(self, *, reason: str, by: str) -> AccountRisk:
        """Stop trading with one write, then cancel what works; from the write on nothing new is claimed.

        Halting again is success: the first reason stays.
        """
        risk = self.switch.risk()
        if risk.state is not TradingState.HALTED:
            risk = self.switch.set_state(
                TradingState.HALTED, by=by, reason=reason, at=self.market.now()
            )
        if self.cancel is not None:
            self.cancel.cancel_all()
        return risk

    def resume(self, *, by: str, reason: str = "resumed") -> AccountRisk:
        """Trade again; already active changes nothing. Above the exposure limit only exits resume.

        Raises RefusedError while the last comparison with the broker was not clean, or when the state changed
        meanwhile.
        """
        risk = self.switch.risk()
        if risk.state is TradingState.ACTIVE:
            return risk
        if risk.reconcile_clean is not True:
            found = "found differences" if risk.reconcile_clean is False else "has not run yet"
            raise RefusedError(
                f"the comparison with the broker {found}; trading resumes after a clean one "
                "(reconcile_account compares every few minutes)"
            )
        target = TradingState.REDUCING if risk.above_limit else TradingState.ACTIVE
        if risk.state is target:
            raise RefusedError(
                f"exposure {risk.gross_used} is above the limit of {risk.limits.gross_exposure}; "
                "entries resume once exits have brought it down"
            )
        try:
            return self.switch.set_state(
                target,
                by=by,
                reason=reason,
                at=self.market.now(),
                epoch=risk.epoch,
            )
        except ConflictError as error:
            raise RefusedError(
                "trading was halted again meanwhile; read the reason and resume once more"
            ) from error
