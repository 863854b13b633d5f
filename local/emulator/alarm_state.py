"""Decide an alarm's state from the values of its last periods, missing ones included.

Source: "Configuring how CloudWatch alarms treat missing data" in the CloudWatch user guide. The
newest EvaluationPeriods values found in a slightly longer range decide; only when there are fewer
does the treatment of missing data matter.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ALARM, OK, INSUFFICIENT = "ALARM", "OK", "INSUFFICIENT_DATA"
# How many periods beyond EvaluationPeriods are looked at for values.
EXTRA_PERIODS = 2

# Whether a value is on the wrong side of the threshold. The operators of anomaly detection are not
# here: they compare with a band.
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def decide(
    breaching: Sequence[bool | None], periods: int, to_alarm: int, missing: str, current: str
) -> str:
    """Return the state for one flag per period, newest first, None where there was no value.

    `missing` is the alarm's TreatMissingData: missing, ignore, breaching or notBreaching.
    """
    known = [flag for flag in breaching if flag is not None][:periods]
    lacking = periods - len(known)
    bad = sum(known)
    if lacking == 0 or missing == "notBreaching":
        return ALARM if bad >= to_alarm else OK
    if missing == "breaching":
        return ALARM if bad + lacking >= to_alarm else OK
    if missing == "ignore":
        return _without_missing(bad, len(known), periods, to_alarm) or current
    if not known:
        return INSUFFICIENT
    return ALARM if bad >= min(to_alarm, len(known)) else OK


def _without_missing(bad: int, known: int, periods: int, to_alarm: int) -> str | None:
    if bad >= to_alarm:
        return ALARM
    cannot_alarm = known - bad > periods - to_alarm
    return OK if cannot_alarm else None
