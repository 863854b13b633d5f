"""Starting, asking and stopping the emulator from another process."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from local.emulator.control import (
    EmulatorControl,
    EmulatorError,
    EmulatorSettings,
    start_emulator,
)
from tests.local_cloud.emulator.cloud import PYTHON

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local_cloud.emulator.cloud import Cloud


def test_the_emulator_listens_on_one_address_of_this_machine(cloud: Cloud) -> None:
    # Bound to every interface it would answer on 127.0.0.2 as well.
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", cloud.emulator.port))


def test_an_idle_emulator_is_quiet_at_once(cloud: Cloud) -> None:
    reading = cloud.control.wait_quiet(5)
    assert reading["quiet"]
    assert reading["waited_seconds"] < 0.5
    assert not any(reading["behind"].values())


def test_waiting_in_vain_says_what_is_still_under_way(cloud: Cloud) -> None:
    machine = cloud.machine({"Rest": {"Type": "Wait", "Seconds": 1, "End": True}})
    execution = cloud.start(machine, "rests")
    with pytest.raises(EmulatorError, match='"running_executions": 1'):
        cloud.control.wait_quiet(0.1)
    cloud.ended(execution)


def test_a_taken_port_is_refused_with_its_number(cloud: Cloud, tmp_path: Path) -> None:
    settings = EmulatorSettings(
        python=PYTHON,
        port=cloud.emulator.port,
        state_dir=tmp_path,
        log_file=tmp_path / "log",
    )
    with pytest.raises(EmulatorError, match=f"port {cloud.emulator.port} .* is taken"):
        start_emulator(settings)


def test_a_process_that_ends_at_its_start_is_reported_with_its_log(tmp_path: Path) -> None:
    settings = EmulatorSettings(
        python=PYTHON, state_dir=tmp_path / "state", log_file=tmp_path / "log"
    )
    with pytest.raises(EmulatorError, match=r"ended at its start\n.*log:\n.*'never' is not in"):
        start_emulator(settings, restore="never")


def test_a_bad_snapshot_name_and_an_unknown_path_are_refused(cloud: Cloud) -> None:
    with pytest.raises(EmulatorError, match=r"snapshot name was .\.\./x"):
        cloud.control.snapshot("../x")
    with pytest.raises(EmulatorError, match="there are: health, quiet"):
        cloud.control._ask("elsewhere", {}, 5)


def test_an_emulator_that_is_not_there_is_not_healthy() -> None:
    control = EmulatorControl("http://127.0.0.1:9")
    assert not control.healthy()
    with pytest.raises(EmulatorError, match="is it running"):
        control.quiet()
