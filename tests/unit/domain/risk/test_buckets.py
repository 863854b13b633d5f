"""A rate never lets more through than its window holds, however the orders come, and refills at its pace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quantumzero.domain.risk.buckets import spend

START = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GAPS = st.lists(st.integers(0, 20_000), min_size=1, max_size=200)


def passing(gaps: list[int], capacity: int) -> list[int]:
    """Return when orders pass, in milliseconds, that come after those gaps."""
    buckets: dict[str, int] = {}
    now, passed = 0, []
    for gap in gaps:
        now += gap
        at = START + timedelta(milliseconds=now)
        taken = spend(buckets, "b", at=at, capacity=Decimal(capacity), window=MINUTE, bounded=True)
        if not taken.full:
            buckets["b"] = taken.after
            passed.append(now)
    return passed


@given(GAPS, st.integers(1, 30))
def test_no_stretch_of_time_holds_more_than_the_capacity_and_what_refilled(
    gaps: list[int], capacity: int
) -> None:
    passed = passing(gaps, capacity)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            refilled = (passed[last] - passed[first]) * capacity / 60_000
            assert last - first + 1 <= capacity + refilled


@given(GAPS, st.integers(1, 30))
def test_an_order_after_a_quiet_window_always_passes(gaps: list[int], capacity: int) -> None:
    now = sum(gaps)
    assert passing([*gaps, 60_000 + capacity], capacity)[-1] == now + 60_000 + capacity


def test_a_whole_capacity_passes_at_once_and_then_one_by_one() -> None:
    assert passing([0] * 5, 3) == [0, 0, 0]
    assert passing([0] * 4 + [19_999, 1], 3) == [0, 0, 0, 20_000]
