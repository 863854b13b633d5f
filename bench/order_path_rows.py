"""Lines of the table about the order path: how fast a halt is, and what the broker's faults make of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS = {
    "no_new_claim": "until no new claim",
    "last_send": "until the last send",
    "all_cancelled": "until every open order is cancelled",
}


def halt_rows(figures: Mapping[str, Any]) -> list[Row]:
    """One line for each promise of a halt, as it is and in a storm of 429."""
    return [
        Row(
            f"halt, {kind}: {_WORDS.get(what, what)}",
            f"{figures[kind][what]:.2f} s",
            f"{goal:g} s",
            figures[kind][what] <= goal,
        )
        for kind, goals in (("normal", figures["goals"]), ("storm", figures["storm_goals"]))
        for what, goal in goals.items()
    ]


def broker_fault_rows(figures: Mapping[str, Any]) -> list[Row]:
    """Ours under every fault, and the vendor's client beside it."""
    ours, theirs = figures["totals"]["ours"], figures["totals"]["alpaca_py"]
    sound = ours["most_orders"] == 1 and ours["lost"] == 0
    return [
        Row(
            f"broker faults ({len(figures['cases'])} cases): most orders of one intent, lost orders",
            f"{ours['most_orders']}, {ours['lost']}",
            "1, 0",
            sound,
        ),
        Row("  alpaca-py as documented", f"{theirs['most_orders']}, {theirs['lost']}"),
    ]


def lots_rows(figures: Mapping[str, Any]) -> list[Row]:
    """One line for each table: a page of lots by a process that has read nothing yet."""
    return [
        Row(
            f"a page of lots over {figures['fills']:,} fills, new process, {place}",
            f"{figures['seconds'][place]['first']:.2f} s",
            f"{goal:g} s",
            figures["seconds"][place]["first"] <= goal,
        )
        for place, goal in figures["goals"].items()
    ]
