"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from quantumzero.domain.errors import InvalidInputError


def require_writable(path: Path) -> None:
    """Say before a long run that its result could not be written."""
    if path.is_dir():
        raise InvalidInputError(f"{path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise InvalidInputError(f"the folder {path.parent} does not exist; make it first")
    if not os.access(path.parent, os.W_OK):
        raise InvalidInputError(f"the folder {path.parent} cannot be written to; choose another")


def write_whole(path: Path, text: str) -> None:
    """Write the text beside its place, then move it there; an interruption leaves nothing behind."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        beside.chmod(0o644)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InvalidInputError(f"{path} could not be written: {error.strerror}") from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
