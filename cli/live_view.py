"""The live view of a running replay: pace, bars, decisions, orders, equity, and where the page is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from local.first_state import OPERATOR, PASSWORD

if TYPE_CHECKING:
    from cli.live_figures import LiveFigures
    from local.replay.supervisor import Progress

_WIDTH = 78


class LiveView:
    """Draws what is known now: asking is the work of LiveFigures."""

    def __init__(self, dashboard: str, progress: Progress, figures: LiveFigures) -> None:
        self._dashboard = dashboard
        self._progress = progress
        self._figures = figures
        self.finished = ""

    def __rich__(self) -> Panel:
        progress = self._progress
        table = Table.grid(padding=(0, 3))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis")
        for name, value in (pace(progress) | self._figures.rows).items():
            table.add_row(name, Text(value))
        if progress.recoveries:
            table.add_row("recoveries", f"{progress.recoveries}")
        bar = ProgressBar(
            total=max(progress.sessions_total, 1), completed=progress.sessions_done, width=_WIDTH
        )
        lines: list[RenderableType] = [bar, Text(), table]
        if self._figures.trouble:
            lines.append(Text(self._figures.trouble, style="yellow"))
        if self.finished:
            lines.append(Text(f"\n{self.finished}", style="bold"))
        where = Text(f"\n{self._dashboard}", style="cyan")
        where.append(f"   sign in: {OPERATOR} / {PASSWORD}", style="dim")
        lines.append(where)
        title = "finished" if progress.finished else "replaying"
        return Panel(
            Group(*lines),
            title=f"QuantumZero: {title}",
            subtitle="Ctrl-C stops; the state stays",
            width=_WIDTH + 4,
        )


def pace(progress: Progress) -> dict[str, str]:
    """Return how far and how fast this run is: sessions and ticks of an earlier run do not count."""
    seconds = max((progress.ended or time.monotonic()) - progress.began, 0.001)
    own = progress.sessions_done - (progress.sessions_before or 0)
    return {
        "session": progress.session or "-",
        "sessions": f"{progress.sessions_done:,} of {progress.sessions_total:,} "
        f"({own / seconds * 60:,.0f} a minute)",
        "ticks": f"{progress.ticks:,} ({progress.ticks / seconds:,.0f} a second)",
    }
