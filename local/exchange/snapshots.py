"""Snapshots of the whole exchange on disk.

Written at once or not at all, so that a killed process loses none.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from local.exchange.state import State  # noqa: TC001 - msgspec reads the annotations
from quantumzero.domain.errors import CorruptDataError, InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
KEPT = 20  # and the first, from which a replay starts over; each holds all orders
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state under a name.

    Number grows with every snapshot taken, so the greatest is the newest.
    """

    name: str
    number: int
    format: int
    settings: str
    state: State


class SnapshotStore:
    """The snapshots of one folder.

    `settings` names data and rules: a snapshot of other ones is refused.
    """

    def __init__(self, folder: Path, settings: str) -> None:
        self._folder = folder / "snapshots"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        self._numbers: dict[str, int] = {}
        for path in sorted(self._folder.glob("*.json")):
            number, _, name = path.stem.partition("-")
            if number.isdigit() and name:
                self._numbers[name] = int(number)

    def save(self, name: str, state: State) -> Snapshot:
        """Write the state under the name, replacing an older snapshot of that name.

        It is on disk on return.
        """
        if not _NAME.fullmatch(name):
            raise InvalidInputError(
                f"the snapshot's name was {name!r}; use letters, digits, dot, dash and underscore"
            )
        number = max(self._numbers.values(), default=0) + 1
        snapshot = Snapshot(name, number, FORMAT, self._settings, state)
        target = self._path(name, number)
        unfinished = target.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            file.write(msgspec.json.encode(snapshot))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        replaced = self._numbers.pop(name, None)
        if replaced is not None:
            self._path(name, replaced).unlink(missing_ok=True)
        self._numbers[name] = number
        for old in self.names()[1:-KEPT]:
            self._remove(old)
        return snapshot

    def load(self, name: str) -> Snapshot:
        """Read a snapshot.

        Errors: NotFoundError, CorruptDataError (also for other data or rules than these).
        """
        if name not in self._numbers:
            raise NotFoundError(f"no snapshot {name!r}; there are {self.names() or 'none'}")
        path = self._path(name, self._numbers[name])
        try:
            snapshot = msgspec.json.decode(path.read_bytes(), type=Snapshot)
        except msgspec.DecodeError as error:
            raise CorruptDataError(f"{path} is not a snapshot ({error}); remove it") from error
        if snapshot.format != FORMAT or snapshot.settings != self._settings:
            raise CorruptDataError(
                f"{path} was taken with other data or rules ({snapshot.settings}, now"
                f" {self._settings}); remove the folder or start with the same options"
            )
        return snapshot

    def forget_after(self, name: str) -> None:
        """Remove the snapshots taken after the named one: their time line has been left."""
        number = self._numbers[name]
        for other, taken in list(self._numbers.items()):
            if taken > number:
                self._remove(other)

    def names(self) -> list[str]:
        """Return the names, oldest first."""
        return sorted(self._numbers, key=lambda name: self._numbers[name])

    @property
    def newest(self) -> str | None:
        """Return the name of the snapshot taken last."""
        return self.names()[-1] if self._numbers else None

    def _path(self, name: str, number: int) -> Path:
        return self._folder / f"{number:08}-{name}.json"

    def _remove(self, name: str) -> None:
        self._path(name, self._numbers.pop(name)).unlink(missing_ok=True)
