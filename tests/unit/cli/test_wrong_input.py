"""Wrong input on the command line: a sentence on stderr, 2 for what cannot be understood, 1 for what cannot be done."""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING

import pytest

from cli.__main__ import main
from cli.run_file import RunFile
from local import preflight
from local.ports import HOST
from local.processes import created_at

if TYPE_CHECKING:
    from pathlib import Path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(list(arguments))
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert said.startswith("qz: ")
    return code, " ".join(said.split())


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every part be built: this is about what a person types."""
    (tmp_path / "index.html").touch()
    for part in ("EMULATOR_PYTHON", "SITE", "CDK"):
        monkeypatch.setattr(preflight, part, tmp_path)
    monkeypatch.setattr(preflight.shutil, "which", str)


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--cash", "abc", "cash was 'abc'; it may be an amount such as 100000"),
        ("--cash", "0", "cash was 0; it must be more than 0"),
        ("--cash", "-1", "cash was -1; it must be more than 0"),
        ("--cash", "NaN", "cash was NaN; it must be more than 0"),
        ("--cash", "0.001", "in whole cents"),
        ("--from", "2004-13-01", "the date was '2004-13-01'; it may be one like 2004-08-19"),
        ("--sessions", "0", "greater than or equal to 1"),
        ("--speed", "-1", "greater than or equal to 0"),
        ("--data", "/nowhere", "path '/nowhere' does not exist"),
        ("--strategy", "/nowhere.yaml", "file '/nowhere.yaml' does not exist"),
        ("--dashboard-port", "70000", "less than or equal to 65535"),
        ("--bogus", "1", "No such option: --bogus"),
    ],
)
def test_an_option_that_cannot_be_understood_ends_with_2(
    capsys: pytest.CaptureFixture[str], option: str, value: str, words: str
) -> None:
    code, said = run(capsys, "up", option, value)
    assert code == 2
    assert words in said


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("part", ["dashboard", "emulator", "exchange"])
def test_a_taken_port_that_was_asked_for_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, part: str
) -> None:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        port = listener.getsockname()[1]
        home = tmp_path / "home"
        code, said = run(capsys, "up", f"--{part}-port", str(port), "--home", str(home))
    assert code == 1
    assert f"port {port} for the {part} is taken by another program" in said
    assert RunFile(home).running() is None


@pytest.mark.usefixtures("built")
def test_a_second_run_in_the_same_folder_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    born = created_at(os.getpid())
    record = {"pid": os.getpid(), "created": born, "cloud": "ministack", "dashboard": "http://d"}
    (tmp_path / "run.json").write_text(json.dumps(record))
    code, said = run(capsys, "up", "--home", str(tmp_path))
    assert code == 1
    assert f"already runs in {tmp_path} (process {os.getpid()}, http://d)" in said


@pytest.mark.usefixtures("built")
def test_a_folder_that_cannot_be_written_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    code, said = run(capsys, "up", "--home", str(tmp_path / "file" / "home"))
    assert code == 1
    assert "which cannot be written (Not a directory); choose another --home" in said


def test_a_missing_part_says_make_setup(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "SITE", tmp_path)
    code, said = run(capsys, "up", "--home", str(tmp_path / "home"))
    assert code == 1
    assert said.endswith("build it with `make setup`")


def test_a_proof_without_a_finished_replay_says_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, said = run(capsys, "proof", "--home", str(tmp_path))
    assert code == 1
    assert "run-record.json does not exist: it is written when `make up` has replayed" in said


def test_a_proof_of_a_replay_whose_data_are_gone_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    record = {"data": "/my/data (1)", "strategy": "mine.yaml (2)", "cash": "1", "sessions": 1}
    (tmp_path / "run-record.json").write_text(json.dumps(record))
    code, said = run(capsys, "proof", "--home", str(tmp_path))
    assert code == 1
    assert "the data of the replay was /my/data (1), and /my/data is no longer there" in said


def test_a_proof_of_a_document_that_changed_since_the_replay_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    document = tmp_path / "mine.yaml"
    document.write_text("strategy: other\n")
    record = {"data": "embedded", "strategy": f"{document} (123)", "cash": "1", "sessions": 1}
    (tmp_path / "run-record.json").write_text(json.dumps(record))
    code, said = run(capsys, "proof", "--home", str(tmp_path))
    assert code == 1
    assert "replay again to compare" in said


@pytest.mark.parametrize("command", ["status", "down"])
def test_nothing_running_is_no_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    assert main([command, "--home", str(tmp_path)]) == 0
    assert "nothing runs here" in capsys.readouterr().out
