"""The exchange simulator as the replay sees it: a process, its clock in sessions, its books, its barriers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from local.exchange.control import (
    Exchange,
    ExchangeControl,
    ExchangeError,
    ExchangeSettings,
    start_exchange,
)
from local.ports import HOST
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local.settings import LocalSettings


class ExchangeSide:
    """One simulator; every failure to answer is UnavailableError."""

    def __init__(
        self,
        settings: LocalSettings,
        port: int,
        admin_port: int,
        started: Callable[[int], None],
    ) -> None:
        self._started = started
        self.printed: frozenset[str] = frozenset()
        self._control = ExchangeControl(f"http://{HOST}:{admin_port}")
        self._process: Exchange | None = None
        self._settings = ExchangeSettings(
            state_dir=settings.state / "exchange",
            port=port,
            admin_port=admin_port,
            data=settings.data,
            from_date=settings.first_session,
            sessions=settings.sessions,
            cash=str(settings.cash),
            log_file=settings.logs / "exchange.log",
        )

    @property
    def folder(self) -> Path:
        return self._settings.state_dir

    def start(self, restore: str | None) -> None:
        """Start the process, from the named barrier when one is named."""
        try:
            self._process = start_exchange(replace(self._settings, restore=restore), self._started)
        except ExchangeError as error:
            raise UnavailableError(str(error)) from error

    def end(self, *, at_once: bool) -> None:
        """End the process: saved, or at once as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill() if at_once else process.stop()

    def sessions(self) -> dict[str, int]:
        """Return how many sessions the replay has, and how many are done."""
        clock = self._ask("clock")
        still_open = clock["state"] == "open"
        total = clock["sessions_opened"] + clock["sessions_left"]
        return {"total": total, "done": clock["sessions_opened"] - still_open}

    def open_session(self) -> dict[str, str] | None:
        """Open the next session, or return the one that is open; None when none is left."""
        clock = self._ask("clock")
        if clock["state"] != "open":
            if not clock["sessions_left"]:
                return None
            clock = self._ask("open_session")
        session = clock["session"]
        return {"session": session["date"], "closes_at": session["closes_at"]}

    def run_session(self) -> dict[str, int]:
        """Replay the open session's ticks up to its close; return their number."""
        session = self._ask("run_session")
        self.printed = frozenset(session["symbols"])
        return {"ticks": int(session["ticks"])}

    def books(self) -> dict[str, Any]:
        """Return the exchange's own truth."""
        books: dict[str, Any] = self._ask("books")
        return books

    def totals(self) -> dict[str, int]:
        """Return how many orders and fills the exchange has."""
        books = self._ask("summary")
        return {"orders": books["order_count"], "fills": books["fill_count"]}

    def add_faults(self, rules: list[dict[str, Any]]) -> None:
        """Let requests go wrong by rules, until the process ends."""
        self._ask("add_faults", *rules)

    def faults(self) -> list[dict[str, Any]]:
        """Return the rules in force, with how many requests each has seen and hit."""
        rules: list[dict[str, Any]] = self._ask("faults")
        return rules

    def snapshot(self, name: str) -> None:
        """Save under a name."""
        self._ask("snapshot", name)

    def snapshots(self) -> list[str]:
        """Read the names from the state folder, oldest first, whether or not the process runs."""
        files = sorted((self.folder / "snapshots").glob("*-*.json"))
        return [file.stem.partition("-")[2] for file in files]

    def standing(self) -> str:
        """Name where the clock stands: the session's date, marked while it is open."""
        clock = self._ask("clock")
        session = clock["session"]
        if session is None:
            return "start"
        return f"{session['date']}{'-open' if clock['state'] == 'open' else ''}"

    def forget_barriers(self, keep: str) -> None:
        """Drop every saved state but one: a new replay must never go back to an old one's."""
        for file in (self.folder / "snapshots").glob("*.json"):
            if file.stem.partition("-")[2] != keep:
                file.unlink()

    def _ask(self, question: str, *arguments: Any) -> Any:
        try:
            return getattr(self._control, question)(*arguments)
        except ExchangeError as error:
            raise UnavailableError(str(error)) from error
