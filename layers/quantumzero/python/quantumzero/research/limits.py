"""The limits of an account in a backtest: what may be chosen, and what the simulation is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.calendars import from_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.risk.account_risk import RiskLimits, default_limits
from quantumzero.domain.risk.limit_values import NAMES, limit_text, read_limit
from quantumzero.domain.risk.limits import SessionRule
from quantumzero.domain.risk.trading_session import trades_at
from quantumzero.domain.strategy.problems import unknown_name
from quantumzero.research.simulation.request import INFINITE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.simulation.request import SimulationSettings

    Limits = str | RiskLimits | Mapping[str, Any] | None

_SETTINGS = {
    "gross_exposure": "limit_gross",
    "net_exposure": "limit_net",
    "symbol_exposure": "limit_symbol",
    "sector_exposure": "limit_sector",
    "strategy_exposure": "limit_strategy",
    "order_value": "limit_order_value",
    "order_quantity": "limit_quantity",
    "price_collar_percent": "limit_collar",
    "drift_percent": "limit_drift",
    "executions_per_day": "limit_executions",
    "daily_loss_percent": "limit_daily_loss",
    "drawdown_percent": "limit_drawdown",
    "open_orders": "limit_open_orders",
    "positions": "limit_positions",
}
_WORDS = ("haircut_percent", "short_selling", "restricted", "sectors", "session")
LIMIT_NAMES = (*_SETTINGS, *_WORDS, "resume")


class Resume(StrEnum):
    """When trading goes on that a loss or too many executions stopped: live a person says so."""

    NEVER = "never"
    NEXT_SESSION = "next_session"


@dataclass(frozen=True, slots=True)
class BacktestLimits:
    """The limits of an account, and what stands in for the person who resumes it."""

    account: RiskLimits
    resume: Resume = Resume.NEVER

    def settings(self, settings: SimulationSettings) -> SimulationSettings:
        """Return the settings with these limits."""
        numbers = {
            field: INFINITE if (value := getattr(self.account, name)) is None else float(value)
            for name, field in _SETTINGS.items()
        }
        resumes = self.resume is Resume.NEXT_SESSION
        shorts = settings.allow_short and self.account.short_selling
        return replace(
            settings,
            **numbers,  # type: ignore[arg-type]  # by name
            haircut=float(self.account.haircut_percent or 0),
            allow_short=shorts,
            resume_next_session=resumes,
        )

    def words(self) -> dict[str, str]:
        """Return every limit that is asked, in words."""
        named = {name: limit_text(name, getattr(self.account, name)) for name in _SETTINGS}
        others = {name: limit_text(name, getattr(self.account, name)) for name in _WORDS}
        return {**named, **others, "resume": self.resume.value}

    def restricted(self, symbols: tuple[str, ...]) -> NDArray[np.uint8] | None:
        """Return 1 for each symbol that is not entered, None when all may be."""
        if not self.account.restricted.intersection(symbols):
            return None
        return np.array([each in self.account.restricted for each in symbols], dtype=np.uint8)

    def sectors(self, symbols: tuple[str, ...]) -> NDArray[np.int32] | None:
        """Return the number of each symbol's sector, -1 without one; None when none is limited."""
        if self.account.sector_exposure is None:
            return None
        named = self.account.sectors
        numbers = {sector: number for number, sector in enumerate(sorted(set(named.values())))}
        return np.array([numbers.get(named.get(each, ""), -1) for each in symbols], dtype=np.int32)

    def closed(self, time: NDArray[np.int64]) -> NDArray[np.uint8] | None:
        """Return 1 for each instant (microseconds UTC) outside the session, None at any rule."""
        rule = self.account.session
        if rule is SessionRule.ANY:
            return None
        outside = [not trades_at(rule, from_us(each)) for each in time.tolist()]
        return np.array(outside, dtype=np.uint8)


def limits_of(limits: Limits, cash: float) -> BacktestLimits | None:
    """Return the limits of a run, None for none. account means those of a new account; a mapping takes
    their place by name.

    Raises InvalidInputError for a name or value that cannot be, with field `limits`.
    """
    if limits is None or limits == "none":
        return None
    if isinstance(limits, RiskLimits):
        return BacktestLimits(limits)
    account = default_limits(Decimal(repr(float(cash))))
    if limits == "account":
        return BacktestLimits(account)
    if not isinstance(limits, Mapping):
        raise InvalidInputError(
            f"limits were {limits!r}; they may be none, account, or {', '.join(LIMIT_NAMES)} by name",
            field="limits",
        )
    values = {str(name): _text(value) for name, value in limits.items()}
    for name in values:
        _require_known(name)
    resume = _resume(values.pop("resume", Resume.NEVER.value))
    return BacktestLimits(replace(account, **_read(values)), resume)


def _require_known(name: str) -> None:
    if name in LIMIT_NAMES:
        return
    if name in NAMES:
        text = f"the limit {name} has no meaning in a backtest; it may be {', '.join(LIMIT_NAMES)}"
    else:
        text, _ = unknown_name("the limit", name, LIMIT_NAMES)
    raise InvalidInputError(text, field="limits")


def _read(values: Mapping[str, str]) -> dict[str, Any]:
    try:
        return {name: read_limit(name, text) for name, text in values.items()}
    except InvalidInputError as error:
        raise InvalidInputError(str(error), field="limits") from error


def _resume(text: str) -> Resume:
    if text not in set(Resume):
        raise InvalidInputError(
            f"resume was {text!r}; it may be {', '.join(Resume)}", field="limits"
        )
    return Resume(text)


def _text(value: Any) -> str:
    """Write a value as limits are written: numbers, none, lists with commas, sectors as A=b."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ",".join(f"{symbol}={sector}" for symbol, sector in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return ",".join(str(each) for each in value)
    return str(value)
