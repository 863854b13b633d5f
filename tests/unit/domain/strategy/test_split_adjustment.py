"""Raw bars as a holder of later shares sees them."""

from __future__ import annotations

from dataclasses import replace

from quantumzero.domain.bars import Split
from quantumzero.domain.strategy.split_adjustment import adjusted, exchange_date, splits_by


def test_only_bars_before_the_ex_date_change_and_round_half_to_even(daily_bars):
    bars = daily_bars([10.0001, 10.0003, 5.0])  # 2, 3 and 4 January 2024
    seen = list(adjusted(bars, [Split("AAPL", "2024-01-04", 2, 1)]))
    assert [bar.close for bar in seen] == [50_000, 50_002, 50_000]
    assert [bar.volume for bar in seen] == [200, 200, 100]
    assert seen[2] is bars[2]


def test_an_average_price_and_quotes_are_divided_like_the_others(daily_bars):
    [bar, _] = daily_bars([10.0, 5.0])
    quoted = replace(bar, bid=99_999, ask=100_001, vwap=100_003)
    [seen] = adjusted([quoted], [Split("AAPL", "2024-01-03", 2, 1)])
    assert (seen.bid, seen.ask, seen.vwap) == (50_000, 50_000, 50_002)


def test_several_splits_multiply_before_anything_is_rounded(daily_bars):
    bars = daily_bars([9.0, 3.0, 4.5])
    splits = [Split("AAPL", "2024-01-03", 3, 1), Split("AAPL", "2024-01-04", 2, 3)]
    assert [bar.close for bar in adjusted(bars, splits)] == [45_000, 45_000, 45_000]


def test_a_split_counts_from_its_ex_date_on_in_new_york(daily_bars):
    [bar] = daily_bars([10.0])
    assert exchange_date(bar.closes_at) == "2024-01-02"
    assert exchange_date(bar.closes_at.replace(hour=3)) == "2024-01-01"
    known = [Split("AAPL", "2024-01-03", 2, 1)]
    assert splits_by(known, "2024-01-02") == []
    assert splits_by(known, "2024-01-03") == known
