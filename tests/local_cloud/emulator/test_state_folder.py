"""Which saved state a start begins from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.emulator.state_folder import SnapshotError, StateFolder

if TYPE_CHECKING:
    from pathlib import Path


def _saved(state: StateFolder, name: str, content: str) -> None:
    folder = state.begin(name)
    (folder / "services" / "dynamodb.json").write_text(content)
    state.link_objects(folder)
    state.finish(folder, name)


def test_a_first_start_is_empty(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    assert state.prepare(None) == "starting empty"
    assert list(state.services.iterdir()) == list(state.objects.iterdir()) == []


def test_services_and_objects_come_from_the_same_moment(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.prepare(None)
    (state.services / "signing-key.pem").write_text("key")
    (state.objects / "bucket").mkdir()
    (state.objects / "bucket" / "a").write_text("1")
    _saved(state, "one", "tables of one")
    # The emulator replaces a file: the snapshot's link keeps the old content.
    (state.objects / "bucket" / "new").write_text("2")
    (state.objects / "bucket" / "new").replace(state.objects / "bucket" / "a")
    (state.objects / "bucket" / "half.tmp").write_text("3")

    again = StateFolder(tmp_path)
    assert again.prepare(None) == "starting from one: the last stop was not clean"
    assert (again.services / "dynamodb.json").read_text() == "tables of one"
    assert (again.services / "signing-key.pem").read_text() == "key"
    assert [found.name for found in (again.objects / "bucket").iterdir()] == ["a"]
    assert (again.objects / "bucket" / "a").read_text() == "1"


def test_the_newest_state_wins_whether_snapshot_or_clean_stop(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.prepare(None)
    _saved(state, "one", "1")
    folder = state.begin("at-stop")
    (folder / "services" / "dynamodb.json").write_text("2")
    state.finish_stop(folder)
    assert state.prepare(None) == "starting from last-stop: the last stop was clean"
    assert (state.services / "dynamodb.json").read_text() == "2"
    _saved(state, "two", "3")
    assert state.prepare(None) == "starting from two: the last stop was not clean"
    assert [snapshot.name for snapshot in state.snapshots()] == ["two", "one"]


def test_a_half_written_snapshot_is_never_used(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.prepare(None)
    _saved(state, "whole", "1")
    state.begin("half")
    assert "from whole" in state.prepare(None)
    assert [snapshot.name for snapshot in state.snapshots()] == ["whole"]


def test_a_name_taken_again_is_replaced_and_becomes_the_newest(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.prepare(None)
    for name in ("one", "two", "one"):
        _saved(state, name, name)
    assert [snapshot.name for snapshot in state.snapshots()] == ["one", "two"]


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 101])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    state = StateFolder(tmp_path)
    state.prepare(None)
    with pytest.raises(SnapshotError, match="snapshot name was"):
        state.begin(name)
