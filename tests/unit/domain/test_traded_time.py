"""Ages in trading time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quantumzero.domain.bars import TIMEFRAMES
from quantumzero.domain.traded_time import BAR_LENGTHS, older_than_two_bars, traded_time

FRIDAY_CLOSE = datetime(2005, 2, 18, 21, 0, tzinfo=UTC)
TUESDAY_OPEN = datetime(2005, 2, 22, 14, 30, tzinfo=UTC)  # Monday was Washington's birthday


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (FRIDAY_CLOSE, TUESDAY_OPEN, timedelta(0)),
        (FRIDAY_CLOSE, TUESDAY_OPEN + timedelta(minutes=5), timedelta(minutes=5)),
        (FRIDAY_CLOSE - timedelta(hours=1), TUESDAY_OPEN, timedelta(hours=1)),
        (FRIDAY_CLOSE, TUESDAY_OPEN + timedelta(days=2), timedelta(hours=13)),
        (TUESDAY_OPEN, FRIDAY_CLOSE, timedelta(0)),
    ],
)
def test_only_the_hours_of_sessions_count(
    since: datetime, until: datetime, expected: timedelta
) -> None:
    assert traded_time(since, until) == expected


def test_every_timeframe_has_a_length() -> None:
    assert set(BAR_LENGTHS) == set(TIMEFRAMES)


def test_a_daily_bar_is_old_when_a_third_one_has_begun() -> None:
    two_sessions_later = datetime(2005, 2, 23, 21, 0, tzinfo=UTC)
    assert not older_than_two_bars(FRIDAY_CLOSE, "1d", two_sessions_later)
    assert older_than_two_bars(
        FRIDAY_CLOSE, "1d", two_sessions_later + timedelta(hours=17, minutes=31)
    )
