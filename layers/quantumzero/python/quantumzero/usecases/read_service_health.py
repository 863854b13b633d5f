"""Read whether every part of the platform does its work: when it last succeeded and whether it is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from quantumzero.contracts.api import Alert, ServiceHealth, ServiceState
from quantumzero.contracts.formats import utc_text
from quantumzero.domain.traded_time import older_than_two_bars, traded_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.decisions import Decision
    from quantumzero.ports.health import Heartbeat, HeartbeatReader
    from quantumzero.ports.ledger import LedgerAlert

_Severity = Literal["info", "warning", "critical"]
_SEVERITIES: dict[str, _Severity] = {
    "info": "info",
    "warning": "warning",
    "critical": "critical",
}


@dataclass(frozen=True, slots=True)
class _Pace:
    """How long a service may be silent: of the machine's time, or of the exchange's trading time."""

    silence: timedelta
    trading_time: bool

    def late(self, since: datetime, now: datetime) -> bool:
        age = traded_time(since, now) if self.trading_time else now - since
        return age > self.silence


# Those called every minute miss five calls, reconciliation three; the two daily ones miss a session and half an hour.
_PACES = {
    "poll_market": _Pace(timedelta(minutes=5), trading_time=True),
    "relay_trade_updates": _Pace(timedelta(minutes=5), trading_time=True),
    "sweep_orders": _Pace(timedelta(minutes=5), trading_time=False),
    "reconcile_account": _Pace(timedelta(minutes=15), trading_time=False),
    "prepare_session": _Pace(timedelta(hours=7), trading_time=True),
    "close_session": _Pace(timedelta(hours=7), trading_time=True),
}
_TICK_PACE = _Pace(timedelta(minutes=10), trading_time=True)


def read_service_health(
    *,
    heartbeats: HeartbeatReader,
    alerts: Sequence[LedgerAlert],
    newest_decision: Decision | None,
    any_enabled: bool,
    market_time: datetime | None,
    machine_now: datetime | None,
) -> ServiceHealth:
    """Return the health of every service and the alerts given.

    machine_now is None in a replay: market time then comes from the data, and silence in machine time says nothing.
    """
    beats = {beat.service: beat for beat in heartbeats.heartbeats(list(_PACES))}
    services = [_beating(service, beats.get(service), machine_now) for service in _PACES]
    services.append(_ticks(market_time, machine_now))
    services.append(_evaluation(newest_decision, any_enabled, market_time))
    return ServiceHealth(
        status="degraded" if any(service.late for service in services) else "healthy",
        market_clock="machine" if machine_now else "replay",
        market_time=utc_text(market_time) if market_time else None,
        services=services,
        alerts=[
            Alert(
                id=alert.id,
                time=utc_text(alert.time),
                severity=_SEVERITIES.get(alert.severity, "warning"),
                message=alert.message,
            )
            for alert in alerts
        ],
    )


def _beating(service: str, beat: Heartbeat | None, machine_now: datetime | None) -> ServiceState:
    if beat is None:
        return ServiceState(
            service=service,
            last_success=None,
            late=machine_now is not None,
            detail="has not succeeded yet",
        )
    late = machine_now is not None and _PACES[service].late(beat.succeeded_at, machine_now)
    return ServiceState(
        service=service,
        last_success=utc_text(beat.succeeded_at),
        late=late,
        detail=beat.detail,
    )


def _ticks(market_time: datetime | None, machine_now: datetime | None) -> ServiceState:
    if market_time is None:
        return ServiceState(
            service="process_ticks",
            last_success=None,
            late=machine_now is not None,
            detail="no tick has been processed yet",
        )
    return ServiceState(
        service="process_ticks",
        last_success=utc_text(market_time),
        late=machine_now is not None and _TICK_PACE.late(market_time, machine_now),
        detail="market time that the ticks have reached",
    )


def _evaluation(
    newest: Decision | None, any_enabled: bool, market_time: datetime | None
) -> ServiceState:
    """Judged by market time, so in a replay too: bars that closed must have been concluded on."""
    if newest is None:
        detail = "no decision has been made yet" if any_enabled else "no strategy is enabled"
        return ServiceState(
            service="evaluate_strategies", last_success=None, late=False, detail=detail
        )
    late = (
        any_enabled
        and market_time is not None
        and older_than_two_bars(newest.closes_at, newest.timeframe, market_time)
    )
    return ServiceState(
        service="evaluate_strategies",
        last_success=utc_text(newest.closes_at),
        late=late,
        detail=f"newest decision is {newest.id}",
    )
