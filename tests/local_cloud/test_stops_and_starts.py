"""`qz up` as a person runs it, on their own data: stopped, killed, killed with all its processes, going on each time.

One replay of two invented instruments on forty sessions lives through all of it; at its end the ledger must equal the
exchange, as if nothing had happened.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from local.exchange.control import ExchangeControl
from local.ports import HOST
from local.settings import ROOT
from tests.fakes import own_market

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(300)
_STARTED, _WAIT_SECONDS = "dashboard at", 120.0


class Person:
    """Types `qz` for one folder; everything it printed is kept."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        data = own_market.write_files(folder / "data", "csv")
        document = folder / "own.yaml"
        document.write_text(own_market.DOCUMENT)
        self._log = folder / "said.txt"
        self.words = ["up", "--data", str(data), "--strategy", str(document), "--speed", "4"]
        for part in ("dashboard", "emulator", "exchange"):
            self.words += [f"--{part}-port", "0"]
        self.process: subprocess.Popen[bytes] | None = None

    def up(self) -> None:
        """Start it and return when the replay runs."""
        self._log.write_text("")
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command(*self.words), cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
            )
        self.wait_for(lambda: _STARTED in self.said())

    def type(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the same folder and return what it printed."""
        return subprocess.run(
            self._command(*words), cwd=ROOT, capture_output=True, text=True, check=False
        )

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "cli", *words, "--home", str(self.home)]

    def said(self) -> str:
        return " ".join(self._log.read_text().split())

    def wait_for(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + _WAIT_SECONDS
        while not condition():
            assert self.process is not None
            assert self.process.poll() is None, f"qz ended:\n{self.said()}"
            assert time.monotonic() < until, f"qz said only:\n{self.said()}"
            time.sleep(0.1)

    def replay_some(self, sessions: int) -> None:
        """Wait until the exchange has opened so many sessions."""
        self.wait_for(lambda: self._sessions() >= sessions)

    def _sessions(self) -> int:
        port = json.loads((self.home / "state" / "ports.json").read_text())["exchange-admin"]
        return int(ExchangeControl(f"http://{HOST}:{port}").clock()["sessions_opened"])

    def children(self) -> list[int]:
        record = json.loads((self.home / "processes.json").read_text())
        return [pid for pid, _ in record.values()]

    def end(self, number: signal.Signals, *more: int) -> int:
        """Signal it, and more processes, and return its exit code."""
        assert self.process is not None
        for pid in (self.process.pid, *more):
            os.kill(pid, number)
        return self.process.wait(timeout=30)

    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.home / "summary.json").read_text())
        return found


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    person = Person(tmp_path)
    yield person
    if person.process is not None and person.process.poll() is None:
        person.end(signal.SIGTERM)
    person.type("down")


def test_a_replay_of_own_data_goes_on_after_every_kind_of_end(person: Person) -> None:
    person.up()
    assert "the data holds 40 sessions" in person.said()
    second = person.type(*person.words)
    assert (second.returncode, "already runs in" in second.stderr) == (1, True)
    assert "dashboard at" in person.type("status").stdout
    stopped_by_hand(person)
    killed_alone(person)
    killed_with_all_its_processes(person)
    person.up()
    assert "not stopped cleanly: going back to the end of 2024-01-30" in person.said()
    person.wait_for((person.home / "summary.json").exists)
    person.wait_for(lambda: "saved at the end of 2024-02-28" in person.said())
    assert "the ledger equals the exchange to the cent" in person.said()
    down = person.type("down")
    assert (down.returncode, "stopped" in down.stdout) == (0, True)
    assert_whole_and_equal(person.summary())
    record = json.loads((person.home / "run-record.json").read_text())
    assert (record["sessions"], record["from"]) == (40, "2024-01-02")


def stopped_by_hand(person: Person) -> None:
    person.replay_some(4)
    children = person.children()
    assert len(children) == 3
    began = time.monotonic()
    assert person.end(signal.SIGINT) == 0
    assert time.monotonic() - began < 10
    assert "stopped; `make up` goes on from here" in person.said()
    assert not any(map(psutil.pid_exists, children))


def killed_alone(person: Person) -> None:
    person.up()
    assert "going on from the end of 2024-01-" in person.said()
    person.replay_some(10)
    person.end(signal.SIGKILL)
    assert all(map(psutil.pid_exists, person.children()))
    said = person.type("status").stdout
    assert "a killed run has left emulator (process" in " ".join(said.split())


def killed_with_all_its_processes(person: Person) -> None:
    left = person.children()
    person.up()
    assert f"ended the emulator (process {left[0]}) that a killed run had left" in person.said()
    assert "not stopped cleanly: going back to the end of 2024-01-" in person.said()
    assert not any(map(psutil.pid_exists, left))
    person.replay_some(22)
    person.end(signal.SIGKILL, *person.children())


def assert_whole_and_equal(summary: dict[str, Any]) -> None:
    assert (summary["sessions"], summary["bars"], summary["decisions"]) == (40, 80, 80)
    assert summary["orders"] > 5
    assert summary["fills"] > 5
    assert summary["differences"] == []
    assert summary["ledger_matches_broker"] is True
    assert summary["final_equity"] == summary["broker_equity"]
    assert (summary["duplicate_orders"], summary["lost_orders"]) == (0, 0)
