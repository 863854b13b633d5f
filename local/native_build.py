"""Builds the kernel in C for this machine, when its sources changed: `python -m local.native_build`.

Without a compiler nothing is built and the product computes the same results in Python and NumPy, more slowly.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
from pathlib import Path

from local.settings import ROOT
from quantumzero.domain.errors import UnavailableError

SOURCES = ROOT / "layers" / "quantumzero" / "native"
LIBRARY = ROOT / "layers/quantumzero/python/quantumzero/research/_native/kernel.so"
_COMPILERS = ("cc", "gcc", "clang")
# Strict IEEE arithmetic, no fused multiply-add: the same bits as Python on every machine.
FLAGS = (
    *("-std=c11", "-O3", "-ffp-contract=off", "-fPIC", "-shared", "-fvisibility=hidden"),
    *("-Wall", "-Wextra"),
)


def source_files(folder: Path = SOURCES) -> list[Path]:
    """List the C files that make up the library, in a fixed order."""
    return sorted(folder.glob("*.c"))


def source_stamp(folder: Path = SOURCES) -> str:
    """Name a build by everything that decides its content: sources, headers, options, machine."""
    digest = hashlib.sha256(f"{FLAGS} {platform.machine()} {platform.system()}".encode())
    for file in sorted(folder.glob("*.[ch]")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def find_compiler() -> str | None:
    """Return the path of a C compiler, None when the machine has none."""
    return next((path for name in _COMPILERS if (path := shutil.which(name))), None)


def build(library: Path = LIBRARY, folder: Path = SOURCES) -> str:
    """Build the library unless the one that is there has these sources; return a sentence about it.

    Raises UnavailableError when the compiler refuses the sources.
    """
    stamp_file = library.with_suffix(".stamp")
    stamp = source_stamp(folder)
    if library.exists() and stamp_file.exists() and stamp_file.read_text() == stamp:
        return "kernel: up to date"
    compiler = find_compiler()
    if compiler is None:
        library.unlink(missing_ok=True)
        return (
            f"kernel: not built, no C compiler ({', '.join(_COMPILERS)}) was on the PATH; "
            "backtests run on NumPy, more slowly, with the same results"
        )
    library.parent.mkdir(parents=True, exist_ok=True)
    fresh = library.with_suffix(f".{os.getpid()}")
    _compile(compiler, fresh, folder)
    fresh.replace(library)  # at once: a process that runs keeps the library it has loaded
    stamp_file.write_text(stamp)
    return f"kernel: built by {Path(compiler).name}, {library.stat().st_size // 1024} kB"


def _compile(compiler: str, target: Path, folder: Path) -> None:
    files = [str(file) for file in source_files(folder)]
    command = [compiler, *FLAGS, "-march=native", "-o", str(target), *files, "-lm"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UnavailableError(f"the kernel could not be compiled:\n{done.stderr.strip()}")
    if done.stderr.strip():
        print(done.stderr.strip())


def main() -> None:
    """Build for this machine and say so in one line."""
    print(build())


if __name__ == "__main__":
    main()
