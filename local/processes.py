"""The processes of one local cloud, on record: what a killed run leaves behind is found by its id and ended.

A process id comes around again, so each is recorded with the moment at which its process was created.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from pathlib import Path

_CLOCK_TOLERANCE = 2.0
_END_SECONDS = 5.0


def created_at(pid: int) -> float | None:
    """Return when the process was created (s since 1970), None when there is none of that id."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return float(process.create_time())
    except psutil.Error:
        return None


def is_same(pid: int, created: float) -> bool:
    """Say whether the process of that id is still the one that was recorded."""
    now = created_at(pid)
    return now is not None and abs(now - created) < _CLOCK_TOLERANCE


class StartedProcesses:
    """Names, ids and births of started processes, in one file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def note(self, name: str, pid: int) -> None:
        """Record a process under its name; the one of that name before it is forgotten."""
        record = self._read()
        record[name] = [pid, created_at(pid) or 0.0]
        self._write(record)

    def forget(self) -> None:
        """Forget all: they were ended."""
        self._file.unlink(missing_ok=True)

    def leftovers(self) -> dict[str, int]:
        """Return the ids of recorded processes that still run, by name."""
        return {
            name: int(pid) for name, (pid, created) in self._read().items() if is_same(pid, created)
        }

    def end_leftovers(self) -> dict[str, int]:
        """Kill what still runs, with its child processes; return their ids by name."""
        ended = self.leftovers()
        family = [process for pid in ended.values() for process in _family(pid)]
        for process in family:
            _kill(process)
        psutil.wait_procs(family, timeout=_END_SECONDS)
        self.forget()
        return ended

    def _read(self) -> dict[str, Any]:
        try:
            record: dict[str, Any] = json.loads(self._file.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return record

    def _write(self, record: dict[str, Any]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        whole = self._file.with_suffix(".new")
        whole.write_text(json.dumps(record))
        whole.replace(self._file)


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
