"""Finds Chromium for the browser tests; on Debian as root installs it; elsewhere says how.

Run: python -m cli.chromium
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome: $CHROMIUM first, then the PATH."""
    chosen = os.environ.get("CHROMIUM")
    if chosen and Path(chosen).exists():
        return chosen
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Make sure that a browser is there."""
    if find_chromium():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run(
                ["apt-get", *arguments],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdout=subprocess.DEVNULL,
                check=True,
            )
        return 0 if find_chromium() else 1
    print(
        "no Chromium or Chrome was found; install one (Debian: sudo apt-get install chromium) "
        "or set CHROMIUM to its path",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
