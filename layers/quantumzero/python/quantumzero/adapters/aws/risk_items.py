"""How the one RISK item is written and read back: state, limits, what is used of them, and rates.

The four limits that the first release knew keep their attributes; the others are `limit:{name}`, written only when they
are not the default. What a release does not know it leaves alone.
"""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_table import Item, Value, item_of, time_of, time_text
from quantumzero.domain.risk.account_risk import (
    AccountRisk,
    BrokerPower,
    RiskLimits,
    ScopedState,
    TradingState,
    named_strategy,
)
from quantumzero.domain.risk.buckets import strategy_executions
from quantumzero.domain.risk.limit_values import NAMES, limit_text, read_limit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

USED_PREFIX = "used:"
STRATEGY_PREFIX = "open:"
WORKING_PREFIX = "working:"
REJECTS_PREFIX = "rejects:"
BUCKET_PREFIX = "bucket:"
SCOPE_PREFIX = "scope:"
LIMIT_PREFIX = "limit:"
_FIRST_NAMES = {
    "gross_exposure": "gross_limit",
    "symbol_exposure": "symbol_limit",
    "order_value": "order_limit",
    "price_collar_percent": "collar_percent",
}
_DEFAULTS = {each.name: each.default for each in fields(RiskLimits)}


def limit_attribute(name: str) -> str:
    """Return the attribute that holds the limit."""
    return _FIRST_NAMES.get(name, f"{LIMIT_PREFIX}{name}")


def limit_value(limits: RiskLimits, name: str) -> Value:
    """Return the limit as it is written."""
    value = getattr(limits, name)
    return value if isinstance(value, Decimal) else limit_text(name, value)


def limit_values(limits: RiskLimits) -> dict[str, Value]:
    """Return the attributes of the limits, without those that are as by default."""
    kept = {name: _DEFAULTS.get(name) for name in NAMES}
    return {
        limit_attribute(name): limit_value(limits, name)
        for name, default in kept.items()
        if name in _FIRST_NAMES or _differs(getattr(limits, name), default)
    }


def _differs(value: Any, default: Any) -> bool:
    return bool(value) if isinstance(value, dict) else value != default


def risk_item(partition: str, risk: AccountRisk, prepared_until: str) -> Item:
    """Return the one risk item: state, limits and uses together, so that one condition covers them."""
    used = {f"{USED_PREFIX}{symbol}": value for symbol, value in risk.symbol_used.items()}
    return item_of(
        {
            "pk": partition,
            "sk": "RISK",
            "state": risk.state.value,
            "epoch": risk.epoch,
            "gross_used": risk.gross_used,
            "open_reserved": risk.open_reserved,
            "limits_version": risk.limits.version,
            "prepared_until": prepared_until,
            "opening_equity": risk.opening_equity,
            "peak_equity": risk.peak_equity,
            **limit_values(risk.limits),
            **used,
        }
    )


def account_risk(values: Mapping[str, Any]) -> AccountRisk:
    """Return the risk state of an item's values."""
    return AccountRisk(
        state=TradingState(values["state"]),
        limits=_limits(values),
        gross_used=values["gross_used"],
        open_reserved=values["open_reserved"],
        symbol_used=_starting(values, USED_PREFIX),
        epoch=int(values["epoch"]),
        changed_by=values.get("changed_by"),
        reason=values.get("reason"),
        since=_time(values, "since"),
        reconciled_at=_time(values, "reconciled_at"),
        reconcile_clean=values.get("reconcile_clean"),
        reconciled_market_time=_time(values, "reconciled_market_time"),
        strategy_reserved=_starting(values, STRATEGY_PREFIX),
        open_orders=int(values.get("open_count", 0)),
        working=_counts(values, WORKING_PREFIX),
        rejects=_counts(values, REJECTS_PREFIX),
        buckets=_counts(values, BUCKET_PREFIX),
        scopes={name: scoped_state(text) for name, text in _starting(values, SCOPE_PREFIX).items()},
        opening_equity=values.get("opening_equity"),
        peak_equity=values.get("peak_equity"),
        limits_due=_time(values, "limits_due"),
        broker_power=_broker_power(values),
    )


def scope_text(scoped: ScopedState) -> str:
    """Write a scope's state first, so that a condition can ask how it begins."""
    since = time_text(scoped.since) if scoped.since else ""
    return "\n".join((scoped.state, since, scoped.changed_by or "", scoped.reason or ""))


def scoped_state(text: str) -> ScopedState:
    """Read what scope_text wrote."""
    state, since, by, reason = text.split("\n", 3)
    return ScopedState(
        TradingState(state), by or None, reason or None, time_of(since) if since else None
    )


def forgotten_with(scope: str) -> dict[str, str]:
    """Return the counters, by a name for each, that a strategy starts anew with when its scope is opened again."""
    strategy = named_strategy(scope)
    if strategy is None:
        return {}
    executions = f"{BUCKET_PREFIX}{strategy_executions(strategy)}"
    return {"#rejects": f"{REJECTS_PREFIX}{strategy}", "#executions": executions}


def broker_power_values(power: BrokerPower) -> dict[str, Value]:
    """Return the attributes of what the broker lends."""
    return {
        "broker_buying_power": power.buying_power,
        "broker_free": power.free,
        "broker_power_at": power.at,
    }


def _broker_power(values: Mapping[str, Any]) -> BrokerPower | None:
    """Return the broker's word, None where it was never stored."""
    at = _time(values, "broker_power_at")
    if at is None:
        return None
    return BrokerPower(values["broker_buying_power"], values["broker_free"], at)


def _limits(values: Mapping[str, Any]) -> RiskLimits:
    given: dict[str, Any] = {"version": int(values["limits_version"])}
    for name in NAMES:
        stored = values.get(limit_attribute(name))
        if stored is not None:
            given[name] = read_limit(name, stored) if isinstance(stored, str) else stored
    return RiskLimits(**given)


def _starting(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): value
        for name, value in values.items()
        if name.startswith(prefix)
    }


def _counts(values: Mapping[str, Any], prefix: str) -> dict[str, int]:
    return {name: int(Decimal(value)) for name, value in _starting(values, prefix).items()}


def _time(values: Mapping[str, Any], name: str) -> datetime | None:
    return time_of(values[name]) if name in values else None
