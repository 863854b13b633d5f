"""Which process runs the local cloud of a folder, so that a second one is refused and others can find it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from local.processes import created_at, is_same
from quantumzero.domain.errors import InvalidInputError, RefusedError

if TYPE_CHECKING:
    from pathlib import Path


class RunFile:
    """`run.json` of one folder: process, its birth, the dashboard's address, and which cloud answers."""

    def __init__(self, home: Path) -> None:
        self._file = home / "run.json"

    def running(self) -> dict[str, Any] | None:
        """Return what runs in the folder, None when nothing does; the file of a killed run is removed."""
        try:
            record: dict[str, Any] = json.loads(self._file.read_text())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except ValueError:
            record = {"pid": 0, "created": 0.0}
        if not is_same(record["pid"], record["created"]):
            self.release()
            return None
        return record

    def claim(self, cloud: str) -> None:
        """Become the folder's one run; raises RefusedError when there is another."""
        already = self.running()
        if already is None:
            self._make_home()
            record = {
                "pid": os.getpid(),
                "created": created_at(os.getpid()),
                "cloud": cloud,
                "dashboard": None,
            }
            own = self._file.with_suffix(f".{os.getpid()}")
            own.write_text(json.dumps(record))
            try:
                self._file.hardlink_to(own)  # fails when another run was faster
            except FileExistsError:
                already = self.running()
            else:
                return
            finally:
                own.unlink()
        where = f", {already['dashboard']}" if already and already["dashboard"] else ""
        process = f"process {already['pid']}{where}" if already else "it has just ended"
        raise RefusedError(
            f"QuantumZero already runs in {self._file.parent} ({process}); stop it with `make down` "
            f"or `qz down --home {self._file.parent}` first"
        )

    def _make_home(self) -> None:
        home = self._file.parent
        try:
            home.mkdir(parents=True, exist_ok=True)
            (home / ".writable").touch()
            (home / ".writable").unlink()
        except OSError as error:
            raise InvalidInputError(
                f"home was {home}, which cannot be written ({error.strerror}); choose another --home"
            ) from error

    def announce(self, dashboard: str) -> None:
        """Add the dashboard's address to what others find."""
        record = {**json.loads(self._file.read_text()), "dashboard": dashboard}
        whole = self._file.with_suffix(".new")
        whole.write_text(json.dumps(record))
        whole.replace(self._file)

    def release(self) -> None:
        """Say that nothing runs here any more."""
        self._file.unlink(missing_ok=True)
