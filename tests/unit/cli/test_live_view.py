"""The live view: figures of this run, counted once, drawn without waiting for anybody."""

from __future__ import annotations

import time
from io import StringIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from rich.console import Console

from cli.live_figures import Counts, LiveFigures
from cli.live_view import LiveView, pace
from local.replay.supervisor import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator


class Api:
    """Sessions of two symbols, each with a bar and a decision."""

    def __init__(self) -> None:
        self.sessions = 0
        self.read = 0

    def every(self, path: str, key: str) -> Iterator[dict[str, Any]]:
        del path, key
        for number in range(self.sessions, 0, -1):
            for symbol in ("XYZ", "ABC"):
                self.read += 1
                yield {"id": f"{number}-{symbol}"}

    def get(self, path: str, *, symbol: str, limit: int) -> dict[str, Any]:
        del path, symbol
        newest = range(max(self.sessions - limit, 0), self.sessions)
        return {"bars": [{"closes_at": f"{number:05}"} for number in newest]}


def test_bars_and_decisions_are_counted_once_and_only_the_new_ones_read() -> None:
    api, counts = Api(), Counts()
    for sessions, expected in ((3, 6), (3, 6), (10, 20), (200, 400)):
        api.sessions = sessions
        counts.update(api, ["ABC", "XYZ"])
        assert (counts.decisions, sum(counts.bars.values())) == (expected, expected)
    api.read, api.sessions = 0, 201
    counts.update(api, ["ABC", "XYZ"])
    assert api.read == 3


def test_many_symbols_are_counted_some_at_a_time() -> None:
    api, counts = Api(), Counts()
    api.sessions = 1
    symbols = [f"S{number}" for number in range(50)]
    counts.update(api, symbols)
    assert len(counts.bars) == 20
    counts.update(api, symbols)
    counts.update(api, symbols)
    assert set(counts.bars) == set(symbols)


def test_pace_counts_what_this_run_did_only() -> None:
    began = time.monotonic() - 60
    progress = Progress(sessions_done=150, sessions_total=260, sessions_before=100, began=began)
    progress.ticks, progress.ended = 1200, began + 60
    assert pace(progress)["sessions"] == "150 of 260 (50 a minute)"
    assert pace(progress)["ticks"] == "1,200 (20 a second)"


def drawn(view: LiveView) -> str:
    console = Console(width=100, record=True, file=StringIO())
    console.print(view)
    return console.export_text()


def test_the_view_shows_figures_trouble_and_the_end() -> None:
    progress = Progress(sessions_done=3, sessions_total=3, session="2004-08-23")
    figures = LiveFigures(SimpleNamespace(), progress)  # type: ignore[arg-type]
    view = LiveView("http://127.0.0.1:4580", progress, figures)
    figures.rows = {"equity": "100,000.00", "orders, fills": "2, 3"}
    figures.trouble = "the cloud does not answer now (UnavailableError)"
    text = drawn(view)
    assert "replaying" in text
    assert "100,000.00" in text
    assert "http://127.0.0.1:4580" in text
    assert "does not answer now" in text
    progress.finished, figures.trouble = True, ""
    view.finished = "3 sessions done: the ledger equals the exchange to the cent"
    text = drawn(view)
    assert "QuantumZero: finished" in text
    assert "equals the exchange to the cent" in text
    assert "does not answer" not in text
