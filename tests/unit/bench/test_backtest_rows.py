"""The lines of backtests and metrics: ratios, goals, and what was only estimated."""

from __future__ import annotations

from typing import Any

from bench.report import rows


def engine(milliseconds: float, megabytes: float = 100.0, **more: Any) -> dict[str, Any]:
    return {"milliseconds": milliseconds, "megabytes": megabytes, "rounds": 5, **more}


def figures() -> dict[str, Any]:
    sweep = {
        "own": engine(1300, 140, milliseconds_for_all=1300, estimated=False),
        "raptorbt": engine(5200, 3000, milliseconds_for_all=5200, estimated=False),
        "vectorbt": engine(2000, 900, milliseconds_for_all=40_000, estimated=True),
    }
    return {
        "goals": {
            "single_to_raptorbt": 2.0,
            "single_to_backtesting": 100.0,
            "sweep_to_raptorbt": 5.0,
            "sweep_megabytes": 150.0,
            "panel_to_raptorbt": 1.0,
            "panel_to_vectorbt": 1.0,
        },
        "single": {
            "bars": 98_280,
            "engines": {
                "own": engine(5),
                "raptorbt": engine(10),
                "vectorbt": engine(50),
                "backtesting": engine(400),
            },
            "own_of_read_bars": engine(3),
            "distance": {"raptorbt": {"final": 1e-14}},
        },
        "sweep": {
            "pairs": 1000,
            "engines": sweep,
            "agreement": {
                "pairs": 1000,
                "agree": 990,
                "differ_with_an_exact_tie": 10,
                "differ_without": [],
            },
        },
        "panel": {
            "instruments": 500,
            "days": 2520,
            "engines": {"own": engine(120), "raptorbt": engine(147), "vectorbt": engine(90)},
            "own_of_read_bars": engine(60),
        },
        "growth": {"bars": {"10000": engine(1)}, "instruments": {"1": engine(1), "10": engine(4)}},
    }


def test_ratios_are_held_to_their_goals() -> None:
    lines = rows({"backtests": figures()})
    by_goal = [(row.figure.split(" (")[0], row.verdict) for row in lines if row.reached is not None]
    assert by_goal == [
        ("2 x", "reached"),
        ("80 x", "MISSED"),
        ("140 MB", "reached"),
        ("4 x", "MISSED"),
        ("990 of 1,000; 10 differ and have an exact tie", "reached"),
        ("1.23 x", "reached"),
        ("0.75 x", "MISSED"),
    ]


def test_an_estimated_figure_says_so_and_growth_is_listed() -> None:
    lines = [row.figure for row in rows({"backtests": figures()})]
    assert "30.8 x (40 s, estimated from a part, 900 MB)" in lines
    assert "1: 1 ms, 10: 4 ms" in lines


def test_a_difference_without_a_tie_misses() -> None:
    broken = figures()
    broken["sweep"]["agreement"]["differ_without"] = [[5, 50]]
    (line,) = [row for row in rows({"backtests": broken}) if "equal raptorbt's" in row.measured]
    assert line.verdict == "MISSED"


def test_each_convention_is_one_line() -> None:
    part = {"agree": 93, "compared": 93}
    lines = rows(
        {
            "metrics_peers": {
                "tolerance": 1e-8,
                "conventions": {"empyrical": part, "lean": {**part, "agree": 92}},
            }
        }
    )
    assert [(row.figure, row.verdict) for row in lines] == [
        ("93 of 93", "reached"),
        ("92 of 93", "MISSED"),
    ]
