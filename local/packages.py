"""Builds the folders from which functions import on this machine: the same locks as the deployed layers.

A plain folder on PYTHONPATH replaces a layer locally: an emulated layer is unpacked anew for every environment.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from local.settings import PACKAGES, ROOT
from quantumzero.domain.errors import UnavailableError

GROUPS = ("runtime", "market", "research")


def build(group: str) -> Path:
    """Install one lock into its folder, unless the folder already holds exactly that lock."""
    lock = ROOT / "requirements" / f"{group}.txt"
    target = PACKAGES / group
    stamp = target / ".lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest() + sys.version.split()[0]
    if stamp.exists() and stamp.read_text() == wanted:
        return target
    fresh = target.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    uv = Path(sys.executable).with_name("uv")
    done = subprocess.run(
        [
            str(uv),
            "pip",
            "install",
            "--quiet",
            "--target",
            str(fresh),
            "--python",
            sys.executable,
            "--require-hashes",
            "--link-mode",
            "copy",
            "-r",
            str(lock),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise UnavailableError(
            f"the packages of requirements/{lock.name} could not be installed:\n{done.stderr.strip()}"
        )
    (fresh / ".lock").write_text(wanted)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return target


def main() -> None:
    """Build every folder, saying which."""
    for group in GROUPS:
        print(f"packages for functions: {build(group).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
