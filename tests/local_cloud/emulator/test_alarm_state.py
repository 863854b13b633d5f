"""The rows of the CloudWatch user guide's table on missing data (3 periods, range of 5)."""

from __future__ import annotations

import pytest

from local.emulator.alarm_state import ALARM, COMPARISONS, INSUFFICIENT, OK, decide

KEEP = "as it was"
# Oldest first, as the guide prints them: 0 fine, X breaching, - missing; then the state for
# missing, ignore, breaching and notBreaching.
ROWS = [
    ("0-X-X", OK, OK, OK, OK),
    ("0----", OK, OK, OK, OK),
    ("-----", INSUFFICIENT, KEEP, ALARM, OK),
    ("0XX-X", ALARM, ALARM, ALARM, ALARM),
    ("--X--", ALARM, KEEP, ALARM, OK),
]


@pytest.mark.parametrize(("periods", "missing", "ignore", "breaching", "not_breaching"), ROWS)
def test_missing_data_is_filled_as_the_guide_says(
    periods: str, missing: str, ignore: str, breaching: str, not_breaching: str
) -> None:
    flags = [{"0": False, "X": True, "-": None}[mark] for mark in reversed(periods)]
    expected = {
        "missing": missing,
        "ignore": ignore,
        "breaching": breaching,
        "notBreaching": not_breaching,
    }
    for treatment, state in expected.items():
        assert decide(flags, 3, 3, treatment, KEEP) == state


def test_some_of_the_periods_are_enough_when_the_alarm_says_so() -> None:
    assert decide([True, False, True], 3, 2, "missing", OK) == ALARM
    assert decide([True, False, False], 3, 2, "missing", OK) == OK


def test_a_value_on_the_threshold_breaches_only_with_or_equal() -> None:
    assert COMPARISONS["GreaterThanOrEqualToThreshold"](1, 1)
    assert not COMPARISONS["GreaterThanThreshold"](1, 1)
    assert COMPARISONS["LessThanThreshold"](0, 1)
    assert COMPARISONS["LessThanOrEqualToThreshold"](1, 1)
