"""Start, stop and question the emulator from another process; standard library only.

emulator = start_emulator(EmulatorSettings(python=Path(".venv-emulator/bin/python"),
state_dir=..., log_file=...)) emulator.control.wait_quiet(30) emulator.stop()
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOST = "127.0.0.1"
_REPOSITORY = Path(__file__).resolve().parents[2]
_HIDDEN_PREFIXES = ("AWS_", "PYTHON", "QZ_", "VIRTUAL_ENV", "CONDA_")
_POLL_SECONDS = 0.02
_LOG_TAIL_LINES = 15


class EmulatorError(RuntimeError):
    """The emulator did not start, did not answer or refused; the message says what to do."""


@dataclass(frozen=True, slots=True)
class EmulatorSettings:
    """How to start an emulator; port 0 means a free one."""

    python: Path
    state_dir: Path
    log_file: Path
    port: int = 0
    max_environments: int = 2
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    start_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """An execution environment of a function; `pid` is None before its first call."""

    function: str
    pid: int | None
    busy: bool
    long_running: bool


class EmulatorControl:
    """The questions one can ask a running emulator."""

    def __init__(self, endpoint: str) -> None:
        """Take the emulator's address, such as http://127.0.0.1:4566."""
        self.endpoint = endpoint.rstrip("/")

    def healthy(self) -> bool:
        """Tell whether the emulator answers and takes work."""
        try:
            answer = self._ask("health", {}, 2.0)
        except EmulatorError:
            return False
        return bool(answer["ready"]) and not answer["stopping"]

    def started_from(self) -> str:
        """Return the sentence that says which saved state the emulator started from."""
        return str(self._ask("health", {}, 5.0)["started_from"])

    def quiet(self) -> dict[str, Any]:
        """Return what is under way now, and under `quiet` whether that is nothing."""
        return self._ask("quiet", {}, 10.0)

    def wait_quiet(self, timeout: float) -> dict[str, Any]:
        """Return the reading once nothing is under way.

        Raises EmulatorError with what is still under way after the given seconds (at most 600).
        """
        reading = self._ask("wait", {"timeout": f"{timeout:.3f}"}, timeout + 10)
        if not reading["quiet"]:
            raise EmulatorError(
                f"the emulator was not quiet after {timeout:.0f} s: {json.dumps(reading)}; "
                "read the log for a handler that hangs or a record that always fails"
            )
        return reading

    def workers(self) -> list[WorkerProcess]:
        """Return the processes that run functions."""
        return [WorkerProcess(**worker) for worker in self._ask("workers", {}, 10.0)["workers"]]

    def snapshot(self, name: str) -> float:
        """Save everything under a name (the newest three and the first are kept); return seconds."""
        return float(self._ask("snapshot", {"name": name}, 30.0)["seconds"])

    def snapshots(self) -> list[str]:
        """Return the names of the snapshots, newest first."""
        return [str(one["name"]) for one in self._ask("snapshots", {}, 10.0)["snapshots"]]

    def _ask(self, path: str, query: Mapping[str, str], timeout: float) -> dict[str, Any]:
        url = f"{self.endpoint}/_qz/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=timeout) as answer:  # noqa: S310 - http
                body: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            raise EmulatorError(_refusal(error)) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise EmulatorError(
                f"the emulator at {self.endpoint} did not answer: {error}; is it running?"
            ) from error
        return body


class Emulator:
    """A running emulator that this process started."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log_file: Path) -> None:
        """Hold the process; use start_emulator to make one."""
        self._process = process
        self._log_file = log_file
        self.port = port
        self.endpoint = f"http://{HOST}:{port}"
        self.control = EmulatorControl(self.endpoint)

    @property
    def pid(self) -> int:
        """Return the process id, which is also the id of the process group of its workers."""
        return self._process.pid

    def running(self) -> bool:
        """Tell whether the process lives."""
        return self._process.poll() is None

    def stop(self, timeout: float = 20.0) -> None:
        """Save and end; raises EmulatorError when the state was not saved."""
        if self.running():
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout)
            except subprocess.TimeoutExpired as error:
                self.kill()
                raise EmulatorError(
                    f"the emulator did not stop within {timeout:.0f} s and was killed; "
                    f"the next start uses its newest snapshot\n{log_tail(self._log_file)}"
                ) from error
        self._end_group()
        if self._process.returncode not in (0, -signal.SIGKILL):
            raise EmulatorError(
                f"the emulator ended with code {self._process.returncode}\n"
                f"{log_tail(self._log_file)}"
            )

    def kill(self) -> None:
        """End the process at once, as a power cut would; its workers notice and end too."""
        if self.running():
            self._process.kill()
        self._process.wait()
        self._end_group()

    def _end_group(self) -> None:
        # Workers end by themselves when the emulator is gone; one that cannot is ended here.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def start_emulator(
    settings: EmulatorSettings,
    restore: str | None = None,
    started: Callable[[int], None] | None = None,
) -> Emulator:
    """Start an emulator in a process group of its own and return when it takes work.

    `restore` names the snapshot to go back to; without it the newest saved state is used. `started`
    is told the process id at once, before the emulator answers.
    Raises EmulatorError, quoting the end of the log, when the port is taken or the process ends.
    """
    port = settings.port or _free_port()
    _refuse_taken_port(port)
    command = [
        *(str(settings.python), "-m", "local.emulator.launch"),
        *("--state-dir", str(settings.state_dir.resolve()), "--port", str(port)),
        *("--max-environments", str(settings.max_environments)),
        *(("--restore", restore) if restore else ()),
    ]
    settings.log_file.parent.mkdir(parents=True, exist_ok=True)
    with settings.log_file.open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=_REPOSITORY,
            env=_environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    if started is not None:
        started(process.pid)
    emulator = Emulator(process, port, settings.log_file)
    _wait_healthy(emulator, settings)
    return emulator


def log_tail(log_file: Path) -> str:
    """Return the last lines of a log, under a line that says where it is."""
    lines = log_file.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([f"end of {log_file}:", *lines[-_LOG_TAIL_LINES:]])


def _environment(settings: EmulatorSettings) -> dict[str, str]:
    # Functions inherit this environment: a profile or an endpoint of the user's must not reach
    # them.
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(_HIDDEN_PREFIXES)
    }
    return {**inherited, "PYTHONPATH": str(_REPOSITORY), **settings.environment}


def _wait_healthy(emulator: Emulator, settings: EmulatorSettings) -> None:
    ends_at = time.monotonic() + settings.start_seconds
    while not emulator.control.healthy():
        if not emulator.running():
            raise EmulatorError(f"the emulator ended at its start\n{log_tail(settings.log_file)}")
        if time.monotonic() > ends_at:
            emulator.kill()
            raise EmulatorError(
                f"the emulator took no work within {settings.start_seconds:.0f} s\n"
                f"{log_tail(settings.log_file)}"
            )
        time.sleep(_POLL_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise EmulatorError(
                f"port {port} of {HOST} is taken: {error}; stop what uses it or choose another port"
            ) from error


def _refusal(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["error"])
    except (ValueError, KeyError):
        return f"the emulator answered {error.code}"
