"""Read the trading state, the limits and how much of them is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.contracts.formats import decimal_text, optional_decimal_text, utc_text
from quantumzero.contracts.risk import (
    LeftPosition,
    LimitChangeView,
    LimitUse,
    RiskState,
    ScopeState,
)
from quantumzero.domain.risk.account_risk import ScopedState, TradingState, named_strategy
from quantumzero.domain.risk.limit_use import uses_of
from quantumzero.domain.risk.limit_values import NAMES, limit_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.domain.risk.account_risk import AccountRisk
    from quantumzero.domain.risk.limit_changes import LimitChange
    from quantumzero.domain.risk.limit_use import Standing
    from quantumzero.usecases.flatten_account import Left


def no_books_view(reason: str) -> RiskState:
    """Show an account without a ledger: it trades nothing and is shown as halted."""
    return RiskState(
        state="HALTED",
        message=f"Nothing is sent: {reason}",
        halted_by=None,
        reason="the account has no ledger yet; prepare_session makes it before the open",
        since=None,
        gross_exposure_used="0",
        gross_exposure_limit="0",
        symbol_exposure_limit="0",
        order_value_limit="0",
        price_collar_percent="0",
        broker_buying_power=None,
        broker_buying_power_at=None,
        scopes=[],
        limits_version=0,
        limits=[],
        pending=[],
        history=[],
    )


def risk_view(
    risk: AccountRisk,
    *,
    standing: Standing,
    waiting: Sequence[LimitChange],
    history: Sequence[LimitChange],
) -> RiskState:
    """Show the account's risk state as the API does."""
    limits, power = risk.limits, risk.broker_power
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
        broker_buying_power=decimal_text(power.buying_power) if power else None,
        broker_buying_power_at=utc_text(power.at) if power else None,
        scopes=[_scope(name, risk.scopes[name]) for name in sorted(risk.scopes)],
        limits_version=limits.version,
        limits=_limits(risk, standing),
        pending=[change_view(each) for each in waiting],
        history=[change_view(each) for each in history],
    )


def change_view(change: LimitChange) -> LimitChangeView:
    """Show one step of a change."""
    return LimitChangeView(
        name=change.name,  # type: ignore[arg-type]  # a change names a limit
        old=change.old,
        new=change.new,
        author=change.author,
        reason=change.reason,
        asked_at=utc_text(change.asked_at),
        effective_at=utc_text(change.effective_at),
        state=change.state.value,
        version=change.version,
    )


def left_view(left: Left) -> LeftPosition:
    """Show what a flattening left."""
    return LeftPosition(
        symbol=left.symbol,
        strategy=left.strategy,
        quantity=decimal_text(left.quantity),
        reason=left.reason,
    )


def _limits(risk: AccountRisk, standing: Standing) -> list[LimitUse]:
    uses = uses_of(risk, standing)
    shown = []
    for name in NAMES:
        value, use = getattr(risk.limits, name), uses.get(name)
        left = None if use is None or value is None else value - use.used
        shown.append(
            LimitUse(
                name=name,  # type: ignore[arg-type]  # the names are the limits'
                limit=limit_text(name, value),
                used=None if use is None else decimal_text(use.used),
                distance=optional_decimal_text(left),
                subject=None if use is None else use.subject,
            )
        )
    return shown


def _scope(name: str, scoped: ScopedState) -> ScopeState:
    strategy = named_strategy(name)
    return ScopeState(
        strategy=strategy,
        symbol=None if strategy else name.split(":", 1)[1],
        state="HALTED" if scoped.state is TradingState.HALTED else "REDUCING",
        changed_by=scoped.changed_by,
        reason=scoped.reason,
        since=_time(scoped.since),
    )


def _time(time: datetime | None) -> str | None:
    return utc_text(time) if time else None
