"""What a page gets of a result: never more than it can draw, and no extreme left out."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from quantumzero.contracts.backtest_result import result_document
from quantumzero.contracts.backtest_view import POINTS, TRADES, result_view, thinned
from tests.fakes.own_backtest import own_backtest

ANSWER_LIMIT = 6 * 1024 * 1024


def test_a_short_curve_is_shown_whole_and_without_a_note() -> None:
    document = result_document(own_backtest())
    view = result_view(document)
    assert [[each["time"], each["equity"]] for each in view["equity"]] == document["equity"]
    assert view["notes"] == ["one trade is ambiguous"]
    assert view["metrics"] == document["metrics"]


def test_a_long_run_is_thinned_says_so_and_stays_below_the_limit_of_an_answer() -> None:
    document = result_document(own_backtest(points=20_000))
    document["trades"] = document["trades"] * 5_000
    view = result_view(document)
    assert len(view["equity"]) <= POINTS
    assert len(view["trades"]) == TRADES
    assert "20000 points" in view["notes"][1]
    assert "10000 trades" in view["notes"][2]
    assert len(json.dumps(view)) < ANSWER_LIMIT


@given(values=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=300), points=st.integers(4, 40))
def test_thinning_keeps_the_ends_the_extremes_and_the_order(
    values: list[float], points: int
) -> None:
    curve = [[str(number), repr(value)] for number, value in enumerate(values)]
    kept = thinned(curve, points=points)
    assert len(kept) <= max(points, 4)
    assert (kept[0], kept[-1]) == (curve[0], curve[-1])
    assert kept == sorted(kept, key=lambda point: int(point[0]))
    shown = [float(value) for _, value in kept]
    assert (min(shown), max(shown)) == (min(values), max(values))
