"""Risk behind the API: state, scopes and limits over the ledger's table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.bootstrap.ledger import halt_trading, ledger, market_clock
from quantumzero.bootstrap.risk import change_limits, decide_order, request_cancel
from quantumzero.bootstrap.settings import read_settings
from quantumzero.bootstrap.ticks import names
from quantumzero.domain.errors import InvalidInputError, StoppedError
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.limit_use import Standing
from quantumzero.usecases.flatten_account import FlattenAccount
from quantumzero.usecases.list_orders import order_view
from quantumzero.usecases.read_risk import change_view, left_view, no_books_view, risk_view
from quantumzero.usecases.scope_trading import ScopeTrading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from quantumzero.contracts import risk as shapes
    from quantumzero.contracts.api import Order
    from quantumzero.ports.ledger import LedgerReader
    from quantumzero.usecases.change_limits import ChangeLimits
    from quantumzero.usecases.value_holdings import ValuedHolding

HISTORY_SHOWN = 20


@dataclass(frozen=True, slots=True)
class RiskDesk:
    """What /v1/risk answers and accepts."""

    switching: ScopeTrading
    changing: ChangeLimits
    ledger: LedgerReader
    flattening: FlattenAccount

    def read(self, valued: Callable[[], Sequence[ValuedHolding]]) -> shapes.RiskState:
        """Return state, limits and use by the holdings' values; changes that are due take effect first."""
        try:
            self.changing.take_effect()
            risk = self.changing.limits.risk()
        except StoppedError as error:
            return no_books_view(str(error))
        values = {each.holding.symbol: each.market_value for each in valued()}
        standing = Standing(
            equity=self.ledger.cash() + sum(values.values()),
            values=values,
            market_time=self.switching.market.now(),
            machine_time=self.changing.machine.now(),
        )
        limits = self.changing.limits
        return risk_view(
            risk,
            standing=standing,
            waiting=limits.waiting(),
            history=limits.history(limit=HISTORY_SHOWN),
        )

    def stop(self, request: shapes.HaltRequest, *, by: str) -> None:
        """Halt or reduce what the request names."""
        self.switching.stop(
            TradingState(request.state or TradingState.HALTED),
            by=by,
            reason=request.reason,
            strategy=request.strategy,
            symbol=request.symbol,
        )

    def resume(self, request: shapes.ResumeRequest, *, by: str) -> None:
        """Resume what the request names."""
        self.switching.resume(
            by=by, reason=request.reason, strategy=request.strategy, symbol=request.symbol
        )

    def flatten(
        self, request: shapes.FlattenRequest, *, key: str, by: str
    ) -> tuple[list[Order], list[shapes.LeftPosition]]:
        """Write the exits of every position; return them and what is left."""
        done = self.flattening.flatten(key=key, by=by, reason=request.reason)
        return [order_view(each) for each in done.orders], [left_view(each) for each in done.left]

    def change(
        self, request: shapes.LimitsRequest, *, by: str, signed_in_at: datetime | None
    ) -> list[shapes.LimitChangeView]:
        """Change limits; a limit is named once."""
        values: dict[str, str] = {each.name: each.value for each in request.changes}
        if len(values) < len(request.changes):
            raise InvalidInputError("a limit was named twice; name each once", field="body.changes")
        done = self.changing.change(values, by=by, reason=request.reason, signed_in_at=signed_in_at)
        self.switching.exits_only_above_limit(by=by, reason=request.reason)
        return [change_view(each) for each in done]


class TimeframeSettings(msgspec.Struct, frozen=True):
    """Environment of whoever values holdings; a comma list."""

    timeframes: str = "1d"


@cache
def ready_risk_desk() -> RiskDesk:
    """Return the process's risk desk over the tables that the environment names."""
    switching = ScopeTrading(halting=halt_trading(), switch=ledger(), market=market_clock())
    flattening = FlattenAccount(
        decide=decide_order(),
        cancelling=request_cancel(),
        switching=switching,
        timeframes=tuple(names(read_settings(TimeframeSettings).timeframes)),
        pause=JitteredBackoff(base=0.5, longest=1.0),
    )
    return RiskDesk(switching, change_limits(), ledger(), flattening)
