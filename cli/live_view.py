"""The live view of a running replay: ticks a second, bars, decisions, orders, equity, and where the page is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from local.cloud import LocalCloud
    from local.replay.supervisor import Progress


class LiveView:
    """Draws the replay's progress; the figures come from the product's API, asked once a second."""

    def __init__(self, cloud: LocalCloud, progress: Progress) -> None:
        self._cloud = cloud
        self._progress = progress
        self._asked = 0.0
        self._figures: dict[str, str] = {}

    def __rich__(self) -> Panel:
        progress = self._progress
        self._ask()
        seconds = max(time.monotonic() - progress.began, 0.001)
        table = Table.grid(padding=(0, 3))
        table.add_row("session", progress.session or "-")
        table.add_row("sessions", f"{progress.sessions_done} of {progress.sessions_total}")
        table.add_row("sessions/minute", f"{progress.sessions_done / seconds * 60:,.0f}")
        table.add_row("ticks", f"{progress.ticks:,} ({progress.ticks / seconds:,.0f}/s)")
        for name, value in self._figures.items():
            table.add_row(name, value)
        bar = ProgressBar(total=max(progress.sessions_total, 1), completed=progress.sessions_done)
        where = Text(f"dashboard {self._cloud.dashboard_url}  operator / Local-replay-1")
        title = "finished; Ctrl-C stops" if progress.finished else "replaying; Ctrl-C stops"
        return Panel(Group(bar, table, where), title=f"QuantumZero: {title}", expand=False)

    def _ask(self) -> None:
        if time.monotonic() - self._asked < 1.0:
            return
        self._asked = time.monotonic()
        try:
            self._figures = figures(self._cloud)
        except Exception as error:  # the view must outlive a cloud that is being restarted
            self._figures = {"figures": f"not available now ({type(error).__name__})"}


def figures(cloud: LocalCloud) -> dict[str, str]:
    """Return the account's figures in words a person reads."""
    portfolio: dict[str, Any] = cloud.api.get("/v1/portfolio")
    orders = cloud.api.get("/v1/orders", limit=1)["orders"]
    newest = cloud.api.get("/v1/decisions", limit=1)["decisions"]
    risk = cloud.api.get("/v1/risk")
    return {
        "equity": f"{float(portfolio['equity']):,.2f}",
        "cash": f"{float(portfolio['cash']):,.2f}",
        "bars closed until": portfolio["market_time"] or "-",
        "newest order": describe_order(orders[0]) if orders else "none yet",
        "newest decision": f"{newest[0]['id']}: {newest[0]['action']}" if newest else "none yet",
        "trading": f"{risk['state']}: {risk['message']}",
    }


def describe_order(order: dict[str, Any]) -> str:
    """Return one order in a line."""
    return (
        f"{order['side']} {order['quantity']} {order['symbol']} {order['state']} "
        f"(filled {order['filled_quantity']})"
    )
