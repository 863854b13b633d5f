"""The lines of the table that say how backtests and metrics compare with their peers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Mapping


def backtest_rows(figures: Mapping[str, Any]) -> list[Row]:
    """Lines of one backtest, the sweep, the panel, and the growth of our own time."""
    goals = figures["goals"]
    return [
        *_single_rows(figures["single"], goals),
        *_sweep_rows(figures["sweep"], goals),
        *_panel_rows(figures["panel"], goals),
        *_growth_rows(figures["growth"]),
    ]


def metric_rows(figures: Mapping[str, Any]) -> list[Row]:
    """One line for each convention: how many figures agree with the library's."""
    return [
        Row(
            f"figures of convention {name} equal to the library's (tolerance {figures['tolerance']:g})",
            f"{part['agree']} of {part['compared']}",
            "all",
            part["agree"] == part["compared"],
        )
        for name, part in figures["conventions"].items()
    ]


def _time(milliseconds: float) -> str:
    return f"{milliseconds / 1e3:.3g} s" if milliseconds >= 1e3 else f"{milliseconds:.3g} ms"


def _ratio_row(
    what: str, ours: float, theirs: Mapping[str, Any], goal: float | None, key: str
) -> Row:
    """Return how many times faster than the peer we are."""
    ratio = theirs[key] / ours
    note = ", estimated from a part" if theirs.get("estimated") else ""
    figure = f"{ratio:.3g} x ({_time(theirs[key])}{note}, {theirs['megabytes']:.0f} MB)"
    if goal is None:
        return Row(what, figure)
    return Row(what, figure, f"{goal:g} x", ratio >= goal)


def _read_rows(work: Mapping[str, Any]) -> list[Row]:
    """Return our time on bars that were read and checked before: raptorbt is given its arrays ready."""
    own, peer = work["own_of_read_bars"]["milliseconds"], work["engines"]["raptorbt"]
    ratio = f"{peer['milliseconds'] / own:.3g} x raptorbt"
    return [Row("  the same on bars read before", f"{_time(own)}, {ratio}")]


def _single_rows(one: Mapping[str, Any], goals: Mapping[str, float]) -> list[Row]:
    engines = one["engines"]
    own = engines["own"]
    goal = {
        "raptorbt": goals["single_to_raptorbt"],
        "backtesting": goals["single_to_backtesting"],
    }
    return [
        Row(
            f"one backtest, {one['bars']:,} minute bars, sma 10/30, from a DataFrame to the full "
            f"result (median of {own['rounds']})",
            f"{_time(own['milliseconds'])}, {own['megabytes']:.0f} MB",
        ),
        *_read_rows(one),
        *(
            _ratio_row(
                f"  faster than {name}", own["milliseconds"], engine, goal.get(name), "milliseconds"
            )
            for name, engine in engines.items()
            if name != "own"
        ),
        *(
            Row(f"  distance of final equity to {name}", f"{distance['final']:.1e}")
            for name, distance in one["distance"].items()
        ),
    ]


def _sweep_rows(sweep: Mapping[str, Any], goals: Mapping[str, float]) -> list[Row]:
    engines, key = sweep["engines"], "milliseconds_for_all"
    own, agreement = engines["own"], sweep["agreement"]
    most = goals["sweep_megabytes"]
    explained = f"{agreement['differ_with_an_exact_tie']} differ and have an exact tie"
    return [
        Row(
            f"sweep of {sweep['pairs']:,} pairs on it, one thread (median of {own['rounds']})",
            _time(own[key]),
        ),
        Row(
            "  peak memory",
            f"{own['megabytes']:.0f} MB",
            f"{most:g} MB",
            own["megabytes"] <= most,
        ),
        *(
            _ratio_row(
                f"  faster than {name}",
                own[key],
                engine,
                goals["sweep_to_raptorbt"] if name == "raptorbt" else None,
                key,
            )
            for name, engine in engines.items()
            if name != "own"
        ),
        Row(
            "  pairs whose final, drawdown and trades equal raptorbt's to 1e-9",
            f"{agreement['agree']:,} of {agreement['pairs']:,}; {explained}",
            "no other",
            not agreement["differ_without"],
        ),
    ]


def _panel_rows(panel: Mapping[str, Any], goals: Mapping[str, float]) -> list[Row]:
    engines = panel["engines"]
    own = engines["own"]
    return [
        Row(
            f"{panel['instruments']} instruments x {panel['days']:,} days on one account, from "
            f"DataFrames (median of {own['rounds']})",
            f"{_time(own['milliseconds'])}, {own['megabytes']:.0f} MB",
        ),
        *_read_rows(panel),
        *(
            _ratio_row(
                f"  faster than {name} on as many accounts",
                own["milliseconds"],
                engine,
                goals[f"panel_to_{name}"],
                "milliseconds",
            )
            for name, engine in engines.items()
            if name != "own"
        ),
    ]


def _growth_rows(growth: Mapping[str, Any]) -> list[Row]:
    return [
        Row(
            f"our time by {what}",
            ", ".join(f"{int(k):,}: {_time(v['milliseconds'])}" for k, v in growth[what].items()),
        )
        for what in ("bars", "instruments")
    ]
