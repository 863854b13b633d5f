"""One table of all figures: what was measured, what it came to, the goal, and whether it was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.backtest_rows import backtest_rows, metric_rows
from bench.language_rows import live_step_rows, parity_rows
from bench.order_path_rows import broker_fault_rows, halt_rows, lots_rows
from bench.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def throughput_rows(figures: Mapping[str, Any]) -> list[Row]:
    """Lines of decode and fold, and of its ratio to each peer, at full records and at thin ones."""
    speed, ratio = figures["goal_ticks_per_second"], figures["goal_ratio"]
    lines = []
    for one in (figures, figures["thin_records"]):
        own, times, lean = one["ticks_per_second"], one["ratio"], one["lean_ratio"]
        peer, lean_peer = one["peer_ticks_per_second"], one["lean_peer_ticks_per_second"]
        record = f"{one['ticks_per_record']:,} ticks a record, median of {figures['rounds']}"
        lines += [
            Row(
                f"process_ticks decode and fold, one core ({record})",
                f"{own:,} ticks/s",
                f"{speed:,}",
                own >= speed,
            ),
            Row(
                "  ratio to BatchProcessor + pydantic model a tick + pandas",
                f"{times:g} x ({peer:,} ticks/s)",
                f"{ratio:g} x",
                times >= ratio,
            ),
            Row(
                "  ratio to the same on columns, where a bad tick costs its record",
                f"{lean:g} x ({lean_peer:,} ticks/s)",
            ),
        ]
    return lines


def import_rows(figures: Mapping[str, Any]) -> list[Row]:
    """One line for each hot-path function."""
    goal = figures["goal_milliseconds"]
    return [
        Row(
            f"import of {name}, CPU, with DynamoDB (median of {figures['runs']})",
            f"{milliseconds} ms",
            f"{goal} ms",
            milliseconds <= goal,
        )
        for name, milliseconds in figures["milliseconds"].items()
    ]


def cloud_rows(figures: Mapping[str, Any]) -> list[Row]:
    """Lines of the deployed path in the local cloud."""
    order = figures["tick_to_order_milliseconds"]
    session, burst = figures["session_seconds"], figures["deployed_ticks_per_second"]
    return [
        Row(
            f"tick to order, local cloud (n = {order['orders']})",
            f"p50 {order['p50']} ms, p95 {order['p95']} ms",
        ),
        Row(
            f"ticks through the deployed path ({burst['bursts']} bursts of "
            f"{burst['ticks_per_burst']:,})",
            f"{burst['p50']:,} ticks/s",
        ),
        Row(
            "  what one shard on AWS admits of such records (1 MB/s)",
            f"{burst['one_aws_shard_admits']:,} ticks/s",
        ),
        Row(
            f"replayed sessions (n = {session['sessions']}; p95 of one {session['p95']:g} s)",
            f"{figures['sessions_per_minute']} a minute",
        ),
    ]


__all__ = ["Row", "rows", "table"]
_LINES: dict[str, Callable[[Mapping[str, Any]], list[Row]]] = {
    "ticks_throughput": throughput_rows,
    "import_times": import_rows,
    "local_cloud": cloud_rows,
    "backtests": backtest_rows,
    "metrics_peers": metric_rows,
    "live_step": live_step_rows,
    "parity": parity_rows,
    "halt": halt_rows,
    "lots": lots_rows,
    "broker_faults": broker_fault_rows,
}


def rows(results: Mapping[str, Any]) -> list[Row]:
    """Return the lines of the parts that were measured."""
    return [
        row for name, lines in _LINES.items() if name in results for row in lines(results[name])
    ]


def table(lines: list[Row]) -> str:
    """Return the lines as aligned text."""
    cells = [("measured", "figure", "goal", "verdict")]
    cells += [(row.measured, row.figure, row.goal, row.verdict) for row in lines]
    widths = [max(len(cell[column]) for cell in cells) for column in range(4)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )
