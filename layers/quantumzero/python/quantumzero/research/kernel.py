"""The kernel in C, when this machine has a build of it; everything else works without.

The library is looked for beside this package (built by local/native_build.py) and in the folder of
Lambda's layers. It only computes: no files, no threads, and memory of its own
only behind the handle of a simulation.
"""

from __future__ import annotations

import ctypes
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ABI_VERSION = 3
PLACES = (Path(__file__).parent / "_native" / "kernel.so", Path("/opt/native/kernel.so"))
_forced_off = 0


@dataclass(frozen=True, slots=True)
class Kernel:
    """The loaded library; each part of research declares the functions it calls."""

    library: ctypes.CDLL
    path: Path


def kernel() -> Kernel | None:
    """Return the kernel, None when no library is found, loads and has the right version."""
    return None if _forced_off else _load()


@contextmanager
def force_fallback() -> Iterator[None]:
    """Act as if there were no kernel inside the block, for tests of the other implementation."""
    global _forced_off  # a switch of tests, counted so that blocks may nest
    _forced_off += 1
    try:
        yield
    finally:
        _forced_off -= 1


@cache
def _load() -> Kernel | None:
    return next((found for path in PLACES if (found := load_from(path))), None)


def load_from(path: Path) -> Kernel | None:
    """Load the library at the path, None when it is absent, for another machine or too old."""
    if not path.is_file():
        return None
    try:
        library = ctypes.CDLL(str(path))
        version = library.qz_abi_version
    except (OSError, AttributeError):
        return None
    version.restype = ctypes.c_int64
    return Kernel(library, path) if version() == ABI_VERSION else None
