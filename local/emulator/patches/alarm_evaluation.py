"""Evaluate alarms every few seconds, on their own dimensions, with missing data.

AWS: an alarm looks at the one metric with exactly its dimensions, keeps being evaluated while no
data arrives, and treats missing data as it is told.
ministack: evaluates only when a metric or alarm is put by a call, ignores dimensions (any
function's errors trip every function's alarm) and never evaluates missing data.
Every QZ_ALARM_SECONDS (5) all alarms are evaluated. Periods end at the moment of the evaluation and
are not aligned to the clock, so a breach shows after seconds instead of after the minute.
"""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING, Any

from ministack.core import responses
from ministack.services import cloudwatch

from local.emulator.alarm_state import COMPARISONS, EXTRA_PERIODS, decide
from local.emulator.lifecycle import STOPPING, when_ready
from local.emulator.mappings.sources import Scope
from local.emulator.patches.service_metrics import publish_levels
from local.emulator.sources import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOGGER = logging.getLogger("alarms")
_VARIABLE = "QZ_ALARM_SECONDS"
_ORDERLY_RUN = 200


def apply() -> None:
    """Replace the evaluation of one alarm, and evaluate all of them from a thread."""
    expect(cloudwatch._evaluate_alarm, "if k_ns == ns and k_mn == mn:")
    expect(cloudwatch._put_metric_alarm, "    _evaluate_alarm(alarm)\n")
    cloudwatch._evaluate_alarm = evaluate
    when_ready(_evaluate_for_ever, "alarms")


def evaluate(alarm: dict[str, Any]) -> None:
    """Bring one alarm's state up to date; the request scope must be the alarm's."""
    operator = alarm.get("ComparisonOperator")
    if not alarm.get("Namespace") or not alarm.get("MetricName") or operator not in COMPARISONS:
        return
    periods = int(alarm.get("EvaluationPeriods") or 1)
    values = _values(alarm, periods + EXTRA_PERIODS, time.time())
    threshold = float(alarm.get("Threshold") or 0)
    flags = [None if value is None else COMPARISONS[operator](value, threshold) for value in values]
    old = alarm["StateValue"]
    new = decide(
        flags,
        periods,
        int(alarm.get("DatapointsToAlarm") or periods),
        alarm.get("TreatMissingData") or "missing",
        old,
    )
    if new != old:
        _change(alarm, old, new, f"{values[:periods]} against {operator} {threshold}")


def _values(alarm: dict[str, Any], periods: int, now: float) -> list[float | None]:
    """Return the statistic of each period, newest first, None where it has no data."""
    length = float(alarm.get("Period") or 60)
    unit = alarm.get("Unit")
    grouped: list[list[dict[str, Any]]] = [[] for _ in range(periods)]
    for point in _points_since(alarm, now - periods * length):
        place = int((now - point["Timestamp"]) / length)
        if place in range(periods) and unit in (None, "", point["Unit"]):
            grouped[place].append(point)
    return [_statistic(alarm, points) for points in grouped]


def _points_since(alarm: dict[str, Any], since: float) -> Iterator[dict[str, Any]]:
    key = (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(_dimensions(alarm)))
    older_in_a_row = 0
    # Points arrive nearly in order of time: a run of older ones means that no newer one is left.
    for point in reversed(list(cloudwatch._metrics.get(key) or [])):
        older_in_a_row = older_in_a_row + 1 if point["Timestamp"] < since else 0
        if older_in_a_row > _ORDERLY_RUN:
            return
        yield point


def _statistic(alarm: dict[str, Any], points: list[dict[str, Any]]) -> float | None:
    if not points:
        return None
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    value = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
    return None if value is None else float(value)


def _dimensions(alarm: dict[str, Any]) -> dict[str, str]:
    stored = alarm.get("Dimensions") or []
    return stored if isinstance(stored, dict) else cloudwatch._dims_from_list(stored)


def _change(alarm: dict[str, Any], old: str, new: str, why: str) -> None:
    reason = f"{old} to {new}: {why}"
    alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _evaluate_for_ever() -> None:
    pause = float(os.environ.get(_VARIABLE) or 5)
    while not STOPPING.wait(pause):
        try:
            _evaluate_all()
        except Exception:
            # The thread is the only evaluator: say what happened and go on.
            _LOGGER.exception("alarms could not be evaluated")


def _evaluate_all() -> None:
    by_scope: dict[Scope, list[dict[str, Any]]] = {}
    for (account, region, _), alarm in list(cloudwatch._alarms._data.items()):
        by_scope.setdefault(Scope(account, region), []).append(alarm)
    for scope, alarms in by_scope.items():
        responses._request_account_id.set(scope.account)
        responses._request_region.set(scope.region)
        publish_levels(scope)
        for alarm in alarms:
            evaluate(alarm)
