"""Start and steer an exchange simulator from another process. Standard library only."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"
_ROOT = Path(__file__).resolve().parents[2]
_STOP_SECONDS = 10.0


class ExchangeError(Exception):
    """The simulator refused, or does not answer; the message says why."""


@dataclass(frozen=True, slots=True)
class ExchangeSettings:
    """How to start a simulator; port 0 takes a free one; None leaves the simulator's default.

    data is a file or folder, None the embedded bars. from_date is ISO. arguments go to the command
    line as they are.
    """

    state_dir: Path
    port: int = 0
    admin_port: int = 0
    data: Path | None = None
    from_date: str | None = None
    sessions: int | None = None
    cash: str | None = None
    participation: str | None = None
    restore: str | None = None
    speed: str | None = None
    key_id: str = "local-key"
    secret_key: str = "local-secret"  # noqa: S105 - the documented key of a simulator on this machine
    log_file: Path | None = None
    python: str = sys.executable
    arguments: tuple[str, ...] = field(default=())

    def command(self) -> list[str]:
        """Return the command line."""
        options = {
            "--port": self.port,
            "--admin-port": self.admin_port,
            "--state-dir": self.state_dir.resolve(),
            "--data": self.data.resolve() if self.data else None,
            "--from": self.from_date,
            "--sessions": self.sessions,
            "--cash": self.cash,
            "--participation": self.participation,
            "--restore": self.restore,
            "--speed": self.speed,
        }
        words = [self.python, "-m", "local.exchange"]
        for name, value in options.items():
            if value is not None:
                words += [name, str(value)]
        return [*words, *self.arguments]


class ExchangeControl:
    """The admin port of a running simulator.

    Every method returns the decoded JSON; errors: ExchangeError.
    """

    def __init__(self, admin_url: str, timeout: float = 60.0) -> None:
        self.admin_url = admin_url.rstrip("/")
        self._timeout = timeout

    def clock(self) -> dict[str, Any]:
        """Return now, state (open or closed), session, next_session, sessions_opened,
        sessions_left.
        """
        return self._object("GET", "/clock")

    def sessions(self) -> dict[str, Any]:
        """Return sessions, opened, left, symbols, gaps."""
        return self._object("GET", "/sessions")

    def open_session(self) -> dict[str, Any]:
        """Advance to the next session's open, with its splits, without trading."""
        return self._object("POST", "/session/open")

    def run_session(self) -> dict[str, Any]:
        """Replay the open session up to its close; `fills` counts its executions."""
        return self._object("POST", "/session/run")

    def advance(self) -> dict[str, Any]:
        """Open and run the next session."""
        return self._object("POST", "/session/advance")

    def books(self, *, summary: bool = False) -> dict[str, Any]:
        """Return the truth: cash, equity, positions, and every order and fill unless summary."""
        return self._object("GET", "/books?detail=summary" if summary else "/books")

    def summary(self) -> dict[str, Any]:
        """Return the truth without its lists of orders and fills."""
        return self.books(summary=True)

    def duplicates(self) -> list[dict[str, Any]]:
        """Return the orders of one symbol and side accepted for the same session, where there are
        several.
        """
        return self._list("GET", "/duplicates")

    def faults(self) -> list[dict[str, Any]]:
        """Return the fault rules in force, with seen and fired."""
        return self._list("GET", "/faults")

    def add_faults(self, *rules: dict[str, Any]) -> list[dict[str, Any]]:
        """Add fault rules; faults.FaultRule lists the fields."""
        return self._list("POST", "/faults", list(rules))

    def clear_faults(self) -> None:
        """Remove all fault rules."""
        self._call("DELETE", "/faults")

    def snapshots(self) -> dict[str, Any]:
        """Return snapshots (names, oldest first) and newest."""
        return self._object("GET", "/snapshots")

    def snapshot(self, name: str) -> dict[str, Any]:
        """Write everything to disk under a name."""
        return self._object("POST", "/snapshot", {"name": name})

    def rewind(self, name: str) -> dict[str, Any]:
        """Go back to a snapshot; returns the clock."""
        return self._object("POST", "/rewind", {"name": name})

    def streams(self) -> dict[str, int]:
        """Return how many clients each stream has."""
        return self._object("GET", "/streams")

    def _object(self, method: str, path: str, document: Any = None) -> dict[str, Any]:
        answer = self._call(method, path, document)
        if not isinstance(answer, dict):
            raise ExchangeError(f"{method} {path} answered {answer!r}; expected an object")
        return answer

    def _list(self, method: str, path: str, document: Any = None) -> list[dict[str, Any]]:
        answer = self._call(method, path, document)
        if not isinstance(answer, list):
            raise ExchangeError(f"{method} {path} answered {answer!r}; expected a list")
        return answer

    def _call(self, method: str, path: str, document: Any = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(f"{self.admin_url}{path}", body, method=method)  # noqa: S310 - http on loopback
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as response:  # noqa: S310 - as above
                return json.loads(response.read())
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise ExchangeError(f"{method} {path}: {error.code} {text}") from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            # Killed in the middle of an answer, it leaves half of one.
            raise ExchangeError(f"{self.admin_url} does not answer: {error}") from error


@dataclass(slots=True)
class Exchange:
    """A simulator that was started here."""

    process: subprocess.Popen[str]
    port: int
    admin_port: int
    settings: ExchangeSettings

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self.process.pid

    @property
    def url(self) -> str:
        """Return the base of the trading and market-data REST, without /v2."""
        return f"http://{HOST}:{self.port}"

    @property
    def trade_updates_url(self) -> str:
        """Return the whole URL of the trade-updates stream."""
        return f"ws://{HOST}:{self.port}/stream"

    @property
    def market_data_stream_url(self) -> str:
        """Return the whole URL of the market data stream."""
        return f"ws://{HOST}:{self.port}/v2/iex"

    @property
    def control(self) -> ExchangeControl:
        """Return the admin port's client."""
        return ExchangeControl(f"http://{HOST}:{self.admin_port}")

    def stop(self) -> int:
        """Ask it to stop (it writes the snapshot "stopped"), kill it after ten seconds.

        Returns the exit status.
        """
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """Kill it at once: what is not in a snapshot is gone."""
        self.process.kill()
        return self.process.wait()


def start_exchange(
    settings: ExchangeSettings, started: Callable[[int], None] | None = None
) -> Exchange:
    """Start a simulator in a process group of its own and wait until it listens.

    A Ctrl-C in the terminal reaches only its starter, which ends it in its own time. `started` is
    told the process id at once. Errors: ExchangeError with its own words when it cannot start.
    """
    package = _ROOT / "layers" / "quantumzero" / "python"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(package), str(_ROOT))),
        "EXCHANGE_KEY_ID": settings.key_id,
        "EXCHANGE_SECRET_KEY": settings.secret_key,
    }
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    log_path = settings.log_file or settings.state_dir / "exchange.log"
    with log_path.open("a", encoding="utf-8") as log:
        start = log.tell()
        process = subprocess.Popen(
            settings.command(),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
            cwd=_ROOT,
            process_group=0,
        )
    if started is not None:
        started(process.pid)
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        status = process.wait()
        said = log_path.read_bytes()[start:].decode(errors="replace").strip()
        raise ExchangeError(f"the exchange simulator did not start (status {status}): {said}")
    ports = json.loads(line)
    return Exchange(process, ports["port"], ports["admin_port"], settings)
