"""The workloads' bars are real sessions, whole prices, the same every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bench.backtest_agreement import exact_ties
from bench.backtest_data import YEAR_OF_MINUTES, Bars, minutes, pairs, panel
from quantumzero.domain.calendars import from_us, session_at

if TYPE_CHECKING:
    from pathlib import Path


def test_a_year_of_minutes_has_its_count_its_decimals_and_no_exact_tie_at_10_and_30() -> None:
    bars = minutes()
    assert bars.close.shape == (1, YEAR_OF_MINUTES)
    assert np.array_equal(bars.close, np.round(bars.close, 4))
    assert exact_ties(bars, 10, 30) == 0


def test_every_minute_lies_in_a_session_and_prices_in_their_bar() -> None:
    bars = minutes(800)
    assert all(session_at(from_us(int(time))) is not None for time in bars.time[::37])
    assert np.all(np.diff(bars.time) >= 60_000_000)
    assert np.all(bars.low <= np.minimum(bars.open, bars.close))
    assert np.all(bars.high >= np.maximum(bars.open, bars.close))
    assert np.all(bars.low > 0.0)


def test_the_same_seed_gives_the_same_bars_and_a_file_keeps_them(tmp_path: Path) -> None:
    bars = panel(3, 50)
    again = panel(3, 50)
    bars.save(tmp_path / "bars.npz")
    stored = Bars.load(tmp_path / "bars.npz")
    for name in Bars.__slots__:
        assert np.array_equal(getattr(bars, name), getattr(again, name))
        assert np.array_equal(getattr(bars, name), getattr(stored, name))


def test_a_thousand_pairs_and_a_part_of_them() -> None:
    assert len(set(pairs())) == 1000
    assert pairs()[0] == (5, 50)
    assert pairs()[-1] == (44, 242)
    assert len(pairs(50)) == 50
    assert set(pairs(50)) < set(pairs())
