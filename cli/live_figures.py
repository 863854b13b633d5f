"""The figures of a running replay, asked from the product's API in the background: drawing never waits for them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from quantumzero.domain.errors import QuantumZeroError

if TYPE_CHECKING:
    from local.cloud import LocalCloud
    from local.replay.supervisor import Progress

_EVERY_SECONDS = 1.0
_SYMBOLS_A_TIME = 20


@dataclass(slots=True)
class Counts:
    """Bars and decisions of the replay so far, counted without reading what was counted already."""

    bars: dict[str, int] = field(default_factory=dict)
    decisions: int = 0
    _newest_bars: dict[str, str] = field(default_factory=dict)
    _newest_decision: str | None = None
    _turn: int = 0

    def update(self, api: Any, symbols: list[str]) -> None:
        """Ask for what is new; of many symbols some at a time."""
        newest = None
        for decision in api.every("/v1/decisions", "decisions"):
            newest = newest or decision["id"]
            if decision["id"] == self._newest_decision:
                break
            self.decisions += 1
        self._newest_decision = newest or self._newest_decision
        for offset in range(min(_SYMBOLS_A_TIME, len(symbols))):
            self._count_bars(api, symbols[(self._turn + offset) % len(symbols)])
        self._turn += _SYMBOLS_A_TIME

    def _count_bars(self, api: Any, symbol: str) -> None:
        last = self._newest_bars.get(symbol, "")
        limit = 50 if last else 2000
        bars = api.get("/v1/bars", symbol=symbol, limit=limit)["bars"]
        times = [bar["closes_at"] for bar in bars]
        fresh = [time for time in times if time > last]
        if len(fresh) == limit == 50:
            fresh = [
                bar["closes_at"]
                for bar in api.get("/v1/bars", symbol=symbol, limit=2000)["bars"]
                if bar["closes_at"] > last
            ]
        if fresh:
            self.bars[symbol] = self.bars.get(symbol, 0) + len(fresh)
            self._newest_bars[symbol] = max(fresh)


class LiveFigures:
    """Asks once a second on its own thread; `rows` is replaced whole, never changed."""

    def __init__(self, cloud: LocalCloud, progress: Progress) -> None:
        self._cloud = cloud
        self._progress = progress
        self._counts = Counts()
        self._recoveries = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.rows: dict[str, str] = {}
        self.trouble = ""

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Stop asking; a question under way is not waited for."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._ask()
                self.trouble = ""
            except (QuantumZeroError, BotoCoreError, ClientError, OSError) as error:
                # The view outlives a cloud that is being restarted.
                self.trouble = f"the cloud does not answer now ({type(error).__name__})"
            self._ended.wait(_EVERY_SECONDS)

    def _ask(self) -> None:
        if self._recoveries != self._progress.recoveries:
            self._recoveries, self._counts = self._progress.recoveries, Counts()
        self._counts.update(self._cloud.api, self._cloud.settings.symbols.split(","))
        books = self._cloud.exchange.totals()
        counted = {
            "bars": f"{sum(self._counts.bars.values()):,}",
            "decisions": f"{self._counts.decisions:,}",
            "orders, fills": f"{books['orders']:,}, {books['fills']:,}",
        }
        self.rows = {**counted, **figures(self._cloud)}


def figures(cloud: LocalCloud) -> dict[str, str]:
    """Return the account's figures in words a person reads."""
    portfolio: dict[str, Any] = cloud.api.get("/v1/portfolio")
    orders = cloud.api.get("/v1/orders", limit=1)["orders"]
    newest = cloud.api.get("/v1/decisions", limit=1)["decisions"]
    risk = cloud.api.get("/v1/risk")
    return {
        "equity": f"{float(portfolio['equity']):,.2f}",
        "cash": f"{float(portfolio['cash']):,.2f}",
        "market time": portfolio["market_time"] or "-",
        "newest order": describe_order(orders[0]) if orders else "none yet",
        "newest decision": describe_decision(newest[0]) if newest else "none yet",
        "trading": f"{risk['state']}: {risk['message']}",
    }


def describe_order(order: dict[str, Any]) -> str:
    """Return one order in a line."""
    return (
        f"{order['side']} {order['quantity']} {order['symbol']} {order['state']} "
        f"(filled {order['filled_quantity']})"
    )


def describe_decision(decision: dict[str, Any]) -> str:
    """Return one decision in a line."""
    return f"{decision['strategy']} on {decision['symbol']}: {decision['action']}"
