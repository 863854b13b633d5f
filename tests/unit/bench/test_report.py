"""The benchmarks' table: a goal is reached, missed or none, and the lines say which."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from bench.local_cloud import percentile_95
from bench.report import Row, rows, table
from bench.tick_bursts import SYMBOLS, make_burst
from quantumzero.contracts.ticks import decode_record
from quantumzero.domain.calendars import next_session, to_us

ONE = {
    "ticks_per_record": 1000,
    "ticks_per_second": 900_000,
    "peer_ticks_per_second": 100_000,
    "ratio": 7.9,
    "lean_peer_ticks_per_second": 200_000,
    "lean_ratio": 4.5,
}
THROUGHPUT: dict[str, Any] = {
    **ONE,
    "thin_records": {**ONE, "ticks_per_second": 700_000, "ratio": 8.0},
    "goal_ticks_per_second": 800_000,
    "goal_ratio": 8.0,
    "rounds": 9,
}


def test_each_goal_gets_its_verdict_and_a_figure_without_one_is_only_measured() -> None:
    verdicts = [row.verdict for row in rows({"ticks_throughput": THROUGHPUT})]
    assert verdicts == ["reached", "MISSED", "measured", "MISSED", "reached", "measured"]


@pytest.mark.parametrize(("milliseconds", "verdict"), [(350, "reached"), (351, "MISSED")])
def test_an_import_time_is_held_to_its_budget(milliseconds: int, verdict: str) -> None:
    figures = {"milliseconds": {"place_order": milliseconds}, "goal_milliseconds": 350, "runs": 5}
    (row,) = rows({"import_times": figures})
    assert (row.verdict, row.figure) == (verdict, f"{milliseconds} ms")


def test_a_part_that_was_not_run_has_no_line() -> None:
    assert rows({"machine": {}}) == []


def test_the_table_is_aligned() -> None:
    lines = table([Row("short", "1 ms"), Row("a longer name", "2 ms", "1 ms", False)]).splitlines()
    assert {
        line.index(word) for line, word in zip(lines, ["figure", "1 ms", "2 ms"], strict=True)
    } == {15}
    assert lines[-1].endswith("MISSED")


def test_the_95th_percentile_lies_between_neighbours() -> None:
    assert percentile_95([float(value) for value in range(101)]) == 95
    assert percentile_95([7.0]) == 7


def test_a_burst_fills_one_session_in_order_and_its_last_record_closes_it() -> None:
    session = next_session(date(2005, 8, 29))
    burst = make_burst(session, 5_000)
    records = [decode_record(record) for record in burst.records]
    closes = to_us(session.closes_at)
    assert [record.watermark for record in records] == [None] * (len(records) - 1) + [closes]
    assert sum(burst.volumes.values()) == sum(
        sum(series.sizes) for record in records for series in record.series
    )
    for symbol in SYMBOLS:
        times = [
            time
            for record in records
            for series in record.series
            if series.symbol == symbol
            for time in series.times
        ]
        assert len(times) == 1_250
        assert to_us(session.opens_at) <= times[0]
        assert times[-1] < closes
        assert all(earlier < later for earlier, later in pairwise(times))
