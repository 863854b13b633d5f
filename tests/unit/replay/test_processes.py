"""Started processes: what a killed run left is ended by its id, with its children, and nothing else is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from local.processes import StartedProcesses, created_at, is_same

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A process with a child, which both would live on for minutes.
FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
print(child.pid, flush=True)
time.sleep(300)
"""


@pytest.fixture
def family() -> Iterator[tuple[int, int]]:
    with subprocess.Popen([sys.executable, "-c", FAMILY], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        yield parent.pid, child
        for pid in (parent.pid, child):
            if psutil.pid_exists(pid):
                psutil.Process(pid).kill()


def test_leftovers_are_ended_with_their_children(tmp_path: Path, family: tuple[int, int]) -> None:
    parent, child = family
    StartedProcesses(tmp_path / "processes.json").note("emulator", parent)
    left = StartedProcesses(tmp_path / "processes.json")
    assert left.leftovers() == {"emulator": parent}
    assert left.end_leftovers() == {"emulator": parent}
    assert created_at(parent) is None
    assert created_at(child) is None
    assert left.end_leftovers() == {}


def test_a_process_that_took_over_an_old_id_is_left_alone(
    tmp_path: Path, family: tuple[int, int]
) -> None:
    parent, _ = family
    file = tmp_path / "processes.json"
    file.write_text(json.dumps({"emulator": [parent, (created_at(parent) or 0) - 3600]}))
    assert StartedProcesses(file).end_leftovers() == {}
    assert created_at(parent) is not None


def test_a_later_process_of_the_same_name_takes_the_place(tmp_path: Path) -> None:
    record = StartedProcesses(tmp_path / "processes.json")
    record.note("exchange", 1)
    record.note("exchange", os.getpid())
    assert record.leftovers() == {"exchange": os.getpid()}


def test_a_damaged_record_names_nothing(tmp_path: Path) -> None:
    (tmp_path / "processes.json").write_text('{"emulator": [1')
    assert StartedProcesses(tmp_path / "processes.json").leftovers() == {}


def test_a_process_is_known_by_its_birth() -> None:
    born = created_at(os.getpid())
    assert born is not None
    assert is_same(os.getpid(), born)
    assert not is_same(os.getpid(), born - 60)
