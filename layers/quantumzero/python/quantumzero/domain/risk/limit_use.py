"""How much of each limit is used now, for the limits that bound something that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.buckets import spend
from quantumzero.domain.risk.loss_limit import losses

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from quantumzero.domain.risk.account_risk import AccountRisk

_ZERO = Decimal(0)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """The account at the newest closes; values are by symbol, shorts negative."""

    equity: Decimal
    values: Mapping[str, Decimal]
    market_time: datetime
    machine_time: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """What is used of one limit; subject names the symbol, sector or strategy that uses most."""

    used: Decimal
    subject: str | None = None


def uses_of(risk: AccountRisk, standing: Standing) -> Mapping[str, Use]:
    """Return the use of each limit that has one, by the limit's name."""
    values = standing.values
    symbols = {
        name: max(risk.symbol_used.get(name, _ZERO), abs(values.get(name, _ZERO)))
        for name in risk.symbol_used.keys() | values.keys()
    }
    gross = sum((abs(each) for each in values.values()), _ZERO) + risk.open_reserved
    net = abs(sum(values.values(), _ZERO)) + risk.open_reserved
    day, drawdown = (lost for _, lost, _ in losses(risk, standing.equity))
    held = {name for name, value in values.items() if value}
    held |= {name for name, count in risk.working.items() if count > 0}
    uses = {
        "gross_exposure": Use(max(risk.gross_used, gross)),
        "net_exposure": Use(net),
        "symbol_exposure": _greatest(symbols),
        "sector_exposure": _greatest(_by_sector(symbols, risk.limits.sectors)),
        "daily_loss_percent": Use(day),
        "drawdown_percent": Use(drawdown),
        "open_orders": Use(Decimal(risk.open_orders)),
        "positions": Use(Decimal(len(held))),
        "consecutive_rejects": _greatest(
            {name: Decimal(count) for name, count in risk.rejects.items()}
        ),
        **_rates(risk, standing),
    }
    if risk.reconciled_at is not None:
        age = Decimal(int((standing.machine_time - risk.reconciled_at).total_seconds()))
        uses["reconcile_minutes"] = Use(round(max(age, _ZERO) / 60, 2))
    return uses


def _rates(risk: AccountRisk, standing: Standing) -> Mapping[str, Use]:
    limits = risk.limits
    rates = (
        ("messages_per_minute", limits.messages_per_minute, "messages", _MINUTE),
        (
            "strategy_messages_per_minute",
            limits.strategy_messages_per_minute,
            "messages:",
            _MINUTE,
        ),
        ("executions_per_day", limits.executions_per_day, "executions:", _DAY),
    )
    uses = {}
    for name, rate, prefix, window in rates:
        if rate is None:
            continue
        at = standing.market_time if window == _DAY else standing.machine_time
        spent = {
            bucket.removeprefix(prefix): round(
                spend(
                    risk.buckets, bucket, at=at, capacity=rate, window=window, bounded=True
                ).spent,
                2,
            )
            for bucket in risk.buckets
            if (bucket.startswith(prefix) if prefix.endswith(":") else bucket == prefix)
        }
        uses[name] = _greatest(spent)
    return uses


def _by_sector(symbols: Mapping[str, Decimal], sectors: Mapping[str, str]) -> Mapping[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for symbol, used in symbols.items():
        if symbol in sectors:
            totals[sectors[symbol]] = totals.get(sectors[symbol], _ZERO) + used
    return totals


def _greatest(uses: Mapping[str, Decimal]) -> Use:
    if not uses:
        return Use(_ZERO)
    subject = max(sorted(uses), key=lambda name: uses[name])
    return Use(uses[subject], subject or None)
