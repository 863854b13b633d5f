"""Lines of the table about the strategy language: a live step, and the proof that its evaluators agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Mapping


def live_step_rows(figures: Mapping[str, Any]) -> list[Row]:
    """One line: ten indicators advanced by one bar."""
    took, goal = figures["microseconds"], figures["goal_microseconds"]
    return [
        Row(
            f"live step of {figures['indicators']} indicators, one bar (median of "
            f"{figures['bars']:,})",
            f"{took:g} microseconds",
            f"{goal} microseconds",
            took <= goal,
        )
    ]


def parity_rows(figures: Mapping[str, Any]) -> list[Row]:
    """Lines of what was proven equal bit for bit, and of exact ties; differences end the part."""
    drawn, functions, ties = figures["random"], figures["functions"], figures["ties"]
    wrong = ties["wrong_stepped"] + ties["wrong_kernel"] + ties["wrong_numpy"]
    return [
        Row(
            "stepped, C and NumPy give the same bits",
            f"{drawn['graphs']:,} random graphs, {functions['functions']} functions, "
            f"{figures['templates']['templates']} templates",
            "0 differences",
            True,
        ),
        Row(
            f"crossings of {ties['bars']:,} bars with {ties['exact_ties']} exact ties",
            f"{wrong} of {ties['crossings']:,} wrong",
            "0 wrong",
            wrong == 0,
        ),
    ]
