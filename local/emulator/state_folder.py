"""Where the emulator keeps what it must remember, and which saved state a start begins from.

Layout of the folder:
    working/            what the running emulator uses: services/ (one file a service) and
    objects/ (S3 writes through) snapshots/NAME/     services/, objects/ and snapshot.json;
    complete because it was renamed into place last-stop/          the same, written by a clean
    stop running             there while the emulator runs: found at a start, it tells that the
    last stop was not clean temporary/          unpacked functions; emptied at every start

Nothing ever starts from `working`: S3 writes through while services are written only when saved,
so after a kill the two do not fit together. Every start copies the newest saved state (or the
named one) into `working` first.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KEPT_SNAPSHOTS = 3
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_RECORD = "snapshot.json"


class SnapshotError(RuntimeError):
    """A snapshot cannot be taken or restored; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A saved state: its name, its place in the order of saves, and its time (s since 1970)."""

    name: str
    number: int
    taken_at: float


class StateFolder:
    """The files of one emulator."""

    def __init__(self, root: Path) -> None:
        """Name the places; create nothing yet."""
        self.root = root.resolve()
        self.services = self.root / "working" / "services"
        self.objects = self.root / "working" / "objects"
        self.temporary = self.root / "temporary"
        self._snapshots = self.root / "snapshots"
        self._last_stop = self.root / "last-stop"
        self._marker = self.root / "running"

    def prepare(self, restore: str | None) -> str:
        """Fill `working` from the named snapshot or the newest saved state; say which it was.

        Restoring a name drops every state saved after it: they belong to a course of events that
        is undone. Raises SnapshotError when the named snapshot does not exist.
        """
        was_killed = self._marker.exists()
        chosen = self._choose(restore)
        for folder in (self.root / "working", self.temporary):
            shutil.rmtree(folder, ignore_errors=True)
        for leftover in self._snapshots.glob(".new-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        if chosen is not None:
            _copy(chosen / "services", self.services)
            _link(chosen / "objects", self.objects)
        for folder in (self.services, self.objects, self.temporary, self._snapshots):
            folder.mkdir(parents=True, exist_ok=True)
        self._marker.touch()
        return _describe(chosen, was_killed=was_killed)

    def snapshots(self) -> list[Snapshot]:
        """Return the named snapshots, newest first."""
        found = [
            _read(folder) for folder in self._snapshots.glob("*") if (folder / _RECORD).exists()
        ]
        return sorted(found, key=lambda snapshot: snapshot.number, reverse=True)

    def begin(self, name: str) -> Path:
        """Return a new empty folder in which a snapshot of that name can be written."""
        if not _NAME.fullmatch(name):
            raise SnapshotError(
                f"snapshot name was {name!r}; use 1 to 100 letters, digits, dots, dashes"
                " or underscores, the first one a letter or digit"
            )
        folder = self._snapshots / f".new-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "services").mkdir(parents=True)
        return folder

    def finish(self, folder: Path, name: str) -> Snapshot:
        """Put a written snapshot in place under its name; keep the newest three and the first.

        The first is the beginning: a replay that starts over goes back to it.
        """
        snapshot = self._complete(folder, name)
        _replace(folder, self._snapshots / name)
        for old in self.snapshots()[KEPT_SNAPSHOTS:-1]:
            shutil.rmtree(self._snapshots / old.name)
        return snapshot

    def finish_stop(self, folder: Path) -> None:
        """Put a written state in place as that of a clean stop."""
        self._complete(folder, "last-stop")
        _replace(folder, self._last_stop)
        self._marker.unlink(missing_ok=True)

    def link_objects(self, folder: Path) -> None:
        """Add the S3 objects to a snapshot by hard links: files are replaced, never changed."""
        _link(self.objects, folder / "objects")

    def _complete(self, folder: Path, name: str) -> Snapshot:
        # Keys that services write once beside their state (the user pool's signing keys) belong
        # to every snapshot.
        for extra in self.services.iterdir():
            target = folder / "services" / extra.name
            if extra.suffix != ".json" and not target.exists():
                _copy(extra, target)
        snapshot = Snapshot(name, self._last_number() + 1, time.time())
        (folder / _RECORD).write_text(json.dumps(asdict(snapshot)), encoding="utf-8")
        return snapshot

    def _saved(self) -> list[Path]:
        folders = [*self._snapshots.glob("*"), self._last_stop]
        complete = [folder for folder in folders if (folder / _RECORD).exists()]
        complete = [folder for folder in complete if not folder.name.startswith(".new-")]
        return sorted(complete, key=lambda folder: _read(folder).number)

    def _last_number(self) -> int:
        saved = self._saved()
        return _read(saved[-1]).number if saved else 0

    def _choose(self, restore: str | None) -> Path | None:
        saved = self._saved()
        if restore is None:
            return saved[-1] if saved else None
        chosen = self._snapshots / restore
        if chosen not in saved:
            names = ", ".join(snapshot.name for snapshot in self.snapshots()) or "none"
            raise SnapshotError(
                f"snapshot {restore!r} is not in {self._snapshots}; there are: {names}"
            )
        for later in saved[saved.index(chosen) + 1 :]:
            shutil.rmtree(later)
        return chosen


def _describe(chosen: Path | None, *, was_killed: bool) -> str:
    end = "the last stop was not clean" if was_killed else "the last stop was clean"
    if chosen is None:
        return f"starting empty: no saved state, {end}" if was_killed else "starting empty"
    return f"starting from {_read(chosen).name}: {end}"


def _read(folder: Path) -> Snapshot:
    return Snapshot(**json.loads((folder / _RECORD).read_text(encoding="utf-8")))


def _replace(source: Path, target: Path) -> None:
    aside = target.with_name(f".old-{target.name}")
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        target.rename(aside)
    source.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)


def _link(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    for found in source.rglob("*"):
        place = target / found.relative_to(source)
        if found.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif not found.name.endswith(".tmp"):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.hardlink_to(found)
